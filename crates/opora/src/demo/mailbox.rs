//! The customer's mailbox of a demonstration: what customers sent and got, and a pen.

use crate::ground::Ground;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use opora_base::{Clock, Sql, SystemClock, Time, Tx, params};
use opora_desk::Error;
use opora_desk::department::inboxes;
use opora_desk::mailroom::{self, Arrival};
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

type Columns = (i64, String, String, String, serde_json::Value, String, String, Option<String>, i64, String);

/// What went both ways, the latest first. An answer that can still be taken back has not arrived.
fn messages(tx: &mut Tx<'_>, customer: Option<&str>) -> Result<Vec<DemoMessage>, Error> {
    let mut sql = Sql::new(
        "SELECT m.id, m.kind, m.author_name, m.author_address, m.recipients, m.subject, m.text, m.html, m.created_at, i.address
         FROM message m JOIN ticket t ON t.id = m.ticket_id JOIN inbox i ON i.id = t.inbox_id
         WHERE m.kind IN ('customer', 'reply') AND m.state IN ('received', 'sent')",
    );
    if let Some(customer) = customer.filter(|c| !c.is_empty()) {
        let contact: Option<i64> =
            tx.opt("SELECT contact_id FROM contact_address WHERE address_key = $1", params![&customer.to_lowercase()])?;
        sql.push(" AND t.contact_id = ").bind(contact.unwrap_or(0));
    }
    sql.push(" ORDER BY m.id DESC LIMIT ").bind(MOST);
    let rows: Vec<Columns> = tx.query(sql.text(), sql.args())?;
    Ok(rows.into_iter().map(shown).collect())
}

fn shown(row: Columns) -> DemoMessage {
    let (id, kind, name, address, recipients, subject, text, html, at, inbox) = row;
    let outgoing = kind == "reply";
    let first = recipients.pointer("/to/0").cloned().unwrap_or_default();
    let told = |field: &str| first.get(field).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let to = if outgoing {
        DemoPerson { name: told("name"), address: told("address") }
    } else {
        DemoPerson { name: String::new(), address: inbox.clone() }
    };
    DemoMessage {
        id,
        from: DemoPerson { name, address: if outgoing { inbox } else { address } },
        to,
        subject,
        text,
        html,
        at: Time(at),
        direction: if outgoing { "out" } else { "in" }.to_owned(),
    }
}

fn answered(tx: &mut Tx<'_>, id: i64) -> Result<Option<(String, String)>, Error> {
    Ok(tx.opt("SELECT mail_id, mail_refs FROM message WHERE id = $1 AND mail_id IS NOT NULL", params![id])?)
}
