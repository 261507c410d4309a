//! Where a mail server is, written as a URL: `imaps://support@desk.example@mail.example/INBOX`,
//! `smtp+starttls://mail.example:587`. Parsed once at the door, with an error a person can act on.

use std::{fmt, str::FromStr};

use super::{Code, Problem};

/// Which protocol an [`Endpoint`] speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Submission of outgoing mail.
    Smtp,
    /// Reading a mailbox.
    Imap,
}

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Not at all: for a server on this very machine and for tests.
    Plain,
    /// Starts in the clear and must turn to TLS before anything is said. Never falls back to plain.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// The address of a mail server.
///
/// `smtp://HOST[:25]`, `smtp+starttls://HOST[:587]`, `smtps://HOST[:465]`,
/// `imap://HOST[:143]`, `imap+starttls://HOST[:143]`, `imaps://HOST[:993]`; each with an optional `USER@` before the
/// host (an `@` inside the user name may be written as it is or as `%40`) and, for IMAP, an optional `/FOLDER` after it.
/// A password in a URL is refused: URLs end up in logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// SMTP or IMAP.
    pub scheme: Scheme,
    /// Plain, STARTTLS or TLS.
    pub security: Security,
    /// User name, if the URL names one.
    pub user: Option<String>,
    /// Host name or address; an IPv6 address without its brackets.
    pub host: String,
    /// Port, the scheme's usual one if the URL names none.
    pub port: u16,
    /// IMAP folder, if the URL names one.
    pub folder: Option<String>,
}

impl Endpoint {
    fn default_port(scheme: Scheme, security: Security) -> u16 {
        match (scheme, security) {
            (Scheme::Smtp, Security::Plain) => 25,
            (Scheme::Smtp, Security::StartTls) => 587,
            (Scheme::Smtp, Security::Tls) => 465,
            (Scheme::Imap, Security::Tls) => 993,
            (Scheme::Imap, _) => 143,
        }
    }

    fn scheme_name(&self) -> &'static str {
        match (self.scheme, self.security) {
            (Scheme::Smtp, Security::Plain) => "smtp",
            (Scheme::Smtp, Security::StartTls) => "smtp+starttls",
            (Scheme::Smtp, Security::Tls) => "smtps",
            (Scheme::Imap, Security::Plain) => "imap",
            (Scheme::Imap, Security::StartTls) => "imap+starttls",
            (Scheme::Imap, Security::Tls) => "imaps",
        }
    }
}

impl FromStr for Endpoint {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let bad = |why: &str| Problem::new(Code::BadSettings, format!("mail server URL: {why}"));
        let text = text.trim();
        let (scheme, rest) = text
            .split_once("://")
            .ok_or_else(|| bad("it must look like smtp://HOST:PORT, smtps://USER@HOST or imaps://USER@HOST"))?;
        let (scheme, security) = match scheme.to_ascii_lowercase().as_str() {
            "smtp" => (Scheme::Smtp, Security::Plain),
            "smtp+starttls" => (Scheme::Smtp, Security::StartTls),
            "smtps" => (Scheme::Smtp, Security::Tls),
            "imap" => (Scheme::Imap, Security::Plain),
            "imap+starttls" => (Scheme::Imap, Security::StartTls),
            "imaps" => (Scheme::Imap, Security::Tls),
            _ => {
                return Err(bad(
                    "the part before :// must be smtp, smtp+starttls, smtps, imap, imap+starttls or imaps",
                ));
            }
        };
        if rest.contains(['?', '#']) {
            return Err(bad("it takes no ? or # part"));
        }
        let (authority, folder) = match rest.split_once('/') {
            Some((authority, folder)) if !folder.is_empty() => (
                authority,
                Some(percent_decoded(folder).ok_or_else(|| bad("a % must be followed by two hexadecimal digits"))?),
            ),
            Some((authority, _)) => (authority, None),
            None => (rest, None),
        };
        if folder.is_some() && scheme == Scheme::Smtp {
            return Err(bad("an SMTP server has no folder"));
        }
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, _)) if user.contains(':') => {
                return Err(bad("a password does not belong into the URL; give it separately"));
            }
            Some((user, place)) => {
                let user =
                    percent_decoded(user).ok_or_else(|| bad("a % must be followed by two hexadecimal digits"))?;
                (Some(user).filter(|user| !user.is_empty()), place)
            }
            None => (None, authority),
        };
        let (host, port) = split_port(place)
            .ok_or_else(|| bad("the port must be a number from 1 to 65535; an IPv6 address goes in [brackets]"))?;
        if host.is_empty() {
            return Err(bad("the host is missing"));
        }
        if host.chars().any(|c| c.is_whitespace() || c.is_control())
            || folder.iter().chain(&user).any(|t| t.chars().any(char::is_control))
        {
            return Err(bad("it contains a space or a control character"));
        }
        Ok(Self {
            scheme,
            security,
            user,
            host: host.to_owned(),
            port: port.unwrap_or_else(|| Self::default_port(scheme, security)),
            folder,
        })
    }
}

/// `host`, `host:port`, `[v6]`, `[v6]:port`. `None` when the port is not one.
fn split_port(place: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = match place.strip_prefix('[') {
        Some(inside) => {
            let (host, after) = inside.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            match after.strip_prefix(':') {
                Some(port) => (host, Some(port)),
                None if after.is_empty() => (host, None),
                None => return None,
            }
        }
        None => match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    match port {
        None => Some((host, None)),
        Some(port) => match port.parse() {
            Ok(0) | Err(_) => None,
            Ok(port) => Some((host, Some(port))),
        },
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Writes `%`, `:`, `/` and the like in user names and folders as `%XX`, so that the result parses back.
fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | ':' | '?' | '#') || c == '/' || c.is_ascii_whitespace() {
            out.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme_name())?;
        if let Some(user) = &self.user {
            write!(f, "{}@", percent_encoded(user))?;
        }
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)?;
        } else {
            write!(f, "{}:{}", self.host, self.port)?;
        }
        if let Some(folder) = &self.folder {
            write!(f, "/{}", percent_encoded(folder))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn parsed(text: &str) -> Endpoint {
        text.parse().unwrap()
    }

    #[test]
    fn each_scheme_has_its_usual_port() {
        for (url, port) in [
            ("smtp://h", 25),
            ("smtp+starttls://h", 587),
            ("smtps://h", 465),
            ("imap://h", 143),
            ("imap+starttls://h", 143),
            ("imaps://h", 993),
        ] {
            assert_eq!(parsed(url).port, port, "{url}");
        }
    }

    #[test]
    fn a_user_name_may_be_a_whole_address() {
        for url in
            ["imaps://support@desk.test@mail.test:1993/INBOX", "imaps://support%40desk.test@mail.test:1993/INBOX"]
        {
            let endpoint = parsed(url);
            assert_eq!(endpoint.user.as_deref(), Some("support@desk.test"));
            assert_eq!((endpoint.host.as_str(), endpoint.port), ("mail.test", 1993));
            assert_eq!(endpoint.folder.as_deref(), Some("INBOX"));
        }
    }

    #[test]
    fn an_ipv6_address_goes_in_brackets() {
        let endpoint = parsed("smtp://[::1]:2525");
        assert_eq!((endpoint.host.as_str(), endpoint.port), ("::1", 2525));
        assert_eq!(endpoint.to_string(), "smtp://[::1]:2525");
        assert!("smtp://::1:2525".parse::<Endpoint>().is_err());
    }

    #[test]
    fn what_is_written_parses_back() {
        for url in ["imaps://a@b@h:1/Входящие/2024", "smtp://h:9", "smtp+starttls://u%3Ax@[fe80::1]:25"] {
            let once = parsed(url);
            assert_eq!(parsed(&once.to_string()), once);
        }
    }

    #[test]
    fn a_wrong_url_says_what_is_wrong() {
        for (url, word) in [
            ("mail.example", "must look like"),
            ("http://mail.example", "before ://"),
            ("smtp://user:secret@mail.example", "password"),
            ("smtp://mail.example:mail", "port"),
            ("smtp://mail.example:0", "port"),
            ("smtp://:25", "host is missing"),
            ("smtp://h/INBOX", "no folder"),
            ("imaps://h/%zz", "hexadecimal"),
            ("imaps://a b", "space"),
        ] {
            let problem = url.parse::<Endpoint>().unwrap_err();
            assert!(problem.detail.contains(word), "{url}: {problem}");
            assert!(!problem.detail.contains("secret"));
        }
    }
}
