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
mod getting;
mod login;
mod mailbox;
mod options;
mod pace;
mod reading;
mod response;
mod token;

use tokio_util::sync::CancellationToken;

use self::{
    conversation::Conversation,
    pace::Pace,
    reading::{Memory, Reading},
};
use super::{Code, Endpoint, Login, Problem, Scheme};

pub use mailbox::{Found, Mailbox, PassedOver, Position, StoreError};
pub use options::{After, Options, Start};

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
