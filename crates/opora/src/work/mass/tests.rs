//! Turns of the worker, told without its loop.
#![allow(clippy::unwrap_used)]

use super::*;
use opora_base::blob::Blobs;
use opora_base::secret::MasterKey;
use opora_base::{Clock, Store, TestClock, Time, Tx, job};
use opora_desk::department::inboxes::{self, InboxForm};
use opora_desk::mass::{Action, MassAction, MassReply, Wanted};
use opora_desk::people::{agents, setup};
use opora_desk::templates::{self, TemplateForm};
use opora_desk::tickets::{self, Priority, TicketForm, Words};
use opora_desk::{Actor, InboxId, Result, TicketId};
use opora_testkit::engines;
use serde_json::json;
use std::sync::Arc;

const START: Time = Time::from_seconds(1_790_000_000);
/// So many tickets an action is given before another one has its turn.
const A_TURN: usize = 200;

/// A department of one administrator, and what a worker stands on.
struct House {
    ground: Ground,
    clock: Arc<TestClock>,
    admin: Actor,
    inbox: InboxId,
    _folder: tempfile::TempDir,
}

impl House {
    async fn new(store: Store) -> House {
        let folder = tempfile::tempdir().unwrap();
        let clock = TestClock::at(START);
        let now = clock.now();
        let key = MasterKey::from_base64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let sealing = key.clone();
        let founded = move |tx: &mut Tx<'_>| {
            let new =
                setup::FirstAdmin { email: "admin@shop.test", name: "Вера", password_hash: "x", locale: "ru" };
            let admin = setup::first_admin(tx, "Лавка", &new, now)?;
            let form = InboxForm {
                name: Some("Support".into()),
                address: Some("support@shop.test".into()),
                ..InboxForm::default()
            };
            let inbox = inboxes::create(tx, &Actor::system(), &form, &sealing, now)?.id;
            Ok::<_, opora_desk::Error>((agents::actor(tx, admin)?, inbox))
        };
        let (admin, inbox) = store.write(founded).await.unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        let ground = Ground { store, blobs, key, data: folder.path().to_owned(), holder: "me".into() };
        House { ground, clock, admin, inbox, _folder: folder }
    }

    async fn write<T: Send + 'static>(&self, f: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static) -> T {
        self.ground.store.write(f).await.unwrap()
    }

    async fn tickets(&self, many: usize) -> Vec<TicketId> {
        let (admin, inbox, now) = (self.admin.clone(), self.inbox, self.clock.now());
        let words = Words::new(None, Some("Где заказ?")).unwrap();
        self.write(move |tx| (0..many).map(|i| tickets::create(tx, &admin, &question(inbox, i), &words, now)).collect())
            .await
    }

    async fn begin(&self, ids: Vec<TicketId>, action: Action) -> i64 {
        let (admin, now) = (self.admin.clone(), self.clock.now());
        let wanted = Wanted { ids: Some(ids), action, ..Wanted::default() };
        self.write(move |tx| mass::begin(tx, &admin, &wanted, None, now)).await.id
    }

    async fn find(&self, id: i64) -> MassAction {
        self.write(move |tx| mass::find(tx, id)).await
    }

    /// One turn of the worker. Answers whose it was.
    async fn turn(&self) -> Option<i64> {
        self.clock.advance(Duration::from_secs(1));
        let now = self.clock.now();
        let claim = move |tx: &mut Tx<'_>| job::claim(tx, mass::QUEUE, "me", Duration::from_secs(120), 1, now);
        let job = self.ground.store.write_rc(claim).await.unwrap().pop()?;
        let (number, action) = (job.id, job.payload["action"].as_i64());
        let clock: SharedClock = self.clock.clone();
        let end = act(&self.ground, &clock, job, &CancellationToken::new()).await.unwrap();
        queue::settle(&self.ground, ACTIONS, number, end).await.unwrap();
        action
    }
}

fn question(inbox: InboxId, i: usize) -> TicketForm {
    let contact = json!({ "name": "", "address": format!("c{i}@customer.test") });
    let form = json!({ "inbox_id": inbox, "contact": contact, "subject": "Вопрос", "kind": "customer" });
    serde_json::from_value(form).unwrap()
}

fn pressing() -> Action {
    Action { priority: Some(Priority::High), ..Action::default() }
}

engines! {
    async fn what_a_ticket_cannot_have_is_its_failure_and_the_action_ends(store: Store) {
        let house = House::new(store).await;
        let ids = house.tickets(2).await;
        let (admin, now) = (house.admin.clone(), house.clock.now());
        let form = TemplateForm { name: Some("Сбой".into()), body_html: Some("<p>Устранён</p>".into()), ..TemplateForm::default() };
        let template = house.write(move |tx| templates::create(tx, &admin, &form, now)).await.id;
        let reply = MassReply { template_id: Some(template), ..MassReply::default() };
        let id = house.begin(ids, Action { reply: Some(reply), ..Action::default() }).await;
        let admin = house.admin.clone();
        house.write(move |tx| templates::delete(tx, &admin, template, now)).await;
        assert_eq!(house.turn().await, Some(id));
        let action = house.find(id).await;
        assert_eq!((action.state.as_str(), action.done, action.failed), ("done", 0, 2));
        let why = "SELECT before FROM mass_item WHERE state = 'failed' ORDER BY ticket_id LIMIT 1";
        let why: serde_json::Value = house.write(move |tx| Ok(tx.one(why, &[])?)).await;
        assert_eq!(why["reason"], "there is no such template");
    }

    async fn a_long_action_gives_way_to_a_short_one(store: Store) {
        let house = House::new(store).await;
        let ids = house.tickets(A_TURN + 5).await;
        let long = house.begin(ids.clone(), pressing()).await;
        let short = house.begin(ids[..3].to_vec(), Action { priority: Some(Priority::Low), ..Action::default() }).await;
        assert_eq!(house.turn().await, Some(long));
        let begun = house.find(long).await;
        assert_eq!((begun.state.as_str(), begun.done), ("running", A_TURN as i64));
        assert_eq!(house.turn().await, Some(short));
        assert_eq!(house.find(short).await.state, "done");
        assert_eq!(house.turn().await, Some(long));
        let action = house.find(long).await;
        assert_eq!((action.state.as_str(), action.done), ("done", (A_TURN + 5) as i64));
        assert_eq!(house.turn().await, None);
    }

    async fn an_action_that_gave_way_is_stopped_and_taken_back_like_any_other(store: Store) {
        let house = House::new(store).await;
        let ids = house.tickets(A_TURN + 5).await;
        let id = house.begin(ids, pressing()).await;
        house.turn().await;
        let (admin, now) = (house.admin.clone(), house.clock.now());
        house.write(move |tx| mass::cancel(tx, &admin, id, now)).await;
        assert_eq!(house.turn().await, Some(id));
        let action = house.find(id).await;
        assert_eq!((action.state.as_str(), action.done), ("cancelled", A_TURN as i64));
        let admin = house.admin.clone();
        house.write(move |tx| mass::undo(tx, &admin, id, now)).await;
        while house.turn().await.is_some() {}
        let action = house.find(id).await;
        assert_eq!((action.state.as_str(), action.done), ("undone", 0));
    }
}
