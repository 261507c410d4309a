//! Real mail servers to talk to: Postfix and Dovecot, started on free ports of 127.0.0.1 with everything they write in
//! a temporary folder, and gone when [`Peers`] is dropped.
//!
//! - `customer.test` is the customers' world: Postfix delivers it to Dovecot, and [`Dovecot::mailbox`] shows what came.
//! - `desk.test` is ours: Postfix hands it over by LMTP to [`Route::Lmtp`], or, with [`Route::Mailbox`], puts it into a
//!   Dovecot mailbox for the fetcher to find.
//! - Nothing ever leaves the machine: any other address bounces with a real Postfix bounce.
//!
//! Both servers want to be started by root and exist as Debian packages: `postfix`, `dovecot-imapd`, `dovecot-lmtpd`.
//! Tests that need them are ignored by default, with the reason `needs postfix and dovecot`; the runner asks for them
//! where they are installed. [`dkim_verdicts`] is a peer of another kind: a program that verifies signatures.

mod dovecot;
mod letter;
mod place;
mod postfix;
mod verifier;

use std::sync::Arc;

use anyhow::Result;

pub use dovecot::Dovecot;
pub use letter::hand_in;
pub use place::eventually;
pub use postfix::{Postfix, Route};
pub use verifier::dkim_verdicts;

use place::Place;

/// People with a mailbox in Dovecot and a login at Postfix's submission port.
pub const PEOPLE: [&str; 4] = ["alice@customer.test", "boris@customer.test", "support@desk.test", "sales@desk.test"];

/// Everybody's password.
pub const PASSWORD: &str = "correct horse \"battery\" staple";

/// Postfix and Dovecot, wired together.
pub struct Peers {
    /// Delivers and relays.
    pub postfix: Postfix,
    /// Keeps mailboxes.
    pub dovecot: Dovecot,
}

impl Peers {
    /// Starts both and waits until they answer.
    pub fn start(desk: Route) -> Result<Self> {
        let place = Arc::new(Place::new()?);
        let dovecot = Dovecot::start_in(place.clone())?;
        let postfix = Postfix::start_in(place, &dovecot, desk)?;
        Ok(Self { postfix, dovecot })
    }
}
