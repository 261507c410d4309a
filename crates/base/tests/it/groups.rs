//! SQLite's one writer: many closures, one sync, and nobody pays for a neighbour.

use super::transactions::{ids, make_tally, put};
use opora_base::{Config, Error, Store, Tx};
use opora_testkit::engine::{Scratch, tell};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Sender, channel};
use tokio::task::JoinHandle;

/// A store whose writer is held inside a closure until the gate is opened: whatever is sent meanwhile becomes one group.
struct Held {
    store: Store,
    gate: Sender<()>,
    holder: JoinHandle<Result<(), Error>>,
}

async fn hold(scratch: &Scratch) -> Held {
    let config = Config { group_time: std::time::Duration::from_secs(60), ..scratch.config() };
    let store = Store::open(config).unwrap();
    make_tally(&store).await;
    hold_again(store).await
}

async fn hold_again(store: Store) -> Held {
    hold_with(store, |_| Ok(())).await
}

/// The gatekeeper does this before it waits, and ends as it ended.
async fn hold_with(store: Store, did: fn(&mut Tx<'_>) -> Result<(), Error>) -> Held {
    let (gate, opened) = channel();
    let (inside, entered) = tokio::sync::oneshot::channel();
    let (held, mut inside) = (store.clone(), Some(inside));
    let holder = tokio::spawn(async move {
        held.write(move |tx| {
            let end = did(tx);
            inside.take().map(|inside| inside.send(()));
            let _ = opened.recv();
            end
        })
        .await
    });
    entered.await.unwrap();
    Held { store, gate, holder }
}

impl Held {
    /// Sends a closure and waits until it is queued behind the others.
    async fn send<T: Send + 'static>(
        &self,
        closure: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> JoinHandle<Result<T, Error>> {
        let (store, before) = (self.store.clone(), self.store.stats().waiting_writes);
        let sent = tokio::spawn(async move { store.write(closure).await });
        while self.store.stats().waiting_writes == before {
            tokio::task::yield_now().await;
        }
        sent
    }

    async fn open(self) -> Store {
        // Dropped, not used: the holder may be run a second time.
        drop(self.gate);
        self.holder.await.unwrap().unwrap();
        self.store
    }
}

fn on_sqlite<F: Future<Output = ()> + Send + 'static>(story: impl FnOnce(Arc<Scratch>) -> F) {
    tell(Scratch::sqlite(), story);
}

#[test]
fn closures_that_queue_up_share_one_commit_and_fail_alone() {
    on_sqlite(|scratch| async move {
        let held = hold(&scratch).await;
        let before = held.store.stats();
        let mut sent = Vec::new();
        for n in 1..=8 {
            let closure = move |tx: &mut Tx<'_>| {
                put(tx, n, n)?;
                match n {
                    2 => Err(Error::Denied),
                    3 => panic!("third"),
                    4 => {
                        let _ = put(tx, 1, 0);
                        Ok(())
                    }
                    _ => Ok(()),
                }
            };
            sent.push(held.send(closure).await);
        }
        let store = held.open().await;
        let answers: Vec<_> = futures::future::join_all(sent).await.into_iter().map(|a| a.unwrap()).collect();
        assert_eq!(answers[1], Err(Error::Denied));
        assert_eq!(answers[2], Err(Error::Panic("third".into())));
        assert!(matches!(answers[3], Err(Error::Unique { .. })), "{:?}", answers[3]);
        assert!([0, 4, 5, 6, 7].iter().all(|n| answers[*n].is_ok()), "{answers:?}");
        assert_eq!(ids(&store).await, [1, 5, 6, 7, 8]);
        assert_eq!(store.stats().groups - before.groups, 1, "one sync for all, the gatekeeper included");
    });
}

#[test]
fn a_statement_that_ends_the_transaction_costs_only_its_own_closure() {
    on_sqlite(|scratch| async move {
        let held = hold(&scratch).await;
        let first = held.send(|tx| put(tx, 1, 1)).await;
        let culprit = held.send(|tx| tx.exec("INSERT OR ROLLBACK INTO tally (id, n) VALUES (2, 2), (2, 2)", &[])).await;
        let last = held.send(|tx| put(tx, 3, 3)).await;
        let store = held.open().await;
        assert_eq!(first.await.unwrap(), Ok(()));
        assert!(matches!(culprit.await.unwrap(), Err(Error::Unique { .. })));
        assert_eq!(last.await.unwrap(), Ok(()));
        assert_eq!(ids(&store).await, [1, 3]);
        assert_eq!(store.stats().reruns, 2, "the gatekeeper and the first one");
    });
}

#[test]
fn an_ended_transaction_cannot_be_survived_by_a_savepoint() {
    on_sqlite(|scratch| async move {
        let store = scratch.open();
        make_tally(&store).await;
        let answered: Result<(), Error> = store
            .write(|tx| {
                put(tx, 1, 1)?;
                let ended: Result<u64, Error> =
                    tx.savepoint(|tx| tx.exec("INSERT OR ROLLBACK INTO tally (id, n) VALUES (1, 1)", &[]));
                assert!(ended.is_err());
                let _ = put(tx, 2, 2);
                Ok(())
            })
            .await;
        assert!(matches!(answered, Err(Error::Unique { .. })), "{answered:?}");
        assert!(ids(&store).await.is_empty());
    });
}

#[test]
fn a_commit_refused_over_one_closure_is_repeated_for_the_others() {
    on_sqlite(|scratch| async move {
        let store = scratch.open();
        make_tally(&store).await;
        let made = store.write(|tx| {
            tx.exec(
                "CREATE TABLE entry (tally INTEGER REFERENCES tally (id) DEFERRABLE INITIALLY DEFERRED) STRICT",
                &[],
            )
        });
        made.await.unwrap();
        let held = hold_again(store).await;
        let first = held.send(|tx| put(tx, 1, 1)).await;
        let culprit = held.send(|tx| tx.exec("INSERT INTO entry (tally) VALUES (99)", &[])).await;
        let last = held.send(|tx| put(tx, 3, 3)).await;
        let store = held.open().await;
        assert_eq!((first.await.unwrap(), last.await.unwrap()), (Ok(()), Ok(())));
        assert!(matches!(culprit.await.unwrap(), Err(Error::Db(_))));
        assert_eq!(ids(&store).await, [1, 3]);
    });
}

#[test]
fn a_closure_run_again_answers_with_its_last_run() {
    on_sqlite(|scratch| async move {
        let held = hold(&scratch).await;
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        let first = held.send(move |_| Ok(counted.fetch_add(1, Ordering::SeqCst) + 1)).await;
        let culprit = held.send(|tx| tx.exec("INSERT OR ROLLBACK INTO tally (id, n) VALUES (2, 2), (2, 2)", &[])).await;
        held.open().await;
        assert!(culprit.await.unwrap().is_err());
        assert_eq!(first.await.unwrap(), Ok(2));
    });
}

#[test]
fn a_caller_that_left_before_its_closure_began_takes_it_along() {
    on_sqlite(|scratch| async move {
        let held = hold(&scratch).await;
        let stays = held.send(|tx| put(tx, 1, 1)).await;
        let leaves = held.send(|tx| put(tx, 2, 2)).await;
        leaves.abort();
        assert!(leaves.await.unwrap_err().is_cancelled());
        let store = held.open().await;
        stays.await.unwrap().unwrap();
        assert_eq!(ids(&store).await, [1]);
    });
}

#[test]
fn a_caller_that_left_while_its_closure_ran_does_not_stop_it() {
    on_sqlite(|scratch| async move {
        let store = scratch.open();
        make_tally(&store).await;
        let (gate, opened) = channel::<()>();
        let (inside, entered) = tokio::sync::oneshot::channel();
        let (running, mut inside) = (store.clone(), Some(inside));
        let caller = tokio::spawn(async move {
            running
                .write(move |tx| {
                    put(tx, 1, 1)?;
                    inside.take().map(|inside| inside.send(()));
                    let _ = opened.recv();
                    Ok::<_, Error>(())
                })
                .await
        });
        entered.await.unwrap();
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        gate.send(()).unwrap();
        store.write(|tx| put(tx, 2, 2)).await.unwrap();
        assert_eq!(ids(&store).await, [1, 2]);
    });
}

#[test]
fn a_full_queue_refuses_further_calls() {
    on_sqlite(|scratch| async move {
        let store = Store::open(Config { queue: 2, ..scratch.config() }).unwrap();
        make_tally(&store).await;
        let held = hold_again(store).await;
        let waiting = [held.send(|tx| put(tx, 1, 1)).await, held.send(|tx| put(tx, 2, 2)).await];
        assert_eq!(held.store.write(|tx| put(tx, 3, 3)).await, Err(Error::Busy));
        let store = held.open().await;
        futures::future::join_all(waiting).await.into_iter().for_each(|answer| answer.unwrap().unwrap());
        assert_eq!(ids(&store).await, [1, 2]);
    });
}

#[test]
fn another_process_that_holds_the_file_is_a_timeout() {
    on_sqlite(|scratch| async move {
        let config = Config { lock_timeout: std::time::Duration::from_millis(50), ..scratch.config() };
        let (ours, theirs) = (Store::open(config.clone()).unwrap(), Store::open(config).unwrap());
        make_tally(&ours).await;
        let held = hold_again(theirs).await;
        let refused = ours.write(|tx| put(tx, 1, 1)).await;
        assert!(matches!(refused, Err(Error::Timeout(_))), "{refused:?}");
        held.open().await;
        ours.write(|tx| put(tx, 2, 2)).await.unwrap();
        assert_eq!(ids(&ours).await, [2]);
    });
}

#[test]
fn a_panic_in_a_closure_does_not_reach_the_usual_panic_hook() {
    static USUAL: AtomicU32 = AtomicU32::new(0);
    std::panic::set_hook(Box::new(|_| {
        USUAL.fetch_add(1, Ordering::SeqCst);
    }));
    on_sqlite(|scratch| async move {
        let store = scratch.open();
        let panicked: Result<(), Error> = store.write(|_| panic!("quietly")).await;
        assert_eq!(panicked, Err(Error::Panic("quietly".into())));
        assert_eq!(USUAL.load(Ordering::SeqCst), 0, "it would symbolise a backtrace while everybody waits");
        let elsewhere = std::thread::spawn(|| panic!("aloud")).join();
        assert!(elsewhere.is_err());
        assert_eq!(USUAL.load(Ordering::SeqCst), 1, "panics elsewhere are reported as ever");
    });
}

#[test]
fn the_first_of_a_group_fails_alone_too() {
    on_sqlite(|scratch| async move {
        let held = hold(&scratch).await;
        let failing = |tx: &mut Tx<'_>| put(tx, 9, 9).and(Err(Error::Denied));
        let held = hold_with(held.open().await, failing).await;
        let second = held.send(|tx| put(tx, 2, 2)).await;
        drop(held.gate);
        assert_eq!(held.holder.await.unwrap(), Err(Error::Denied));
        assert_eq!(second.await.unwrap(), Ok(()));
        assert_eq!(ids(&held.store).await, [2]);
    });
}

#[test]
fn a_patient_call_lets_others_pass_and_yet_gets_its_turn() {
    on_sqlite(|scratch| async move {
        let held = hold(&scratch).await;
        let order = Arc::new(std::sync::Mutex::new(Vec::new()));
        let note = |n: i64| {
            let order = order.clone();
            move |tx: &mut Tx<'_>| {
                order.lock().unwrap().push(n);
                put(tx, n, n)
            }
        };
        let before = held.store.stats();
        let mut sent = Vec::new();
        for n in 100..103 {
            let (store, waiting, closure) = (held.store.clone(), held.store.stats().waiting_writes, note(n));
            sent.push(tokio::spawn(async move { store.write_patiently(closure).await }));
            while held.store.stats().waiting_writes == waiting {
                tokio::task::yield_now().await;
            }
        }
        for n in 1..=10 {
            sent.push(held.send(note(n)).await);
        }
        let store = held.open().await;
        for answer in sent {
            answer.await.unwrap().unwrap();
        }
        assert_eq!(*order.lock().unwrap(), [1, 2, 3, 4, 5, 6, 7, 8, 100, 9, 10, 101, 102]);
        assert_eq!(store.stats().groups - before.groups, 2, "whoever is in a hurry does not wait for patient ones");
    });
}
