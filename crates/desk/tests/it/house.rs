//! A small department to tell stories about: one brand, two teams, an administrator, two agents, one inbox.

use bytes::Bytes;
use opora_base::blob::Blobs;
use opora_base::secret::MasterKey;
use opora_base::{Store, Time, Tx, event};
use opora_desk::department::inboxes::{self, InboxForm};
use opora_desk::department::teams::{self, TeamForm};
use opora_desk::mailroom::{self, Arrival};
use opora_desk::people::{agents, roles, setup};
use opora_desk::tickets::{self, ListAsk, MessageForm, Page, Ticket, TicketPage, Words};
use opora_desk::{Actor, AgentId, Error, InboundId, InboxId, MessageId, Result, TeamId, TicketId};
use opora_mail::Limits;
use opora_query::Language;
use std::time::Duration;

pub const START: Time = Time::from_seconds(1_790_000_000);

pub struct House {
    pub store: Store,
    pub blobs: Blobs,
    pub admin: Actor,
    pub anna: Actor,
    pub boris: Actor,
    pub inbox: InboxId,
    pub team: TeamId,
    pub now: Time,
    _folder: tempfile::TempDir,
}

impl House {
    pub async fn new(store: Store) -> House {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        let key = MasterKey::from_base64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let (admin, anna, boris, inbox, team) = store
            .write(move |tx| {
                let new = setup::FirstAdmin {
                    email: "admin@shop.test",
                    name: "Вера Главная",
                    password_hash: "x",
                    locale: "ru",
                };
                let admin = setup::first_admin(tx, "Лавка", &new, START)?;
                let anna = agent(tx, "anna@shop.test", "Анна Петрова", "agent")?;
                let boris = agent(tx, "boris@shop.test", "Борис Иванов", "agent")?;
                let system = Actor::system();
                let team = teams::create(
                    tx,
                    &system,
                    &TeamForm { name: "Первая линия".into(), member_ids: Some(vec![anna]) },
                    START,
                )?;
                let form = InboxForm {
                    name: Some("Support".into()),
                    address: Some("support@shop.test".into()),
                    aliases: Some(vec!["help@shop.test".into()]),
                    team_id: Some(Some(team.id)),
                    ..InboxForm::default()
                };
                let inbox = inboxes::create(tx, &system, &form, &key, START)?.id;
                Ok::<_, Error>((
                    agents::actor(tx, admin)?,
                    agents::actor(tx, anna)?,
                    agents::actor(tx, boris)?,
                    inbox,
                    team.id,
                ))
            })
            .await
            .unwrap();
        House { store, blobs, admin, anna, boris, inbox, team, now: START, _folder: folder }
    }

    /// Waits until the log shows all of it: PostgreSQL shows an event when no older transaction is open anywhere, other
    /// tests' ones included.
    pub async fn all_shown(&self) {
        let all_shown = |tx: &mut Tx<'_>| {
            let shown = event::after(tx, event::Cursor::default(), 10_000)?.len() as i64;
            let all: i64 = tx.one("SELECT count(*) FROM event", &[])?;
            Ok::<_, opora_base::Error>(shown == all)
        };
        while !self.store.read(all_shown).await.unwrap() {
            tokio::task::yield_now().await;
        }
    }

    /// What was said of this kind, the first first, shown to followers or not yet.
    pub async fn told(&self, kind: &'static str) -> Vec<serde_json::Value> {
        let said = |tx: &mut Tx<'_>| tx.query("SELECT data FROM event WHERE kind = $1 ORDER BY seq", &[kind.into()]);
        let said: opora_base::Result<_> = self.store.read(said).await;
        said.unwrap()
    }

    pub fn pass(&mut self, seconds: u64) {
        self.now = self.now.plus(Duration::from_secs(seconds));
    }

    pub async fn write<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.store.write(f).await
    }

    /// A mail arrives and is received.
    pub async fn mail(&self, raw: &str) -> InboundId {
        self.mail_to(raw, "support@shop.test").await
    }

    pub async fn mail_to(&self, raw: &str, to: &str) -> InboundId {
        let arrival = Arrival {
            inbox: None,
            route: "lmtp",
            envelope_from: "someone@customer.test".into(),
            envelope_to: vec![to.into()],
            raw: Bytes::from(raw.replace('\n', "\r\n")),
            historic: false,
        };
        self.arrive(arrival).await
    }

    pub async fn arrive(&self, arrival: Arrival) -> InboundId {
        let id = mailroom::accept(&self.store, &self.blobs, arrival, self.now).await.unwrap();
        self.take_in().await;
        id
    }

    pub async fn take_in(&self) {
        while mailroom::take_in(&self.store, &self.blobs, &Limits::default(), self.now).await.unwrap() > 0 {}
    }

    /// State and reason of an accepted mail.
    pub async fn state_of(&self, id: InboundId) -> (String, Option<String>) {
        self.store
            .read(move |tx| tx.one("SELECT state, reason_code FROM inbound WHERE id = $1", &[id.into()]))
            .await
            .map_err(|e: opora_base::Error| e)
            .unwrap()
    }

    pub async fn list(&self, actor: &Actor, q: &str) -> TicketPage {
        self.page(actor, q, "", "", 100).await
    }

    pub async fn page(&self, actor: &Actor, q: &str, sort: &str, cursor: &str, limit: i64) -> TicketPage {
        let ask = ListAsk::parse(q, sort, cursor, Some(limit), Language::English).unwrap();
        let (actor, now) = (actor.clone(), self.now);
        self.store.read(move |tx| tickets::list(tx, &actor, &ask, now)).await.unwrap()
    }

    pub async fn open(&self, id: TicketId) -> Ticket {
        self.open_as(&self.admin, id).await
    }

    pub async fn open_as(&self, actor: &Actor, id: TicketId) -> Ticket {
        let (actor, now) = (actor.clone(), self.now);
        self.store.read(move |tx| tickets::open(tx, &actor, id, &Page::default(), now)).await.unwrap()
    }

    /// The one ticket there is.
    pub async fn only_ticket(&self) -> Ticket {
        let page = self.list(&self.admin, "").await;
        assert_eq!(page.total, 1, "exactly one ticket");
        self.open(page.items[0].id).await
    }

    pub async fn say(&self, actor: &Actor, id: TicketId, kind: &str, text: &str) -> Result<MessageId> {
        self.post(actor, id, MessageForm { kind: kind.into(), body_text: Some(text.into()), ..MessageForm::default() })
            .await
    }

    pub async fn post(&self, actor: &Actor, id: TicketId, form: MessageForm) -> Result<MessageId> {
        let words = Words::new(form.body_html.as_deref(), form.body_text.as_deref())?;
        let (actor, now) = (actor.clone(), self.now);
        self.store.write(move |tx| tickets::write(tx, &actor, id, &form, &words, now)).await
    }

    pub async fn change(&self, actor: &Actor, id: TicketId, change: tickets::Change) -> Result<()> {
        let (actor, now) = (actor.clone(), self.now);
        self.store.write(move |tx| tickets::change(tx, &actor, id, &change, now)).await
    }
}

pub fn agent(tx: &mut Tx<'_>, email: &str, name: &str, role: &str) -> Result<AgentId> {
    let role = roles::by_key(tx, role)?;
    let new = agents::NewAgent { email, name, role_id: role.id, password_hash: Some("x"), locale: "ru" };
    agents::create(tx, &Actor::system(), &new, START)
}

/// A plain mail from Olga.
pub fn letter(id: &str, subject: &str, text: &str) -> String {
    mail("Ольга <olga@customer.test>", id, subject, "", text)
}

pub fn mail(from: &str, id: &str, subject: &str, more_headers: &str, text: &str) -> String {
    format!(
        "From: {from}\nTo: support@shop.test\nSubject: {subject}\nMessage-ID: <{id}>\nDate: Mon, 21 Sep 2026 10:00:00 +0300\n{more_headers}Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    )
}
