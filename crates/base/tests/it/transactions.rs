//! What a closure's changes become.

use opora_base::{Error, Store, Tx, params};
use std::time::Duration;

/// A room above, with its own reasons to refuse.
#[derive(Debug, PartialEq)]
enum Refusal {
    TooLate,
    Base(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal::Base(error)
    }
}

pub async fn make_tally(store: &Store) {
    let made =
        store.write(|tx| tx.exec("CREATE TABLE tally (id {int} NOT NULL PRIMARY KEY, n {int} NOT NULL) {strict}", &[]));
    made.await.unwrap();
}

pub fn put(tx: &mut Tx<'_>, id: i64, n: i64) -> Result<(), Error> {
    tx.exec("INSERT INTO tally (id, n) VALUES ($1, $2)", params![id, n]).map(drop)
}

pub async fn ids(store: &Store) -> Vec<i64> {
    store.get(|tx| tx.query::<i64>("SELECT id FROM tally ORDER BY id", &[])).await.unwrap()
}

opora_testkit::engines! {
    async fn a_business_refusal_undoes_the_closure_and_comes_back_as_itself(store: Store) {
        make_tally(&store).await;
        let refused: Result<(), Refusal> = store.write(|tx| { put(tx, 1, 1)?; Err(Refusal::TooLate) }).await;
        assert_eq!(refused, Err(Refusal::TooLate));
        assert!(ids(&store).await.is_empty());
    }

    async fn a_panic_undoes_the_closure_and_the_store_lives_on(store: Store) {
        make_tally(&store).await;
        let panicked: Result<(), Refusal> = store
            .write(|tx| {
                put(tx, 1, 1)?;
                tx.each("SELECT id FROM tally", &[], |row| panic!("in an open cursor at {}", row.get::<i64>(0)?))?;
                Ok(())
            })
            .await;
        assert_eq!(panicked, Err(Refusal::Base(Error::Panic("in an open cursor at 1".into()))));
        store.write(|tx| put(tx, 2, 2)).await.unwrap();
        assert_eq!(ids(&store).await, [2]);
        let panicked: Result<i64, Error> = store.read(|_| panic!("while reading")).await;
        assert_eq!(panicked, Err(Error::Panic("while reading".into())));
        assert_eq!(ids(&store).await, [2]);
    }

    async fn a_swallowed_error_is_never_an_acknowledged_write(store: Store) {
        make_tally(&store).await;
        let answered: Result<(), Error> = store
            .write(|tx| {
                put(tx, 1, 1)?;
                let _ = put(tx, 1, 2);
                let later = put(tx, 3, 3);
                assert!(matches!(later, Err(Error::Unique { .. })), "a poisoned transaction went on: {later:?}");
                Ok(())
            })
            .await;
        assert!(matches!(answered, Err(Error::Unique { .. })), "{answered:?}");
        assert!(ids(&store).await.is_empty());
    }

    async fn a_row_that_is_not_there_does_not_poison_the_transaction(store: Store) {
        make_tally(&store).await;
        store.write(|tx| {
            let missing: Result<i64, Error> = tx.one("SELECT n FROM tally WHERE id = 1", &[]);
            assert_eq!(missing, Err(Error::NotFound));
            put(tx, 1, 1)
        }).await.unwrap();
        assert_eq!(ids(&store).await, [1]);
    }

    async fn transaction_control_is_refused_in_every_call(store: Store) {
        make_tally(&store).await;
        for sql in ["COMMIT", " /* x */ rollback", "SAVEPOINT mine", "END;"] {
            let by_exec: Result<u64, Error> = store.write(move |tx| { put(tx, 1, 1)?; tx.exec(sql, &[]) }).await;
            assert!(matches!(by_exec, Err(Error::Db(_))), "{sql}: {by_exec:?}");
            let by_query: Result<Vec<i64>, Error> = store.write(move |tx| { put(tx, 1, 1)?; tx.query(sql, &[]) }).await;
            assert!(matches!(by_query, Err(Error::Db(_))), "{sql}: {by_query:?}");
        }
        assert!(ids(&store).await.is_empty());
    }

    async fn a_second_statement_in_one_text_is_refused(store: Store) {
        make_tally(&store).await;
        let answered: Result<u64, Error> =
            store.write(|tx| tx.exec("INSERT INTO tally (id, n) VALUES (1, 1); COMMIT", &[])).await;
        assert!(matches!(answered, Err(Error::Db(_))), "{answered:?}");
        assert!(ids(&store).await.is_empty());
    }

    async fn a_read_cannot_write(store: Store) {
        make_tally(&store).await;
        let by_read: Result<(), Error> = store.read(|tx| put(tx, 1, 1)).await;
        let by_get: Result<(), Error> = store.get(|tx| put(tx, 2, 2)).await;
        assert!(matches!((&by_read, &by_get), (Err(Error::Db(_)), Err(Error::Db(_)))), "{by_read:?} {by_get:?}");
        assert!(ids(&store).await.is_empty());
    }

    async fn a_read_sees_one_state_of_the_database(store: Store) {
        make_tally(&store).await;
        let writer = store.clone();
        let seen: Vec<i64> = store
            .read(move |tx| {
                let before: i64 = tx.one("SELECT count(*) FROM tally", &[])?;
                // From within a reading thread: the writer is another one, so this does not wait for itself.
                writer.write_blocking(|tx| { tx.exec("DELETE FROM tally", &[])?; put(tx, 1, 1) })?;
                let after: i64 = tx.one("SELECT count(*) FROM tally", &[])?;
                Ok::<_, Error>(vec![before, after])
            })
            .await
            .unwrap();
        assert_eq!(seen, [0, 0]);
        assert_eq!(ids(&store).await, [1]);
    }

    async fn get_runs_one_statement(store: Store) {
        let answered: Result<i64, Error> = store
            .get(|tx| { let one: i64 = tx.one("SELECT 1", &[])?; Ok(one + tx.one::<i64>("SELECT 2", &[])?) })
            .await;
        assert!(matches!(&answered, Err(Error::Db(words)) if words.contains("one statement")), "{answered:?}");
        assert_eq!(store.get(|tx| tx.one::<i64>("SELECT 3", &[])).await, Ok(3));
    }

    async fn blocking_calls_work_from_a_plain_thread_and_from_async_code(store: Store) {
        make_tally(&store).await;
        let again = store.clone();
        std::thread::spawn(move || again.write_blocking(|tx| put(tx, 1, 1))).join().unwrap().unwrap();
        let count: Result<i64, Error> = store.read_blocking(|tx| tx.one("SELECT count(*) FROM tally", &[]));
        assert_eq!(count, Ok(1));
    }

    async fn every_increment_of_one_hot_row_counts(store: Store) {
        make_tally(&store).await;
        store.write(|tx| put(tx, 1, 0)).await.unwrap();
        let callers = (0..8).map(|_| {
            let store = store.clone();
            async move {
                for _ in 0..10 {
                    // Read, then write: right on SQLite's one writer, lost updates on READ COMMITTED.
                    let add = |tx: &mut Tx<'_>| {
                        let n: i64 = tx.one("SELECT n FROM tally WHERE id = 1", &[])?;
                        tx.exec("UPDATE tally SET n = $1 WHERE id = 1", params![n + 1])
                    };
                    store.write(add).await.unwrap();
                }
            }
        });
        futures::future::join_all(callers.map(tokio::spawn)).await.into_iter().for_each(|done| done.unwrap());
        assert_eq!(store.get(|tx| tx.one::<i64>("SELECT n FROM tally", &[])).await, Ok(80));
    }

    async fn a_statement_has_a_time_limit(scratch: std::sync::Arc<opora_testkit::engine::Scratch>) {
        let config = opora_base::Config { statement_timeout: Duration::from_millis(100), ..scratch.config() };
        let store = Store::open(config).unwrap();
        const ENDLESS: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i % 1000 + 1 FROM n) SELECT count(*) FROM n";
        let read: Result<i64, Error> = store.read(|tx| tx.one(ENDLESS, &[])).await;
        assert!(matches!(read, Err(Error::Timeout(_))), "{read:?}");
        let written: Result<i64, Error> = store.write(|tx| tx.one(ENDLESS, &[])).await;
        assert!(matches!(written, Err(Error::Timeout(_))), "{written:?}");
        assert_eq!(store.write(|tx| tx.one::<i64>("SELECT 1", &[])).await, Ok(1));
        store.close().await;
    }
}
