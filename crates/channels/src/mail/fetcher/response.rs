//! The answers of an IMAP server that we understand. What we do not understand is [`Response::Other`] and harmless.

use bytes::Bytes;
use jiff::Timestamp;

use super::token::{Part, Token, tokens};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Response {
    /// `+ …`: go on.
    Continue,
    /// `TAG OK …`: a command of ours is done.
    Done {
        tag: String,
        outcome: Outcome,
    },
    /// `* OK …`, `* NO …`, `* BYE …` and so on, said by the way.
    Said(Outcome),
    Capability(Vec<String>),
    /// So many messages are in the folder.
    Exists(u32),
    Expunged,
    Fetched(Fetched),
    Other,
}

/// How something went, and the server's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) status: Status,
    /// What stands in square brackets, in upper case: `UIDVALIDITY 7`.
    pub(super) code: Option<String>,
    pub(super) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    No,
    Bad,
    PreAuth,
    Bye,
}

/// What a FETCH told about one message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fetched {
    pub(super) uid: Option<u32>,
    pub(super) size: Option<u64>,
    pub(super) flags: Vec<String>,
    pub(super) received_at: Option<Timestamp>,
    pub(super) body: Option<Body>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Body {
    Whole(Bytes),
    TooLong(u64),
}

impl Outcome {
    /// The number behind a code: `number("UIDNEXT")` of `[UIDNEXT 12]`.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.code.as_deref()?.strip_prefix(name)?.trim().parse().ok()
    }

    pub(super) fn has_code(&self, name: &str) -> bool {
        self.code.as_deref().is_some_and(|code| code.split(' ').next() == Some(name))
    }

    /// For a problem's detail.
    pub(super) fn words(&self) -> String {
        let status = format!("{:?}", self.status).to_uppercase();
        match &self.code {
            Some(code) => format!("{status} [{code}] {}", self.text),
            None => format!("{status} {}", self.text),
        }
    }
}

impl Response {
    pub(super) fn read(parts: &[Part]) -> Self {
        let Some(Part::Text(first)) = parts.first() else { return Response::Other };
        let line = String::from_utf8_lossy(first);
        let (tag, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match tag {
            "+" => Response::Continue,
            "*" => Self::untagged(rest, parts),
            tag => match outcome(rest) {
                Some(outcome) => Response::Done { tag: tag.to_owned(), outcome },
                None => Response::Other,
            },
        }
    }

    fn untagged(rest: &str, parts: &[Part]) -> Self {
        if let Some(outcome) = outcome(rest) {
            return Response::Said(outcome);
        }
        let tokens = tokens(parts);
        let word = |at: usize| tokens.get(at).and_then(Token::word).map(str::to_ascii_uppercase);
        if word(1).as_deref() == Some("CAPABILITY") {
            let offers = tokens.iter().skip(2).filter_map(Token::word).map(str::to_ascii_uppercase);
            return Response::Capability(offers.collect());
        }
        let number = tokens.get(1).and_then(Token::number).and_then(|number| u32::try_from(number).ok());
        match (number, word(2).as_deref(), tokens.get(3)) {
            (Some(number), Some("EXISTS"), _) => Response::Exists(number),
            (Some(_), Some("EXPUNGE"), _) => Response::Expunged,
            (Some(_), Some("FETCH"), Some(Token::List(pairs))) => Response::Fetched(fetched(pairs)),
            _ => Response::Other,
        }
    }
}

fn outcome(rest: &str) -> Option<Outcome> {
    let (status, words) = rest.split_once(' ').unwrap_or((rest, ""));
    let status = match status.to_ascii_uppercase().as_str() {
        "OK" => Status::Ok,
        "NO" => Status::No,
        "BAD" => Status::Bad,
        "PREAUTH" => Status::PreAuth,
        "BYE" => Status::Bye,
        _ => return None,
    };
    let coded = words.strip_prefix('[').and_then(|words| words.split_once(']'));
    let (code, text) = match coded {
        Some((code, text)) => (Some(code.to_ascii_uppercase()), text),
        None => (None, words),
    };
    let text = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect::<String>();
    Some(Outcome { status, code, text: text.trim().to_owned() })
}

fn fetched(pairs: &[Token]) -> Fetched {
    let mut fetched = Fetched::default();
    for pair in pairs.chunks(2) {
        let [name, value] = pair else { break };
        let name = name.word().unwrap_or_default().to_ascii_uppercase();
        match (name.as_str(), value) {
            ("UID", value) => fetched.uid = value.number().and_then(|uid| u32::try_from(uid).ok()),
            ("RFC822.SIZE", value) => fetched.size = value.number(),
            ("FLAGS", Token::List(flags)) => {
                fetched.flags = flags.iter().filter_map(Token::word).map(str::to_owned).collect();
            }
            ("INTERNALDATE", Token::Text(date)) => fetched.received_at = internal_date(date),
            (name, Token::Text(bytes)) if name.starts_with("BODY[") => fetched.body = Some(Body::Whole(bytes.clone())),
            (name, Token::TooLong(size)) if name.starts_with("BODY[") => fetched.body = Some(Body::TooLong(*size)),
            _ => {}
        }
    }
    fetched
}

/// `" 7-Feb-1994 22:43:04 -0800"`: a day of one digit comes with a space.
fn internal_date(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?;
    Timestamp::strptime("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(text: &str) -> Response {
        Response::read(&[Part::Text(Bytes::copy_from_slice(text.as_bytes()))])
    }

    #[test]
    fn outcomes_carry_their_code() {
        let Response::Said(said) = read("* OK [UIDVALIDITY 3857529045] UIDs valid") else { panic!() };
        assert_eq!(said.number("UIDVALIDITY"), Some(3_857_529_045));
        let Response::Done { tag, outcome } = read("a7 no [AUTHENTICATIONFAILED] Wrong") else { panic!() };
        assert_eq!((tag.as_str(), outcome.status), ("a7", Status::No));
        assert!(outcome.has_code("AUTHENTICATIONFAILED"));
        assert_eq!(outcome.words(), "NO [AUTHENTICATIONFAILED] Wrong");
    }

    #[test]
    fn a_fetch_tells_what_it_was_asked_in_any_order() {
        let Response::Fetched(fetched) = read(
            r#"* 12 FETCH (INTERNALDATE " 7-Feb-1994 22:43:04 -0800" FLAGS (\Seen $Odd) UID 4827313 RFC822.SIZE 44827)"#,
        ) else {
            panic!()
        };
        assert_eq!((fetched.uid, fetched.size), (Some(4_827_313), Some(44_827)));
        assert_eq!(fetched.flags, ["\\Seen", "$Odd"]);
        assert_eq!(fetched.received_at.unwrap().to_string(), "1994-02-08T06:43:04Z");
    }

    #[test]
    fn an_empty_body_is_a_body_and_nil_is_none() {
        let Response::Fetched(empty) = read(r#"* 1 FETCH (UID 1 BODY[] "")"#) else { panic!() };
        assert_eq!(empty.body, Some(Body::Whole(Bytes::new())));
        let Response::Fetched(nil) = read("* 1 FETCH (UID 1 BODY[] NIL)") else { panic!() };
        assert_eq!(nil.body, None);
    }

    #[test]
    fn what_we_do_not_understand_is_harmless() {
        for text in
            ["* LIST (\\X) \".\" INBOX", "* 5 RECENT", "* SEARCH 1 2", "*", "", "* 99999999999 EXISTS", "a1 MAYBE x"]
        {
            assert_eq!(read(text), Response::Other, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_answer_is_too_strange_to_be_read(
            texts in proptest::collection::vec("(\\* |[0-9]{1,12} |FETCH |UID |BODY\\[|[()\\[\\]\"\\\\{}]|\\PC){0,20}", 1..4),
            literal in proptest::collection::vec(proptest::num::u8::ANY, 0..20),
        ) {
            let mut parts = Vec::new();
            for text in texts {
                parts.push(Part::Text(text.into()));
                parts.push(Part::Literal(literal.clone().into()));
            }
            Response::read(&parts);
        }
    }
}
