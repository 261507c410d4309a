//! The edge as browsers and scripts meet it, over a real store on either engine.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod any_json;
mod bodies;
mod calendars;
mod contract;
mod conversation;
mod demo;
mod door;
mod entitlement;
mod files;
mod house;
mod live;
mod once;
mod pages;
mod people;
mod rights;
