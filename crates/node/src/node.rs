//! One node, running or not.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt};
use tokio_util::sync::CancellationToken;

use crate::clock;
use crate::faults::{Fate, Faults};
use crate::http::{self, Front, Limits, Listening};
use crate::identity::NodeIdentity;
use crate::memory::Memory;
use crate::node_list::{NodeList, NodeRecord};
use crate::peer::{PeerLinks, PeerService};
use crate::port::Port;
use crate::rate_limit::RateLimit;
use crate::relay::{Exits, ONION_COMMAND, Relay, RelaySetup, ServerClient};
use crate::running::Running;
use crate::seam::{PeerReply, Storage, StorageSetup};
use crate::tls::{self, Certificate};

/// How often the storage forgets what has expired. Spec: storage §12 (STO-85)
const CLEAN_UP_PERIOD: Duration = Duration::from_secs(10);

/// Why a storage does not open.
pub type StorageError = Box<dyn std::error::Error + Send + Sync>;

/// Opens a node's storage; called at each start, and may block.
pub type OpenStorage = dyn Fn(StorageSetup) -> Result<Arc<dyn Storage>, StorageError> + Send + Sync;

/// What a node is.
#[derive(Clone)]
pub struct NodeConfig {
    /// Its keys; `nodes` lists them with its address and swarm.
    pub identity: Arc<NodeIdentity>,
    /// What clients see of its TLS.
    pub certificate: Arc<Certificate>,
    /// All nodes of the network, this one included.
    pub nodes: Arc<NodeList>,
    /// The file with its messages; in memory, and lost at each stop, where there is none.
    pub database: Option<PathBuf>,
    /// On clients' requests.
    pub rate_limit: RateLimit,
    /// On servers that it posts to.
    pub exits: Exits,
    /// On what strangers can hold.
    pub limits: Limits,
    /// Makes its storage.
    pub storage: Arc<OpenStorage>,
}

/// Why a node does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NodeError {
    /// The port cannot be had.
    #[error("cannot listen on port {port}")]
    Listen {
        /// The port, or 0 where any would have done.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// The storage does not open.
    #[error("the storage does not open: {0}")]
    Storage(#[source] StorageError),
    /// The keys do not make a TLS configuration.
    #[error("TLS cannot be set up")]
    Tls(#[from] rustls::Error),
    /// It runs already.
    #[error("the node is running")]
    Running,
}

/// One node on one port, with one identity; can be stopped and started again on the same port with the same data.
///
/// Dropping it ends it at once, as [`Node::kill`] does, without waiting for its tasks.
pub struct Node {
    config: NodeConfig,
    faults: Faults,
    port: Port,
    running: Mutex<Option<Running>>,
}

impl Node {
    /// Starts a node on a port that was bound for it.
    ///
    /// # Errors
    /// [`NodeError`]
    pub async fn start(config: NodeConfig, port: Port) -> Result<Self, NodeError> {
        let node = Self {
            config,
            faults: Faults::default(),
            port,
            running: Mutex::default(),
        };
        node.restart().await?;
        Ok(node)
    }

    /// Starts it again after [`Node::stop`] or [`Node::kill`]: same port, same keys, same messages.
    ///
    /// # Errors
    /// [`NodeError`]
    pub async fn restart(&self) -> Result<(), NodeError> {
        if self.is_running() {
            return Err(NodeError::Running);
        }
        let running = Running::default();
        let Running { stop, tasks, .. } = &running;
        let NodeConfig {
            identity,
            certificate,
            nodes,
            ..
        } = &self.config;
        let peers = Arc::new(PeerLinks::new(identity, nodes, tasks.clone(), stop.clone())?);
        let setup = StorageSetup {
            identity: identity.clone(),
            nodes: nodes.clone(),
            peers: peers.clone(),
            database: self.config.database.clone(),
        };
        let open = self.config.storage.clone();
        let storage = match tokio::task::spawn_blocking(move || open(setup)).await {
            Ok(opened) => opened.map_err(NodeError::Storage)?,
            Err(panicked) => return Err(NodeError::Storage(panicked.into())),
        };
        let relay = Arc::new(Relay::new(RelaySetup {
            identity: identity.clone(),
            nodes: nodes.clone(),
            peers,
            storage: storage.clone(),
            servers: ServerClient::new(self.config.exits.clone())?,
            memory: Memory::new(self.config.limits.max_onion_bytes_in_memory),
        }));
        let peers = Arc::new(PeerSide {
            relay: relay.clone(),
            storage: storage.clone(),
            faults: self.faults.clone(),
        });
        let NodeConfig {
            rate_limit, limits, ..
        } = self.config;
        let limits = (limits, self.faults.clone());
        let front = Front::new(storage.clone(), relay, identity.legacy(), rate_limit, limits);
        let listening = Arc::new(Listening {
            front: Arc::new(front),
            peers,
            nodes: nodes.clone(),
            client_tls: tls::client_facing_config(certificate)?,
            peer_tls: tls::peer_server_config(identity, nodes.clone())?,
            drain: running.drain.clone(),
            stop: stop.clone(),
            connections: running.connections.clone(),
        });
        let listener = self.port.listen().map_err(|source| NodeError::Listen {
            port: self.port(),
            source,
        })?;
        running.connections.spawn(http::accept(listener, listening));
        tasks.spawn(clean_up(storage, stop.clone()));
        running.close();
        *self.lock() = Some(running);
        Ok(())
    }

    /// Stops it: no new connection, a short while for requests in progress, then all connections end. The port stays
    /// reserved; connecting to it is refused.
    pub async fn stop(&self) {
        let Some(running) = self.lock().take() else { return };
        running.drain().await;
        self.end(running).await;
    }

    /// Ends it at once, in the middle of whatever it does.
    pub async fn kill(&self) {
        let Some(running) = self.lock().take() else { return };
        self.end(running).await;
    }

    async fn end(&self, running: Running) {
        running.end().await;
        self.port.reserve();
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.lock().is_some()
    }

    /// What it does wrong on purpose.
    pub const fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Its TCP port.
    pub const fn port(&self) -> u16 {
        self.port.number()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((
            self.record().map_or(Ipv4Addr::LOCALHOST, |record| record.ip),
            self.port(),
        ))
    }

    /// Its entry in the node list.
    pub fn record(&self) -> Option<&NodeRecord> {
        self.config.nodes.get(&self.config.identity.ed25519())
    }

    /// Its certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.config.certificate
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        // Nothing panics while it holds the lock.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn clean_up(storage: Arc<dyn Storage>, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(CLEAN_UP_PERIOD);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        storage.clean_up(clock::now()).await;
    }
}

/// What other nodes meet.
struct PeerSide {
    relay: Arc<Relay>,
    storage: Arc<dyn Storage>,
    faults: Faults,
}

impl PeerService for PeerSide {
    fn answer(
        &self,
        from: Arc<NodeRecord>,
        command: String,
        payload: Bytes,
    ) -> BoxFuture<'static, Option<PeerReply>> {
        let (relay, storage, faults) = (self.relay.clone(), self.storage.clone(), self.faults.clone());
        async move {
            match faults.judge().await {
                Fate::Answer => {}
                Fate::HangUp => return None,
                Fate::Bytes(body) => {
                    return Some(PeerReply {
                        status: 200,
                        body: body.into(),
                    });
                }
            }
            Some(match command.as_str() {
                ONION_COMMAND => {
                    let relayed = relay.handle_peer(&payload).await;
                    PeerReply {
                        status: relayed.status,
                        body: relayed.body,
                    }
                }
                command => storage.handle_peer(clock::now(), &from, command, &payload).await,
            })
        }
        .boxed()
    }
}
