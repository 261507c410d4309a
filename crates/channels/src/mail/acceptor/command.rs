//! From a line to a command: smtp-proto does the grammar; here are the rules it does not know (what a line may hold,
//! address literals, the unqualified postmaster) and the answer for each kind of nonsense.

use std::borrow::Cow;

use smtp_proto::{Error, Request};

use super::reply;

pub(super) type Command = Request<String>;

/// Parses one line, CRLF included. The error is the answer to give.
pub(super) fn parse(line: &[u8]) -> Result<Command, Cow<'static, str>> {
    let Some(content) = line.strip_suffix(b"\r\n") else { return Err(reply::BAD_LINE_END.into()) };
    if content.contains(&b'\r') {
        return Err(reply::BAD_LINE_END.into());
    }
    let text = std::str::from_utf8(line).map_err(|_| reply::NOT_TEXT)?;
    if content.contains(&0) {
        return Err(reply::NOT_TEXT.into());
    }
    match address_literal(text) {
        None => parse_text(text),
        Some(literal) => parse_text(&literal.line).map(|command| literal.put_back(command)),
    }
}

fn parse_text(line: &str) -> Result<Command, Cow<'static, str>> {
    let parsed = Request::parse(&mut line.as_bytes().iter()).map(Request::into_owned);
    match parsed {
        Ok(Request::Rcpt { mut to }) if to.address.is_empty() => {
            if !line.to_ascii_lowercase().contains("postmaster") {
                return Err(reply::BAD_RECIPIENT.into());
            }
            to.address = "postmaster".to_owned();
            Ok(Request::Rcpt { to })
        }
        Ok(Request::Mail { from }) if from.address.is_empty() && line.to_ascii_lowercase().contains("postmaster") => {
            Err(reply::BAD_SENDER.into())
        }
        Ok(Request::Rcpt { to }) if to.address.contains(char::is_control) => Err(reply::BAD_RECIPIENT.into()),
        Ok(Request::Mail { from }) if from.address.contains(char::is_control) => Err(reply::BAD_SENDER.into()),
        Ok(command) => Ok(command),
        Err(error) => Err(refusal(&error)),
    }
}

fn refusal(error: &Error) -> Cow<'static, str> {
    match error {
        Error::UnknownCommand | Error::NeedsMoreData { .. } | Error::InvalidResponse { .. } => {
            reply::UNKNOWN_COMMAND.into()
        }
        Error::ResponseTooLong => reply::LINE_TOO_LONG.into(),
        Error::InvalidSenderAddress => reply::BAD_SENDER.into(),
        Error::InvalidRecipientAddress => reply::BAD_RECIPIENT.into(),
        Error::SyntaxError { syntax } => format!("501 5.5.4 Syntax: {syntax}").into(),
        Error::InvalidParameter { param } => format!("501 5.5.4 Bad value of {param}").into(),
        Error::UnsupportedParameter { .. } => "555 5.5.4 Unsupported parameter".into(),
    }
}

/// A line whose address ends in a literal (`<anna@[192.0.2.1]>`, `<anna@[IPv6:2001:db8::1]>`), which smtp-proto does
/// not take: a stand-in domain is parsed in its place and then exchanged for the literal again.
struct WithLiteral<'a> {
    line: String,
    literal: &'a str,
}

const STAND_IN: &str = "address-literal.invalid";

fn address_literal(line: &str) -> Option<WithLiteral<'_>> {
    let start = line.find("@[")? + 1;
    let end = start + line[start..].find("]>")? + 1;
    let literal = &line[start..end];
    let inside = literal.strip_prefix('[')?.strip_suffix(']')?;
    let is_v6 = inside
        .get(..5)
        .filter(|tag| tag.eq_ignore_ascii_case("IPv6:"))
        .is_some_and(|_| inside[5..].parse::<std::net::Ipv6Addr>().is_ok());
    if !is_v6 && inside.parse::<std::net::Ipv4Addr>().is_err() {
        return None;
    }
    Some(WithLiteral { line: format!("{}{STAND_IN}{}", &line[..start], &line[end..]), literal })
}

impl WithLiteral<'_> {
    fn put_back(&self, mut command: Command) -> Command {
        let address = match &mut command {
            Request::Mail { from } => &mut from.address,
            Request::Rcpt { to } => &mut to.address,
            _ => return command,
        };
        if let Some(local) = address.strip_suffix(STAND_IN) {
            *address = format!("{local}{}", self.literal);
        }
        command
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn recipient(line: &str) -> Result<String, Cow<'static, str>> {
        match parse(format!("{line}\r\n").as_bytes())? {
            Request::Rcpt { to } => Ok(to.address),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn address_literals_are_addresses() {
        assert_eq!(recipient("RCPT TO:<anna@[192.0.2.1]>").unwrap(), "anna@[192.0.2.1]");
        assert_eq!(recipient("RCPT TO:<anna@[IPv6:2001:db8::1]>").unwrap(), "anna@[IPv6:2001:db8::1]");
        assert_eq!(recipient("RCPT TO:<anna@[nonsense]>").unwrap_err(), reply::BAD_RECIPIENT);
    }

    #[test]
    fn postmaster_needs_no_domain_and_nobody_else_is_let_off() {
        assert_eq!(recipient("RCPT TO:<Postmaster>").unwrap(), "postmaster");
        assert_eq!(recipient("RCPT TO:<>").unwrap_err(), reply::BAD_RECIPIENT);
        assert_eq!(recipient("RCPT TO:<anna>").unwrap_err(), reply::BAD_RECIPIENT);
    }

    #[test]
    fn a_line_without_its_crlf_is_no_command() {
        for line in [&b"NOOP\n"[..], b"NOOP\rQUIT\r\n", b"NOOP"] {
            assert_eq!(parse(line).unwrap_err(), reply::BAD_LINE_END);
        }
        assert_eq!(parse(b"NO\0OP\r\n").unwrap_err(), reply::NOT_TEXT);
        assert_eq!(parse(b"NO\xffOP\r\n").unwrap_err(), reply::NOT_TEXT);
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_too_strange_for_an_answer(line in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let whole = [&line[..], b"\r\n"].concat();
            for refusal in [parse(&line), parse(&whole)].into_iter().filter_map(Result::err) {
                proptest::prop_assert!(refusal.starts_with('5'), "{}", refusal);
            }
        }

        #[test]
        fn a_recipient_never_holds_a_line_break(address in "\\PC{0,40}") {
            if let Ok(recipient) = recipient_or_other(&format!("RCPT TO:<{address}>")) {
                proptest::prop_assert!(!recipient.contains(['\r', '\n', '\0']));
            }
        }
    }

    fn recipient_or_other(line: &str) -> Result<String, Cow<'static, str>> {
        match parse(format!("{line}\r\n").as_bytes())? {
            Request::Rcpt { to } => Ok(to.address),
            _ => Ok(String::new()),
        }
    }
}
