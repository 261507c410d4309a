//! Those who read the event log and act on it: what concerns whom, every ticket's deadlines, and who gets what nobody has.

use super::{Wake, pause};
use opora_base::{SharedClock, Store, Time, Tx};
use opora_desk::notifications::{self, Followed};
use opora_desk::{Result, routing, sla};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LONGEST_PAUSE: Duration = Duration::from_secs(1);
const GATHERING: Duration = Duration::from_millis(150);

/// One who follows.
pub struct Follower {
    /// For the log.
    name: &'static str,
    /// Is there anything to do? A department where nothing happens is only read.
    is_behind: fn(&mut Tx<'_>) -> Result<bool>,
    /// The next step, in one transaction with how far it came.
    step: fn(&mut Tx<'_>, Time) -> Result<Followed>,
}

/// Writes down what concerns whom.
pub const NOTICES: Follower =
    Follower { name: "notices", is_behind: notifications::is_behind, step: notifications::follow };

/// Keeps every ticket's deadlines.
pub const DEADLINES: Follower = Follower { name: "deadlines", is_behind: sla::is_behind, step: sla::follow };

/// Hands out what nobody has, as soon as it comes or somebody has room.
pub const ROUTING: Follower = Follower { name: "routing", is_behind: routing::is_behind, step: hand_out };

fn hand_out(tx: &mut Tx<'_>, now: Time) -> Result<Followed> {
    Ok(if routing::distribute(tx, now)? == 0 { Followed::AllOfIt } else { Followed::More })
}

impl Follower {
    /// Works until told to stop.
    pub async fn run(self, store: Store, clock: SharedClock, stop: CancellationToken) {
        let Follower { name, is_behind, step } = self;
        let mut wake = Wake::gathered(&store, GATHERING);
        while !stop.is_cancelled() {
            let now = clock.now();
            match store.read(is_behind).await {
                Ok(false) => {}
                Ok(true) => match store.write_patiently(move |tx| step(tx, now)).await {
                    Ok(Followed::More) => continue,
                    Ok(Followed::AllOfIt) => {}
                    Err(error) => tracing::warn!(follower = name, %error, "a follower could not do its work"),
                },
                Err(error) => tracing::warn!(follower = name, %error, "a follower could not see what is to do"),
            }
            if !pause(&mut wake, LONGEST_PAUSE, &stop).await {
                return;
            }
        }
    }
}
