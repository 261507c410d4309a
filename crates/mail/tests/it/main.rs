//! Mail as the world writes it, and as we write it: one story a test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod archives;
mod bounces;
mod classes;
mod composing;
mod hostile;
mod reading;
mod replies;
mod sameness;
mod scorer_protocol;
mod signing;

use opora_mail::{Class, Mail, classify, parse};

/// A message and what was understood of it.
fn read(raw: impl AsRef<[u8]>) -> Mail {
    parse(raw.as_ref()).expect("a readable message")
}

fn class(raw: impl AsRef<[u8]>) -> Class {
    classify(&read(raw.as_ref()), raw.as_ref())
}
