//! Addresses as they go on the wire: nothing in them may end a command, and international ones need SMTPUTF8 or, when
//! only the domain is international, its ASCII form.

use std::borrow::Cow;

/// An address ready for `MAIL FROM:<…>` or `RCPT TO:<…>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OnTheWire<'a> {
    pub(super) address: Cow<'a, str>,
    /// Only a server with SMTPUTF8 can take it.
    pub(super) needs_utf8: bool,
}

/// `None` when this is no address.
pub(super) fn on_the_wire(address: &str) -> Option<OnTheWire<'_>> {
    let (local, domain) = address.rsplit_once('@')?;
    let forbidden = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>');
    if local.is_empty() || domain.is_empty() || address.len() > 1000 || address.contains(forbidden) {
        return None;
    }
    let needs_utf8 = !local.is_ascii();
    if domain.is_ascii() || needs_utf8 {
        return Some(OnTheWire { address: address.into(), needs_utf8 });
    }
    let domain = idna::domain_to_ascii_strict(domain).ok()?;
    Some(OnTheWire { address: format!("{local}@{domain}").into(), needs_utf8 })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_international_domain_travels_in_ascii() {
        let wire = on_the_wire("info@почта.рф").unwrap();
        assert_eq!(wire, OnTheWire { address: "info@xn--80a1acny.xn--p1ai".into(), needs_utf8: false });
    }

    #[test]
    fn an_international_name_needs_smtputf8() {
        assert!(on_the_wire("анна@почта.рф").unwrap().needs_utf8);
    }

    #[test]
    fn an_address_can_never_end_the_command() {
        for bad in ["a@b>\r\nRCPT TO:<c@d", "a@b> SIZE=1", "a b@c", "a@", "@b", "a", "", "a\0@b", "a<b@c"] {
            assert_eq!(on_the_wire(bad), None, "{bad:?}");
        }
    }
}
