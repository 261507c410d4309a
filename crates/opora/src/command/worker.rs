//! `opora mail …`, `opora search worker`, `opora calendar worker`: single engines for scripts and checks, without a data
//! folder.

use crate::cli::MailArgs;
use anyhow::Context;
use opora_mail::check;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};

/// Shows what is understood of a mail, or makes HTML safe.
pub fn mail(ask: &MailArgs) -> anyhow::Result<()> {
    let mut input: Box<dyn BufRead> = match &ask.file {
        Some(path) => {
            Box::new(BufReader::new(File::open(path).with_context(|| format!("{} cannot be read", path.display()))?))
        }
        None => Box::new(std::io::stdin().lock()),
    };
    let mut output = std::io::stdout().lock();
    match (ask.what.as_str(), ask.stream) {
        ("inspect", stream) => check::inspect_stream(input, output, stream)?,
        (_, true) => check::sanitize_stream(input, output)?,
        (_, false) => {
            let mut html = String::new();
            input.read_to_string(&mut html)?;
            let clean = opora_mail::sanitize(&html, &opora_mail::SanitizeOptions::default());
            writeln!(output, "{}", clean.html)?;
        }
    }
    Ok(())
}

/// Reads documents and questions line by line, answers line by line.
pub fn search() -> anyhow::Result<()> {
    opora_search::worker(std::io::stdin().lock(), std::io::stdout().lock())?;
    Ok(())
}

/// Reads questions about working time line by line, answers line by line.
pub fn calendar() -> anyhow::Result<()> {
    opora_calendar::worker(std::io::stdin().lock(), std::io::stdout().lock())?;
    Ok(())
}
