//! The hand-written stories.
