//! A message on its way in: removes the dots SMTP put in (RFC 5321 section 4.5.2), finds the one true end, and
//! gathers the bytes up to the limits.

use super::budget::{Budget, Lease};
use std::sync::Arc;

/// Finds `CRLF . CRLF` and removes stuffed dots, however the bytes are cut into pieces.
#[derive(Debug)]
pub(super) struct DotDecoder {
    at: At,
    /// A CR or LF that is not part of a CRLF was seen.
    pub(super) bare_newline: bool,
}

/// Where in the stream we stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// At the start of a line that a CRLF (or the start of the message) opened.
    LineStart,
    /// Inside a line.
    Text,
    /// After a CR inside a line; the CR is already part of the content.
    Cr,
    /// After a dot at the start of a line; the dot is not part of the content.
    Dot,
    /// After dot and CR at the start of a line; neither is part of the content yet.
    DotCr,
}

impl DotDecoder {
    pub(super) fn new() -> Self {
        Self { at: At::LineStart, bare_newline: false }
    }

    /// Takes bytes from `input`, appends content to `out`. Returns how many bytes were taken and whether the end was
    /// reached; bytes after the end are not taken.
    pub(super) fn feed(&mut self, input: &[u8], out: &mut Vec<u8>) -> (usize, bool) {
        let mut i = 0;
        while let Some(&byte) = input.get(i) {
            match self.at {
                At::LineStart if byte == b'.' => {
                    self.at = At::Dot;
                    i += 1;
                }
                At::LineStart | At::Text => {
                    let rest = &input[i..];
                    match memchr::memchr2(b'\r', b'\n', rest) {
                        None => {
                            out.extend_from_slice(rest);
                            self.at = At::Text;
                            return (input.len(), false);
                        }
                        Some(end) => {
                            out.extend_from_slice(&rest[..=end]);
                            i += end + 1;
                            self.at = self.after_newline_byte(rest[end]);
                        }
                    }
                }
                At::Cr => {
                    i += 1;
                    out.push(byte);
                    self.at = if byte == b'\n' { At::LineStart } else { self.after_bare_cr(byte) };
                }
                At::Dot => {
                    i += 1;
                    if byte == b'\r' {
                        self.at = At::DotCr;
                    } else {
                        out.push(byte);
                        self.at = self.after_newline_byte(byte);
                    }
                }
                At::DotCr => {
                    i += 1;
                    if byte == b'\n' {
                        return (i, true);
                    }
                    out.extend_from_slice(&[b'\r', byte]);
                    self.at = self.after_bare_cr(byte);
                }
            }
        }
        (i, false)
    }

    fn after_newline_byte(&mut self, byte: u8) -> At {
        match byte {
            b'\r' => At::Cr,
            b'\n' => {
                self.bare_newline = true;
                At::Text
            }
            _ => At::Text,
        }
    }

    fn after_bare_cr(&mut self, byte: u8) -> At {
        self.bare_newline = true;
        self.after_newline_byte(byte)
    }
}

/// Why a message that is still arriving will not be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overflow {
    /// Larger than the limit.
    TooLarge,
    /// The memory for all messages together is used up.
    NoRoom,
}

/// The bytes of a message as they gather. Once it overflows, nothing is kept and the rest is only read past.
#[derive(Debug)]
pub(super) struct Body {
    bytes: Vec<u8>,
    limit: usize,
    lease: Lease,
    pub(super) overflow: Option<Overflow>,
}

impl Body {
    pub(super) fn new(limit: usize, budget: &Arc<Budget>) -> Self {
        Self { bytes: Vec::new(), limit, lease: budget.lease(), overflow: None }
    }

    /// Lets `fill` append to the body, then enforces the limits. `coming` is the most that `fill` may add.
    pub(super) fn append<T>(&mut self, coming: usize, fill: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        if self.overflow.is_none() {
            let wanted = (self.bytes.len() + coming).max(4096);
            if wanted > self.bytes.capacity() {
                let grown = wanted.max(self.bytes.capacity() * 2).min(self.limit.max(wanted));
                if self.lease.grow_to(grown) {
                    self.bytes.reserve_exact(grown - self.bytes.len());
                } else {
                    self.drop_everything(Overflow::NoRoom);
                }
            }
        }
        let result = fill(&mut self.bytes);
        if self.overflow.is_some() {
            self.bytes.clear();
        } else if self.bytes.len() > self.limit {
            self.drop_everything(Overflow::TooLarge);
        }
        result
    }

    fn drop_everything(&mut self, why: Overflow) {
        self.bytes = Vec::new();
        self.overflow = Some(why);
    }

    /// The whole message, and the lease to hold until it is stored.
    pub(super) fn finish(self) -> (Vec<u8>, Lease) {
        (self.bytes, self.lease)
    }
}

/// How many servers this message says it has passed (RFC 5321 section 6.3).
pub(super) fn hops(raw: &[u8]) -> usize {
    const NAME: &[u8] = b"received:";
    raw.split(|&byte| byte == b'\n')
        .take_while(|line| !matches!(line, [] | [b'\r']))
        .filter(|line| line.get(..NAME.len()).is_some_and(|start| start.eq_ignore_ascii_case(NAME)))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(input: &[u8]) -> Option<(Vec<u8>, usize)> {
        let mut out = Vec::new();
        let (taken, done) = DotDecoder::new().feed(input, &mut out);
        done.then_some((out, taken))
    }

    #[test]
    fn a_message_ends_at_crlf_dot_crlf_only() {
        assert_eq!(decoded(b"hi\r\n.\r\nQUIT"), Some((b"hi\r\n".to_vec(), 7)));
        assert_eq!(decoded(b".\r\n"), Some((vec![], 3)));
        for not_an_end in [
            &b"a\n.\n"[..],
            b"a\n.\r\n",
            b"a\r\n.\n",
            b"a\r.\r\n",
            b"a\r\n.\r",
            b"a\r.\r",
            b"a\n\n.\r\n",
            b"a\r\n.\r\r\n",
            b"a\r\n.\0\r\n",
        ] {
            assert_eq!(decoded(not_an_end), None, "{not_an_end:?}");
        }
    }

    #[test]
    fn a_stuffed_dot_is_removed_and_every_other_byte_is_kept() {
        let (out, _) = decoded(b"..a\r\n.\r\rb\r\n..\r\nc.\r\n\n..d\r\n.\r\n").unwrap_or_default();
        assert_eq!(out, b".a\r\n\r\rb\r\n.\r\nc.\r\n\n..d\r\n");
    }

    #[test]
    fn the_way_the_bytes_are_cut_makes_no_difference() {
        let input = b"..a\r\n.b\r\n\r.\r\n\n.\nx\r\n.\r\n";
        let whole = decoded(input).unwrap_or_default().0;
        for cut in 1..input.len() {
            let mut decoder = DotDecoder::new();
            let mut out = Vec::new();
            assert!(!decoder.feed(&input[..cut], &mut out).1);
            assert_eq!(decoder.feed(&input[cut..], &mut out), (input.len() - cut, true));
            assert_eq!(out, whole, "cut at {cut}");
        }
    }

    #[test]
    fn hops_are_counted_in_the_header_only() {
        assert_eq!(hops(b"Received: a\r\nreceived: b\r\nSubject: x\r\n\r\nReceived: c\r\n"), 2);
    }
}
