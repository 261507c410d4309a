//! What the scorers must reach. These numbers only rise.

/// Mails understood, of 74 (Python's library: 57).
pub const PARSE: u64 = 68;
/// Auto-replies, bounces and human mails told apart, of 377 (simple header rules: 353).
pub const AUTO: u64 = 370;
/// Visible replies exactly as expected, of 93 (talon: 62).
pub const REPLY: u64 = 72;
/// Of the replies, those in which no word of the customer was dropped, in per cent.
pub const REPLY_NO_LOSS_PERCENT: f64 = 97.0;
/// Questions whose answer is among the first five found.
pub const SEARCH_HIT_AT_5: f64 = 0.90;
