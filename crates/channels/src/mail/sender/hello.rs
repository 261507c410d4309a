//! The first words with a mail server: its greeting, our hello, and what it offers.

use tokio::io::{AsyncRead, AsyncWrite};

use super::dialogue::Dialogue;
use crate::mail::{Code, Problem};

/// What EHLO said.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Offers {
    pub(super) start_tls: bool,
    pub(super) pipelining: bool,
    pub(super) eight_bit: bool,
    pub(super) smtp_utf8: bool,
    /// The largest message; `Some(0)` is "no fixed limit" (RFC 1870).
    pub(super) size: Option<usize>,
    pub(super) auth: Vec<String>,
}

/// Hears whether the server wants to talk to us at all.
pub(super) async fn greeting<T: AsyncRead + AsyncWrite + Unpin>(dialogue: &mut Dialogue<T>) -> Result<(), Problem> {
    let (reply, _) = dialogue.hear().await?;
    match reply {
        reply if reply.is_positive() => Ok(()),
        reply if reply.is_permanent() => Err(Problem::new(Code::ConnectionRefused, reply.to_string())),
        reply => Err(Problem::new(Code::Busy, reply.to_string())),
    }
}

/// Says who we are, the modern way or the old, and hears what the server can do.
pub(super) async fn hello<T: AsyncRead + AsyncWrite + Unpin>(
    dialogue: &mut Dialogue<T>,
    hostname: &str,
) -> Result<Offers, Problem> {
    let (reply, lines) = dialogue.ask(&format!("EHLO {hostname}")).await?;
    if reply.is_positive() {
        return Ok(Offers::read(&lines));
    }
    if reply.code == 421 {
        return Err(Problem::new(Code::Busy, reply.to_string()));
    }
    let (reply, _) = dialogue.ask(&format!("HELO {hostname}")).await?;
    if reply.is_positive() {
        Ok(Offers::default())
    } else {
        Err(Problem::new(Code::ConnectionRefused, reply.to_string()))
    }
}

impl Offers {
    fn read(lines: &[String]) -> Self {
        let mut offers = Self::default();
        for line in lines.iter().skip(1) {
            // Some old servers write AUTH=LOGIN.
            let line = line.to_ascii_uppercase().replacen("AUTH=", "AUTH ", 1);
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                Some("STARTTLS") => offers.start_tls = true,
                Some("PIPELINING") => offers.pipelining = true,
                Some("8BITMIME") => offers.eight_bit = true,
                Some("SMTPUTF8") => offers.smtp_utf8 = true,
                Some("SIZE") => offers.size = Some(words.next().and_then(|n| n.parse().ok()).unwrap_or(0)),
                Some("AUTH") => offers.auth.extend(words.map(str::to_owned)),
                _ => {}
            }
        }
        offers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn what_ehlo_says_is_understood_in_any_case() {
        let offers = Offers::read(&lines("mail\npipelining\nSize 1000\nAUTH plain LOGIN\nAUTH=LOGIN XOAUTH2\nX-ODD\n"));
        assert!(offers.pipelining && !offers.start_tls);
        assert_eq!(offers.size, Some(1000));
        assert_eq!(offers.auth, ["PLAIN", "LOGIN", "LOGIN", "XOAUTH2"]);
    }

    #[test]
    fn a_server_named_starttls_does_not_offer_it() {
        assert_eq!(Offers::read(&lines("STARTTLS")), Offers::default());
    }
}
