//! A database of its own for every test, on either engine.
//!
//! [`engines!`](crate::engines) turns one story into two tests, `name::sqlite` and `name::postgres`. SQLite lives in a
//! temporary folder. PostgreSQL needs a server that may create databases, named in `OPORA_TEST_DATABASE_URL`; its tests
//! are ignored unless the runner asks for them (`--run-ignored all`), so that a missing server is counted and never
//! mistaken for success. Whatever was created is dropped afterwards, also when the story failed.

use opora_base::{Config, Database, Store, migration};
use std::future::Future;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Where the server for tests is: an address whose user may create databases.
pub const SERVER: &str = "OPORA_TEST_DATABASE_URL";

/// One story for both engines.
///
/// ```ignore
/// opora_testkit::engines! {
///     async fn a_ticket_keeps_its_number(store: Store) {
///         let id: i64 = store.write(…).await.unwrap();
///         …
///     }
/// }
/// ```
///
/// The store is migrated to the newest step. A story that asks for an `Arc<Scratch>` instead opens the database itself.
#[macro_export]
macro_rules! engines {
    ($($(#[$meta:meta])* async fn $name:ident($store:ident : $kind:ty) $body:block)*) => { $(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn story($store: $kind) $body

            #[test]
            fn sqlite() {
                $crate::engine::tell($crate::engine::Scratch::sqlite(), story);
            }

            #[test]
            #[ignore = "needs OPORA_TEST_DATABASE_URL"]
            fn postgres() {
                $crate::engine::tell($crate::engine::Scratch::postgres(), story);
            }
        }
    )* };
}

/// A database made for one test and gone after it.
pub struct Scratch {
    config: Config,
    keeper: Keeper,
}

enum Keeper {
    Folder(#[allow(dead_code)] tempfile::TempDir),
    Server { url: String, name: String },
}

impl Scratch {
    /// An empty folder for a SQLite file.
    pub fn sqlite() -> Scratch {
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("no temporary folder: {e}"));
        let config = Config::sqlite(folder.path().join("opora.db"));
        Scratch { config: Config { readers: 2, ..config }, keeper: Keeper::Folder(folder) }
    }

    /// An empty database on the server for tests.
    pub fn postgres() -> Scratch {
        let url = std::env::var(SERVER).unwrap_or_else(|_| panic!("{SERVER} names no server"));
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("opora_test_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        // Left behind by an earlier process with the same number that was killed.
        administer(&url, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        administer(&url, &format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"));
        let config = Config::postgres(with_database(&url, &name));
        Scratch { config: Config { readers: 2, writers: 8, ..config }, keeper: Keeper::Server { url, name } }
    }

    /// How to open it; a test may change everything but the database.
    pub fn config(&self) -> Config {
        self.config.clone()
    }

    /// Opens it as it is: with no table in it.
    pub fn open(&self) -> Store {
        Store::open(self.config()).unwrap_or_else(|e| panic!("the test's database does not open: {e}"))
    }

    /// Opens it and brings it to the newest step.
    pub async fn open_migrated(&self) -> Store {
        let store = self.open();
        let migrated = store.migrate(migration::ALL).await;
        migrated.unwrap_or_else(|e| panic!("the test's database does not migrate: {e}"));
        store
    }

    /// Is it PostgreSQL?
    pub fn is_postgres(&self) -> bool {
        matches!(self.config.database, Database::Postgres(_))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Keeper::Server { url, name } = &self.keeper {
            let (url, sql) = (url.clone(), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            let dropped = std::thread::spawn(move || administer(&url, &sql)).join();
            if dropped.is_err() && !std::thread::panicking() {
                panic!("the test's database {name} could not be dropped");
            }
        }
    }
}

/// What a story is given: a migrated [`Store`], or the [`Scratch`] to open as it likes.
pub trait Given: Send + Sized + 'static {
    /// Makes it.
    fn prepare(scratch: &Arc<Scratch>) -> impl Future<Output = Self>;
}

impl Given for Store {
    async fn prepare(scratch: &Arc<Scratch>) -> Self {
        scratch.open_migrated().await
    }
}

impl Given for Arc<Scratch> {
    async fn prepare(scratch: &Arc<Scratch>) -> Self {
        Arc::clone(scratch)
    }
}

/// Runs a story; cleans up whatever comes of it.
pub fn tell<G: Given, F: Future<Output = ()> + Send + 'static>(scratch: Scratch, story: impl FnOnce(G) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap_or_else(|e| panic!("no runtime: {e}"));
    let scratch = Arc::new(scratch);
    let told = runtime.block_on(async { tokio::spawn(story(G::prepare(&scratch).await)).await });
    drop(runtime);
    drop(scratch);
    if let Err(failure) = told {
        resume_unwind(failure.into_panic());
    }
}

/// Runs one statement on the server, outside every test database. The client must not live where async code runs.
fn administer(url: &str, sql: &str) {
    let (url, sql) = (url.to_owned(), sql.to_owned());
    let done = std::thread::spawn(move || {
        let mut client = postgres::Client::connect(&url, postgres::NoTls)?;
        client.batch_execute(&sql)
    })
    .join();
    match done {
        Ok(Ok(())) => {}
        Ok(Err(e)) => panic!("the server for tests refused: {e:?}"),
        Err(panic) => resume_unwind(panic),
    }
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, None), |(base, query)| (base, Some(query)));
    let after_scheme = base.find("://").map_or(0, |at| at + 3);
    let server = base[after_scheme..].find('/').map_or(base, |at| &base[..after_scheme + at]);
    match query {
        Some(query) => format!("{server}/{name}?{query}"),
        None => format!("{server}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_of_the_same_server_keeps_the_rest_of_the_address() {
        let moved = |url| with_database(url, "x");
        assert_eq!(moved("postgres://u@h:1/postgres"), "postgres://u@h:1/x");
        assert_eq!(moved("postgres://u@h?sslmode=disable"), "postgres://u@h/x?sslmode=disable");
    }
}
