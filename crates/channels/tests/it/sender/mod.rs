//! The sender at our own door, and at servers that misbehave by a script.

mod acceptance;
mod script;
mod trouble;

use opora_channels::mail::{
    Endpoint, Login, Secret,
    sender::{Envelope, Options, Sender},
};

fn sender() -> Sender {
    Sender::new(options())
}

fn options() -> Options {
    Options::new("opora.test")
}

fn at(scheme: &str, port: u16) -> Endpoint {
    format!("{scheme}://127.0.0.1:{port}").parse().unwrap()
}

fn envelope(to: &[&str]) -> Envelope {
    Envelope { from: Some("support@desk.test".into()), to: to.iter().map(|&to| to.to_owned()).collect() }
}

fn password() -> Login {
    Login::Password { user: "support@desk.test".into(), password: Secret::new("hunter2") }
}

const MESSAGE: &[u8] = b"Subject: hi\r\n\r\n.hello\r\n";
