//! Followers are woken by commits, here and elsewhere.

use opora_base::{Error, Store};
use opora_testkit::engine::{Scratch, tell};
use std::sync::Arc;

opora_testkit::engines! {
    async fn a_commit_that_asked_for_it_wakes_and_others_do_not(scratch: Arc<Scratch>) {
        let store = scratch.open();
        if scratch.is_postgres() {
            // The listener rings once when it starts to listen.
            store.wakeups().wait_for(|rung| *rung > 0).await.unwrap();
        }
        let mut wakeups = store.wakeups();
        wakeups.mark_unchanged();
        store.write(|_| Ok::<_, Error>(())).await.unwrap();
        let refused: Result<(), Error> = store.write(|tx| { tx.wake(); Err(Error::Denied) }).await;
        assert_eq!(refused, Err(Error::Denied));
        assert!(!wakeups.has_changed().unwrap());
        store.write(|tx| { tx.wake(); Ok::<_, Error>(()) }).await.unwrap();
        wakeups.changed().await.unwrap();
        store.close().await;
    }
}

#[test]
#[ignore = "needs OPORA_TEST_DATABASE_URL"]
fn another_process_is_woken_too() {
    tell(Scratch::postgres(), |scratch: Arc<Scratch>| async move {
        let (here, there): (Store, Store) = (scratch.open(), scratch.open());
        there.wakeups().wait_for(|rung| *rung > 0).await.unwrap();
        let mut wakeups = there.wakeups();
        for _ in 0..20 {
            wakeups.mark_unchanged();
            here.write(|tx| {
                tx.wake();
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
            wakeups.changed().await.unwrap();
        }
        here.close().await;
        there.close().await;
    });
}
