//! What tests need: a database on either engine, and peers to talk to.

#[cfg(feature = "bucket")]
pub mod bucket;
pub mod engine;
pub mod mailpeer;
pub mod port;
