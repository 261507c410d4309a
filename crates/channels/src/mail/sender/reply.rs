//! What a mail server answered: its code, its enhanced code and its words, made safe to show and to log.

use std::{fmt, io};

use bytes::BytesMut;

/// One answer of a mail server, all its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The three digits (RFC 5321 section 4.2).
    pub code: u16,
    /// The enhanced status code, such as `5.1.1` (RFC 2034), if the server gave one.
    pub enhanced: Option<String>,
    /// The server's words, lines joined, without control characters, cut at a sane length.
    pub text: String,
}

/// The longest line and the longest answer we read; a server that says more is not speaking SMTP.
const LINE_LIMIT: usize = 4 * 1024;
const REPLY_LIMIT: usize = 64 * 1024;
/// How many characters of the words are kept.
const TEXT_LIMIT: usize = 1000;

impl Reply {
    /// A reply of our own making, for what we refuse in the server's name.
    pub(super) fn of_ours(code: u16, enhanced: &str, text: &str) -> Self {
        Self { code, enhanced: Some(enhanced.to_owned()), text: text.to_owned() }
    }

    /// 2xx: done.
    pub fn is_positive(&self) -> bool {
        self.code / 100 == 2
    }

    /// 3xx: go on.
    pub(super) fn is_intermediate(&self) -> bool {
        self.code / 100 == 3
    }

    /// 5xx: asking again will not help.
    pub fn is_permanent(&self) -> bool {
        self.code / 100 == 5
    }

    fn from_lines(code: u16, lines: &[String]) -> Self {
        let class = code / 100;
        let enhanced = lines.first().and_then(|line| line.split(' ').next()).filter(|word| is_enhanced(word, class));
        let enhanced = enhanced.map(str::to_owned);
        let words = lines.iter().map(|line| match &enhanced {
            Some(code) => line.strip_prefix(code.as_str()).unwrap_or(line).trim_start(),
            None => line.as_str(),
        });
        let text = words.collect::<Vec<_>>().join(" ");
        let text = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(TEXT_LIMIT).collect::<String>();
        Self { code, enhanced, text: text.trim().to_owned() }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(enhanced) = &self.enhanced {
            write!(f, " {enhanced}")?;
        }
        write!(f, " {}", self.text)
    }
}

fn is_enhanced(word: &str, class: u16) -> bool {
    let mut parts = word.split('.');
    let number = |part: Option<&str>| {
        part.is_some_and(|p| !p.is_empty() && p.len() <= 3 && p.bytes().all(|b| b.is_ascii_digit()))
    };
    parts.next() == Some(class.to_string().as_str())
        && number(parts.next())
        && number(parts.next())
        && parts.next().is_none()
}

/// An answer as it comes in, line by line.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    code: Option<u16>,
    lines: Vec<String>,
    bytes: usize,
}

/// What a whole answer is: its short form and its lines, for EHLO.
pub(super) type Answer = (Reply, Vec<String>);

impl Gathering {
    /// Takes whole lines from `input`. `None`: more must be read first.
    pub(super) fn take(&mut self, input: &mut BytesMut) -> io::Result<Option<Answer>> {
        while let Some(at) = memchr::memchr(b'\n', input) {
            let line = input.split_to(at + 1);
            self.bytes += line.len();
            if line.len() > LINE_LIMIT || self.bytes > REPLY_LIMIT {
                return Err(nonsense("its answer has no end"));
            }
            if let Some(answer) = self.take_line(&line)? {
                return Ok(Some(answer));
            }
        }
        if input.len() > LINE_LIMIT { Err(nonsense("its answer has no end")) } else { Ok(None) }
    }

    fn take_line(&mut self, line: &[u8]) -> io::Result<Option<Answer>> {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end();
        let digits = line.get(..3).filter(|d| d.bytes().all(|b| b.is_ascii_digit()));
        let code = digits.and_then(|d| d.parse::<u16>().ok()).filter(|code| (200..600).contains(code));
        let code = code.ok_or_else(|| nonsense("its answer does not begin with a code"))?;
        if self.code.is_some_and(|earlier| earlier != code) {
            return Err(nonsense("the lines of its answer have different codes"));
        }
        self.code = Some(code);
        let (more, text) = match line[3..].chars().next() {
            Some('-') => (true, &line[4..]),
            Some(' ') => (false, &line[4..]),
            None => (false, ""),
            Some(_) => return Err(nonsense("its answer does not begin with a code")),
        };
        self.lines.push(text.to_owned());
        if more {
            return Ok(None);
        }
        self.code = None;
        self.bytes = 0;
        let lines = std::mem::take(&mut self.lines);
        Ok(Some((Reply::from_lines(code, &lines), lines)))
    }
}

fn nonsense(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("this is not SMTP: {why}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn read(text: &str) -> io::Result<Option<Answer>> {
        Gathering::default().take(&mut BytesMut::from(text))
    }

    #[test]
    fn an_answer_may_take_many_lines_and_repeat_its_enhanced_code() {
        let (reply, _) = read("550-5.1.1 Nobody\r\n550 5.1.1 here\r\n").unwrap().unwrap();
        assert_eq!((reply.code, reply.enhanced.as_deref(), reply.text.as_str()), (550, Some("5.1.1"), "Nobody here"));
        assert!(reply.is_permanent());
    }

    #[test]
    fn an_enhanced_code_of_another_class_is_just_words() {
        let (reply, _) = read("250 5.1.1 odd\r\n").unwrap().unwrap();
        assert_eq!((reply.enhanced, reply.text.as_str()), (None, "5.1.1 odd"));
    }

    #[test]
    fn the_bare_code_is_an_answer() {
        assert_eq!(read("354\r\n").unwrap().unwrap().0.code, 354);
    }

    #[test]
    fn half_an_answer_waits_for_the_rest_in_any_pieces() {
        let text = "250-one\r\n250-two\r\n250 three\r\n";
        for cut in 1..text.len() {
            let mut gathering = Gathering::default();
            let mut input = BytesMut::from(&text[..cut]);
            assert!(gathering.take(&mut input).unwrap().is_none());
            input.extend_from_slice(&text.as_bytes()[cut..]);
            assert_eq!(gathering.take(&mut input).unwrap().unwrap().1, ["one", "two", "three"]);
        }
    }

    #[test]
    fn what_is_not_smtp_is_an_error_and_no_panic() {
        for text in
            ["HTTP/1.1 400 Bad Request\r\n", "2é0 x\r\n", "250-a\r\n550 b\r\n", "999 x\r\n", "\r\n", "250:x\r\n"]
        {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read(&"x".repeat(5000)).is_err());
    }

    #[test]
    fn control_characters_never_reach_a_log() {
        let (reply, _) = read("550 a\x1b[31mb\0c\r\n").unwrap().unwrap();
        assert!(!reply.to_string().contains(char::is_control));
    }
}
