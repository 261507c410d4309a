//! What must happen later.

use opora_base::{Error, Store, Time, timer};

fn at(seconds: i64) -> Time {
    Time::from_seconds(seconds)
}

async fn due(store: &Store, seconds: i64) -> Vec<(String, i64)> {
    let timers = store.get(move |tx| timer::due(tx, at(seconds), 10)).await.unwrap();
    timers.into_iter().map(|timer| (timer.kind, timer.subject)).collect()
}

opora_testkit::engines! {
    async fn timers_are_due_in_order_and_not_before_their_time(store: Store) {
        store.write(|tx| {
            timer::set(tx, "ticket.close", 7, at(20))?;
            timer::set(tx, "ticket.remind", 7, at(10))?;
            timer::set(tx, "ticket.close", 8, at(30))
        }).await.unwrap();
        assert_eq!(due(&store, 9).await, []);
        assert_eq!(due(&store, 20).await, [("ticket.remind".into(), 7), ("ticket.close".into(), 7)]);
        assert_eq!(store.get(timer::next_due).await, Ok::<_, Error>(Some(at(10))));
    }

    async fn setting_a_timer_again_moves_it(store: Store) {
        store.write(|tx| timer::set(tx, "ticket.close", 7, at(10))).await.unwrap();
        let old = store.get(|tx| timer::due(tx, at(10), 1)).await.unwrap().remove(0);
        store.write(|tx| timer::set(tx, "ticket.close", 7, at(50))).await.unwrap();
        assert_eq!(due(&store, 49).await, []);
        assert_eq!(store.write(move |tx| timer::take(tx, &old)).await, Ok(false), "it was moved meanwhile");
        assert_eq!(due(&store, 50).await, [("ticket.close".into(), 7)]);
    }

    async fn a_timer_is_fired_once_and_a_cleared_one_never(store: Store) {
        store.write(|tx| { timer::set(tx, "a", 1, at(1))?; timer::set(tx, "b", 1, at(1)) }).await.unwrap();
        store.write(|tx| timer::clear(tx, "b", 1)).await.unwrap();
        let found = store.get(|tx| timer::due(tx, at(1), 10)).await.unwrap();
        let [timer] = found.as_slice() else { panic!("{found:?}") };
        let (first, second) = (timer.clone(), timer.clone());
        assert_eq!(store.write(move |tx| timer::take(tx, &first)).await, Ok(true));
        assert_eq!(store.write(move |tx| timer::take(tx, &second)).await, Ok(false));
        assert_eq!(store.get(timer::next_due).await, Ok(None));
    }
}
