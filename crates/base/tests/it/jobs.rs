//! Work that happens outside a transaction.

use opora_base::job::{self, Job, NewJob};
use opora_base::{Error, Store, Time};
use serde_json::json;
use std::collections::HashSet;
use std::time::Duration;

const LEASE: Duration = Duration::from_secs(60);

fn at(seconds: i64) -> Time {
    Time::from_seconds(seconds)
}

async fn enqueue(store: &Store, key: impl Into<String>, run_at: i64) -> bool {
    let (key, payload) = (key.into(), json!({"to": "anna"}));
    store
        .write(move |tx| {
            let job = NewJob { queue: "mail", dedupe_key: &key, payload: &payload, run_at: at(run_at) };
            job::enqueue(tx, &job, at(0))
        })
        .await
        .unwrap()
}

async fn claim(store: &Store, holder: &'static str, now: i64) -> Vec<Job> {
    store.write_rc(move |tx| job::claim(tx, "mail", holder, LEASE, 10, at(now))).await.unwrap()
}

opora_testkit::engines! {
    async fn a_job_is_taken_when_due_and_gone_when_done(store: Store) {
        assert!(enqueue(&store, "send:1", 10).await);
        assert!(claim(&store, "w1", 9).await.is_empty());
        assert_eq!(store.get(|tx| job::next_due(tx, "mail")).await, Ok::<_, Error>(Some(at(10))));
        let taken = claim(&store, "w1", 10).await;
        let [job] = taken.as_slice() else { panic!("{taken:?}") };
        assert_eq!((job.dedupe_key.as_str(), job.attempts, job.was_abandoned), ("send:1", 1, false));
        assert_eq!(job.payload, json!({"to": "anna"}));
        let id = job.id;
        assert_eq!(store.write(move |tx| job::complete(tx, id, "w1")).await, Ok(true));
        assert!(claim(&store, "w1", 1000).await.is_empty());
        assert_eq!(store.get(|tx| job::next_due(tx, "mail")).await, Ok(None));
    }

    async fn the_same_work_is_enqueued_once(store: Store) {
        assert!(enqueue(&store, "send:1", 0).await);
        assert!(!enqueue(&store, "send:1", 0).await);
        let id = claim(&store, "w1", 0).await[0].id;
        assert!(!enqueue(&store, "send:1", 0).await, "it is being done");
        store.write(move |tx| job::complete(tx, id, "w1")).await.unwrap();
        assert!(enqueue(&store, "send:1", 0).await, "it was done and may be asked for again");
    }

    async fn a_job_whose_worker_vanished_is_offered_again_and_the_late_answer_refused(store: Store) {
        enqueue(&store, "send:1", 0).await;
        let id = claim(&store, "w1", 0).await[0].id;
        assert!(claim(&store, "w2", 59).await.is_empty(), "the lease still runs");
        let again = claim(&store, "w2", 60).await;
        assert_eq!((again[0].id, again[0].attempts, again[0].was_abandoned), (id, 2, true));
        assert_eq!(store.write(move |tx| job::complete(tx, id, "w1")).await, Ok(false));
        assert_eq!(store.write(move |tx| job::retry(tx, id, "w1", "late", at(0))).await, Ok(false));
        assert_eq!(store.write(move |tx| job::complete(tx, id, "w2")).await, Ok(true));
    }

    async fn a_failed_job_comes_back_after_its_pause_with_its_attempts_counted(store: Store) {
        enqueue(&store, "send:1", 0).await;
        let id = claim(&store, "w1", 0).await[0].id;
        store.write(move |tx| job::retry(tx, id, "w1", "451 try later", at(30))).await.unwrap();
        assert!(claim(&store, "w1", 29).await.is_empty());
        let again = claim(&store, "w2", 30).await;
        assert_eq!((again[0].attempts, again[0].was_abandoned), (2, false));
        let error: Option<String> = store.get(|tx| tx.one("SELECT last_error FROM job", &[])).await.unwrap();
        assert_eq!(error.as_deref(), Some("451 try later"));
    }

    async fn a_hopeless_job_is_kept_with_its_reason_and_never_offered_again(store: Store) {
        enqueue(&store, "send:1", 0).await;
        let id = claim(&store, "w1", 0).await[0].id;
        assert_eq!(store.write(move |tx| job::give_up(tx, id, "w1", "550 no such user")).await, Ok(true));
        assert!(claim(&store, "w1", 100_000).await.is_empty());
        let kept: (String, String) = store.get(|tx| tx.one("SELECT state, last_error FROM job", &[])).await.unwrap();
        assert_eq!(kept, ("failed".into(), "550 no such user".into()));
    }

    async fn a_job_can_be_taken_back_until_somebody_holds_it(store: Store) {
        enqueue(&store, "send:1", 0).await;
        enqueue(&store, "send:2", 50).await;
        claim(&store, "w1", 0).await;
        assert_eq!(store.write(|tx| job::cancel(tx, "send:1")).await, Ok(false));
        assert_eq!(store.write(|tx| job::cancel(tx, "send:2")).await, Ok(true));
    }

    async fn eight_workers_take_every_job_once(store: Store) {
        for n in 0..200 {
            enqueue(&store, format!("send:{n}"), 0).await;
        }
        let workers = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|holder| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let taken = claim(&store, holder, 0).await;
                    if taken.is_empty() {
                        return mine;
                    }
                    mine.extend(taken.into_iter().map(|job| job.id));
                }
            })
        });
        let taken: Vec<i64> = futures::future::join_all(workers).await.into_iter().flat_map(|mine| mine.unwrap()).collect();
        // A worker may see nothing while its neighbours hold the rest locked, so the rest is taken now.
        let rest = claim(&store, "late", 0).await.len();
        assert_eq!(taken.iter().collect::<HashSet<_>>().len(), taken.len(), "a job was taken twice");
        assert_eq!(taken.len() + rest, 200);
    }
}
