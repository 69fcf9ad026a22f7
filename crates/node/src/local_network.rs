//! A whole network on loopback: for tests, for trying things out, for working on a train.
//!
//! Nodes and the file server are the real ones, with keys, TLS, links and databases of their own; only their addresses are all alike. What
//! is kept lives in a folder that is given or, where none is, in a temporary one that ends with the network.

mod folder;
mod interference;

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use data_encoding::{BASE64, HEXLOWER};
use protocol::account::{AccountId, AccountIdError};
use protocol::storage::SwarmId;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::faults::Faults;
use crate::file_server::{FileHost, FileHostConfig, FileHostError};
use crate::http::Limits;
use crate::node::{Node, NodeConfig, NodeError};
use crate::node_list::{NodeList, NodeRecord, swarm_ids};
use crate::rate_limit::RateLimit;
use crate::relay::Exits;

use folder::{Folder, NodeFolder};
use interference::Interference;

/// Nodes that the profile names as seeds.
const SEEDS: usize = 3;
/// Fewest nodes that make three hops and a destination.
const MIN_RELAYS: usize = 4;

/// All clients share an address, and all files of a test may travel at once.
const LIMITS: Limits = Limits {
    max_connections_per_address: Limits::NETWORK.max_connections,
    max_body_bytes_in_memory: 1024 * 1024 * 1024,
    max_onion_bytes_in_memory: 1024 * 1024 * 1024,
    ..Limits::NETWORK
};

/// What a local network is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalNetworkOptions {
    /// How many nodes.
    pub nodes: usize,
    /// How many swarms they are spread over, evenly.
    pub swarms: usize,
    /// Keeps keys, ports and messages from one run to the next; `None` forgets all of it.
    pub data: Option<PathBuf>,
}

/// Why there is no local network, or a step of it failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocalNetworkError {
    /// There must be at least one swarm and a node for each.
    #[error("{nodes} nodes do not make {swarms} swarms")]
    Sizes {
        /// As asked.
        nodes: usize,
        /// As asked.
        swarms: usize,
    },
    /// A node does not start.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// What is kept in the folder cannot be used.
    #[error("the folder {path} cannot be used")]
    Folder {
        /// The folder or a file in it.
        path: PathBuf,
        /// What is wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file server does not start.
    #[error("the file server does not start")]
    Files(#[from] FileHostError),
    /// There is no node of this number.
    #[error("there is no node {0}")]
    NoNode(usize),
    /// The text is no Account ID.
    #[error("not an Account ID")]
    Account(#[from] AccountIdError),
}

/// A running network. Dropping it ends all nodes at once.
pub struct LocalNetwork {
    nodes: Vec<Node>,
    files: FileHost,
    list: Arc<NodeList>,
    interference: Interference,
    _folder: Folder,
}

impl LocalNetwork {
    /// Starts `nodes` nodes in `swarms` swarms on free ports, with fresh keys and a temporary folder.
    ///
    /// # Errors
    /// [`LocalNetworkError`]
    pub async fn start(nodes: usize, swarms: usize) -> Result<Self, LocalNetworkError> {
        Self::start_with(LocalNetworkOptions {
            nodes,
            swarms,
            data: None,
        })
        .await
    }

    /// Starts a network.
    ///
    /// # Errors
    /// [`LocalNetworkError`]
    pub async fn start_with(options: LocalNetworkOptions) -> Result<Self, LocalNetworkError> {
        let LocalNetworkOptions { nodes, swarms, data } = options;
        if swarms == 0 || nodes < swarms {
            return Err(LocalNetworkError::Sizes { nodes, swarms });
        }
        let folder = Folder::open(data)?;
        let folders: Vec<_> = (1..=nodes)
            .map(|number| folder.node(number))
            .collect::<Result<_, _>>()?;
        let swarms = swarm_ids(swarms);
        let records = folders
            .iter()
            .zip(swarms.iter().cycle())
            .map(|(node, swarm)| record(node, *swarm));
        let list = Arc::new(NodeList::new(records));
        let interference = Interference::default();
        let mut started = Vec::new();
        for NodeFolder {
            identity,
            certificate,
            port,
            database,
        } in folders
        {
            let config = NodeConfig {
                identity: Arc::new(identity),
                certificate: Arc::new(certificate),
                nodes: list.clone(),
                database: Some(database),
                rate_limit: RateLimit::Off,
                exits: Exits::Anywhere,
                limits: LIMITS,
                storage: interference.opener(),
            };
            started.push(Node::start(config, port).await?);
        }
        let (config, port) = folder.file_server()?;
        let config = FileHostConfig {
            rate_limit: RateLimit::Off,
            limits: LIMITS,
            ..config
        };
        Ok(Self {
            nodes: started,
            files: FileHost::start(config, port).await?,
            list,
            interference,
            _folder: folder,
        })
    }

    /// The network profile, as a JSON file's text: some nodes as seeds with pinned keys, and all nodes as relays.
    pub fn profile_json(&self) -> String {
        let pin = |node: &Node| BASE64.encode(&Sha256::digest(node.certificate().spki()));
        let seeds =
            self.nodes.iter().take(SEEDS).map(
                |node| json!({ "url": format!("https://{}", node.address()), "spki_sha256": [pin(node)] }),
            );
        let relays = self.nodes.iter().filter_map(Node::record).map(|record| {
            json!({
                "ed25519": HEXLOWER.encode(&record.ed25519),
                "x25519": HEXLOWER.encode(&record.x25519),
                "ip": record.ip,
                "https_port": record.https_port,
                "swarm": record.swarm.to_string(),
            })
        });
        let profile = json!({
            "name": "local",
            "seeds": seeds.collect::<Vec<_>>(),
            "relays": relays.collect::<Vec<_>>(),
            "path_diversity": false,
            "private_addresses": true,
            "min_relays": MIN_RELAYS,
            "file_server": self.files.profile_json(),
        });
        format!("{profile:#}\n")
    }

    /// How many nodes there are, running or not.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// The file server: its address, its faults, and stopping and starting it.
    pub const fn file_server(&self) -> &FileHost {
        &self.files
    }

    /// A node, counted from 0.
    ///
    /// # Errors
    /// [`LocalNetworkError::NoNode`]
    pub fn node(&self, index: usize) -> Result<&Node, LocalNetworkError> {
        self.nodes.get(index).ok_or(LocalNetworkError::NoNode(index))
    }

    /// What a node, counted from 0, does wrong on purpose.
    ///
    /// # Errors
    /// [`LocalNetworkError::NoNode`]
    pub fn faults(&self, index: usize) -> Result<&Faults, LocalNetworkError> {
        self.node(index).map(Node::faults)
    }

    /// The nodes, counted from 0, that keep an account's messages.
    ///
    /// # Errors
    /// [`LocalNetworkError::Account`]
    pub fn swarm_members(&self, account: &str) -> Result<Vec<usize>, LocalNetworkError> {
        let swarm = self.list.swarm_of(&AccountId::parse(account)?);
        let is_member = |node: &Node| node.record().map(|record| record.swarm) == swarm;
        Ok(self
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| is_member(node))
            .map(|(index, _)| index)
            .collect())
    }

    /// Ends a node, counted from 0, at once.
    ///
    /// # Errors
    /// [`LocalNetworkError::NoNode`]
    pub async fn stop_node(&self, index: usize) -> Result<(), LocalNetworkError> {
        self.node(index)?.kill().await;
        Ok(())
    }

    /// Starts a stopped node again on its port with what it kept.
    ///
    /// # Errors
    /// [`LocalNetworkError`]
    pub async fn restart_node(&self, index: usize) -> Result<(), LocalNetworkError> {
        Ok(self.node(index)?.restart().await?)
    }

    /// Ends all nodes and the file server at once.
    pub async fn stop_all(&self) {
        self.files.kill().await;
        for node in &self.nodes {
            node.kill().await;
        }
    }

    /// Starts all stopped nodes, and the file server, again: same ports, same keys, messages and files kept.
    ///
    /// # Errors
    /// [`LocalNetworkError`]
    pub async fn restart_all(&self) -> Result<(), LocalNetworkError> {
        for node in self.nodes.iter().filter(|node| !node.is_running()) {
            node.restart().await?;
        }
        if !self.files.is_running() {
            self.files.restart().await?;
        }
        Ok(())
    }

    /// Has the members of an account's swarm answer every storage request that names it with 503, until
    /// [`LocalNetwork::accept_again`].
    ///
    /// # Errors
    /// [`LocalNetworkError::Account`]
    pub async fn refuse_swarm_of(&self, account: &str) -> Result<(), LocalNetworkError> {
        let account = AccountId::parse(account)?;
        self.interference.refuse(self.list.swarm_of(&account), &account);
        Ok(())
    }

    /// Ends what [`LocalNetwork::refuse_swarm_of`] began.
    pub async fn accept_again(&self) {
        self.interference.accept_again();
    }

    /// Moves the time by which nodes keep messages, and which they tell, in milliseconds from the system's.
    pub fn set_clock_offset(&self, offset_ms: i64) {
        self.interference.set_clock_offset(offset_ms);
    }
}

fn record(node: &NodeFolder, swarm: SwarmId) -> NodeRecord {
    NodeRecord {
        legacy: *node.identity.legacy(),
        ed25519: node.identity.ed25519(),
        x25519: *node.identity.x25519(),
        ip: Ipv4Addr::LOCALHOST,
        https_port: node.port.number(),
        quic_port: node.port.number(),
        swarm,
    }
}
