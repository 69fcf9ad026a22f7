//! Looking whether relays can be reached at all, so that the state is true within five seconds of the network being cut
//! or coming back. Spec: network §7 (NET-40)

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::{Instant, sleep_until};

use crate::core::Core;
use crate::path::Path;
use crate::relay_pool::{PoolRelay, sample};
use crate::transport::TransportError;

/// Other relays that are looked for when no guard accepts connections.
const OTHERS: usize = 4;

/// Runs until it is aborted.
pub(crate) async fn run(core: Arc<Core>) {
    let mut looked = Instant::now();
    loop {
        let due = core.heard().map_or(looked, |heard| heard.max(looked)) + core.timing.probe_every;
        let asked_for = tokio::select! {
            () = sleep_until(due) => false,
            () = core.look.notified() => true,
        };
        if !core.is_device_online() {
            core.look.notified().await;
            // The next round looks; this one only waited.
            core.look.notify_one();
            continue;
        }
        // A relay that was heard meanwhile makes the look unnecessary.
        let quiet = core
            .heard()
            .is_none_or(|heard| heard.elapsed() >= core.timing.probe_every);
        if asked_for || quiet {
            let reachable = look(&core).await;
            looked = Instant::now();
            if let Some(reachable) = reachable {
                core.set_reachable(reachable);
            }
        }
    }
}

/// Looks for the guards, then for a few other relays; `None` if there is nobody to look for.
async fn look(core: &Core) -> Option<bool> {
    let paths: Vec<Arc<Path>> = core.paths().live().to_vec();
    let mut probes: FuturesUnordered<_> = paths.iter().map(|path| probe_guard(core, path)).collect();
    let mut reached = false;
    while let Some(found) = probes.next().await {
        reached |= found;
    }
    if reached {
        return Some(true);
    }
    let relays: Vec<PoolRelay> = core.pool().iter().cloned().collect();
    let others = sample(&mut core.rng(), relays, OTHERS);
    if others.is_empty() {
        return None;
    }
    let mut probes: FuturesUnordered<_> = others
        .iter()
        .map(|relay| probe(core, relay.address, core.timing.probe))
        .collect();
    while let Some(found) = probes.next().await {
        if found.is_ok() {
            return Some(true);
        }
    }
    Some(false)
}

/// Looks for a path's guard; a path whose guard refuses connections while others accept them is given up.
async fn probe_guard(core: &Core, path: &Path) -> bool {
    match probe(core, path.guard().address, core.timing.probe).await {
        Ok(()) => true,
        Err(TransportError::Refused) => {
            core.strike(&path.guard().key());
            core.retire(path);
            false
        }
        Err(_) => false,
    }
}

async fn probe(core: &Core, relay: SocketAddr, within: Duration) -> Result<(), TransportError> {
    core.transport.probe(relay, within).await
}
