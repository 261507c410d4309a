//! The end of a store.

use super::transactions::{ids, make_tally, put};
use opora_base::{Error, Store};
use opora_testkit::engine::Scratch;
use std::sync::Arc;

opora_testkit::engines! {
    async fn closing_serves_those_who_wait_and_refuses_newcomers(scratch: Arc<Scratch>) {
        let store = scratch.open();
        make_tally(&store).await;
        let sent: Vec<_> = (0..50)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move { store.write(move |tx| put(tx, n, n)).await })
            })
            .collect();
        while store.stats().writes < 10 {
            tokio::task::yield_now().await;
        }
        store.close().await;
        let mut acknowledged = 0;
        for (n, answer) in futures::future::join_all(sent).await.into_iter().enumerate() {
            match answer.unwrap() {
                Ok(()) => acknowledged += 1,
                Err(error) => assert_eq!(error, Error::Closed, "{n}"),
            }
        }
        assert_eq!(store.write(|tx| put(tx, 99, 99)).await, Err(Error::Closed));
        assert_eq!(store.read(|tx| tx.one::<i64>("SELECT 1", &[])).await, Err(Error::Closed));
        let again = scratch.open();
        assert_eq!(ids(&again).await.len(), acknowledged);
        again.close().await;
    }

    async fn a_store_closes_with_its_last_clone(scratch: Arc<Scratch>) {
        let store: Store = scratch.open();
        let mut wakeups = store.wakeups();
        wakeups.mark_unchanged();
        drop(store);
        // On PostgreSQL the listener may ring once for what came before it listened.
        while wakeups.changed().await.is_ok() {}
    }
}
