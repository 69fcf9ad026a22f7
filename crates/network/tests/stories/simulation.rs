//! A network in memory: relays and storage nodes with real onion layers behind a [`Transport`], under a script.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use network::{NetworkProfile, Relay, Seed, TransportError, WallClock};
use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::onion::HopSecret;
use protocol::storage::{MessageHash, SwarmId};
use tokio::time::{Instant, sleep};

mod node;
mod relay;
mod server;
mod transport;

pub(crate) use server::Serving;

/// One way over the simulated line.
const LATENCY: Duration = Duration::from_millis(20);
const EPOCH_MS: i64 = 1_700_000_000_000;

/// How a node behaves as a relay and as a storage node.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Behaviour {
    #[default]
    Honest,
    /// Accepts connections and never answers.
    Silent,
    /// Answers everything, as a guard, with this status and text.
    Says(u16, &'static str),
    /// As a storage node, answers with this status and text.
    Answers(u16, &'static str),
    /// As a guard, answers with more than anybody takes.
    Huge,
    /// As a storage node, tells a time that is off by so many milliseconds.
    TimeOff(i64),
    /// As a storage node, says that these relays are all there are.
    Lists(Vec<u8>),
    /// As a storage node, says that these relays keep every account.
    Redirects(Vec<u8>),
    /// As a relay, drops what it should pass on, without a word.
    Drops,
    /// As a relay, says of everybody that there is no such node.
    Denies,
    /// As a storage node, takes so long to answer.
    Late(Duration),
}

/// The device's own connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Up,
    /// There is no way to anybody, and the device knows it.
    Down,
    /// Packets vanish.
    Swallows,
    /// An answer begins to come at once and takes some seconds.
    Slow,
    /// Full of what is being sent, which takes 20 seconds, so that looking for relays fails.
    Crowded,
}

pub(crate) struct SimNode {
    pub(crate) number: u8,
    pub(crate) ed25519: [u8; 32],
    pub(crate) secret: HopSecret,
    pub(crate) address: SocketAddr,
    pub(crate) swarm: SwarmId,
    pub(crate) up: bool,
    pub(crate) behaviour: Behaviour,
    pub(crate) stored: BTreeMap<AccountId, BTreeMap<MessageHash, Vec<u8>>>,
}

struct State {
    nodes: Vec<SimNode>,
    line: Line,
    seeds_up: bool,
    slow_seeds: usize,
    seed_lists: Option<Vec<u8>>,
    posted: BTreeSet<SocketAddr>,
    contacts: usize,
    diversity: bool,
    seeds: usize,
    bundled: usize,
    min_relays: usize,
    serving: Serving,
    asked_server: usize,
}

/// A network that clients can be started on; clones are the same network.
#[derive(Clone)]
pub(crate) struct Simulation {
    state: Arc<Mutex<State>>,
    start: Instant,
    device_off_ms: i64,
}

impl Simulation {
    /// `relays` relays in `swarms` swarms, all named by the profile.
    pub(crate) fn new(relays: u8, swarms: u8) -> Self {
        let nodes: Vec<SimNode> = (0..relays).map(|number| SimNode::new(number, swarms)).collect();
        let bundled = nodes.len();
        let state = State {
            nodes,
            line: Line::Up,
            seeds_up: true,
            slow_seeds: 0,
            seed_lists: None,
            posted: BTreeSet::new(),
            contacts: 0,
            diversity: false,
            seeds: 0,
            bundled,
            min_relays: 4,
            serving: Serving::default(),
            asked_server: 0,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            start: Instant::now(),
            device_off_ms: 0,
        }
    }

    /// The same, with `seeds` seeds and only the first `bundled` relays in the profile.
    pub(crate) fn with_seeds(relays: u8, swarms: u8, seeds: usize, bundled: usize) -> Self {
        let simulation = Self::new(relays, swarms);
        {
            let mut state = simulation.lock();
            state.seeds = seeds;
            state.bundled = bundled;
        }
        simulation
    }

    /// The device's clock is off by so many milliseconds.
    pub(crate) fn with_device_clock_off(mut self, ms: i64) -> Self {
        self.device_off_ms = ms;
        self
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while holding it")
    }

    pub(crate) fn profile(&self) -> NetworkProfile {
        let state = self.lock();
        let relays = state.nodes.iter().take(state.bundled).map(|node| Relay {
            ed25519: node.ed25519,
            x25519: Some(*node.secret.public()),
            ip: node.address.ip(),
            https_port: node.address.port(),
            quic_port: None,
            swarm: (state.seeds == 0).then_some(node.swarm),
        });
        NetworkProfile {
            name: "simulated".into(),
            seeds: (0..state.seeds)
                .map(|seed| Seed {
                    url: format!("http://seed{seed}.test:1").parse().expect("a URL"),
                    spki_sha256: Vec::new(),
                })
                .collect(),
            relays: relays.collect(),
            path_diversity: state.diversity,
            private_addresses: true,
            min_relays: state.min_relays,
            file_server: None,
            push_server: None,
            community_list: None,
            names: None,
        }
    }

    pub(crate) fn network_now(&self) -> TimestampMs {
        let elapsed = i64::try_from(self.start.elapsed().as_millis()).expect("a test is short");
        TimestampMs(EPOCH_MS + elapsed)
    }

    pub(crate) fn device_clock(&self) -> Arc<dyn WallClock> {
        Arc::new(DeviceClock(self.clone()))
    }

    pub(crate) fn kill(&self, number: u8) {
        self.lock().nodes[usize::from(number)].up = false;
    }

    pub(crate) fn revive(&self, number: u8) {
        self.lock().nodes[usize::from(number)].up = true;
    }

    pub(crate) fn set(&self, number: u8, behaviour: Behaviour) {
        self.lock().nodes[usize::from(number)].behaviour = behaviour;
    }

    /// Cuts the device off, or connects it again.
    pub(crate) fn set_line(&self, line: Line) {
        self.lock().line = line;
    }

    /// Lets the first seeds accept connections and say nothing.
    pub(crate) fn slow_down_seeds(&self, count: usize) {
        self.lock().slow_seeds = count;
    }

    pub(crate) fn silence_seeds(&self) {
        self.lock().seeds_up = false;
    }

    /// Lets seeds name these relays only.
    pub(crate) fn seeds_list(&self, numbers: Vec<u8>) {
        self.lock().seed_lists = Some(numbers);
    }

    /// The number of the node with a key.
    pub(crate) fn number(&self, key: &[u8; 32]) -> u8 {
        let state = self.lock();
        state
            .nodes
            .iter()
            .find(|node| node.ed25519 == *key)
            .map(|node| node.number)
            .expect("a node of the network")
    }

    /// The numbers of an account's swarm.
    pub(crate) fn member_numbers(&self, account: &AccountId) -> Vec<u8> {
        let keys = self.members(account);
        keys.iter().map(|key| self.number(key)).collect()
    }

    /// The keys of an account's swarm.
    pub(crate) fn members(&self, account: &AccountId) -> Vec<[u8; 32]> {
        let state = self.lock();
        let swarm = state.swarm_of(account);
        state
            .nodes
            .iter()
            .filter(|node| node.swarm == swarm)
            .map(|node| node.ed25519)
            .collect()
    }

    /// How many nodes hold a message.
    pub(crate) fn copies(&self, account: &AccountId, text: &str) -> usize {
        let holds = |node: &&SimNode| {
            node.stored
                .get(account)
                .is_some_and(|box_| box_.values().any(|data| data == text.as_bytes()))
        };
        self.lock().nodes.iter().filter(holds).count()
    }

    /// Addresses that requests were sent to, probes not among them.
    pub(crate) fn posted_to(&self) -> Vec<SocketAddr> {
        self.lock().posted.iter().copied().collect()
    }

    /// How often anything was connected to.
    pub(crate) fn contacts(&self) -> usize {
        self.lock().contacts
    }

    /// Connects to an address.
    async fn connect(&self, address: SocketAddr, within: Duration) -> Result<(), TransportError> {
        let line = {
            let mut state = self.lock();
            state.contacts += 1;
            state.line
        };
        match line {
            Line::Up | Line::Slow | Line::Crowded => sleep(LATENCY).await,
            Line::Down => return Err(TransportError::Refused),
            Line::Swallows => {
                sleep(within).await;
                return Err(TransportError::ConnectTimedOut);
            }
        }
        let up = self
            .lock()
            .nodes
            .iter()
            .any(|node| node.address == address && node.up);
        if up { Ok(()) } else { Err(TransportError::Refused) }
    }
}

impl SimNode {
    fn new(number: u8, swarms: u8) -> Self {
        // The keys need not belong together: the profile and all lists name both.
        let secret = HopSecret::from_bytes([number.wrapping_add(100); 32]);
        let step = u64::MAX / u64::from(swarms);
        Self {
            number,
            ed25519: [number; 32],
            secret,
            address: SocketAddr::from(([10, number, 0, 1], 22021)),
            swarm: SwarmId(step * u64::from(number % swarms)),
            up: true,
            behaviour: Behaviour::Honest,
            stored: BTreeMap::new(),
        }
    }
}

impl State {
    fn swarm_of(&self, account: &AccountId) -> SwarmId {
        let ids: Vec<SwarmId> = self.nodes.iter().map(|node| node.swarm).collect();
        protocol::storage::swarm::choose(&ids, account).expect("there are nodes")
    }
}

struct DeviceClock(Simulation);

impl WallClock for DeviceClock {
    fn now(&self) -> TimestampMs {
        TimestampMs(self.0.network_now().0 + self.0.device_off_ms)
    }
}
