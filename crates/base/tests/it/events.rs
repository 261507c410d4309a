//! The log and those who follow it.

use opora_base::event::{self, Author, Cursor, Event};
use opora_base::{Error, Store, Time, Tx};
use serde_json::json;
use std::collections::HashSet;

fn note(tx: &mut Tx<'_>, subject: i64) -> Result<i64, Error> {
    event::append(tx, "ticket.created", subject, Author::Agent(3), &json!({"n": subject}), Time(subject))
}

/// The first events of the log, once they are settled: on PostgreSQL any writing transaction of the whole cluster (another
/// test's, say) delays that for a moment.
async fn settled(store: &Store, count: usize) -> Vec<Event> {
    loop {
        let events = store.get(|tx| event::after(tx, Cursor::default(), 1000)).await.unwrap();
        if events.len() >= count {
            return events;
        }
    }
}

async fn subjects_after(store: &Store, cursor: Cursor) -> Vec<i64> {
    let events = store.get(move |tx| event::after(tx, cursor, 1000)).await.unwrap();
    events.into_iter().map(|event| event.subject).collect()
}

opora_testkit::engines! {
    async fn a_follower_reads_the_log_in_order_from_where_it_stood(store: Store) {
        store.write(|tx| { note(tx, 1)?; note(tx, 2) }).await.unwrap();
        store.write(|tx| note(tx, 3)).await.unwrap();
        let log = settled(&store, 3).await;
        assert_eq!(log.iter().map(|event| event.subject).collect::<Vec<_>>(), [1, 2, 3]);
        let first = store.get(|tx| event::after(tx, Cursor::default(), 1)).await.unwrap().remove(0);
        assert_eq!((first.kind.as_str(), first.author, first.at), ("ticket.created", Author::Agent(3), Time(1)));
        assert_eq!(first.data, json!({"n": 1}));
        assert_eq!(subjects_after(&store, first.at_cursor).await, [2, 3]);
        let end = store.get(event::end).await.unwrap();
        assert!(subjects_after(&store, end).await.is_empty());
    }

    async fn a_follower_keeps_its_place(store: Store) {
        assert_eq!(store.get(|tx| event::position(tx, "search")).await, Ok(None));
        for seq in [5, 9] {
            store.write(move |tx| event::advance(tx, "search", Cursor { xid: 1, seq })).await.unwrap();
        }
        assert_eq!(store.get(|tx| event::position(tx, "search")).await, Ok(Some(Cursor { xid: 1, seq: 9 })));
    }

    async fn a_history_is_the_newest_events_of_one_subject_between_two_moments(store: Store) {
        store.write(|tx| {
            for at in 1..=5 {
                event::append(tx, "ticket.changed", 7, Author::System, &json!({}), Time(at))?;
            }
            note(tx, 8)
        }).await.unwrap();
        let moments = |from, to, limit| {
            let store = store.clone();
            async move {
                let events = store.get(move |tx| event::history(tx, 7, Time(from), Time(to), limit)).await.unwrap();
                events.into_iter().map(|event| event.at.0).collect::<Vec<_>>()
            }
        };
        assert_eq!(moments(0, 99, 10).await, [1, 2, 3, 4, 5]);
        assert_eq!(moments(0, 99, 2).await, [4, 5]);
        assert_eq!(moments(2, 3, 10).await, [2, 3]);
    }

    async fn a_follower_misses_nothing_while_many_write(store: Store) {
        let writers = (0..4i64).map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for n in 0..40 {
                    store.write(move |tx| note(tx, writer * 1000 + n)).await.unwrap();
                }
            })
        });
        let writing = tokio::spawn(futures::future::join_all(writers.collect::<Vec<_>>()));
        let (mut seen, mut cursor, mut wakeups) = (Vec::new(), Cursor::default(), store.wakeups());
        while seen.len() < 160 {
            let events = store.get(move |tx| event::after(tx, cursor, 7)).await.unwrap();
            match events.last() {
                Some(last) => cursor = last.at_cursor,
                None => {
                    // Settled a moment after the commit that rang.
                    let _ = tokio::time::timeout(std::time::Duration::from_millis(20), wakeups.changed()).await;
                    if writing.is_finished() && store.get(event::end).await.unwrap() == cursor && seen.len() < 160 {
                        let stored: i64 = store.get(|tx| tx.one("SELECT count(*) FROM event", &[])).await.unwrap();
                        assert_eq!(stored, 160, "writes are missing");
                    }
                }
            }
            seen.extend(events.into_iter().map(|event| event.subject));
        }
        writing.await.unwrap().into_iter().for_each(|done| done.unwrap());
        assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 160);
    }
}

/// A long transaction that took its number first must not be stepped over by a follower that saw a later one.
#[test]
#[ignore = "needs OPORA_TEST_DATABASE_URL"]
fn a_slow_transaction_is_not_stepped_over() {
    opora_testkit::engine::tell(opora_testkit::engine::Scratch::postgres(), |store: Store| async move {
        let (slow_began, began) = std::sync::mpsc::channel::<()>();
        let (finish, may_finish) = std::sync::mpsc::channel::<()>();
        let slow = {
            let store = store.clone();
            std::thread::spawn(move || {
                store.write_blocking(move |tx| {
                    note(tx, 1)?;
                    slow_began.send(()).unwrap();
                    may_finish.recv().unwrap();
                    Ok::<_, Error>(())
                })
            })
        };
        began.recv().unwrap();
        store.write(|tx| note(tx, 2)).await.unwrap();
        let committed: Vec<i64> = store.get(|tx| tx.query("SELECT subject FROM event", &[])).await.unwrap();
        assert_eq!(committed, [2], "the quick one is there");
        assert!(subjects_after(&store, Cursor::default()).await.is_empty(), "and not yet to be acted upon");
        finish.send(()).unwrap();
        slow.join().unwrap().unwrap();
        let seen: Vec<i64> = settled(&store, 2).await.into_iter().map(|event| event.subject).collect();
        assert_eq!(seen, [1, 2]);
    });
}
