//! Reading the machine part of a report: blocks of `Name: value` lines (RFC 3464, RFC 5965).

/// One block of fields, names in lower case, folded values joined.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Block {
    fields: Vec<(String, String)>,
}

impl Block {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }
}

/// The blocks of a report, empty ones left out.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = vec![Block::default()];
    for line in text.lines().take(20_000) {
        if line.trim().is_empty() {
            blocks.push(Block::default());
            continue;
        }
        let Some(block) = blocks.last_mut() else { break };
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = block.fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':')
            && !name.contains(' ')
        {
            block.fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    blocks.retain(|block| !block.fields.is_empty());
    blocks
}

/// `rfc822; anna@example.com` → `anna@example.com`, in whatever brackets it came.
pub(crate) fn address(value: &str) -> String {
    let bare = value.split_once(';').map_or(value, |(_, address)| address).trim();
    let bare = match bare.split_once('<') {
        Some((_, inner)) => inner.split('>').next().unwrap_or_default(),
        None => bare.split([' ', ',']).next().unwrap_or_default(),
    };
    bare.trim_matches(|c: char| "<>\"'()".contains(c)).to_owned()
}

/// `smtp; 550 no such user` → `550 no such user`.
pub(crate) fn without_type(value: &str) -> String {
    match value.split_once(';') {
        Some((kind, rest)) if kind.trim().len() <= 20 && !kind.trim().contains(' ') => rest.trim().to_owned(),
        _ => value.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn folded_fields_belong_to_their_block() {
        let blocks =
            blocks("A: 1\n\nFinal-Recipient: rfc822; a@b.example\nDiagnostic-Code: smtp; 550\n  no such user\n");
        assert_eq!(blocks.len(), 2);
        assert_eq!(blocks[1].get("diagnostic-code").unwrap(), "smtp; 550 no such user");
        assert_eq!(address(blocks[1].get("final-recipient").unwrap()), "a@b.example");
        assert_eq!(without_type("smtp; 550 no; thanks"), "550 no; thanks");
    }
}
