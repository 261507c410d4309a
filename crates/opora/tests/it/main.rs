//! The program as its users meet it: the command line, the mail circle with real mail servers, kill -9, two nodes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bucket;
mod circle;
mod commands;
mod crash;
mod lmtp;
mod node;
mod outage;
mod signed;
mod told;
mod two_nodes;
