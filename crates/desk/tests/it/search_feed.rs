//! What the search index is told of a message.

use crate::house::House;
use opora_base::{Store, event};
use opora_desk::MessageId;
use opora_desk::search_feed::{self, Source};
use opora_testkit::engines;

engines! {
    async fn a_message_is_found_by_the_names_of_its_files_but_not_of_pictures_in_its_text(store: Store) {
        let house = House::new(store).await;
        let raw = "From: Ольга <olga@customer.test>\nTo: support@shop.test\nSubject: Документы\nMessage-ID: <files@c.test>\n\
            MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
            --b\nContent-Type: multipart/related; boundary=r\n\n\
            --r\nContent-Type: text/html; charset=utf-8\n\n<p>Во вложении</p><img src=\"cid:p\">\n\
            --r\nContent-Type: image/png; name=image001.png\nContent-ID: <p>\nContent-Disposition: inline; filename=image001.png\n\nx\n\
            --r--\n\
            --b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''%D1%81%D1%87%D1%91%D1%82-20418.pdf\n\nx\n\
            --b--\n";
        house.mail(raw).await;
        let anew = house.store.read(|tx| search_feed::after(tx, Source::Message(MessageId(0)), 10)).await.unwrap();
        assert_eq!(anew.len(), 1);
        assert_eq!(anew[0].body.trim(), "Во вложении\nсчёт-20418.pdf");
        let told = house.store.read(|tx| {
            let events: Vec<event::Event> = tx.query(
                "SELECT xid, seq, kind, subject, author_kind, author_id, data, at FROM event ORDER BY seq", &[])?;
            search_feed::changes(tx, &events)
        }).await.unwrap();
        assert_eq!(told.put, anew, "as it happens and when the index is built anew");
    }
}
