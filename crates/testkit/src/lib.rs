//! What tests need: a database on either engine, and peers to talk to.

pub mod engine;
pub mod mailpeer;
