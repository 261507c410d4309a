//! Reading an open folder: list what is new, fetch it in handfuls, have it written down, move the cursor, wait.

use std::collections::{BTreeMap, HashMap};

use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::{
    Found, Halt, Mailbox, Options, PassedOver, Position, Start,
    after::tidy,
    conversation::Conversation,
    folder::Opened,
    response::{Body, Fetched, Response, Status},
};
use crate::mail::{Code, Problem};

/// How many messages, and about how many bytes, are fetched at once.
const HANDFUL: usize = 32;
const HANDFUL_BYTES: u64 = 4 * 1024 * 1024;
/// How often a message is asked for before it is passed over.
const ATTEMPTS: u8 = 5;
/// IDLE may last half an hour (RFC 2177); some servers are stricter.
const LONGEST_IDLE: std::time::Duration = std::time::Duration::from_secs(25 * 60);
/// How far clocks may differ, for [`Start::From`].
const CLOCKS: SignedDuration = SignedDuration::from_mins(10);

/// What outlives a connection.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Messages the server failed to give, by numbering and UID, and how often they were asked for alone. While there
    /// are any, messages are fetched one by one, so that the one which breaks the connection is found.
    misses: HashMap<(u32, u32), u8>,
    /// Something was read to its end since this was last set to false.
    pub(super) progress: bool,
}

pub(super) struct Reading<'a, M> {
    mailbox: &'a M,
    options: &'a Options,
    conversation: Conversation,
    memory: &'a mut Memory,
    opened: Opened,
    last_uid: u32,
    /// We have no position in this numbering yet: [`Options::start`] says what to read.
    fresh: bool,
    idle_refused: bool,
}

/// A message in the list of what is new.
#[derive(Debug, Clone, Copy)]
struct Listed {
    uid: u32,
    size: u64,
    received_at: Option<Timestamp>,
}

/// What became of a listed message.
enum Got {
    Message(Found),
    PassedOver(PassedOver),
    /// Somebody removed it meanwhile.
    Gone,
}

impl<'a, M: Mailbox> Reading<'a, M> {
    pub(super) async fn begin(
        mailbox: &'a M,
        options: &'a Options,
        conversation: Conversation,
        opened: Opened,
        memory: &'a mut Memory,
    ) -> Result<Self, Halt> {
        let cursor = mailbox.cursor().await?;
        let known = cursor.filter(|cursor| {
            // UIDs only grow; a server that went back was restored from a copy and gives old numbers to new mail.
            let went_back = opened.uid_next.is_some_and(|next| next <= cursor.last_uid);
            cursor.uid_validity == opened.uid_validity && !went_back
        });
        if cursor.is_some() && known.is_none() {
            let detail = format!("{cursor:?} does not fit {opened:?}, reading from the beginning");
            tracing::warn!(detail, "mailbox renumbered");
            mailbox.trouble(Problem::new(Code::MailboxRenumbered, detail)).await;
        }
        Ok(Self {
            mailbox,
            options,
            conversation,
            memory,
            opened,
            last_uid: known.map_or(0, |cursor| cursor.last_uid),
            fresh: known.is_none(),
            idle_refused: false,
        })
    }

    /// Reads everything that is there and new. The answer is a complaint about tidying up, if there is one.
    pub(super) async fn catch_up(&mut self) -> Result<Option<Problem>, Halt> {
        let mut complaint = None;
        self.conversation.news = false;
        let mut listed = self.list().await?.into_iter().peekable();
        while listed.peek().is_some() {
            let most = if self.memory.misses.is_empty() { HANDFUL } else { 1 };
            let mut handful: Vec<Listed> = Vec::new();
            let mut bytes = 0;
            while let Some(next) = listed
                .next_if(|next| handful.is_empty() || (handful.len() < most && bytes + next.size <= HANDFUL_BYTES))
            {
                bytes += next.size;
                handful.push(next);
            }
            complaint = self.take(&handful).await?.or(complaint);
        }
        if self.fresh {
            let end = self.opened.uid_next.map_or(self.last_uid, |next| next.saturating_sub(1).max(self.last_uid));
            self.advance(end).await?;
            self.fresh = false;
        }
        self.memory.progress = true;
        Ok(complaint)
    }

    async fn list(&mut self) -> Result<Vec<Listed>, Halt> {
        let Some(first) = self.last_uid.checked_add(1).filter(|_| self.conversation.messages > 0) else {
            return Ok(Vec::new());
        };
        let mut listed = BTreeMap::new();
        let command = format!("UID FETCH {first}:* (UID RFC822.SIZE INTERNALDATE)");
        let outcome = self
            .conversation
            .ask(&command, |response| {
                // `n:*` always holds the last message, even when it is before n.
                if let Response::Fetched(Fetched { uid: Some(uid), size: Some(size), received_at, .. }) = response
                    && uid >= first
                {
                    listed.insert(uid, Listed { uid, size, received_at });
                }
            })
            .await?;
        if outcome.status != Status::Ok {
            return Err(Problem::new(Code::Protocol, outcome.words()).during("listing").into());
        }
        let since = match self.options.start {
            Start::From(time) if self.fresh => time.checked_sub(CLOCKS).ok(),
            _ => None,
        };
        let wanted = |listed: &Listed| match (since, listed.received_at) {
            (Some(since), Some(received_at)) => received_at >= since,
            _ => true,
        };
        Ok(listed.into_values().filter(wanted).collect())
    }

    /// Fetches a handful and has it written down, all at once; then moves the cursor as far as that went.
    async fn take(&mut self, handful: &[Listed]) -> Result<Option<Problem>, Halt> {
        let got = self.fetch(handful).await?;
        let mailbox = self.mailbox;
        let stored: Vec<u32> = got
            .iter()
            .filter_map(|got| match got {
                Got::Message(found) => Some(found.uid),
                Got::PassedOver(_) | Got::Gone => None,
            })
            .collect();
        let writing = got.into_iter().map(|got| async move {
            match got {
                Got::Message(found) => mailbox.store(found).await,
                Got::PassedOver(passed) => mailbox.pass_over(passed).await,
                Got::Gone => Ok(()),
            }
        });
        let written = join_all(writing).await;
        let mut done = self.last_uid;
        let mut failure = None;
        for (listed, written) in handful.iter().zip(written) {
            match written {
                Ok(()) => done = listed.uid,
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        if done != self.last_uid {
            self.advance(done).await?;
        }
        metrics::counter!("opora_mail_fetched_total")
            .increment(stored.iter().filter(|&&uid| uid <= done).count() as u64);
        if let Some(error) = failure {
            return Err(error.into());
        }
        tidy(&mut self.conversation, &self.options.after, &stored).await
    }

    async fn fetch(&mut self, handful: &[Listed]) -> Result<Vec<Got>, Halt> {
        let limit = self.options.max_message_bytes as u64;
        let asked: Vec<u32> = handful.iter().filter(|listed| listed.size <= limit).map(|listed| listed.uid).collect();
        let mut bodies = if asked.len() > 1 { self.bodies(&asked).await? } else { BTreeMap::new() };
        let mut got = Vec::with_capacity(handful.len());
        for listed in handful {
            got.push(if listed.size > limit {
                Got::PassedOver(self.too_large(listed.uid, listed.size).await?)
            } else {
                match bodies.remove(&listed.uid) {
                    Some(fetched) => self.got(*listed, fetched).await?,
                    None => self.fetch_alone(*listed).await?,
                }
            });
        }
        Ok(got)
    }

    /// The bodies the server gives. Those it does not give are asked for one by one.
    async fn bodies(&mut self, uids: &[u32]) -> Result<BTreeMap<u32, Fetched>, Halt> {
        let set = uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let mut bodies = BTreeMap::new();
        let asked = self
            .conversation
            .ask(&format!("UID FETCH {set} (UID FLAGS BODY.PEEK[])"), |response| {
                if let Response::Fetched(fetched) = response
                    && fetched.body.is_some()
                    && let Some(uid) = fetched.uid
                {
                    bodies.insert(uid, fetched);
                }
            })
            .await;
        if matches!(asked, Err(Halt::Trouble(_))) {
            for &uid in uids {
                self.memory.misses.entry((self.opened.uid_validity, uid)).or_default();
            }
        }
        let outcome = asked?;
        if outcome.status != Status::Ok {
            tracing::warn!(detail = outcome.words(), "the server did not give all messages");
        }
        Ok(bodies)
    }

    /// One message that is hard to get, or just one.
    async fn fetch_alone(&mut self, listed: Listed) -> Result<Got, Halt> {
        let uid = listed.uid;
        let attempts = self.count_miss(uid);
        if attempts > ATTEMPTS {
            let problem = Problem::new(Code::MessageUnreadable, format!("UID {uid}: asked for {ATTEMPTS} times"));
            self.forget_miss(uid);
            let header = self.header(uid).await?;
            return Ok(Got::PassedOver(PassedOver {
                uid_validity: self.opened.uid_validity,
                uid,
                size: listed.size,
                header,
                problem,
            }));
        }
        let fetched = self.bodies_of_one(uid).await?;
        self.forget_miss(uid);
        match fetched {
            Some(fetched) => self.got(listed, fetched).await,
            None => Ok(Got::Gone),
        }
    }

    /// The body of one message; `None` when the message is not there any more.
    async fn bodies_of_one(&mut self, uid: u32) -> Result<Option<Fetched>, Halt> {
        let (mut body, mut there) = (None, false);
        let outcome = self
            .conversation
            .ask(&format!("UID FETCH {uid} (UID FLAGS BODY.PEEK[])"), |response| {
                if let Response::Fetched(fetched) = response
                    && fetched.uid == Some(uid)
                {
                    there = true;
                    body = Some(fetched).filter(|fetched| fetched.body.is_some()).or(body.take());
                }
            })
            .await?;
        if body.is_some() {
            return Ok(body);
        }
        if outcome.status == Status::Ok && !there && !self.exists(uid).await? {
            return Ok(None);
        }
        let detail = format!("the server does not give message UID {uid}: {}", outcome.words());
        Err(Problem::new(Code::MessageUnreadable, detail).into())
    }

    async fn exists(&mut self, uid: u32) -> Result<bool, Halt> {
        let mut there = false;
        let hear = |response| there |= matches!(response, Response::Fetched(fetched) if fetched.uid == Some(uid));
        let outcome = self.conversation.ask(&format!("UID FETCH {uid} (UID)"), hear).await?;
        Ok(there || outcome.status != Status::Ok)
    }

    async fn got(&mut self, listed: Listed, fetched: Fetched) -> Result<Got, Halt> {
        let Listed { uid, received_at, .. } = listed;
        match fetched.body {
            Some(Body::Whole(raw)) => Ok(Got::Message(Found {
                uid_validity: self.opened.uid_validity,
                uid,
                flags: fetched.flags,
                received_at,
                raw,
            })),
            // The server had said it was smaller.
            Some(Body::TooLong(size)) => Ok(Got::PassedOver(self.too_large(uid, size).await?)),
            None => Ok(Got::Gone),
        }
    }

    async fn too_large(&mut self, uid: u32, size: u64) -> Result<PassedOver, Halt> {
        let limit = self.options.max_message_bytes;
        let problem = Problem::new(Code::MessageSkipped, format!("UID {uid}: {size} bytes, and the limit is {limit}"));
        let header = self.header(uid).await?;
        Ok(PassedOver { uid_validity: self.opened.uid_validity, uid, size, header, problem })
    }

    /// The beginning of the header, for a person to recognise the message by.
    async fn header(&mut self, uid: u32) -> Result<bytes::Bytes, Halt> {
        let mut header = bytes::Bytes::new();
        let command = format!("UID FETCH {uid} (UID BODY.PEEK[HEADER]<0.65536>)");
        let hear = |response| {
            if let Response::Fetched(Fetched { body: Some(Body::Whole(bytes)), .. }) = response {
                header = bytes;
            }
        };
        self.conversation.ask(&command, hear).await?;
        Ok(header)
    }

    fn count_miss(&mut self, uid: u32) -> u8 {
        let count = self.memory.misses.entry((self.opened.uid_validity, uid)).or_default();
        *count = count.saturating_add(1);
        *count
    }

    fn forget_miss(&mut self, uid: u32) {
        self.memory.misses.remove(&(self.opened.uid_validity, uid));
    }

    async fn advance(&mut self, last_uid: u32) -> Result<(), Halt> {
        self.mailbox.advance(Position { uid_validity: self.opened.uid_validity, last_uid }).await?;
        self.last_uid = last_uid;
        self.memory.progress = true;
        Ok(())
    }

    /// Returns when there may be something new.
    pub(super) async fn wait_for_news(&mut self) -> Result<(), Halt> {
        if self.conversation.news {
            return Ok(());
        }
        if self.conversation.can("IDLE") && !self.idle_refused {
            return self.idle().await;
        }
        let look = Instant::now() + self.options.poll;
        while self.conversation.hears_something_by(look).await? {
            self.conversation.hear().await?;
            if self.conversation.news {
                return Ok(());
            }
        }
        self.conversation.ask("NOOP", |_| {}).await?;
        Ok(())
    }

    async fn idle(&mut self) -> Result<(), Halt> {
        let tag = self.conversation.send("IDLE").await?;
        loop {
            match self.conversation.hear().await? {
                Response::Continue => break,
                Response::Done { tag: done, outcome } if done == tag => {
                    tracing::info!(detail = outcome.words(), "the server refuses IDLE, looking regularly instead");
                    self.idle_refused = true;
                    return Ok(());
                }
                _ => {}
            }
        }
        let renew = Instant::now() + self.options.idle_renewal.min(LONGEST_IDLE);
        while !self.conversation.news && self.conversation.hears_something_by(renew).await? {
            self.conversation.hear().await?;
        }
        self.conversation.send_line("DONE").await?;
        loop {
            if matches!(self.conversation.hear().await?, Response::Done { tag: done, .. } if done == tag) {
                return Ok(());
            }
        }
    }
}
