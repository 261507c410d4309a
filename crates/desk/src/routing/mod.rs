//! Who takes what. «Решить» (*next*) gives a colleague the single most urgent ticket they may take, and says why [S8.2].

mod next;

pub use next::{Next, Reason, free_for, next};
