//! A network in memory: real storage nodes behind a way to them that is as bad as a test wants it.
//!
//! The same code that serves HTTPS answers here; in between there are a settable clock, latency, loss of requests and of
//! replies, repetition, and swarms that refuse, keep silent or answer nonsense. Different latencies reorder. Servers of
//! other kinds are what a test plugs in.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::{Clock, ManualClock};
use futures::FutureExt;
use futures::future::BoxFuture;
use network::{
    BuildRequest, ConnectionState, Network, NetworkState, PathRelay, RequestError, ServerAddress,
    ServerRequest, SwarmAnswer, Transfer,
};
use node::MemoryNetwork;
use node::storage::RpcAnswer;
use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::onion::{self, ServerReply};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use serde_json::Value;
use tokio::sync::watch;

/// When the simulated world begins.
pub const START: TimestampMs = TimestampMs(1_775_000_000_000);

/// What a server answers at a time.
pub type Server = dyn Fn(TimestampMs, &onion::ServerRequest) -> ServerReply + Send + Sync;

/// The storage nodes and the true time; everybody's networks lead here.
pub struct World {
    /// The nodes.
    pub nodes: MemoryNetwork,
    /// The true time; engines use it as their device's clock unless told otherwise.
    pub clock: ManualClock,
    rng: Mutex<ChaCha20Rng>,
    servers: Mutex<BTreeMap<String, Arc<Server>>>,
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
    /// What members say, without a signature, of when the messages they give expire.
    pub said_expiry: Option<TimestampMs>,
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
            servers: Mutex::default(),
        })
    }

    /// Has `server` answer what is sent to `host`, in place of whoever did.
    pub fn plug_in(&self, host: &str, server: Arc<Server>) {
        lock(&self.servers).insert(host.to_owned(), server);
    }

    fn server(&self, address: &ServerAddress) -> Option<Arc<Server>> {
        lock(&self.servers).get(address.url.host_str()?).cloned()
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
            clock_known: true,
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

    /// Forgets what relays have said of the time, as at the start of a process; `None` until they say something.
    pub fn learn_clock(&self, offset_ms: Option<i64>) {
        self.state.send_modify(|state| {
            state.clock_known = offset_ms.is_some();
            state.clock_offset_ms = offset_ms.unwrap_or(0);
        });
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

    /// What goes wrong with a request that is about to be made.
    async fn set_out(&self) -> Result<Faults, RequestError> {
        *lock(&self.requests) += 1;
        let faults = lock(&self.faults).clone();
        if !self.is_online() {
            return Err(RequestError::Offline);
        }
        if faults.hangs {
            std::future::pending::<()>().await;
        }
        Ok(faults)
    }

    /// Whether a request arrives, after it took its time.
    async fn arrives(&self, faults: &Faults) -> bool {
        let wait = self.world.below(faults.latency_ms.saturating_add(1));
        self.world
            .clock
            .sleep_until(self.world.clock.now().plus_ms(i64::from(wait)))
            .await;
        self.hesitate(faults.hesitation).await;
        !self.world.chance(faults.lost_requests)
    }

    /// Whether an answer comes back.
    async fn comes_back(&self, faults: &Faults) -> bool {
        self.hesitate(faults.hesitation).await;
        !self.world.chance(faults.lost_replies) && self.is_online()
    }

    async fn ask_server(
        &self,
        address: &ServerAddress,
        request: ServerRequest,
    ) -> Result<ServerReply, RequestError> {
        let faults = self.set_out().await?;
        let server = self.world.server(address).ok_or(RequestError::NoPath)?;
        let len = |body: &[u8]| u64::try_from(body.len()).unwrap_or(u64::MAX);
        let (asked, progress) = (request.request, request.progress.unwrap_or_default());
        let mut transfer = Transfer {
            to_send: len(asked.body.as_deref().unwrap_or_default()),
            ..Transfer::default()
        };
        progress.send_replace(transfer);
        if !self.arrives(&faults).await {
            return Err(RequestError::ServerSilent);
        }
        transfer.sent = transfer.to_send;
        progress.send_replace(transfer);
        let now = self.world.clock.now();
        if self.world.chance(faults.repeated) {
            let _ = server(now, &asked);
        }
        let reply = match faults.refusal {
            Some(code) => ServerReply {
                code,
                headers: BTreeMap::new(),
                body: Vec::new(),
            },
            None => server(now, &asked),
        };
        if reply.body.len() > request.max_reply_len {
            return Err(RequestError::TooLarge);
        }
        if !self.comes_back(&faults).await {
            return Err(RequestError::ServerSilent);
        }
        transfer.received = len(&reply.body);
        transfer.to_receive = Some(transfer.received);
        progress.send_replace(transfer);
        Ok(reply)
    }

    async fn exchange(
        &self,
        account: AccountId,
        build: &BuildRequest<'_>,
    ) -> Result<SwarmAnswer, RequestError> {
        let faults = self.set_out().await?;
        let members = self.world.nodes.swarm_of(&account);
        let chosen = self.world.below(u32::try_from(members.len()).unwrap_or(1)) as usize;
        let node = *members.get(chosen).ok_or(RequestError::SwarmSilent)?;
        if !self.arrives(&faults).await {
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
        if !self.comes_back(&faults).await {
            return Err(RequestError::SwarmSilent);
        }
        match (faults.nonsense, answer) {
            (Some(body), _) => Ok(SwarmAnswer {
                node,
                members,
                status: 200,
                body,
            }),
            (None, answer @ RpcAnswer { status: 200, .. }) => {
                let mut body = answer.body_json();
                if let Some(said) = faults.said_expiry {
                    say_expiry(&mut body, said);
                }
                Ok(SwarmAnswer {
                    node,
                    members,
                    status: 200,
                    body,
                })
            }
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

    fn to_server<'a>(
        &'a self,
        server: &'a ServerAddress,
        request: ServerRequest,
    ) -> BoxFuture<'a, Result<ServerReply, RequestError>> {
        self.ask_server(server, request).boxed()
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

/// Changes what an answer says of when messages expire; no signature covers it.
fn say_expiry(body: &mut Value, said: TimestampMs) {
    let messages = body.get_mut("messages").and_then(Value::as_array_mut);
    for message in messages.into_iter().flatten() {
        message["expiration"] = said.0.into();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
