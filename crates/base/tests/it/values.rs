//! Values on their way in and out mean the same on both engines.

use opora_base::{Error, Json, P, Sql, Store, params};
use serde_json::{Value, json};
use std::sync::Arc;

opora_base::row! {
    /// One of everything.
    #[derive(Debug, PartialEq)]
    pub struct Sample {
        id: i64,
        whole: Option<i64>,
        real: Option<f64>,
        flag: Option<bool>,
        words: Option<String>,
        bytes: Option<Vec<u8>>,
        document: Option<Value>,
    }
}

const TABLE: &str = "CREATE TABLE sample (id {id}, whole {int}, real {real}, flag {bool}, words TEXT, bytes {blob}, document {json}) {strict}";
const INSERT: &str =
    "INSERT INTO sample (whole, real, flag, words, bytes, document) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";

fn select() -> String {
    format!("SELECT {} FROM sample ORDER BY id", Sample::COLS)
}

opora_testkit::engines! {
    async fn every_kind_of_value_comes_back_as_it_went(store: Store) {
        let document = json!({"tags": ["срочно", null], "n": 1.5});
        let kept = document.clone();
        store.write(move |tx| {
            tx.exec(TABLE, &[])?;
            tx.insert_id(INSERT, params![i64::MIN, -0.5, true, "опора", &[0u8, 255][..], &kept])?;
            tx.insert_id(INSERT, params![None::<i64>, None::<f64>, None::<bool>, None::<&str>, None::<Vec<u8>>, None::<Value>])
        }).await.unwrap();
        let rows: Vec<Sample> = store.read(|tx| tx.query(&select(), &[])).await.unwrap();
        let full = Sample {
            id: 1,
            whole: Some(i64::MIN),
            real: Some(-0.5),
            flag: Some(true),
            words: Some("опора".into()),
            bytes: Some(vec![0, 255]),
            document: Some(document),
        };
        let empty = Sample { id: 2, whole: None, real: None, flag: None, words: None, bytes: None, document: None };
        assert_eq!(rows, [full, empty]);
    }

    async fn placeholders_go_by_their_numbers_not_by_their_places(store: Store) {
        let row: (String, String, String) = store
            .get(|tx| tx.one("SELECT $2, $1, $2", params!["one", "two"]))
            .await
            .unwrap();
        assert_eq!(row, ("two".into(), "one".into(), "two".into()));
    }

    async fn any_number_of_numbers_is_one_value(store: Store) {
        store.write(|tx| {
            tx.exec(TABLE, &[])?;
            for whole in [3, 5, 7] {
                tx.insert_id("INSERT INTO sample (whole) VALUES ($1) RETURNING id", params![whole])?;
            }
            Ok::<_, Error>(())
        }).await.unwrap();
        for (numbers, among, others) in [(vec![], 0, 3), (vec![7, -1, 3, 7], 2, 1), ((0..100_000).collect(), 3, 0)] {
            let numbers: Arc<[i64]> = numbers.into();
            for (before, count) in [("", among), ("NOT ", others)] {
                let mut sql = Sql::new("SELECT count(*) FROM sample WHERE id > ");
                sql.bind(0).push(" AND ").push(before).among("whole", &numbers);
                let found: i64 = store.read(move |tx| tx.one(sql.text(), sql.args())).await.unwrap();
                assert_eq!(found, count, "{before}among {}", numbers.len());
            }
        }
    }

    async fn a_null_has_a_type(store: Store) {
        let sql = "SELECT $1 IS NULL OR $1 = 5";
        assert_eq!(store.get(move |tx| tx.one::<bool>(sql, params![None::<i64>])).await, Ok(true));
        assert_eq!(store.get(move |tx| tx.one::<bool>(sql, params![6i64])).await, Ok(false));
    }

    async fn the_same_text_with_other_types_is_prepared_again(store: Store) {
        assert_eq!(store.get(|tx| tx.one::<i64>("SELECT $1", params![7i64])).await, Ok(7));
        assert_eq!(store.get(|tx| tx.one::<String>("SELECT $1", params!["seven"])).await, Ok("seven".into()));
    }

    async fn a_missing_value_and_a_foreign_placeholder_are_errors(store: Store) {
        let missing: Result<i64, Error> = store.get(|tx| tx.one("SELECT $2", params![1i64])).await;
        let foreign: Result<i64, Error> = store.get(|tx| tx.one("SELECT ?1", params![1i64])).await;
        assert!(matches!((&missing, &foreign), (Err(Error::Db(_)), Err(Error::Db(_)))), "{missing:?} {foreign:?}");
    }

    async fn a_column_of_another_type_is_an_error_that_names_it(store: Store) {
        let read: Result<i64, Error> = store.get(|tx| tx.one("SELECT $1 AS name", params!["text"])).await;
        assert!(matches!(&read, Err(Error::Type(words)) if words.contains("name") && words.contains("text")), "{read:?}");
        let null: Result<String, Error> = store.get(|tx| tx.one("SELECT $1", params![None::<&str>])).await;
        assert!(matches!(null, Err(Error::Type(_))), "{null:?}");
        let absent: Result<(i64, i64), Error> = store.get(|tx| tx.one("SELECT $1", params![1i64])).await;
        assert!(absent.is_err());
    }

    async fn a_nul_character_is_left_out_of_text_and_json(store: Store) {
        let row: (String, String) = store.write(|tx| {
            tx.exec(TABLE, &[])?;
            tx.insert_id(INSERT, params![None::<i64>, None::<f64>, None::<bool>, "a\0b", None::<Vec<u8>>, Json(r#"{"k":"x\u0000y"}"#)])?;
            tx.one("SELECT words, document FROM sample", &[])
        }).await.unwrap();
        assert_eq!((row.0.as_str(), row.1.replace(' ', "").as_str()), ("ab", r#"{"k":"xy"}"#));
    }

    async fn a_taken_value_is_told_with_its_columns_and_without_the_value(store: Store) {
        let answered: Result<i64, Error> = store.write(|tx| {
            tx.exec("CREATE TABLE person (id {id}, team {int} NOT NULL, email TEXT NOT NULL, UNIQUE (team, email)) {strict}", &[])?;
            let insert = "INSERT INTO person (team, email) VALUES (1, $1) RETURNING id";
            tx.insert_id(insert, params!["anna@example.com"])?;
            tx.insert_id(insert, params!["anna@example.com"])
        }).await;
        let Err(Error::Unique { constraint, detail }) = answered else { panic!("{answered:?}") };
        assert_eq!(constraint, "person.team, person.email");
        assert!(!detail.contains("anna"), "{detail}");
    }

    async fn other_broken_constraints_are_plain_database_errors(store: Store) {
        let answered: Result<i64, Error> = store.write(|tx| {
            tx.exec("CREATE TABLE person (id {id}, email TEXT NOT NULL) {strict}", &[])?;
            tx.insert_id("INSERT INTO person (email) VALUES ($1) RETURNING id", params![None::<&str>])
        }).await;
        assert!(matches!(answered, Err(Error::Db(_))), "{answered:?}");
    }

    async fn lists_of_any_length_choose_rows(store: Store) {
        store.write(|tx| {
            tx.exec(TABLE, &[])?;
            for whole in 1..=5i64 {
                tx.exec("INSERT INTO sample (whole) VALUES ($1)", params![whole])?;
            }
            Ok::<_, Error>(())
        }).await.unwrap();
        for (list, chosen) in [(vec![], vec![]), (vec![2], vec![2]), (vec![5, 1, 9], vec![1, 5])] {
            let mut sql = Sql::new("SELECT whole FROM sample WHERE id > ");
            sql.bind(0i64).push(" AND ").is_in("whole", &list).push(" ORDER BY whole");
            let found: Vec<i64> = store.get(move |tx| tx.query(sql.text(), sql.args())).await.unwrap();
            assert_eq!(found, chosen, "{list:?}");
        }
        let mut sql = Sql::new("SELECT count(*) FROM sample WHERE ");
        sql.not_in("whole", &[1i64, 2]).push(" AND ").not_in::<i64>("whole", &[]);
        assert_eq!(store.get(move |tx| tx.one::<i64>(sql.text(), sql.args())).await, Ok(3));
    }

    async fn exec_answers_how_many_rows_it_touched(store: Store) {
        let touched = store.write(|tx| {
            tx.exec(TABLE, &[])?;
            tx.exec("INSERT INTO sample (whole) VALUES (1), (2), (3)", &[])?;
            tx.exec("UPDATE sample SET flag = $1 WHERE whole > 1", &[P::from(true)])
        });
        assert_eq!(touched.await, Ok::<_, Error>(2));
    }
}
