//! Reading an open folder: list what is new, fetch it in handfuls, have it written down, move the cursor, wait.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::{
    Found, Halt, Mailbox, Options, PassedOver, Position, Start,
    after::tidy,
    conversation::Conversation,
    folder::Opened,
    response::{Fetched, Response, Status},
};
use crate::mail::{Code, Problem};

/// How many messages, and about how many bytes, are fetched at once.
const HANDFUL: usize = 32;
const HANDFUL_BYTES: u64 = 4 * 1024 * 1024;
/// IDLE may last half an hour (RFC 2177); some servers are stricter.
const LONGEST_IDLE: Duration = Duration::from_secs(25 * 60);
/// How far clocks may differ, for [`Start::From`].
const CLOCKS: SignedDuration = SignedDuration::from_mins(10);

/// What outlives a connection.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Messages the server failed to give, by numbering and UID, and how often they were asked for alone. While there
    /// are any, messages are fetched one by one, so that the one which breaks the connection is found.
    pub(super) misses: HashMap<(u32, u32), u8>,
    /// Something was read to its end since this was last set to false.
    pub(super) progress: bool,
}

pub(super) struct Reading<'a, M> {
    mailbox: &'a M,
    pub(super) options: &'a Options,
    pub(super) conversation: Conversation,
    pub(super) memory: &'a mut Memory,
    pub(super) opened: Opened,
    last_uid: u32,
    /// We have no position in this numbering yet: [`Options::start`] says what to read.
    fresh: bool,
    idle_refused: bool,
}

/// A message in the list of what is new.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed {
    pub(super) uid: u32,
    pub(super) size: u64,
    pub(super) received_at: Option<Timestamp>,
}

/// What became of a listed message.
pub(super) enum Got {
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
        self.memory.misses.clear();
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
            if matches!(self.conversation.hear().await?, Response::Done { tag: done, .. } if done == tag) {
                // The server had enough of it first.
                return Ok(());
            }
        }
        self.conversation.send_line("DONE").await?;
        loop {
            if matches!(self.conversation.hear().await?, Response::Done { tag: done, .. } if done == tag) {
                return Ok(());
            }
        }
    }
}
