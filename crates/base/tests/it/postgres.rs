//! What only a server can do to us: refuse an order of transactions, hang up, be slow.

use super::transactions::{ids, make_tally, put};
use super::wire::Wire;
use opora_base::{Config, Database, Error, Store, Tx, params};
use opora_testkit::engine::{Scratch, tell};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Fails like a serialisation failure.
const COLLIDE: &str = "DO $do$ BEGIN RAISE EXCEPTION 'collided' USING ERRCODE = '40001'; END $do$";

/// A store whose connections pass through a wire.
fn over(scratch: &Scratch, word: &'static str, cuts: u32, server_hears_it: bool) -> (Store, Wire) {
    let Database::Postgres(url) = scratch.config().database else { panic!("not PostgreSQL") };
    let wire = Wire::to(&url, word, cuts, server_hears_it);
    let config = Config { database: Database::Postgres(wire.address(&url)), ..scratch.config() };
    (Store::open(config).unwrap(), wire)
}

#[test]
#[ignore = "needs OPORA_TEST_DATABASE_URL"]
fn a_closure_that_always_collides_gives_up_after_thirty_attempts() {
    tell(Scratch::postgres(), |store: Store| async move {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        let answered: Result<u64, Error> = store
            .write(move |tx| {
                counted.fetch_add(1, Ordering::SeqCst);
                tx.exec(COLLIDE, &[])
            })
            .await;
        assert!(matches!(answered, Err(Error::Retry(_))), "{answered:?}");
        assert_eq!(runs.load(Ordering::SeqCst), 30);
        assert_eq!(store.stats().retries, 29);
    });
}

#[test]
#[ignore = "needs OPORA_TEST_DATABASE_URL"]
fn a_savepoint_does_not_swallow_a_serialisation_failure() {
    tell(Scratch::postgres(), |store: Store| async move {
        make_tally(&store).await;
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        store
            .write(move |tx| {
                put(tx, 1, 1)?;
                if counted.fetch_add(1, Ordering::SeqCst) == 0 {
                    let swallowed: Result<u64, Error> = tx.savepoint(|tx| tx.exec(COLLIDE, &[]));
                    assert!(matches!(swallowed, Err(Error::Retry(_))));
                    assert!(matches!(put(tx, 2, 2), Err(Error::Retry(_))), "the transaction went on");
                }
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 2);
        assert_eq!(ids(&store).await, [1]);
    });
}

#[test]
#[ignore = "needs OPORA_TEST_DATABASE_URL"]
fn a_business_error_does_not_hide_a_serialisation_failure() {
    tell(Scratch::postgres(), |store: Store| async move {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        let answered = store
            .write(move |tx| match counted.fetch_add(1, Ordering::SeqCst) {
                0 => tx.exec(COLLIDE, &[]).map_err(|_| Error::Denied),
                runs => Ok(u64::from(runs)),
            })
            .await;
        assert_eq!(answered, Ok(1));
    });
}

#[test]
#[ignore = "needs OPORA_TEST_DATABASE_URL"]
fn read_committed_sees_what_others_committed_meanwhile() {
    tell(Scratch::postgres(), |store: Store| async move {
        make_tally(&store).await;
        let other = store.clone();
        let seen = store
            .write_rc(move |tx| {
                let before: i64 = tx.one("SELECT count(*) FROM tally", &[])?;
                other.write_blocking(|tx| put(tx, 1, 1))?;
                Ok::<_, Error>((before, tx.one::<i64>("SELECT count(*) FROM tally", &[])?))
            })
            .await;
        assert_eq!(seen, Ok((0, 1)));
        let seen = {
            let other = store.clone();
            store.write(move |tx| {
                let before: i64 = tx.one("SELECT count(*) FROM tally", &[])?;
                other.write_blocking(|tx| put(tx, 2, 2))?;
                Ok::<_, Error>((before, tx.one::<i64>("SELECT count(*) FROM tally", &[])?))
            })
        };
        assert_eq!(seen.await, Ok((1, 1)));
    });
}

#[test]
#[ignore = "needs OPORA_TEST_DATABASE_URL"]
fn calls_go_on_after_the_server_hung_up_on_everybody() {
    tell(Scratch::postgres(), |scratch: Arc<Scratch>| async move {
        let store = scratch.open();
        let bystander = scratch.open();
        make_tally(&store).await;
        bystander.wakeups().wait_for(|rung| *rung > 0).await.unwrap();
        let hang_up = |tx: &mut Tx<'_>| {
            tx.query::<bool>(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
                &[],
            )
        };
        let mut acknowledged = Vec::new();
        for n in 0..40 {
            if n % 10 == 5 {
                bystander.write_rc(hang_up).await.unwrap();
            }
            store.write(move |tx| put(tx, n, n)).await.unwrap();
            acknowledged.push(n);
        }
        assert_eq!(ids(&store).await, acknowledged);
        // LISTEN comes back, too.
        let mut wakeups = bystander.wakeups();
        loop {
            wakeups.mark_unchanged();
            store
                .write(|tx| {
                    tx.wake();
                    Ok::<_, Error>(())
                })
                .await
                .unwrap();
            if tokio::time::timeout(Duration::from_millis(300), wakeups.changed()).await.is_ok() {
                break;
            }
        }
        store.close().await;
        bystander.close().await;
    });
}

#[test]
#[ignore = "needs OPORA_TEST_DATABASE_URL"]
fn a_connection_lost_before_commit_runs_the_closure_again() {
    tell(Scratch::postgres(), |scratch: Arc<Scratch>| async move {
        let (store, wire) = over(&scratch, "INSERT INTO tally", 2, true);
        make_tally(&store).await;
        store.write(|tx| put(tx, 1, 1)).await.unwrap();
        assert_eq!(wire.cuts_left(), 0);
        assert_eq!(store.stats().lost, 2);
        assert_eq!(ids(&store).await, [1]);
        store.close().await;
    });
}

#[test]
#[ignore = "needs OPORA_TEST_DATABASE_URL"]
fn a_connection_lost_during_commit_leaves_the_outcome_open_and_is_not_run_again() {
    tell(Scratch::postgres(), |scratch: Arc<Scratch>| async move {
        for (id, server_hears_it) in [(1, true), (2, false)] {
            let plain = scratch.open();
            if id == 1 {
                make_tally(&plain).await;
            }
            let (store, wire) = over(&scratch, "COMMIT", 1, server_hears_it);
            let runs = Arc::new(AtomicU32::new(0));
            let counted = Arc::clone(&runs);
            let answered = store
                .write(move |tx| {
                    counted.fetch_add(1, Ordering::SeqCst);
                    put(tx, id, id)
                })
                .await;
            assert!(matches!(&answered, Err(Error::Lost(words)) if words.contains("unknown")), "{answered:?}");
            assert_eq!((runs.load(Ordering::SeqCst), wire.cuts_left()), (1, 0));
            if server_hears_it {
                while ids(&plain).await != [1] {
                    tokio::task::yield_now().await;
                }
            }
            store
                .write(|tx| put(tx, 10, 10).and_then(|()| tx.exec("DELETE FROM tally WHERE id = 10", &[])))
                .await
                .unwrap();
            assert_eq!(ids(&plain).await, [1], "a COMMIT the server never heard wrote nothing");
            store.close().await;
            plain.close().await;
        }
    });
}

#[test]
#[ignore = "needs OPORA_TEST_DATABASE_URL"]
fn somebody_elses_lock_is_a_timeout() {
    tell(Scratch::postgres(), |scratch: Arc<Scratch>| async move {
        let store = Store::open(Config { lock_timeout: Duration::from_millis(50), ..scratch.config() }).unwrap();
        make_tally(&store).await;
        store.write(|tx| put(tx, 1, 1)).await.unwrap();
        let other = store.clone();
        store
            .write_rc(move |tx| {
                tx.exec("UPDATE tally SET n = $1 WHERE id = 1", params![2i64])?;
                let refused = other.write_blocking(|tx| tx.exec("UPDATE tally SET n = $1 WHERE id = 1", params![3i64]));
                assert!(matches!(refused, Err(Error::Timeout(_))), "{refused:?}");
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
        store.close().await;
    });
}

#[test]
fn a_server_that_is_not_there_is_said_at_once() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let opened = Store::open(Config::postgres(format!("postgres://opora@127.0.0.1:{port}/opora")));
    assert!(matches!(&opened, Err(Error::Lost(words)) if words.contains("cannot be reached")), "{opened:?}");
}
