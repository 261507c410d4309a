//! The commands around a message: hello, STARTTLS, whom it is from and whom it is for.

use std::io;

use smtp_proto::{MAIL_BODY_BINARYMIME, MAIL_SMTPUTF8, MailFrom, Request};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsAcceptor;

use super::{
    super::{Protocol, Sink, Verdict, command::Command, reply},
    End, Next, Session, Transaction,
};
use crate::mail::wire::Duplex;

impl<S: Sink> Session<S> {
    pub(super) async fn obey(&mut self, command: Command, stream: &mut dyn Duplex) -> io::Result<Next> {
        match command {
            Request::Ehlo { host } if self.config().protocol == Protocol::Smtp => self.hello(host, true),
            Request::Helo { host } if self.config().protocol == Protocol::Smtp => self.hello(host, false),
            Request::Lhlo { host } if self.config().protocol == Protocol::Lmtp => self.hello(host, true),
            Request::Ehlo { .. } | Request::Helo { .. } => self.mistake(reply::SAY_LHLO),
            Request::Lhlo { .. } => self.mistake(reply::SAY_EHLO),
            Request::Mail { from } => self.mail(from),
            Request::Rcpt { to } => self.rcpt(to.address).await,
            Request::Data => return self.data(stream).await,
            Request::Bdat { chunk_size, is_last } => return self.bdat(stream, chunk_size, is_last).await,
            Request::Rset => {
                self.transaction = None;
                self.say(reply::OK);
            }
            Request::Noop { .. } => self.say(reply::OK),
            Request::Vrfy { .. } => self.say(reply::VRFY),
            Request::Help { .. } => self.say(reply::HELP),
            Request::Quit => return self.leave(stream, reply::BYE).await.map(Next::Leave),
            Request::StartTls => return self.start_tls(stream).await,
            Request::Auth { .. }
            | Request::Expn { .. }
            | Request::Etrn { .. }
            | Request::Atrn { .. }
            | Request::Burl { .. } => self.mistake(reply::NOT_IMPLEMENTED),
        }
        Ok(Next::Continue)
    }

    fn hello(&mut self, host: String, extended: bool) {
        self.transaction = None;
        self.helo = Some(host);
        let config = self.config();
        if !extended {
            let line = format!("250 {}", config.hostname);
            return self.say(&line);
        }
        let size = format!("SIZE {}", config.max_message_bytes);
        let mut offers = vec![
            config.hostname.as_str(),
            "PIPELINING",
            &size,
            "8BITMIME",
            "SMTPUTF8",
            "CHUNKING",
            "ENHANCEDSTATUSCODES",
        ];
        if config.tls.is_some() && !self.tls {
            offers.push("STARTTLS");
        }
        let last = offers.len() - 1;
        let lines: Vec<_> = offers
            .iter()
            .enumerate()
            .map(|(i, offer)| format!("250{}{offer}", if i == last { ' ' } else { '-' }))
            .collect();
        self.say(&lines.join("\r\n"));
    }

    async fn start_tls(&mut self, stream: &mut dyn Duplex) -> io::Result<Next> {
        if self.tls {
            self.mistake(reply::TLS_ALREADY);
            return Ok(Next::Continue);
        }
        let Some(config) = self.config().tls.clone() else {
            self.mistake(reply::NO_TLS_HERE);
            return Ok(Next::Continue);
        };
        // Whatever came behind the command came in the clear, perhaps from somebody in the middle (CVE-2011-0411).
        if !self.input.is_empty() {
            return self.leave(stream, reply::NOTHING_BEHIND_STARTTLS).await.map(Next::Leave);
        }
        self.say(reply::START_TLS);
        let idle = self.config().idle_timeout;
        timeout(idle, self.flush(stream)).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        Ok(Next::Leave(End::StartTls(TlsAcceptor::from(config))))
    }

    fn mail(&mut self, from: MailFrom<String>) {
        let utf8 = from.flags & MAIL_SMTPUTF8 != 0;
        if self.helo.is_none() {
            self.mistake(reply::HELLO_FIRST);
        } else if self.transaction.is_some() {
            self.mistake(reply::NESTED_MAIL);
        } else if from.flags & MAIL_BODY_BINARYMIME != 0 {
            self.mistake(reply::NO_BINARY);
        } else if !utf8 && !from.address.is_ascii() {
            self.mistake(reply::NEEDS_UTF8);
        } else if from.size > self.config().max_message_bytes {
            self.refuse(reply::TOO_LARGE);
        } else {
            self.transaction = Some(Transaction {
                request_id: self.shared.request_id(),
                sender: Some(from.address).filter(|address| !address.is_empty()),
                smtp_utf8: utf8,
                recipients: Vec::new(),
                accepted: 0,
                chunks: None,
                deadline: Instant::now() + self.config().message_timeout,
            });
            self.say(reply::SENDER_OK);
        }
    }

    async fn rcpt(&mut self, address: String) {
        let limit = self.config().max_recipients;
        let Some(transaction) = &mut self.transaction else {
            return self.mistake(reply::MAIL_FIRST);
        };
        if transaction.chunks.is_some() {
            return self.mistake(reply::IN_CHUNKS);
        }
        if !transaction.smtp_utf8 && !address.is_ascii() {
            return self.mistake(reply::NEEDS_UTF8);
        }
        if transaction.accepted >= limit {
            return self.refuse(reply::TOO_MANY_RECIPIENTS);
        }
        match self.shared.sink.recipient(&address).await {
            Ok(Verdict::Accept) => {
                transaction.accepted += 1;
                if !transaction.recipients.contains(&address) {
                    transaction.recipients.push(address);
                }
                self.say(reply::RECIPIENT_OK);
            }
            Ok(Verdict::Disabled) => self.refuse(reply::DISABLED_RECIPIENT),
            // A trusted server in front of us may pass on whatever it got; a stranger is guessing names.
            Ok(Verdict::Unknown) => match self.shared.config.protocol {
                Protocol::Lmtp => self.refuse(reply::UNKNOWN_RECIPIENT),
                Protocol::Smtp => self.mistake(reply::UNKNOWN_RECIPIENT),
            },
            Err(error) => {
                let line = reply::our_failure(&transaction.request_id);
                tracing::error!(request_id = transaction.request_id, %error, "recipient could not be looked up");
                self.refuse(&line);
            }
        }
    }
}
