//! The words of an IMAP answer: atoms, strings and lists in brackets. Whatever comes, it is tokens or it is nothing.

use bytes::Bytes;

/// A stretch of an answer as it came over the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// A line, or what stands between two literals, without its line end.
    Text(Bytes),
    /// A string of counted bytes.
    Literal(Bytes),
    /// A string of so many bytes that we did not keep it.
    TooLong(u64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// An atom; brackets belong to it, as in `BODY[HEADER.FIELDS (TO)]`.
    Word(String),
    /// A quoted or counted string.
    Text(Bytes),
    /// A counted string that was too long to keep.
    TooLong(u64),
    /// A list in round brackets.
    List(Vec<Token>),
}

impl Token {
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn number(&self) -> Option<u64> {
        self.word()?.parse().ok()
    }
}

/// Nobody nests deeper in good faith.
const DEPTH: usize = 32;

/// The tokens of an answer; a list that is never closed ends with the answer.
pub(super) fn tokens(parts: &[Part]) -> Vec<Token> {
    let mut open: Vec<Vec<Token>> = vec![Vec::new()];
    for part in parts {
        match part {
            Part::Literal(bytes) => push(&mut open, Token::Text(bytes.clone())),
            Part::TooLong(size) => push(&mut open, Token::TooLong(*size)),
            Part::Text(text) => scan(text, &mut open),
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().unwrap_or_default()
}

fn push(open: &mut [Vec<Token>], token: Token) {
    if let Some(list) = open.last_mut() {
        list.push(token);
    }
}

fn close(open: &mut Vec<Vec<Token>>) {
    if open.len() > 1
        && let Some(list) = open.pop()
    {
        push(open, Token::List(list));
    }
}

fn scan(text: &Bytes, open: &mut Vec<Vec<Token>>) {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b' ' => at += 1,
            b'(' => {
                if open.len() < DEPTH {
                    open.push(Vec::new());
                }
                at += 1;
            }
            b')' => {
                close(open);
                at += 1;
            }
            b'"' => {
                let (string, end) = quoted(text, at + 1);
                push(open, Token::Text(string));
                at = end;
            }
            _ => {
                let end = word_end(text, at);
                push(open, Token::Word(String::from_utf8_lossy(&text[at..end]).into_owned()));
                at = end;
            }
        }
    }
}

/// The string behind an opening quote, and where it ends.
fn quoted(text: &Bytes, start: usize) -> (Bytes, usize) {
    let mut string = Vec::new();
    let mut at = start;
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => break,
            b'\\' => {
                string.extend(text.get(at));
                at += 1;
            }
            byte => string.push(byte),
        }
    }
    (string.into(), at)
}

fn word_end(text: &[u8], start: usize) -> usize {
    let mut inside = false;
    for (i, &byte) in text.iter().enumerate().skip(start) {
        match byte {
            b'[' => inside = true,
            b']' => inside = false,
            b' ' | b'(' | b')' | b'"' if !inside && i > start => return i,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> Vec<Token> {
        tokens(&[Part::Text(Bytes::from_static(text.as_bytes()))])
    }

    fn word(text: &str) -> Token {
        Token::Word(text.into())
    }

    #[test]
    fn words_strings_and_lists_are_told_apart() {
        assert_eq!(
            read(r#"* 1 FETCH (FLAGS (\Seen) X "a \"b\" (c" BODY[HEADER.FIELDS (TO)] NIL)"#),
            [
                word("*"),
                word("1"),
                word("FETCH"),
                Token::List(vec![
                    word("FLAGS"),
                    Token::List(vec![word("\\Seen")]),
                    word("X"),
                    Token::Text(Bytes::from_static(b"a \"b\" (c")),
                    word("BODY[HEADER.FIELDS (TO)]"),
                    word("NIL"),
                ]),
            ]
        );
    }

    #[test]
    fn a_literal_stands_where_it_was_announced() {
        let parts = [
            Part::Text(Bytes::from_static(b"* 1 FETCH (BODY[] ")),
            Part::Literal(Bytes::from_static(b") not the end")),
            Part::Text(Bytes::from_static(b" UID 7)")),
        ];
        let read = tokens(&parts);
        assert_eq!(
            read[3],
            Token::List(vec![
                word("BODY[]"),
                Token::Text(Bytes::from_static(b") not the end")),
                word("UID"),
                word("7"),
            ])
        );
    }

    #[test]
    fn nonsense_is_tokens_too() {
        for text in ["", ")))", "((((", "\"never closed", "[ never ] closed [", "a\"b", &"(".repeat(10_000)] {
            let text = Bytes::copy_from_slice(text.as_bytes());
            tokens(&[Part::Text(text)]);
        }
    }
}
