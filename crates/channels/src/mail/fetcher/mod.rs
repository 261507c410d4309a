//! Fetching: what lies in somebody else's mailbox is read over IMAP (RFC 3501), from where we stopped to what is there
//! now, and then what comes.
//!
//! It promises that nothing is passed by in silence. A message is handed to [`Mailbox::store`] before the cursor moves
//! past it; after any outage reading goes on from the cursor, by UID, whatever the Seen flag says, since people look
//! into the mailbox too. When the server renumbers the mailbox (another UIDVALIDITY), or goes back in time, everything
//! is read again and the house recognises what it has. What cannot be read is reported with its header and left where
//! it is, and the next message is not held up.
//!
//! It changes nothing in the mailbox unless [`After`] asks for it: the folder is opened read-only and bodies are
//! peeked at. New mail is announced by IDLE (RFC 2177) where the server has it, and looked for regularly where not.
//! It knows no tickets; that two of us never read one mailbox at a time is the caller's care.
//!
//! Of IMAP we need a dozen answers, so they are read here ([`response`]) and not by async-imap: that one takes a
//! FETCH the server refused for one that found nothing, stops for good at a line it cannot parse, and writes the
//! login into the trace log.

mod after;
mod conversation;
mod folder;
mod login;
mod pace;
mod reading;
mod response;
mod token;

use std::{future::Future, sync::Arc, time::Duration};

use bytes::Bytes;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use self::{
    conversation::Conversation,
    pace::Pace,
    reading::{Memory, Reading},
};
use super::{Code, Endpoint, Login, Problem, Scheme, TlsTrust};

/// How we read.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whose certificates we believe.
    pub trust: TlsTrust,
    /// Where to begin in a mailbox we have not read yet.
    pub start: Start,
    /// What to do with a message that is written down.
    pub after: After,
    /// Messages above this many bytes are passed over, visibly.
    pub max_message_bytes: usize,
    /// How long to wait for a connection, and for the server to say something while it owes us an answer.
    pub timeout: Duration,
    /// How often IDLE is renewed and the mailbox looked through all the same; never more than 25 minutes.
    pub idle_renewal: Duration,
    /// How often to look where there is no IDLE.
    pub poll: Duration,
    /// The first pause after a failure; it doubles each time, with jitter, up to [`Options::longest_pause`].
    pub first_pause: Duration,
    /// The longest pause after a failure.
    pub longest_pause: Duration,
    /// The pause after a failure that only a person can mend: a wrong password, a bad certificate.
    pub settings_pause: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            trust: TlsTrust::default(),
            start: Start::Everything,
            after: After::Leave,
            max_message_bytes: 40 * 1024 * 1024,
            timeout: Duration::from_secs(60),
            idle_renewal: Duration::from_secs(10 * 60),
            poll: Duration::from_secs(60),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(5 * 60),
            settings_pause: Duration::from_secs(10 * 60),
        }
    }
}

/// Where to begin in a mailbox we have not read yet, or that was renumbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// With the oldest message.
    Everything,
    /// With what reached the mailbox at this time or later, by the server's clock; ten minutes earlier are read too,
    /// since clocks differ and a message twice is better than none.
    From(Timestamp),
}

/// What to do with a message that is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// Nothing at all.
    Leave,
    /// Mark it as seen.
    MarkSeen,
    /// Move it to this folder.
    Move(String),
    /// Delete it.
    Delete,
}

/// How far a mailbox was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Which numbering the UID belongs to.
    pub uid_validity: u32,
    /// The last UID that is written down, or passed over.
    pub last_uid: u32,
}

/// A message from the mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which numbering the UID belongs to.
    pub uid_validity: u32,
    /// Its UID.
    pub uid: u32,
    /// Its flags as the server names them, such as `\Seen`.
    pub flags: Vec<String>,
    /// When it reached the mailbox.
    pub received_at: Option<Timestamp>,
    /// The message, byte for byte.
    pub raw: Bytes,
}

/// A message that is not read and stays where it is. The house shows it to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// Which numbering the UID belongs to.
    pub uid_validity: u32,
    /// Its UID.
    pub uid: u32,
    /// Its size in bytes, as the server says.
    pub size: u64,
    /// Its header, so that a person can tell which message it is; empty when the server does not even give that.
    pub header: Bytes,
    /// Why, with a code: too large, or the server failed to give it several times.
    pub problem: Problem,
}

/// The house behind the fetcher: keeps the cursor and takes the messages.
pub trait Mailbox: Send + Sync {
    /// How far the mailbox was read; `None` if never.
    fn cursor(&self) -> impl Future<Output = Result<Option<Position>, StoreError>> + Send;

    /// Writes a message down. `Ok` means durable. May be called for several messages at once, and again for a message
    /// it has taken already.
    fn store(&self, found: Found) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Notes a message that is passed over, so that a person sees it.
    fn pass_over(&self, passed: PassedOver) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Moves the cursor. Everything up to it was stored or passed over.
    fn advance(&self, position: Position) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Something is wrong with the mailbox; reading is tried again by itself.
    fn trouble(&self, problem: Problem) -> impl Future<Output = ()> + Send;

    /// The mailbox has just been read up to its end.
    fn healthy(&self) -> impl Future<Output = ()> + Send;
}

/// The house could not write just now.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct StoreError(
    /// Why, in English, for the log.
    pub String,
);

/// Why reading ended.
#[derive(Debug)]
enum Halt {
    /// We were asked to stop.
    Asked,
    /// Something went wrong.
    Trouble(Problem),
}

impl From<Problem> for Halt {
    fn from(problem: Problem) -> Self {
        Halt::Trouble(problem)
    }
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Halt::Trouble(Problem::new(Code::StoreFailed, error.to_string()))
    }
}

/// Reads a mailbox until `shutdown`, whatever happens to the server meanwhile. A message that is being written down
/// at the time of the shutdown is written down.
pub async fn run<M: Mailbox>(
    endpoint: &Endpoint,
    login: &Login,
    mailbox: &M,
    options: &Options,
    shutdown: CancellationToken,
) {
    let mut pace = Pace::new(options);
    let mut memory = Memory::default();
    loop {
        let halt = match visit(endpoint, login, mailbox, options, &mut memory, &shutdown).await {
            Ok(never) => match never {},
            Err(halt) => halt,
        };
        if std::mem::take(&mut memory.progress) {
            pace.went_well();
        }
        let problem = match halt {
            Halt::Asked => return,
            Halt::Trouble(problem) => problem.during(&format!("{}:{}", endpoint.host, endpoint.port)),
        };
        tracing::warn!(server = %endpoint.host, code = %problem.code, detail = %problem.detail, "mailbox trouble");
        metrics::counter!("opora_mail_fetch_troubles_total", "code" => problem.code.as_str()).increment(1);
        let pause = pace.after(problem.code);
        // A connection that is merely cut is opened again before anybody need hear of it.
        if !(problem.code == Code::Disconnected && pace.is_first_failure()) {
            mailbox.trouble(problem).await;
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// One connection's worth of reading. Ends only by a halt.
async fn visit<M: Mailbox>(
    endpoint: &Endpoint,
    login: &Login,
    mailbox: &M,
    options: &Options,
    memory: &mut Memory,
    shutdown: &CancellationToken,
) -> Result<std::convert::Infallible, Halt> {
    let mut conversation = open(endpoint, login, options, shutdown).await?;
    let read_only = options.after == After::Leave;
    let opened = folder::open(&mut conversation, folder_of(endpoint), read_only).await?;
    let mut reading = Reading::begin(mailbox, options, conversation, opened, memory).await?;
    loop {
        let complaint = reading.catch_up().await?;
        match complaint {
            Some(problem) => mailbox.trouble(problem).await,
            None => mailbox.healthy().await,
        }
        reading.wait_for_news().await?;
    }
}

/// What a connection test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// How many messages the folder holds.
    pub messages: u32,
    /// Whether the server announces new mail by itself.
    pub announces: bool,
}

/// Tries the settings: connects, protects, logs in, opens the folder read-only. Reads nothing.
pub async fn check(endpoint: &Endpoint, login: &Login, options: &Options) -> Result<Checked, Problem> {
    let attempt = async {
        let mut conversation = open(endpoint, login, options, &CancellationToken::new()).await?;
        let opened = folder::open(&mut conversation, folder_of(endpoint), true).await?;
        conversation.log_out().await;
        Ok(Checked { messages: opened.messages, announces: conversation.can("IDLE") })
    };
    attempt.await.map_err(|halt| match halt {
        Halt::Trouble(problem) => problem.during(&format!("{}:{}", endpoint.host, endpoint.port)),
        Halt::Asked => Problem::new(Code::Disconnected, "stopped"),
    })
}

async fn open(
    endpoint: &Endpoint,
    login: &Login,
    options: &Options,
    shutdown: &CancellationToken,
) -> Result<Conversation, Halt> {
    if endpoint.scheme != Scheme::Imap {
        return Err(Problem::new(Code::BadSettings, format!("{endpoint} is no IMAP server")).into());
    }
    let trust = options.trust.clone();
    let tls = move || trust.client_config();
    let opening = login::open(endpoint, login, options, tls, shutdown);
    tokio::select! {
        opened = opening => opened,
        () = shutdown.cancelled() => Err(Halt::Asked),
    }
}

fn folder_of(endpoint: &Endpoint) -> &str {
    endpoint.folder.as_deref().unwrap_or("INBOX")
}

impl<M: Mailbox> Mailbox for Arc<M> {
    fn cursor(&self) -> impl Future<Output = Result<Option<Position>, StoreError>> + Send {
        M::cursor(self)
    }

    fn store(&self, found: Found) -> impl Future<Output = Result<(), StoreError>> + Send {
        M::store(self, found)
    }

    fn pass_over(&self, passed: PassedOver) -> impl Future<Output = Result<(), StoreError>> + Send {
        M::pass_over(self, passed)
    }

    fn advance(&self, position: Position) -> impl Future<Output = Result<(), StoreError>> + Send {
        M::advance(self, position)
    }

    fn trouble(&self, problem: Problem) -> impl Future<Output = ()> + Send {
        M::trouble(self, problem)
    }

    fn healthy(&self) -> impl Future<Output = ()> + Send {
        M::healthy(self)
    }
}
