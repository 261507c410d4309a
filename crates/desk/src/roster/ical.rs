//! Shifts as a calendar file (RFC 5545): folded at 75 octets, escaped, in UTC, with names that stay the same for ever.

use super::span::Span;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use opora_base::Time;

/// An entry of a calendar.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its name for ever.
    pub(super) uid: String,
    /// Grows with every change.
    pub(super) sequence: i64,
    /// When.
    pub(super) span: Span,
    /// What it says.
    pub(super) summary: String,
    /// And in more words; may be empty.
    pub(super) description: String,
    /// The whole day is not blocked by it: one is only answerable.
    pub(super) free: bool,
}

/// A calendar file.
pub(super) fn calendar(name: &str, entries: &[Entry], now: Time) -> String {
    let mut file = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Opora//Roster//EN", "CALSCALE:GREGORIAN"] {
        push(&mut file, line);
    }
    push(&mut file, "METHOD:PUBLISH");
    push(&mut file, &format!("X-WR-CALNAME:{}", escaped(name)));
    push(&mut file, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    push(&mut file, "X-PUBLISHED-TTL:PT1H");
    for entry in entries {
        push(&mut file, "BEGIN:VEVENT");
        push(&mut file, &format!("UID:{}", entry.uid));
        push(&mut file, &format!("SEQUENCE:{}", entry.sequence));
        push(&mut file, &format!("DTSTAMP:{}", utc(now)));
        push(&mut file, &format!("DTSTART:{}", utc(entry.span.from)));
        push(&mut file, &format!("DTEND:{}", utc(entry.span.until)));
        push(&mut file, &format!("SUMMARY:{}", escaped(&entry.summary)));
        if !entry.description.is_empty() {
            push(&mut file, &format!("DESCRIPTION:{}", escaped(&entry.description)));
        }
        push(&mut file, if entry.free { "TRANSP:TRANSPARENT" } else { "TRANSP:OPAQUE" });
        push(&mut file, "END:VEVENT");
    }
    push(&mut file, "END:VCALENDAR");
    file
}

/// Section 3.3.5, form #2.
fn utc(at: Time) -> String {
    let at = Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Section 3.3.11.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Section 3.1: at most 75 octets a line, never in the middle of a character; the rest goes on after a space.
fn push(file: &mut String, line: &str) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > 75 {
            file.push_str("\r\n ");
            width = 1;
        }
        file.push(c);
        width += c.len_utf8();
    }
    file.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn entry(summary: &str) -> Entry {
        let from = Time::parse("2026-11-23T07:00:00Z").unwrap();
        let until = Time::parse("2026-11-23T16:00:00Z").unwrap();
        Entry {
            uid: "shift-7@opora".into(),
            sequence: 3,
            span: Span::new(from, until),
            summary: summary.into(),
            description: String::new(),
            free: false,
        }
    }

    #[test]
    fn a_shift_is_an_event_in_utc_with_a_lasting_name() {
        insta::assert_snapshot!(calendar("Дежурства", &[entry("Серверная часть; API, импорт")], Time(0)));
    }

    proptest! {
        #[test]
        fn no_line_is_longer_than_75_octets_and_unfolding_gives_the_text_back(text in "\\PC{0,200}") {
            let file = calendar("x", &[entry(&text)], Time(0));
            prop_assert!(file.split("\r\n").all(|line| line.len() <= 75));
            let unfolded = file.replace("\r\n ", "");
            let line = unfolded.split("\r\n").find(|line| line.starts_with("SUMMARY:")).unwrap().to_owned();
            let mut back = String::new();
            let mut chars = line["SUMMARY:".len()..].chars();
            while let Some(c) = chars.next() {
                back.push(if c == '\\' { chars.next().unwrap() } else { c });
            }
            prop_assert_eq!(back, text);
        }
    }
}
