//! Getting messages out of the server, also when it is reluctant: a handful at once, then one by one, then the header
//! only, so that one bad message never holds up the next.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::{
    Found, Halt, Mailbox, PassedOver,
    reading::{Got, Listed, Reading},
    response::{Body, Fetched, Response, Status},
};
use crate::mail::{Code, Problem};

/// How often a message is asked for before it is passed over.
const ATTEMPTS: u8 = 5;

impl<M: Mailbox> Reading<'_, M> {
    pub(super) async fn fetch(&mut self, handful: &[Listed]) -> Result<Vec<Got>, Halt> {
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
    async fn header(&mut self, uid: u32) -> Result<Bytes, Halt> {
        let mut header = Bytes::new();
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
}
