//! Building, testing and replacing paths. Spec: network §4 (NET-13 to NET-18)

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use protocol::storage::Request;

use super::PATHS;
use crate::core::{Core, FEWEST_RELAYS, Trouble};
use crate::exchange::{Failure, Question, ask};
use crate::path::{HOPS, Path, Wish};
use crate::relay_pool::{DOUBT, PoolRelay, sample};

/// Tries to build one path while there is none; later ones get fewer, as requests do not wait for them.
const TRIES_FOR_FIRST: usize = 10;
const TRIES_FOR_FURTHER: usize = 3;
/// Failed tries after which a guard is no longer preferred: a guard that says that others are dead may be what fails.
const TRIES_FOR_GUARD: usize = 2;
/// Destinations that a path is tested with before it is given up.
const TEST_DESTINATIONS: usize = 3;

/// Builds what is missing of [`PATHS`], all at once; each is in use as soon as it passed its test.
pub(super) async fn build_paths(core: &Core) {
    let (live, relays) = (core.paths().live().len(), core.pool().len());
    // Two paths that share no relay, and a destination beside them.
    let wanted = if relays > PATHS * HOPS { PATHS } else { 1 };
    if live >= wanted {
        return;
    }
    if relays < FEWEST_RELAYS {
        core.set_trouble(Some(Trouble::NoRelays));
        return;
    }
    let mut building: FuturesUnordered<_> = (live..wanted).map(|_| build_one(core, None)).collect();
    while let Some(result) = building.next().await {
        match result {
            Ok(path) => core.add_path(path),
            Err(trouble) if core.paths().live().is_empty() => core.set_trouble(Some(trouble)),
            Err(_) => {}
        }
    }
}

/// Tests paths that worked before the device went offline.
pub(super) async fn test_suspended(core: &Core) {
    let suspended = core.paths().take_suspended();
    let mut testing: FuturesUnordered<_> = suspended
        .into_iter()
        .map(|path| async move { passes(core, &path).await.then_some(path) })
        .collect();
    while let Some(tested) = testing.next().await {
        if let Some(path) = tested {
            core.add_path(path);
        }
    }
}

/// Tests paths that failed requests to servers, whose own failures look alike; those that fail the test are given up.
/// Spec: network §9 (NET-55)
pub(super) async fn test_doubted(core: &Core) {
    let live = core.paths().live().to_vec();
    for path in live.into_iter().filter(|path| path.take_doubt()) {
        if !passes(core, &path).await {
            core.retire(&path);
        }
    }
}

/// Replaces middle and exit of paths that were used long enough, keeping the guard. Spec: network §4 (NET-18)
pub(super) async fn rotate(core: &Core) {
    let old: Vec<Arc<Path>> = core
        .paths()
        .live()
        .iter()
        .filter(|path| path.built.elapsed() >= core.timing.rotate)
        .cloned()
        .collect();
    for path in old {
        if let Ok(next) = build_one(core, Some(&path)).await {
            core.retire(&path);
            core.add_path(next);
        }
    }
}

/// Replaces all paths by others with other guards, as the user asked; the old ones serve until then.
pub(super) async fn replace_all(core: &Core) {
    let old: Vec<Arc<Path>> = core.paths().live().to_vec();
    for path in &old {
        core.paths().forget_guard(&path.guard().key());
    }
    for path in old {
        if let Ok(next) = build_one(core, None).await {
            core.add_path(next);
            core.retire(&path);
        }
    }
}

/// Chooses relays until a path of them passes its test. `successor_of`: keep this path's guard.
async fn build_one(core: &Core, successor_of: Option<&Path>) -> Result<Arc<Path>, Trouble> {
    let mut trouble = Trouble::TooFewRelays;
    let mut failed_guards = Vec::new();
    for _ in 0..if core.paths().live().is_empty() {
        TRIES_FOR_FIRST
    } else {
        TRIES_FOR_FURTHER
    } {
        let Some(path) = reserve(core, successor_of, &failed_guards) else {
            return Err(trouble);
        };
        let passed = passes(core, &path).await;
        core.building().retain(|building| building.id != path.id);
        if passed {
            return Ok(path);
        }
        trouble = Trouble::PathsFail;
        failed_guards.push(path.guard().key());
        if !core.may_reach() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(trouble)
}

/// Chooses relays apart from those of paths in use and of paths being built meanwhile.
fn reserve(core: &Core, successor_of: Option<&Path>, failed_guards: &[[u8; 32]]) -> Option<Arc<Path>> {
    let now = core.device_now();
    let mut wish = Wish::default();
    let tries = |guard: &[u8; 32]| failed_guards.iter().filter(|failed| *failed == guard).count();
    let given_up = failed_guards
        .iter()
        .filter(|guard| tries(guard) >= TRIES_FOR_GUARD);
    wish.rather_not.extend(given_up);
    {
        let paths = core.paths();
        wish.guards = match successor_of {
            Some(old) => vec![old.guard().key()],
            None => paths.guards(now),
        };
        for path in paths.live() {
            if successor_of.is_some_and(|old| old.id == path.id) {
                let [_, rest @ ..] = &path.relays;
                wish.rather_not.extend(rest.iter().map(PoolRelay::key));
            } else {
                wish.apart_from(&path.relays);
            }
        }
    }
    let mut building = core.building();
    building.iter().for_each(|path| wish.apart_from(&path.relays));
    let path = core.new_path(core.choose_relays(wish)?);
    building.push(Arc::clone(&path));
    Some(path)
}

/// Whether a node that is not on the path answers `info` through it.
async fn passes(core: &Core, path: &Arc<Path>) -> bool {
    for _ in 0..TEST_DESTINATIONS {
        let now = core.device_now();
        let nodes: Vec<PoolRelay> = {
            let pool = core.pool();
            let doubtful = pool.doubtful(now, DOUBT);
            let usable = pool
                .usable(now)
                .into_iter()
                .filter(|relay| !path.holds(&relay.key()));
            let (good, poor): (Vec<_>, Vec<_>) = usable.partition(|relay| !doubtful.contains(&relay.key()));
            if good.is_empty() { poor } else { good }
                .into_iter()
                .cloned()
                .collect()
        };
        let Some(node) = sample(&mut core.rng(), nodes, 1).pop() else {
            return false;
        };
        let question = Question::new(node.hop, &Request::Info, core.timing.path_test);
        match ask(core, path, question).await {
            Ok(_) => return true,
            Err(failure) if failure.is_destinations(&node.key()) => {}
            Err(Failure::Guard(_) | Failure::Path(_) | Failure::Reply(_) | Failure::Keys) => return false,
        }
    }
    false
}
