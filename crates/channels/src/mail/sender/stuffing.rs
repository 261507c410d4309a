//! A message as it goes on the wire after DATA: CRLF at every line end, dots doubled, one end.

/// The message, stuffed, with the final dot. Bare CR and LF become CRLF, so that no server can see an end of the
/// message where another sees none.
pub(super) fn stuffed(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 64 + 8);
    let mut rest = raw;
    while !rest.is_empty() {
        if rest.starts_with(b".") {
            out.push(b'.');
        }
        let end = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
        out.extend_from_slice(&rest[..end]);
        out.extend_from_slice(b"\r\n");
        let newline = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = rest.get(end + newline..).unwrap_or_default();
    }
    out.extend_from_slice(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_message_leaves_byte_for_byte() {
        assert_eq!(stuffed(b"A: b\r\n\r\nhi\r\n"), b"A: b\r\n\r\nhi\r\n.\r\n");
    }

    #[test]
    fn dots_at_line_starts_are_doubled() {
        assert_eq!(stuffed(b".\r\n..a\r\nb.\r\n"), b"..\r\n...a\r\nb.\r\n.\r\n");
    }

    #[test]
    fn a_missing_last_line_end_is_added_and_an_empty_message_is_one() {
        assert_eq!(stuffed(b"hi"), b"hi\r\n.\r\n");
        assert_eq!(stuffed(b""), b".\r\n");
    }

    #[test]
    fn nothing_inside_can_end_the_message() {
        for inside in [&b"a\n.\nb"[..], b"a\r.\rb", b"a\n.\r\nb", b"a\r\n.\nb", b"a\r\n.\r\nb"] {
            let out = stuffed(inside);
            let ends = out.windows(5).filter(|window| window == b"\r\n.\r\n").count();
            assert_eq!(ends, 1, "{inside:?}");
            assert!(out.ends_with(b"\r\n.\r\n"));
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_message_is_it_ends_once(raw in "[.\r\nab]{0,30}") {
            let out = stuffed(raw.as_bytes());
            let framed = [b"\r\n", &out[..]].concat();
            proptest::prop_assert!(out.ends_with(b".\r\n"));
            proptest::prop_assert_eq!(framed.windows(5).filter(|window| window == b"\r\n.\r\n").count(), 1);
        }
    }
}
