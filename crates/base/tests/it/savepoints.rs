//! The one way to survive an error inside a closure.

use super::transactions::{ids, make_tally, put};
use opora_base::{Error, Store, Tx};

opora_testkit::engines! {
    async fn what_failed_in_a_savepoint_is_undone_and_the_rest_is_committed(store: Store) {
        make_tally(&store).await;
        let inner = store.write(|tx| {
            put(tx, 1, 1)?;
            let inner: Result<(), Error> = tx.savepoint(|tx| { put(tx, 2, 2)?; put(tx, 1, 3) });
            put(tx, 4, 4)?;
            Ok::<_, Error>(inner)
        });
        assert!(matches!(inner.await.unwrap(), Err(Error::Unique { .. })));
        assert_eq!(ids(&store).await, [1, 4]);
    }

    async fn an_error_swallowed_inside_a_savepoint_is_the_savepoints_answer(store: Store) {
        make_tally(&store).await;
        store.write(|tx| {
            put(tx, 1, 1)?;
            let inner: Result<(), Error> = tx.savepoint(|tx| { put(tx, 2, 2)?; let _ = put(tx, 1, 3); Ok(()) });
            assert!(matches!(inner, Err(Error::Unique { .. })), "{inner:?}");
            Ok::<_, Error>(())
        }).await.unwrap();
        assert_eq!(ids(&store).await, [1]);
    }

    async fn a_business_refusal_undoes_its_savepoint_only(store: Store) {
        make_tally(&store).await;
        store.write(|tx| {
            let inner: Result<(), Error> = tx.savepoint(|tx| { put(tx, 1, 1)?; Err(Error::Denied) });
            assert_eq!(inner, Err(Error::Denied));
            put(tx, 2, 2)
        }).await.unwrap();
        assert_eq!(ids(&store).await, [2]);
    }

    async fn savepoints_nest(store: Store) {
        make_tally(&store).await;
        store.write(|tx| {
            tx.savepoint(|tx| {
                put(tx, 1, 1)?;
                let inner: Result<(), Error> = tx.savepoint(|tx: &mut Tx<'_>| { put(tx, 2, 2)?; put(tx, 1, 2) });
                assert!(inner.is_err());
                tx.savepoint(|tx| put(tx, 3, 3))
            })
        }).await.unwrap();
        assert_eq!(ids(&store).await, [1, 3]);
    }

    async fn a_panic_inside_a_savepoint_undoes_everything(store: Store) {
        make_tally(&store).await;
        let answered: Result<(), Error> =
            store.write(|tx| { put(tx, 1, 1)?; tx.savepoint(|_| panic!("halfway")) }).await;
        assert_eq!(answered, Err(Error::Panic("halfway".into())));
        assert!(ids(&store).await.is_empty());
    }
}
