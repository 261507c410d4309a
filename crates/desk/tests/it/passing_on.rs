//! Files of a ticket in a letter to somebody else.

use crate::house::{House, mail};
use opora_base::Store;
use opora_desk::tickets::{self, Address, TicketForm, Words};
use opora_desk::{Actor, AttachmentId, Result, TicketId};
use opora_testkit::engines;

async fn pass_on(house: &House, actor: &Actor, file: AttachmentId) -> Result<TicketId> {
    let form = TicketForm {
        inbox_id: house.inbox,
        contact: Address { name: "Склад".into(), address: "store@partner.test".into() },
        subject: "Fwd: Посылка".into(),
        kind: "reply".into(),
        body_text: Some("Посмотрите".into()),
        body_html: None,
        attachments: vec![file],
        cc: vec![],
        assignee_id: None,
        team_id: None,
        tags: vec![],
        priority: tickets::Priority::Normal,
        frame: false,
    };
    let (actor, now) = (actor.clone(), house.now);
    house.write(move |tx| tickets::create(tx, &actor, &form, &Words::new(None, Some("Посмотрите"))?, now)).await
}

engines! {
    async fn a_file_of_a_ticket_one_sees_goes_along_and_stays_where_it_was(store: Store) {
        let house = House::new(store).await;
        let headers = "MIME-Version: 1.0\nX-A: 1\n";
        let raw = mail("olga@customer.test", "1@c.test", "Посылка", headers, "");
        let raw = raw.replace(
            "Content-Type: text/plain; charset=utf-8\n\n\n",
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhi\n--b\nContent-Type: image/png\nContent-Disposition: attachment; filename=a.png\n\nPNG\n--b--\n",
        );
        house.mail(&raw).await;
        let first = house.only_ticket().await;
        let file = first.messages[0].attachments[0].clone();
        let passed = pass_on(&house, &house.anna, file.id).await.unwrap();
        let copy = house.open(passed).await.messages[0].attachments[0].clone();
        assert_eq!((copy.filename.as_str(), copy.size), (file.filename.as_str(), file.size));
        assert_ne!(copy.id, file.id);
        assert_eq!(house.open(first.row.id).await.messages[0].attachments[0], file);

        let mut stranger = house.boris.clone();
        stranger.sight = opora_desk::actor::Sight::Teams(vec![], vec![house.inbox]);
        assert!(pass_on(&house, &stranger, file.id).await.is_ok());
        stranger.sight = opora_desk::actor::Sight::Teams(vec![house.team], vec![]);
        assert!(pass_on(&house, &stranger, AttachmentId(9_999)).await.is_err());
    }
}
