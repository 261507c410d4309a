//! Who is there, for whoever hands out tickets: noted when somebody's first screen connects, and again while it stays.

use crate::state::AppState;
use opora_desk::AgentId;
use opora_desk::routing::people;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How often one looks who has come.
const LOOKING: Duration = Duration::from_secs(1);
/// How often those who stay are noted again; well within [`people::THERE`].
const NOTING: Duration = Duration::from_secs(60);

pub(super) async fn note(state: AppState) {
    let (mut known, mut noted_at) = (BTreeSet::<AgentId>::new(), Instant::now());
    loop {
        tokio::time::sleep(LOOKING).await;
        let there: BTreeSet<AgentId> = state.hub.listeners().into_keys().collect();
        let due = noted_at.elapsed() >= NOTING && !there.is_empty();
        if there.is_subset(&known) && !due {
            known = there;
            continue;
        }
        let (agents, now): (Vec<AgentId>, _) = (there.iter().copied().collect(), state.now());
        match state.store.write_patiently(move |tx| people::seen(tx, &agents, now)).await {
            Ok(()) => (known, noted_at) = (there, Instant::now()),
            Err(error) => tracing::warn!(%error, "who is there could not be noted"),
        }
    }
}
