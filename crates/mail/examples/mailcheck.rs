//! The mail half of the command line without the rest of the product, for scorers and for a quick look at a message:
//! `mailcheck inspect [--stream]` and `mailcheck sanitize --stream`, as `opora mail …`.

use std::io::{stdin, stdout};

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let stream = words.iter().any(|word| word == "--stream");
    let (input, output) = (stdin().lock(), stdout().lock());
    match words.first().map(String::as_str) {
        Some("sanitize") => opora_mail::check::sanitize_stream(input, output),
        _ => opora_mail::check::inspect_stream(input, output, stream),
    }
}
