//! A network in memory: real storage nodes behind a way to them that is as bad as a test wants it.
//!
//! The same code that serves HTTPS answers here; in between there are a settable clock, latency, loss of requests and of
//! replies, repetition, and swarms that refuse, keep silent or answer nonsense. Different latencies reorder.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::{Clock, ManualClock};
use futures::FutureExt;
use futures::future::BoxFuture;
use network::{BuildRequest, ConnectionState, Network, NetworkState, PathRelay, RequestError, SwarmAnswer};
use node::MemoryNetwork;
use node::storage::{RpcAnswer, RpcBody};
use protocol::account::AccountId;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use serde_json::Value;
use tokio::sync::watch;

/// When the simulated world begins.
pub const START: protocol::TimestampMs = protocol::TimestampMs(1_775_000_000_000);

/// The storage nodes and the true time; everybody's networks lead here.
pub struct World {
    /// The nodes.
    pub nodes: MemoryNetwork,
    /// The true time; engines use it as their device's clock unless told otherwise.
    pub clock: ManualClock,
    rng: Mutex<ChaCha20Rng>,
}

/// What goes wrong between one device and the nodes. Chances are out of 100.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Requests take up to so many milliseconds of simulated time.
    pub latency_ms: u32,
    /// Requests that never arrive.
    pub lost_requests: u32,
    /// Requests that are carried out, but whose answer never arrives.
    pub lost_replies: u32,
    /// Requests that arrive twice.
    pub repeated: u32,
    /// The swarm refuses everything with this status.
    pub refusal: Option<u16>,
    /// The swarm answers this in place of the truth.
    pub nonsense: Option<Value>,
    /// Requests hang for ever.
    pub hangs: bool,
    /// Times that the runtime may do something else before and after a request arrives, at most.
    pub hesitation: u32,
}

impl World {
    /// Nine nodes in three swarms.
    pub fn new(seed: u64) -> Arc<Self> {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let nodes = MemoryNetwork::new(&mut rng, 9, 3).expect("SQLite has memory");
        Arc::new(Self {
            nodes,
            clock: ManualClock::new(START),
            rng: Mutex::new(rng),
        })
    }

    fn below(&self, bound: u32) -> u32 {
        lock(&self.rng).next_u32().checked_rem(bound).unwrap_or(0)
    }

    fn chance(&self, of_100: u32) -> bool {
        self.below(100) < of_100
    }
}

/// One device's way to the nodes.
pub struct SimulatedNetwork {
    world: Arc<World>,
    faults: Mutex<Faults>,
    requests: Mutex<usize>,
    state: watch::Sender<NetworkState>,
}

impl SimulatedNetwork {
    /// A connected device whose clock is right.
    pub fn new(world: &Arc<World>) -> Arc<Self> {
        Self::with_clock_offset(world, 0)
    }

    /// A connected device that must add `offset_ms` to its clock to get the network's time.
    pub fn with_clock_offset(world: &Arc<World>, offset_ms: i64) -> Arc<Self> {
        let relay = |last| PathRelay {
            node: [last; 32],
            ip: IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)),
        };
        let state = NetworkState {
            connection: ConnectionState::Connected,
            path: vec![relay(1), relay(2), relay(3)],
            clock_offset_ms: offset_ms,
            seeds_answered_ms: None,
            reason: None,
        };
        Arc::new(Self {
            world: Arc::clone(world),
            faults: Mutex::default(),
            requests: Mutex::default(),
            state: watch::Sender::new(state),
        })
    }

    /// Sets what goes wrong from now on.
    pub fn set_faults(&self, faults: Faults) {
        *lock(&self.faults) = faults;
    }

    /// How many requests were made.
    pub fn requests(&self) -> usize {
        *lock(&self.requests)
    }

    fn is_online(&self) -> bool {
        self.state.borrow().connection != ConnectionState::Offline
    }

    async fn hesitate(&self, most: u32) {
        for _ in 0..self.world.below(most.saturating_add(1)) {
            tokio::task::yield_now().await;
        }
    }

    async fn exchange(
        &self,
        account: AccountId,
        build: &BuildRequest<'_>,
    ) -> Result<SwarmAnswer, RequestError> {
        *lock(&self.requests) += 1;
        let faults = lock(&self.faults).clone();
        if !self.is_online() {
            return Err(RequestError::Offline);
        }
        if faults.hangs {
            std::future::pending::<()>().await;
        }
        let members = self.world.nodes.swarm_of(&account);
        let chosen = self.world.below(u32::try_from(members.len()).unwrap_or(1)) as usize;
        let node = *members.get(chosen).ok_or(RequestError::SwarmSilent)?;
        let wait = self.world.below(faults.latency_ms.saturating_add(1));
        self.world
            .clock
            .sleep_until(self.world.clock.now().plus_ms(i64::from(wait)))
            .await;
        self.hesitate(faults.hesitation).await;
        if self.world.chance(faults.lost_requests) {
            return Err(RequestError::SwarmSilent);
        }
        let now = self.world.clock.now();
        let request = build(now, &node);
        if let Some(status) = faults.refusal {
            return Err(RequestError::Refused {
                status,
                reason: "because".to_owned(),
            });
        }
        if self.world.chance(faults.repeated) {
            let _ = self.world.nodes.handle_request(now, &node, request.clone());
        }
        let answer = self
            .world
            .nodes
            .handle_request(now, &node, request)
            .ok_or(RequestError::SwarmSilent)?;
        self.hesitate(faults.hesitation).await;
        if self.world.chance(faults.lost_replies) || !self.is_online() {
            return Err(RequestError::SwarmSilent);
        }
        match (faults.nonsense, answer) {
            (Some(body), _) => Ok(SwarmAnswer {
                node,
                members,
                status: 200,
                body,
            }),
            (
                None,
                RpcAnswer {
                    status: 200,
                    body: RpcBody::Json(body),
                },
            ) => Ok(SwarmAnswer {
                node,
                members,
                status: 200,
                body,
            }),
            (None, answer) => Err(RequestError::Refused {
                status: answer.status,
                reason: answer.body_json().to_string().chars().take(200).collect(),
            }),
        }
    }
}

impl Network for SimulatedNetwork {
    fn to_swarm<'a>(
        &'a self,
        account: AccountId,
        build: &'a BuildRequest<'a>,
    ) -> BoxFuture<'a, Result<SwarmAnswer, RequestError>> {
        self.exchange(account, build).boxed()
    }

    fn state(&self) -> watch::Receiver<NetworkState> {
        self.state.subscribe()
    }

    fn new_path(&self) {
        self.state.send_modify(|state| state.path.rotate_left(1));
    }

    fn set_device_online(&self, online: bool) {
        self.state.send_modify(|state| {
            state.connection = if online {
                ConnectionState::Connected
            } else {
                ConnectionState::Offline
            };
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
