//! The customer's mailbox of a demonstration: what customers sent and got, and a pen.

use crate::ground::Ground;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use opora_base::{Clock, Sql, SystemClock, Time, Tx, params};
use opora_desk::Error;
use opora_desk::department::brands::Face;
use opora_desk::department::inboxes;
use opora_desk::mailroom::{self, Arrival};
use opora_desk::people::agents::public_name;
use opora_http::{DemoLetter, DemoLogin, DemoMail, DemoMailbox, DemoMessage, DemoPerson};
use serde::{Deserialize, Serialize};

const MOST: i64 = 60;

/// What a demonstration remembers of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// Who can sign in.
    pub logins: Vec<Login>,
    /// Customers to write as: name and address.
    pub customers: Vec<(String, String)>,
}

/// A login of the demonstration.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Login {
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
    /// The name.
    pub name: String,
    /// The role's key.
    pub role: String,
}

/// The mailbox.
pub struct Mailbox {
    ground: Ground,
    mark: Mark,
}

impl Mailbox {
    /// The mailbox of this department.
    pub fn new(ground: Ground, mark: Mark) -> Mailbox {
        Mailbox { ground, mark }
    }

    async fn mail(&self, customer: Option<String>) -> Result<DemoMail, Error> {
        let (items, inboxes) = self
            .ground
            .store
            .read(move |tx| Ok::<_, Error>((messages(tx, customer.as_deref())?, inboxes::list(tx)?)))
            .await?;
        let customers = self.mark.customers.iter();
        Ok(DemoMail {
            customers: customers
                .map(|(name, address)| DemoPerson { name: name.clone(), address: address.clone() })
                .collect(),
            inboxes: inboxes.into_iter().map(|i| DemoPerson { name: i.name, address: i.address }).collect(),
            items,
        })
    }

    async fn take(&self, letter: DemoLetter) -> Result<(), Error> {
        let answered = match letter.in_reply_to {
            Some(id) => self.ground.store.read(move |tx| answered(tx, id)).await?,
            None => None,
        };
        let now = SystemClock.now();
        let domain = letter.from.address.rsplit_once('@').map_or("example.com", |(_, domain)| domain);
        let (in_reply_to, references) = match &answered {
            Some((mail_id, refs)) => (
                Some(mail_id.clone()),
                refs.split(' ').filter(|r| !r.is_empty()).map(str::to_owned).chain([mail_id.clone()]).collect(),
            ),
            None => (None, Vec::new()),
        };
        let outgoing = opora_mail::Outgoing {
            from: opora_mail::Address::new(letter.from.name.as_str(), letter.from.address.as_str()),
            to: vec![opora_mail::Address::new("", letter.to.as_str())],
            subject: letter.subject.clone(),
            text: letter.text.clone(),
            message_id: format!("demo.{:032x}@{domain}", rand::random::<u128>()),
            in_reply_to,
            references,
            date_seconds: now.seconds(),
            ..Default::default()
        };
        let composed = opora_mail::compose(&outgoing).map_err(|e| Error::field("from", "malformed", e.to_string()))?;
        let arrival = Arrival {
            inbox: None,
            route: "demo",
            envelope_from: letter.from.address,
            envelope_to: vec![letter.to],
            raw: Bytes::from(composed.raw),
            historic: false,
        };
        mailroom::accept(&self.ground.store, &self.ground.blobs, arrival, now).await.map(drop)
    }
}

impl DemoMailbox for Mailbox {
    fn logins(&self) -> Vec<DemoLogin> {
        let shown = |login: &Login| DemoLogin {
            email: login.email.clone(),
            password: login.password.clone(),
            name: login.name.clone(),
            role: login.role.clone(),
        };
        self.mark.logins.iter().map(shown).collect()
    }

    fn open(&self, customer: Option<String>) -> BoxFuture<'_, Result<DemoMail, Error>> {
        self.mail(customer).boxed()
    }

    fn write(&self, mail: DemoLetter) -> BoxFuture<'_, Result<(), Error>> {
        self.take(mail).boxed()
    }
}

opora_base::row! {
    struct Sent {
        id: i64,
        kind: String,
        author_name: String,
        author_address: String,
        recipients: serde_json::Value,
        subject: String,
        text: String,
        html: Option<String>,
        created_at: i64,
        inbox: String,
        locale: String,
        face: String,
        number: Option<i64>,
    }
}

/// What went both ways, the latest first. An answer that can still be taken back has not arrived.
fn messages(tx: &mut Tx<'_>, customer: Option<&str>) -> Result<Vec<DemoMessage>, Error> {
    let mut sql = Sql::new(
        "SELECT m.id, m.kind, m.author_name, m.author_address, m.recipients, m.subject, m.text, m.html, m.created_at,
           i.address, i.locale, b.face, a.number
         FROM message m JOIN ticket t ON t.id = m.ticket_id JOIN inbox i ON i.id = t.inbox_id
         JOIN brand b ON b.id = i.brand_id LEFT JOIN agent a ON m.author_kind = 'agent' AND a.id = m.author_id
         WHERE m.kind IN ('customer', 'reply') AND m.state IN ('received', 'sent')",
    );
    if let Some(customer) = customer.filter(|c| !c.is_empty()) {
        let contact: Option<i64> =
            tx.opt("SELECT contact_id FROM contact_address WHERE address_key = $1", params![&customer.to_lowercase()])?;
        sql.push(" AND t.contact_id = ").bind(contact.unwrap_or(0));
    }
    sql.push(" ORDER BY m.id DESC LIMIT ").bind(MOST);
    let rows: Vec<Sent> = tx.query(sql.text(), sql.args())?;
    Ok(rows.into_iter().map(shown).collect())
}

/// As the customer sees it: an agent by the brand's public face only.
fn shown(sent: Sent) -> DemoMessage {
    let outgoing = sent.kind == "reply";
    let first = sent.recipients.pointer("/to/0").cloned().unwrap_or_default();
    let told = |field: &str| first.get(field).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let (from, to) = if outgoing {
        let name = match sent.number {
            Some(number) => public_name(&sent.author_name, number, Face::parse(&sent.face), &sent.locale),
            None => String::new(),
        };
        (DemoPerson { name, address: sent.inbox }, DemoPerson { name: told("name"), address: told("address") })
    } else {
        let ours = DemoPerson { name: String::new(), address: sent.inbox };
        (DemoPerson { name: sent.author_name, address: sent.author_address }, ours)
    };
    DemoMessage {
        id: sent.id,
        from,
        to,
        subject: sent.subject,
        text: sent.text,
        html: sent.html,
        at: Time(sent.created_at),
        direction: if outgoing { "out" } else { "in" }.to_owned(),
    }
}

fn answered(tx: &mut Tx<'_>, id: i64) -> Result<Option<(String, String)>, Error> {
    Ok(tx.opt("SELECT mail_id, mail_refs FROM message WHERE id = $1 AND mail_id IS NOT NULL", params![id])?)
}
