//! Content-Transfer-Encoding: base64, quoted-printable and uuencode, read as forgivingly as mail needs.
//!
//! Never fails: a broken line costs at most itself.

/// Decodes a body by its declared encoding; unknown encodings are taken as they are.
pub(crate) fn decode(bytes: &[u8], encoding: &str) -> Vec<u8> {
    match encoding {
        "base64" if looks_base64(bytes) => base64(bytes),
        "quoted-printable" => quoted_printable(bytes),
        "x-uuencode" | "uuencode" | "x-uue" => uuencode(bytes),
        _ => bytes.to_vec(),
    }
}

const SKIP: u8 = 0xFF;
const PAD: u8 = 0xFE;

const BASE64: [u8; 256] = {
    let mut table = [SKIP; 256];
    let mut i = 0;
    while i < 26 {
        table[b'A' as usize + i] = i as u8;
        table[b'a' as usize + i] = 26 + i as u8;
        i += 1;
    }
    i = 0;
    while i < 10 {
        table[b'0' as usize + i] = 52 + i as u8;
        i += 1;
    }
    table[b'+' as usize] = 62;
    table[b'/' as usize] = 63;
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table[b'=' as usize] = PAD;
    table
};

/// Plain text declared as base64 (a known gateway fault) has blanks and punctuation everywhere.
fn looks_base64(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(4096)];
    let foreign = sample.iter().filter(|b| BASE64[**b as usize] == SKIP && !b.is_ascii_whitespace()).count();
    let blanks = sample.iter().filter(|b| **b == b' ').count();
    (foreign + blanks) * 20 <= sample.len()
}

/// Base64 with everything foreign skipped; several padded pieces in a row are read one after the other.
pub(crate) fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3 + 3);
    let mut bits = 0_u32;
    let mut have = 0_u8;
    for byte in bytes {
        match BASE64[*byte as usize] {
            SKIP => {}
            PAD => {
                flush_base64(&mut out, bits, have);
                bits = 0;
                have = 0;
            }
            value => {
                bits = bits << 6 | u32::from(value);
                have += 1;
                if have == 4 {
                    out.extend_from_slice(&[(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
                    bits = 0;
                    have = 0;
                }
            }
        }
    }
    flush_base64(&mut out, bits, have);
    out
}

fn flush_base64(out: &mut Vec<u8>, bits: u32, have: u8) {
    match have {
        2 => out.push((bits >> 4) as u8),
        3 => out.extend_from_slice(&[(bits >> 10) as u8, (bits >> 2) as u8]),
        _ => {}
    }
}

/// Quoted-printable; an `=` that starts no valid escape stays as written.
pub(crate) fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let byte = bytes[i];
        if byte != b'=' {
            out.push(byte);
            i += 1;
            continue;
        }
        if let Some(value) = hex_pair(bytes.get(i + 1), bytes.get(i + 2)) {
            out.push(value);
            i += 3;
            continue;
        }
        // Soft line break, with white space a relay may have added.
        let mut end = i + 1;
        while matches!(bytes.get(end), Some(b' ' | b'\t')) {
            end += 1;
        }
        match (bytes.get(end), bytes.get(end + 1)) {
            (Some(b'\r'), Some(b'\n')) => i = end + 2,
            (Some(b'\n' | b'\r'), _) => i = end + 1,
            (None, _) => i = end,
            _ => {
                out.push(b'=');
                i += 1;
            }
        }
    }
    out
}

/// The Q encoding of header words: `_` is a blank.
pub(crate) fn quoted_word(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        match (bytes[i], hex_pair(bytes.get(i + 1), bytes.get(i + 2))) {
            (b'=', Some(value)) => {
                out.push(value);
                i += 3;
                continue;
            }
            (b'_', _) => out.push(b' '),
            (other, _) => out.push(other),
        }
        i += 1;
    }
    out
}

fn hex_pair(high: Option<&u8>, low: Option<&u8>) -> Option<u8> {
    let digit = |b: &u8| char::from(*b).to_digit(16);
    Some((digit(high?)? << 4 | digit(low?)?) as u8)
}

/// The lines between `begin` and `end` of a uuencoded body; without a `begin` every line is taken.
pub(crate) fn uuencode(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let has_begin = bytes.starts_with(b"begin ") || memchr::memmem::find(bytes, b"\nbegin ").is_some();
    let mut inside = !has_begin;
    for line in bytes.split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !inside {
            inside = line.starts_with(b"begin ");
            continue;
        }
        if line == b"end" {
            break;
        }
        let Some((count, data)) = line.split_first() else { continue };
        let count = usize::from(count.wrapping_sub(32) & 63);
        let mut decoded = Vec::with_capacity(48);
        for group in data.chunks(4) {
            let value = |i: usize| u32::from(group.get(i).copied().unwrap_or(32).wrapping_sub(32) & 63);
            let bits = value(0) << 18 | value(1) << 12 | value(2) << 6 | value(3);
            decoded.extend_from_slice(&[(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
        }
        decoded.truncate(count);
        out.extend(decoded);
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn base64_survives_what_relays_do_to_it() {
        assert_eq!(base64(b"0J/R\r\ngNC4\r\n0LLQ tdGC"), "Привет".as_bytes());
        assert_eq!(base64(b"YQ==YmM=ZGVm"), b"abcdef");
        assert_eq!(
            decode(b"This is plain text, not base64 at all.", "base64"),
            b"This is plain text, not base64 at all."
        );
    }

    #[test]
    fn quoted_printable_keeps_broken_escapes() {
        assert_eq!(quoted_printable(b"a=3Db =zz =\r\nc= \t\nd="), b"a=b =zz cd");
    }

    #[test]
    fn uuencoded_lines_are_read() {
        assert_eq!(uuencode(b"begin 644 cat.txt\n#0V%T\n`\nend\n"), b"Cat");
    }

    proptest! {
        #[test]
        fn base64_reads_back_what_was_encoded(bytes: Vec<u8>) {
            use base64::Engine as _;
            prop_assert_eq!(base64(base64::engine::general_purpose::STANDARD.encode(&bytes).as_bytes()), bytes);
        }

        #[test]
        fn no_bytes_break_a_decoder(bytes: Vec<u8>) {
            for encoding in ["base64", "quoted-printable", "x-uuencode", "7bit"] {
                let _ = decode(&bytes, encoding);
            }
            let _ = quoted_word(&bytes);
        }
    }
}
