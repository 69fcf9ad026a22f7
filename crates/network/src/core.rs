//! What the parts of the network layer share: the pool, the paths, the clock, the published state.
//!
//! Locks are held for moments only, never over an await, and never two at a time except pool before paths.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::TimestampMs;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::time::Instant;

use crate::cache::{CachePart, NetworkCache};
use crate::clock::{ClockOffset, WallClock};
use crate::path::{Path, PathSet, Wish, select};
use crate::profile::NetworkProfile;
use crate::relay_pool::{DOUBT, PoolRelay, RelayPool};
use crate::seam::{ConnectionState, NetworkState};
use crate::swarms::Swarms;
use crate::transport::Transport;

mod timing;

pub(crate) use timing::Timing;

/// Fewest relays of which a path to a destination can be made.
pub(crate) const FEWEST_RELAYS: usize = 4;

/// Requests to swarms, and small ones to servers, at the same time.
const MOST_REQUESTS: usize = 32;
/// Large requests to servers at the same time; each may hold a file several times over. Spec: network §9 (NET-52)
const MOST_TRANSFERS: usize = 4;

/// Why there is no path, as a short code for support.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Neither seeds nor relays gave a list.
    NoRelays,
    /// The pool has too few usable relays, or too few different networks.
    TooFewRelays,
    /// Paths were tried and none worked.
    PathsFail,
}

impl Trouble {
    const fn code(self) -> &'static str {
        match self {
            Self::NoRelays => "no-relays",
            Self::TooFewRelays => "too-few-relays",
            Self::PathsFail => "paths-fail",
        }
    }
}

pub(crate) struct Core {
    pub(crate) profile: NetworkProfile,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) cache: Arc<dyn NetworkCache>,
    pub(crate) timing: Timing,
    pub(crate) clock: ClockOffset,
    /// Held while the clock's offset is being learnt, so that many requests ask once.
    pub(crate) learning_clock: tokio::sync::Mutex<()>,
    /// Requests under way at once; further ones wait within their own deadline.
    pub(crate) requests: Semaphore,
    /// Large requests to servers under way at once; further ones wait before their deadline begins to count.
    pub(crate) transfers: Semaphore,
    /// Wakes the task that builds paths and fetches lists.
    pub(crate) upkeep: Notify,
    /// Wakes the task that looks whether relays can be reached.
    pub(crate) look: Notify,
    /// Set when all paths are to be replaced by others.
    pub(crate) other_paths: AtomicBool,
    wall: Arc<dyn WallClock>,
    rng: Mutex<ChaCha20Rng>,
    pool: Mutex<RelayPool>,
    paths: Mutex<PathSet>,
    swarms: Mutex<Swarms>,
    outside: Mutex<Outside>,
    building: Mutex<Vec<Arc<Path>>>,
    saved: Mutex<BTreeMap<CachePart, Vec<u8>>>,
    state: watch::Sender<NetworkState>,
    next_path: AtomicU64,
}

/// What is known of the world around.
#[derive(Debug)]
struct Outside {
    /// What the device says of itself.
    device_online: bool,
    /// Whether any relay accepts connections; `None` before the first look.
    reachable: Option<bool>,
    /// The last look ended at the user's proxy.
    proxy_silent: bool,
    heard: Option<Instant>,
    seeds_answered: Option<TimestampMs>,
    trouble: Option<Trouble>,
}

impl Core {
    pub(crate) fn new(
        profile: NetworkProfile,
        transport: Arc<dyn Transport>,
        cache: Arc<dyn NetworkCache>,
        wall: Arc<dyn WallClock>,
        rng: ChaCha20Rng,
    ) -> Self {
        let state = NetworkState {
            connection: ConnectionState::Connecting,
            path: Vec::new(),
            clock_offset_ms: 0,
            clock_known: false,
            seeds_answered_ms: None,
            reason: None,
        };
        let outside = Outside {
            device_online: true,
            reachable: None,
            proxy_silent: false,
            heard: None,
            seeds_answered: None,
            trouble: None,
        };
        Self {
            pool: Mutex::new(RelayPool::from_profile(&profile)),
            profile,
            transport,
            cache,
            timing: Timing::default(),
            clock: ClockOffset::default(),
            learning_clock: tokio::sync::Mutex::default(),
            requests: Semaphore::new(MOST_REQUESTS),
            transfers: Semaphore::new(MOST_TRANSFERS),
            upkeep: Notify::new(),
            look: Notify::new(),
            other_paths: AtomicBool::new(false),
            wall,
            rng: Mutex::new(rng),
            paths: Mutex::default(),
            swarms: Mutex::default(),
            outside: Mutex::new(outside),
            building: Mutex::default(),
            saved: Mutex::default(),
            state: watch::Sender::new(state),
            next_path: AtomicU64::new(1),
        }
    }

    pub(crate) fn pool(&self) -> MutexGuard<'_, RelayPool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn paths(&self) -> MutexGuard<'_, PathSet> {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn swarms(&self) -> MutexGuard<'_, Swarms> {
        self.swarms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Paths that are being tested.
    pub(crate) fn building(&self) -> MutexGuard<'_, Vec<Arc<Path>>> {
        self.building.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the cache was last given.
    pub(crate) fn saved(&self) -> MutexGuard<'_, BTreeMap<CachePart, Vec<u8>>> {
        self.saved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn outside(&self) -> MutexGuard<'_, Outside> {
        self.outside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The device's time.
    pub(crate) fn device_now(&self) -> TimestampMs {
        self.wall.now()
    }

    /// The network's time.
    pub(crate) fn network_now(&self) -> TimestampMs {
        self.clock.network_time(self.wall.now())
    }

    /// A generator of its own for one piece of work.
    pub(crate) fn rng(&self) -> ChaCha20Rng {
        let mut seed = [0; 32];
        self.rng
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(&mut seed);
        ChaCha20Rng::from_seed(seed)
    }

    pub(crate) fn watch_state(&self) -> watch::Receiver<NetworkState> {
        self.state.subscribe()
    }

    pub(crate) fn connection(&self) -> ConnectionState {
        self.state.borrow().connection
    }

    /// Publishes what changed, if anything did.
    pub(crate) fn publish(&self) {
        let (path, any_path) = {
            let paths = self.paths();
            (
                paths.shown().map(|path| path.describe()).unwrap_or_default(),
                !paths.live().is_empty(),
            )
        };
        let outside = self.outside();
        let connection = if !outside.device_online || outside.reachable == Some(false) {
            ConnectionState::Offline
        } else if any_path {
            ConnectionState::Connected
        } else if outside.trouble.is_some() {
            ConnectionState::NotConnected
        } else {
            ConnectionState::Connecting
        };
        let reason = match connection {
            ConnectionState::Offline if !outside.device_online => Some("device-offline"),
            ConnectionState::Offline if outside.proxy_silent => Some("proxy"),
            ConnectionState::Offline => Some("no-relay-answers"),
            ConnectionState::NotConnected => outside.trouble.map(Trouble::code),
            ConnectionState::Connected | ConnectionState::Connecting => None,
        };
        let state = NetworkState {
            connection,
            path,
            clock_offset_ms: self.clock.offset_ms(),
            clock_known: self.clock.is_known(),
            seeds_answered_ms: outside.seeds_answered.map(|at| at.0),
            reason: reason.map(str::to_owned),
        };
        drop(outside);
        self.state.send_if_modified(|old| {
            let changed = *old != state;
            if old.connection != state.connection {
                tracing::info!(from = ?old.connection, to = ?state.connection, "connection");
            }
            *old = state;
            changed
        });
    }

    /// Whether the device says that it has a network.
    pub(crate) fn is_device_online(&self) -> bool {
        self.outside().device_online
    }

    pub(crate) fn set_device_online(&self, online: bool) {
        let changed = std::mem::replace(&mut self.outside().device_online, online) != online;
        if changed {
            self.transport.forget_connections();
            if !online {
                self.put_paths_aside();
            }
        }
        self.upkeep.notify_one();
        self.look.notify_one();
        self.publish();
    }

    /// Whether trying makes sense: nothing says that relays cannot be reached.
    pub(crate) fn may_reach(&self) -> bool {
        let outside = self.outside();
        outside.device_online && outside.reachable != Some(false)
    }

    /// When a relay last answered.
    pub(crate) fn heard(&self) -> Option<Instant> {
        self.outside().heard
    }

    /// Notes that a relay answered something.
    pub(crate) fn note_heard(&self) {
        self.outside().heard = Some(Instant::now());
        self.set_reachable(true);
    }

    /// Notes whether it is the user's proxy that does not answer.
    pub(crate) fn set_proxy_silent(&self, silent: bool) {
        self.outside().proxy_silent = silent;
    }

    /// Notes whether relays can be reached; when they cannot, what failed before was nobody's fault.
    pub(crate) fn set_reachable(&self, reachable: bool) {
        let before = self.outside().reachable.replace(reachable);
        if before == Some(reachable) {
            return;
        }
        if reachable {
            self.upkeep.notify_one();
        } else {
            self.transport.forget_connections();
            self.put_paths_aside();
        }
        self.publish();
    }

    fn put_paths_aside(&self) {
        let now = self.device_now();
        self.pool().forgive_recent(now);
        self.paths().suspend();
    }

    pub(crate) fn set_trouble(&self, trouble: Option<Trouble>) {
        self.outside().trouble = trouble;
        self.publish();
    }

    pub(crate) fn seeds_answered(&self) {
        let now = self.device_now();
        self.outside().seeds_answered = Some(now);
        self.note_heard();
        self.publish();
    }

    /// Adds a path that was tested.
    pub(crate) fn add_path(&self, path: Arc<Path>) {
        let now = self.device_now();
        if !self.is_device_online() {
            return;
        }
        self.paths().add(path, now);
        self.set_trouble(None);
    }

    /// Gives a path up and has it replaced.
    pub(crate) fn retire(&self, path: &Path) {
        if self.paths().retire(path.id) {
            tracing::debug!("path given up");
            self.upkeep.notify_one();
            self.publish();
        }
    }

    /// Has a path tested soon.
    pub(crate) fn doubt(&self, path: &Path) {
        path.doubt();
        self.upkeep.notify_one();
    }

    /// Chooses relays for a path, preferring those that did not fail lately.
    pub(crate) fn choose_relays(&self, mut wish: Wish) -> Option<[PoolRelay; 3]> {
        let now = self.device_now();
        wish.diverse = self.profile.path_diversity;
        let mut rng = self.rng();
        let mut pool = self.pool();
        pool.forgive_if_too_few(FEWEST_RELAYS, now);
        wish.rather_not.extend(pool.doubtful(now, DOUBT));
        select(&mut rng, &pool.usable(now), &wish)
    }

    /// A number and a clock for a path of these relays.
    pub(crate) fn new_path(&self, relays: [PoolRelay; 3]) -> Arc<Path> {
        Arc::new(Path::new(self.next_path.fetch_add(1, Ordering::Relaxed), relays))
    }

    /// Strikes a node for what this device saw itself.
    pub(crate) fn strike(&self, node: &[u8; 32]) {
        let now = self.device_now();
        self.pool().strike(node, now);
    }

    /// Strikes a node for what a path says of it, or for what may be its fault or the path's. Spec: network §2 (NET-09)
    pub(crate) fn strike_on_word_of(&self, path: &Path, node: &[u8; 32]) {
        if path.may_accuse() {
            let now = self.device_now();
            self.pool().strike_on_word_of(&path.keys(), node, now);
        }
    }
}
