//! What an administrator chose.

use opora_base::{Store, setting};

opora_testkit::engines! {
    async fn a_setting_is_what_was_chosen_last(store: Store) {
        assert_eq!(store.get(|tx| setting::get::<Vec<i64>>(tx, "days")).await, Ok(None));
        store.write(|tx| setting::put(tx, "days", &vec![1, 2])).await.unwrap();
        store.write(|tx| setting::put(tx, "days", &vec![3])).await.unwrap();
        assert_eq!(store.get(|tx| setting::get::<Vec<i64>>(tx, "days")).await, Ok(Some(vec![3])));
        assert_eq!(store.get(|tx| setting::get::<String>(tx, "days")).await, Ok(None), "it no longer fits the type");
    }
}
