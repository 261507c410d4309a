//! The door, spoken to in raw bytes.

mod dialogue;
mod ends;
mod lifetime;
mod limits;
mod tls;
