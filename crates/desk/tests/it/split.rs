//! One conversation that becomes two: what goes, what stays, and where answers land afterwards.

use crate::house::{House, letter, mail};
use opora_base::Store;
use opora_base::event;
use opora_desk::search_feed;
use opora_desk::tickets::{self, Change, MessageForm, SplitForm, Status};
use opora_desk::{Actor, MessageId, Result, TicketId};
use opora_testkit::engines;

/// Olga asks about an order, we answer, then she asks about something else, with a file; Pavel joins in.
async fn two_matters(house: &House) -> (TicketId, Vec<MessageId>) {
    house.mail(&letter("1@c.test", "Где заказ?", "Жду третий день.")).await;
    let id = house.only_ticket().await.row.id;
    let form = MessageForm { kind: "note".into(), body_text: Some("Уже едет".into()), ..MessageForm::default() };
    house.post(&house.anna, id, form).await.unwrap();
    let with_a_file = "From: Ольга <olga@customer.test>\nTo: support@shop.test\nSubject: Re: Где заказ?\nMessage-ID: <2@c.test>\n\
        In-Reply-To: <1@c.test>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n\
        И ещё: течёт чайник.\n--b\nContent-Type: application/pdf; name=check.pdf\nContent-Disposition: attachment\n\n%PDF\n--b--\n";
    house.mail(with_a_file).await;
    house
        .mail(&mail(
            "Павел <pavel@customer.test>",
            "3@c.test",
            "Re: Где заказ?",
            "In-Reply-To: <2@c.test>\n",
            "И у меня!",
        ))
        .await;
    let messages = house.open(id).await.messages.iter().map(|message| message.id).collect();
    (id, messages)
}

async fn split(house: &House, actor: &Actor, id: TicketId, from: MessageId) -> Result<TicketId> {
    let (actor, now) = (actor.clone(), house.now);
    let form = SplitForm { message_id: from, subject: Some("Чайник".into()) };
    house.write(move |tx| tickets::split(tx, &actor, id, &form, now)).await
}

engines! {
    async fn messages_go_with_their_files_and_both_tickets_tell_of_what_they_hold(store: Store) {
        let house = House::new(store).await;
        let (id, messages) = two_matters(&house).await;
        house.change(&house.admin, id, Change { tags: Some(vec!["vip".into()]), ..Change::default() }).await.unwrap();
        let new = split(&house, &house.anna, id, messages[2]).await.unwrap();

        let (old, new) = (house.open(id).await, house.open(new).await);
        assert_eq!(old.messages.iter().map(|m| m.id).collect::<Vec<_>>(), messages[..2]);
        assert_eq!(new.messages.iter().map(|m| m.id).collect::<Vec<_>>(), messages[2..]);
        assert_eq!((old.row.message_count, old.row.attachment_count, old.row.preview.as_str()), (2, 0, "Жду третий день."));
        assert_eq!((new.row.message_count, new.row.attachment_count, new.row.preview.as_str()), (2, 1, "И у меня!"));
        assert_eq!((new.row.subject.as_str(), new.row.tags.as_slice()), ("Чайник", &["vip".to_owned()][..]));
        assert_eq!(new.row.contact.address, "olga@customer.test");
        assert!(new.row.waiting_since.is_some() && old.row.waiting_since.is_some(), "two matters wait");
        assert_eq!(house.list(&house.admin, "").await.total, 2);
        assert_eq!(house.list(&house.admin, "tag:vip is:open has:attachment").await.total, 1);
        let told = |ticket: &tickets::Ticket| ticket.events.iter().map(|event| event.kind.clone()).collect::<Vec<_>>();
        assert!(told(&old).contains(&"ticket.split".to_owned()), "{:?}", told(&old));
        assert!(told(&new).contains(&"ticket.split_off".to_owned()), "{:?}", told(&new));
    }

    async fn an_answer_lands_where_the_message_it_answers_is(store: Store) {
        let house = House::new(store).await;
        let (id, messages) = two_matters(&house).await;
        let new = split(&house, &house.anna, id, messages[2]).await.unwrap();
        house.mail(&mail("Ольга <olga@customer.test>", "4@c.test", "Re: Где заказ?", "In-Reply-To: <2@c.test>\n", "Так что с чайником?")).await;
        house.mail(&mail("Ольга <olga@customer.test>", "5@c.test", "Re: Где заказ?", "In-Reply-To: <1@c.test>\n", "Заказ пришёл")).await;
        assert_eq!(house.open(new).await.messages.last().unwrap().text.trim(), "Так что с чайником?");
        assert_eq!(house.open(id).await.messages.last().unwrap().text.trim(), "Заказ пришёл");
    }

    async fn a_solved_ticket_gives_an_open_one_and_stays_solved(store: Store) {
        let house = House::new(store).await;
        let (id, messages) = two_matters(&house).await;
        house.change(&house.admin, id, Change { status: Some(Status::Solved), ..Change::default() }).await.unwrap();
        let new = split(&house, &house.anna, id, messages[3]).await.unwrap();
        assert_eq!((house.open(id).await.row.status, house.open(new).await.row.status), (Status::Solved, Status::Open));
        assert_eq!(house.open(new).await.row.contact.address, "pavel@customer.test", "whoever wrote first in it");
        assert_eq!(house.list(&house.admin, "status:solved").await.total, 1);
        assert_eq!(house.list(&house.admin, "is:open").await.total, 1);
    }

    async fn the_first_message_stays_and_nothing_goes_that_has_not_left(store: Store) {
        let house = House::new(store).await;
        let (id, messages) = two_matters(&house).await;
        let refused = async |from: MessageId| {
            let error = split(&house, &house.anna, id, from).await.unwrap_err();
            let opora_desk::Error::Validation(fields) = error else { panic!("{error:?}") };
            fields[0].code.to_string()
        };
        assert_eq!(refused(messages[0]).await, "first");
        assert_eq!(refused(MessageId(9_999)).await, "unknown");
        house.say(&house.anna, id, "reply", "Отвечаю").await.unwrap();
        assert_eq!(refused(messages[2]).await, "on_its_way");
        let mut observer = house.boris.clone();
        observer.permissions.retain(|permission| permission.text() == "ticket.view");
        assert_eq!(split(&house, &observer, id, messages[2]).await.unwrap_err().code(), "forbidden");
        assert_eq!(house.list(&house.admin, "").await.total, 1, "nothing was begun");
    }

    async fn what_was_said_is_found_in_the_ticket_it_is_in(store: Store) {
        let house = House::new(store).await;
        let (id, messages) = two_matters(&house).await;
        let before = house.store.read(event::end).await.unwrap();
        let new = split(&house, &house.anna, id, messages[2]).await.unwrap();
        // PostgreSQL shows events once no older transaction is open anywhere, other tests' ones included.
        let put = loop {
            let changes = house.store.read(move |tx| {
                let mut events = event::after(tx, before, 100)?;
                events.retain(|event| event.kind == "ticket.split_off");
                search_feed::changes(tx, &events)
            }).await.unwrap();
            if !changes.put.is_empty() {
                break changes.put;
            }
            tokio::task::yield_now().await;
        };
        assert!(put.iter().all(|document| document.ticket == new), "{put:?}");
        assert_eq!(put.len(), 2);
    }
}
