//! What goes on by itself: the list of relays, two paths, the clock.
//!
//! One task does it all, in an order that gets a first path as soon as possible, and sleeps until something is due or it
//! is woken. Spec: network §2, §4, §5

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::cache::CachePart;
use crate::core::{Core, FEWEST_RELAYS, Trouble};
use crate::path::Guard;

mod build;
mod learn;
mod list;

pub(crate) use learn::learn_clock;

use build::{build_paths, rotate, test_doubted, test_suspended};
use list::{fetch_from_seeds, refresh};

/// Paths kept ready. Spec: network §4 (NET-16)
pub(crate) const PATHS: usize = 2;
/// Pause after a round that gave no path; doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Pause after a list could not be refreshed.
const REFRESH_PAUSE: Duration = Duration::from_secs(60);
/// Between two looks at what is due while all is well.
const IDLE_PAUSE: Duration = Duration::from_secs(30);

/// Runs until it is aborted.
pub(crate) async fn run(core: Arc<Core>) {
    restore(&core).await;
    let mut pause = FIRST_PAUSE;
    let (mut refresh_after, mut seeds_after) = (Instant::now(), Instant::now());
    loop {
        if !core.is_device_online() {
            core.upkeep.notified().await;
            continue;
        }
        let lacks_relays = core.pool().len() < FEWEST_RELAYS;
        if (lacks_relays || wants_first_list(&core) && Instant::now() >= seeds_after)
            && !fetch_list(&core).await
        {
            seeds_after = Instant::now() + REFRESH_PAUSE;
        }
        test_suspended(&core).await;
        test_doubted(&core).await;
        if core.other_paths.swap(false, Ordering::Relaxed) {
            build::replace_all(&core).await;
        }
        build_paths(&core).await;
        let live = core.paths().live().len();
        if live > 0 {
            if core.clock.is_due() {
                learn_clock(&core).await;
            }
            let due = core.pool().is_due(core.device_now());
            if due && Instant::now() >= refresh_after && !refresh(&core).await {
                refresh_after = Instant::now() + REFRESH_PAUSE;
            }
            rotate(&core).await;
        }
        save(&core).await;
        pause = if live > 0 {
            FIRST_PAUSE
        } else {
            (pause * 2).min(LONGEST_PAUSE)
        };
        let wait = match core.paths().live().len() {
            0 => pause,
            live if live < PATHS => LONGEST_PAUSE.min(pause * 4),
            _ => IDLE_PAUSE,
        };
        tokio::select! {
            () = sleep(wait) => {}
            () = core.upkeep.notified() => {}
        }
    }
}

/// Whether no list was ever fetched although seeds could give one.
fn wants_first_list(core: &Core) -> bool {
    !core.profile.seeds.is_empty() && !core.pool().was_fetched()
}

async fn fetch_list(core: &Core) -> bool {
    let fetched = fetch_from_seeds(core).await;
    if !fetched && core.pool().len() < FEWEST_RELAYS {
        core.set_trouble(Some(Trouble::NoRelays));
    }
    fetched
}

/// Takes back what an earlier run saved.
async fn restore(core: &Core) {
    let network = &core.profile.name;
    if let Some(saved) = core.cache.load(CachePart::Pool).await {
        core.pool().restore(&saved, network);
    }
    if let Some(saved) = core.cache.load(CachePart::Swarms).await {
        let pool = core.pool();
        core.swarms().restore(&pool, &saved, network);
    }
    if let Some(saved) = core.cache.load(CachePart::Guards).await
        && let Ok(guards) = serde_json::from_slice::<Vec<Guard>>(&saved)
    {
        core.paths().restore_guards(guards);
    }
}

/// Saves what changed; the cache's owner decides what a repeated value costs.
async fn save(core: &Core) {
    let network = &core.profile.name;
    let pool = core.pool().to_save(network);
    let swarms = core.swarms().to_save(network);
    let guards = serde_json::to_vec(core.paths().saved_guards()).ok();
    for (part, bytes) in [
        (CachePart::Pool, pool),
        (CachePart::Swarms, swarms),
        (CachePart::Guards, guards),
    ] {
        let Some(bytes) = bytes else { continue };
        let unchanged = core.saved().get(&part) == Some(&bytes);
        if !unchanged {
            core.saved().insert(part, bytes.clone());
            core.cache.save(part, bytes).await;
        }
    }
}
