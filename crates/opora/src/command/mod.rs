//! One file per command of the command line.

pub mod import;
pub mod inbox;
pub mod people;
pub mod reindex;
pub mod serve;
pub mod worker;
