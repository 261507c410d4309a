//! The message itself: DATA with its dots or BDAT with its counts, the limits, and the writing down before the answer.

use std::{borrow::Cow, io};

use bytes::{Buf, Bytes};
use tokio::time::{Instant, timeout_at};

use super::{
    super::{
        BareNewlines, Envelope, Protocol, Sink,
        body::{Body, DotDecoder, hops},
        reply,
    },
    End, GULP, Next, Session, Transaction,
};
use crate::mail::wire::Duplex;

impl<S: Sink> Session<S> {
    pub(super) async fn data(&mut self, stream: &mut dyn Duplex) -> io::Result<Next> {
        match &self.transaction {
            None => self.mistake(reply::MAIL_FIRST),
            Some(transaction) if transaction.chunks.is_some() => self.mistake(reply::IN_CHUNKS),
            Some(transaction) if transaction.accepted == 0 => self.mistake(reply::RCPT_FIRST),
            Some(_) => {
                if let Some(transaction) = self.transaction.take() {
                    return self.receive(stream, transaction).await;
                }
            }
        }
        Ok(Next::Continue)
    }

    async fn receive(&mut self, stream: &mut dyn Duplex, transaction: Transaction) -> io::Result<Next> {
        self.say(reply::GO_AHEAD);
        let mut decoder = DotDecoder::new();
        let mut body = Body::new(self.config().max_message_bytes, &self.shared.budget);
        loop {
            let input = &self.input;
            let (taken, done) = body.append(input.len(), |bytes| decoder.feed(input, bytes));
            self.input.advance(taken);
            if done {
                return self.conclude(stream, transaction, body, decoder.bare_newline).await;
            }
            if let Some(end) = self.read_on(stream, transaction.deadline).await? {
                return Ok(Next::Leave(end));
            }
        }
    }

    /// Reads further bytes of a message: a stop does not interrupt, silence and dawdling do.
    async fn read_on(&mut self, stream: &mut dyn Duplex, deadline: Instant) -> io::Result<Option<End>> {
        let silence = Instant::now() + self.config().idle_timeout;
        match timeout_at(deadline.min(silence), self.read(stream, GULP)).await {
            Err(_) => {
                let words = if silence < deadline { reply::IDLE } else { reply::TOO_SLOW };
                self.leave(stream, words).await.map(Some)
            }
            Ok(Ok(0)) => Ok(Some(End::Closed)),
            Ok(read) => read.map(|_| None),
        }
    }

    pub(super) async fn bdat(&mut self, stream: &mut dyn Duplex, size: usize, last: bool) -> io::Result<Next> {
        let fallback = Instant::now() + self.config().message_timeout;
        let refusal = match &self.transaction {
            None => Some(reply::MAIL_FIRST),
            Some(transaction) if transaction.accepted == 0 => Some(reply::RCPT_FIRST),
            Some(_) => None,
        };
        let deadline = self.transaction.as_ref().map_or(fallback, |transaction| transaction.deadline);
        let kept = self.transaction.as_mut().and_then(|transaction| transaction.chunks.take());
        let mut body = kept.unwrap_or_else(|| Body::new(self.config().max_message_bytes, &self.shared.budget));
        let mut left = size;
        loop {
            let now = left.min(self.input.len());
            let piece = self.input.split_to(now);
            if refusal.is_none() {
                body.append(now, |bytes| bytes.extend_from_slice(&piece));
            }
            left -= now;
            if left == 0 {
                break;
            }
            if let Some(end) = self.read_on(stream, deadline).await? {
                return Ok(Next::Leave(end));
            }
        }
        if let Some(refusal) = refusal {
            self.mistake(refusal);
            return Ok(Next::Continue);
        }
        if last {
            return match self.transaction.take() {
                Some(transaction) => self.conclude(stream, transaction, body, false).await,
                None => Ok(Next::Continue),
            };
        }
        let answer = match body.overflow {
            Some(why) => Cow::Borrowed(reply::overflow(why)),
            None => Cow::Owned(format!("250 2.0.0 {size} octets received")),
        };
        if let Some(transaction) = &mut self.transaction {
            transaction.chunks = Some(body);
        }
        self.say(&answer);
        Ok(Next::Continue)
    }

    /// The message is here: refuse it or have it written down, and say so.
    async fn conclude(
        &mut self,
        stream: &mut dyn Duplex,
        transaction: Transaction,
        body: Body,
        bare_newline: bool,
    ) -> io::Result<Next> {
        let accepted = transaction.accepted;
        let overflow = body.overflow;
        let (raw, lease) = body.finish();
        let refusal = if let Some(why) = overflow {
            Some(reply::overflow(why))
        } else if bare_newline && self.config().bare_newlines == BareNewlines::Refuse {
            Some(reply::BARE_NEWLINE)
        } else if hops(&raw) > self.config().max_hops {
            Some(reply::LOOP)
        } else {
            None
        };
        let answer = match refusal {
            Some(refusal) => Cow::Borrowed(refusal),
            None => Cow::Owned(self.write_down(transaction, Bytes::from(raw)).await),
        };
        drop(lease);
        let times = match self.config().protocol {
            Protocol::Smtp => 1,
            Protocol::Lmtp => accepted,
        };
        for _ in 0..times {
            if answer.starts_with('2') { self.say(&answer) } else { self.refuse(&answer) }
        }
        if self.shared.stop.is_cancelled() {
            return self.leave(stream, reply::TRY_LATER_STOPPING).await.map(Next::Leave);
        }
        Ok(Next::Continue)
    }

    async fn write_down(&mut self, transaction: Transaction, raw: Bytes) -> String {
        let Transaction { request_id, sender, smtp_utf8, recipients, .. } = transaction;
        let (protocol, bytes, count) = (self.config().protocol, raw.len(), recipients.len());
        let envelope = Envelope {
            request_id: request_id.clone(),
            protocol,
            sender,
            recipients,
            helo: self.helo.clone().unwrap_or_default(),
            peer: self.peer,
            tls: self.tls,
            smtp_utf8,
        };
        let stored = self.shared.sink.store(envelope, raw).await;
        let result = if stored.is_ok() { "stored" } else { "failed" };
        metrics::counter!("opora_mail_received_total", "door" => protocol.as_str(), "result" => result).increment(1);
        match stored {
            Ok(()) => {
                tracing::info!(request_id, door = protocol.as_str(), bytes, recipients = count, "mail stored");
                reply::accepted(&request_id)
            }
            Err(error) => {
                tracing::error!(request_id, door = protocol.as_str(), bytes, %error, "mail could not be stored");
                reply::our_failure(&request_id)
            }
        }
    }
}
