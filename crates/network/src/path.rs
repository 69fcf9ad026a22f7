//! Paths of three relays.
//!
//! Owns: which relays form a path, which paths are in use, what failures cost them. A path's relays are distinct, two
//! paths share none where the pool allows it, and a request's destination is never on its own path.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use protocol::TimestampMs;
use protocol::onion::Hop;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::relay_pool::PoolRelay;
use crate::seam::PathRelay;

mod select;

pub(crate) use select::{Wish, select};

/// Relays of a path.
pub(crate) const HOPS: usize = 3;
/// A path that failed so often in a row is given up. Spec: network §4 (NET-17)
const MOST_STRIKES: usize = 3;
/// So many strikes a path may cause by what it says, however long it lives. Spec: network §2 (NET-09)
const MOST_ACCUSATIONS: usize = 4;
/// How long an entry relay is kept. Spec: network §4 (NET-15)
const GUARD_LIFE_MS: i64 = 10 * 24 * 3600 * 1000;
/// Entry relays remembered.
const MOST_GUARDS: usize = 4;

/// Three relays: entry, middle, exit.
#[derive(Debug)]
pub(crate) struct Path {
    pub(crate) id: u64,
    pub(crate) relays: [PoolRelay; HOPS],
    pub(crate) built: Instant,
    strikes: AtomicUsize,
    accusations: AtomicUsize,
    running: AtomicUsize,
    doubted: AtomicBool,
}

impl Path {
    pub(crate) fn new(id: u64, relays: [PoolRelay; HOPS]) -> Self {
        Self {
            id,
            relays,
            built: Instant::now(),
            strikes: AtomicUsize::new(0),
            accusations: AtomicUsize::new(0),
            running: AtomicUsize::new(0),
            doubted: AtomicBool::new(false),
        }
    }

    pub(crate) fn guard(&self) -> &PoolRelay {
        let [guard, ..] = &self.relays;
        guard
    }

    pub(crate) fn hops(&self) -> [Hop; HOPS] {
        self.relays.each_ref().map(|relay| relay.hop)
    }

    pub(crate) fn keys(&self) -> [[u8; 32]; HOPS] {
        self.relays.each_ref().map(PoolRelay::key)
    }

    pub(crate) fn holds(&self, key: &[u8; 32]) -> bool {
        self.relays.iter().any(|relay| relay.key() == *key)
    }

    pub(crate) fn describe(&self) -> Vec<PathRelay> {
        self.relays
            .iter()
            .map(|relay| PathRelay {
                node: relay.key(),
                ip: relay.address.ip(),
            })
            .collect()
    }

    /// Notes a failure; returns whether it is the one for which the path is to be given up. Requests that were under way
    /// meanwhile fail later, and their failures count for nothing more.
    pub(crate) fn strike(&self) -> bool {
        self.strikes.fetch_add(1, Ordering::Relaxed).saturating_add(1) == MOST_STRIKES
    }

    /// Counts a strike that the path is about to cause by what it says; returns whether it may.
    pub(crate) fn may_accuse(&self) -> bool {
        self.accusations.fetch_add(1, Ordering::Relaxed) < MOST_ACCUSATIONS
    }

    /// Notes a success, which takes earlier failures back.
    pub(crate) fn worked(&self) {
        self.strikes.store(0, Ordering::Relaxed);
    }

    /// Asks for the path to be tested, as it failed in a way that tells nothing of whose fault it was.
    pub(crate) fn doubt(&self) {
        self.doubted.store(true, Ordering::Relaxed);
    }

    /// Whether a test was asked for; takes the wish back.
    pub(crate) fn take_doubt(&self) -> bool {
        self.doubted.swap(false, Ordering::Relaxed)
    }

    /// Counts a request on this path for as long as the answer lives.
    pub(crate) fn begin(self: &Arc<Self>) -> Running {
        self.running.fetch_add(1, Ordering::Relaxed);
        Running(Arc::clone(self))
    }

    fn running(&self) -> usize {
        self.running.load(Ordering::Relaxed)
    }
}

/// A request under way on a path.
#[derive(Debug)]
pub(crate) struct Running(Arc<Path>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

/// An entry relay and since when it is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Guard {
    #[serde(with = "crate::profile::text::key")]
    pub(crate) relay: [u8; 32],
    pub(crate) since_ms: TimestampMs,
}

/// The paths in use and the entry relays that are kept for the next ones.
#[derive(Debug, Default)]
pub(crate) struct PathSet {
    live: Vec<Arc<Path>>,
    /// Paths that worked before the device went offline.
    suspended: Vec<Arc<Path>>,
    guards: Vec<Guard>,
    last_used: Option<u64>,
}

impl PathSet {
    pub(crate) fn live(&self) -> &[Arc<Path>] {
        &self.live
    }

    /// The path most recently used, or any.
    pub(crate) fn shown(&self) -> Option<&Arc<Path>> {
        self.live
            .iter()
            .find(|path| Some(path.id) == self.last_used)
            .or(self.live.first())
    }

    pub(crate) fn add(&mut self, path: Arc<Path>, now: TimestampMs) {
        let relay = path.guard().key();
        if !self.guards.iter().any(|guard| guard.relay == relay) {
            self.guards.insert(0, Guard { relay, since_ms: now });
            self.guards.truncate(MOST_GUARDS);
        }
        self.live.push(path);
    }

    /// Gives a path up; requests under way on it go on.
    pub(crate) fn retire(&mut self, id: u64) -> bool {
        let before = self.live.len();
        self.live.retain(|path| path.id != id);
        self.live.len() != before
    }

    /// Entry relays that may be used again. Spec: network §4 (NET-15)
    pub(crate) fn guards(&self, now: TimestampMs) -> Vec<[u8; 32]> {
        let young = |guard: &&Guard| (0..GUARD_LIFE_MS).contains(&now.0.saturating_sub(guard.since_ms.0));
        self.guards
            .iter()
            .filter(young)
            .map(|guard| guard.relay)
            .collect()
    }

    pub(crate) fn forget_guard(&mut self, key: &[u8; 32]) {
        self.guards.retain(|guard| guard.relay != *key);
    }

    pub(crate) fn saved_guards(&self) -> &[Guard] {
        &self.guards
    }

    pub(crate) fn restore_guards(&mut self, guards: Vec<Guard>) {
        self.guards = guards;
        self.guards.truncate(MOST_GUARDS);
    }

    /// The path to use for a destination, if that is a node: not holding it, not among `avoid`, with the fewest requests
    /// under way.
    pub(crate) fn choose(&mut self, destination: Option<&[u8; 32]>, avoid: &[u64]) -> Option<Arc<Path>> {
        let fit = |path: &&Arc<Path>| {
            !destination.is_some_and(|node| path.holds(node)) && !avoid.contains(&path.id)
        };
        let path = Arc::clone(self.live.iter().filter(fit).min_by_key(|path| path.running())?);
        self.last_used = Some(path.id);
        Some(path)
    }

    /// Puts all paths aside: nothing can be reached.
    pub(crate) fn suspend(&mut self) {
        if !self.live.is_empty() {
            self.suspended = std::mem::take(&mut self.live);
        }
    }

    /// The paths put aside, to be tested.
    pub(crate) fn take_suspended(&mut self) -> Vec<Arc<Path>> {
        std::mem::take(&mut self.suspended)
    }
}

#[cfg(test)]
mod tests;
