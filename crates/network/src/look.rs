//! Looking whether relays can be reached at all, so that the state is true within five seconds of the network being cut
//! or coming back. Spec: network §7 (NET-40)

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use rand_core::Rng;
use tokio::time::{Instant, sleep, sleep_until};

use crate::core::Core;
use crate::path::Path;
use crate::relay_pool::{PoolRelay, sample};
use crate::transport::TransportError;

/// Other relays that are looked for when no guard accepts connections.
const OTHERS: usize = 4;

/// Runs until it is aborted.
pub(crate) async fn run(core: Arc<Core>) {
    let mut looked = Instant::now();
    let mut turn = 0_usize;
    loop {
        let pause = a_little_less(&core, core.timing.probe_every);
        let due = core.heard().map_or(looked, |heard| heard.max(looked)) + pause;
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
        let quiet = core.heard().is_none_or(|heard| heard.elapsed() >= pause);
        if asked_for || quiet {
            let begun = Instant::now();
            let reachable = look(&core, turn).await;
            turn = turn.wrapping_add(1);
            looked = Instant::now();
            // Somebody who was heard meanwhile is there, however full the line is for those who look.
            let heard_since = core.heard().is_some_and(|heard| heard >= begun);
            if let Some(reachable) = reachable {
                core.set_reachable(reachable || heard_since);
            }
        }
    }
}

/// Up to a quarter less, at random: clients that lost the network together do not come back in step.
fn a_little_less(core: &Core, pause: Duration) -> Duration {
    let share = core.rng().next_u32() % 256;
    pause.saturating_sub(pause * share / 1024)
}

/// Looks for the guards, then for a few other relays; `None` if there is nobody to look for.
async fn look(core: &Core, turn: usize) -> Option<bool> {
    if look_for_guards(core, turn).await {
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

/// Looks for one guard and, as long as it does not answer, for the next; they take turns in being the first.
async fn look_for_guards(core: &Core, turn: usize) -> bool {
    let mut paths: Vec<Arc<Path>> = core.paths().live().to_vec();
    if let Some(first) = turn.checked_rem(paths.len()) {
        paths.rotate_left(first);
    }
    let within = core.timing.probe;
    let delays = (0..).map(|number| (within / 4).saturating_mul(number).min(within));
    let mut probes: FuturesUnordered<_> = delays
        .zip(&paths)
        .map(|(delay, path)| async move {
            sleep(delay).await;
            probe_guard(core, path, within.saturating_sub(delay)).await
        })
        .collect();
    while let Some(found) = probes.next().await {
        if found {
            return true;
        }
    }
    false
}

/// Looks for a path's guard; a path whose guard refuses connections while others accept them is given up.
async fn probe_guard(core: &Core, path: &Path, within: Duration) -> bool {
    match probe(core, path.guard().address, within).await {
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
    let found = core.transport.probe(relay, within).await;
    core.set_proxy_silent(found == Err(TransportError::Proxy));
    found
}
