//! What every demo department keeps to, whatever its seed: order, consistency, plausibility of the words.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod order;
mod stars;
mod words;

use opora_demo::Story;

/// Thursday, 19 November 2026, 15:00 in Moscow.
const NOW: i64 = 1_795_089_600_000_000;

fn story(tickets: usize) -> Story {
    Story::new(7, NOW, tickets)
}
