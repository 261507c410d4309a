//! The database's shape over time.

use opora_base::{Error, Migration, Store, migration, params};
use opora_testkit::engine::{Scratch, tell};
use std::sync::Arc;

const CONTACT: Migration = Migration {
    number: 1,
    name: "contacts",
    sql: "CREATE TABLE contact (id {id}, name TEXT NOT NULL) {strict};
          CREATE INDEX contact_by_name ON contact (name);",
};
const PHONE: Migration = Migration { number: 2, name: "phones", sql: "ALTER TABLE contact ADD COLUMN phone TEXT;" };
const BROKEN: Migration = Migration {
    number: 3,
    name: "broken",
    sql: "CREATE TABLE half (id {id}) {strict}; INSERT INTO nowhere VALUES (1);",
};

async fn refusal(store: &Store, migrations: &[Migration]) -> String {
    match store.migrate(migrations).await {
        Err(Error::Migration(words)) => words,
        other => panic!("not refused: {other:?}"),
    }
}

opora_testkit::engines! {
    async fn missing_steps_are_applied_in_order_and_once(scratch: Arc<Scratch>) {
        let store = scratch.open();
        assert_eq!(store.migrate(&[CONTACT]).await.unwrap().applied, [1]);
        assert_eq!(store.migrate(&[CONTACT, PHONE]).await.unwrap().applied, [2]);
        assert!(store.migrate(&[CONTACT, PHONE]).await.unwrap().applied.is_empty());
        store.write(|tx| tx.exec("INSERT INTO contact (name, phone) VALUES ('Anna', '1')", &[])).await.unwrap();
    }

    async fn a_step_that_fails_leaves_nothing_behind(scratch: Arc<Scratch>) {
        let store = scratch.open();
        store.migrate(&[CONTACT]).await.unwrap();
        let words = refusal(&store, &[CONTACT, PHONE, BROKEN]).await;
        assert!(words.starts_with("step 3 (broken) failed, nothing was changed"), "{words}");
        let half: Result<Vec<i64>, Error> = store.get(|tx| tx.query("SELECT id FROM half", &[])).await;
        assert!(half.is_err());
        assert_eq!(store.migrate(&[CONTACT, PHONE]).await.unwrap().applied, [2], "the second step was undone with it");
    }

    async fn a_newer_database_and_a_changed_step_are_refused(scratch: Arc<Scratch>) {
        let store = scratch.open();
        store.migrate(&[CONTACT, PHONE]).await.unwrap();
        let words = refusal(&store, &[CONTACT]).await;
        assert!(words.contains("upgraded by a newer version"), "{words}");
        let words = refusal(&store, &[Migration { sql: "SELECT 1", ..CONTACT }, PHONE]).await;
        assert!(words.contains("is not what it was"), "{words}");
    }

    async fn processes_that_start_at_once_migrate_once(scratch: Arc<Scratch>) {
        let starting = (0..4).map(|_| {
            let store = scratch.open();
            tokio::spawn(async move { store.migrate(&[CONTACT, PHONE]).await.unwrap().applied })
        });
        let applied: Vec<_> = futures::future::join_all(starting).await.into_iter().flat_map(|a| a.unwrap()).collect();
        assert_eq!(applied, [1, 2]);
    }

    async fn the_products_own_steps_apply_to_an_empty_database(scratch: Arc<Scratch>) {
        let store = scratch.open_migrated().await;
        let applied: i64 = store.get(|tx| tx.one("SELECT count(*) FROM migration", &[])).await.unwrap();
        assert_eq!(applied, migration::ALL.len() as i64);
        let numbers: Vec<i64> = migration::ALL.iter().map(|step| step.number).collect();
        assert_eq!(numbers, (1..=applied).collect::<Vec<_>>());
    }
}

#[test]
fn a_sqlite_file_is_copied_before_it_is_upgraded() {
    tell(Scratch::sqlite(), |scratch: Arc<Scratch>| async move {
        let store = scratch.open();
        assert_eq!(store.migrate(&[CONTACT]).await.unwrap().copy, None, "there was nothing to lose");
        store
            .write(|tx| tx.insert_id("INSERT INTO contact (name) VALUES ($1) RETURNING id", params!["Anna"]))
            .await
            .unwrap();
        let copy = store.migrate(&[CONTACT, PHONE]).await.unwrap().copy.unwrap();
        assert_eq!(copy.file_name().unwrap(), "opora.db.before-0002");
        let old = Store::open(opora_base::Config::sqlite(&copy)).unwrap();
        assert!(old.migrate(&[CONTACT]).await.unwrap().applied.is_empty(), "the copy is at the step before");
        assert_eq!(old.get(|tx| tx.one::<String>("SELECT name FROM contact", &[])).await, Ok("Anna".into()));
        let phone: Result<Vec<String>, Error> = old.get(|tx| tx.query("SELECT phone FROM contact", &[])).await;
        assert!(phone.is_err());
        old.close().await;
    });
}
