//! Doing a thing alone.

use opora_base::{Error, Store, Time, Tx, lease};
use std::time::Duration;

const TTL: Duration = Duration::from_secs(30);

fn at(seconds: i64) -> Time {
    Time::from_seconds(seconds)
}

async fn take(store: &Store, holder: &'static str, seconds: i64) -> bool {
    store.write(move |tx| lease::acquire(tx, "inbox:1", holder, TTL, at(seconds))).await.unwrap()
}

opora_testkit::engines! {
    async fn a_lease_has_one_holder_until_it_runs_out(store: Store) {
        assert!(take(&store, "a", 0).await);
        assert!(!take(&store, "b", 10).await);
        assert!(take(&store, "a", 20).await, "its holder renews it");
        assert!(!take(&store, "b", 40).await, "it was renewed");
        assert!(take(&store, "b", 51).await, "it ran out");
        let holds = |holder| move |tx: &mut Tx<'_>| lease::holds(tx, "inbox:1", holder);
        assert_eq!(store.write(holds("a")).await, Ok::<_, Error>(false));
        assert_eq!(store.write(holds("b")).await, Ok(true));
    }

    async fn a_lease_given_back_is_free_at_once_and_only_its_holder_gives_it_back(store: Store) {
        assert!(take(&store, "a", 0).await);
        store.write(|tx| lease::release(tx, "inbox:1", "b")).await.unwrap();
        assert!(!take(&store, "b", 1).await);
        store.write(|tx| lease::release(tx, "inbox:1", "a")).await.unwrap();
        assert!(take(&store, "b", 1).await);
    }

    async fn of_many_who_ask_at_once_one_gets_it(store: Store) {
        let asking = (0..8).map(|n| {
            let (store, holder) = (store.clone(), format!("node-{n}"));
            tokio::spawn(async move {
                store.write(move |tx| lease::acquire(tx, "timers", &holder, TTL, at(0))).await.unwrap()
            })
        });
        let got = futures::future::join_all(asking).await.into_iter().filter(|got| *got.as_ref().unwrap()).count();
        assert_eq!(got, 1);
    }
}
