//! The filter language from outside: what people write, what they get, and what they are told when it is wrong.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod completing;
mod mistakes;
mod reading;
mod round_trip;
