//! The file that describes one node of a network of one's own; `docs/tern-node.md` has its form.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use data_encoding::{BASE64, HEXLOWER, HEXLOWER_PERMISSIVE};
use protocol::onion::Hop;
use protocol::storage::SwarmId;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::http::Limits;
use crate::identity::{IdentityError, NodeIdentity};
use crate::node::{Node, NodeConfig, NodeError};
use crate::node_list::{NodeList, NodeRecord};
use crate::port::Port;
use crate::random;
use crate::rate_limit::RateLimit;
use crate::relay::Exits;
use crate::storage::SwarmStorage;
use crate::tls::{Certificate, CertificateError};

/// Bytes of a mebibyte.
const MIB: usize = 1024 * 1024;

/// One node and the list of all nodes of its network.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunConfig {
    /// Folder of the node's keys and messages.
    data: PathBuf,
    /// Address to listen on; all of the machine's by default.
    #[serde(default = "any_address")]
    listen: Ipv4Addr,
    /// Whether clients are limited to 300 requests a second; yes by default.
    #[serde(default = "yes")]
    rate_limit: bool,
    /// Which servers with private addresses are posted to; none by default.
    #[serde(default)]
    private_servers: PrivateServers,
    /// Connections of one address at once.
    #[serde(default = "connections_per_address")]
    connections_per_address: usize,
    /// Mebibytes that requests may hold in memory, and as many again for opened onion layers and answers.
    #[serde(default = "memory_mib")]
    memory_mib: usize,
    /// All nodes, this one included.
    nodes: Vec<ListedNode>,
}

/// Which servers of the network around it a node posts to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum PrivateServers {
    /// All or none.
    Any(bool),
    /// These.
    Listed(Vec<SocketAddr>),
}

impl Default for PrivateServers {
    fn default() -> Self {
        Self::Any(false)
    }
}

/// A node of the list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListedNode {
    ed25519: String,
    /// The name for old clients; the Ed25519 key where it is absent.
    legacy: Option<String>,
    ip: Ipv4Addr,
    https_port: u16,
    /// Hex; none for a node that only relays nothing and keeps nothing yet.
    swarm: String,
}

/// Why a node cannot be run as its file says.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunConfigError {
    /// The file cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The text is no JSON, or a field is missing, unknown or malformed.
    #[error("the configuration is malformed: {0}")]
    Form(#[from] serde_json::Error),
    /// A listed node has a malformed key, swarm or port; its number in the list, from 0.
    #[error("node number {0} of the list is malformed")]
    Node(usize),
    /// The list does not have this node.
    #[error("the list does not have this node, whose ed25519 key is {0}")]
    NotListed(String),
    /// The node's folder cannot be used.
    #[error("the folder {path} cannot be used")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The node's keys cannot be used.
    #[error("the node's identity cannot be used")]
    Identity(#[from] IdentityError),
    /// The node's certificate cannot be used.
    #[error("the node's certificate cannot be used")]
    Certificate(#[from] CertificateError),
    /// The node does not start.
    #[error("the node does not start")]
    Start(#[from] NodeError),
}

impl RunConfig {
    /// Reads the file.
    ///
    /// # Errors
    /// [`RunConfigError::Read`], [`RunConfigError::Form`]
    pub fn load(path: &Path) -> Result<Self, RunConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| RunConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Starts the node.
    ///
    /// # Errors
    /// [`RunConfigError`]
    pub async fn start(&self) -> Result<Node, RunConfigError> {
        let (identity, certificate) = open_keys(&self.data)?;
        let list = self.list()?;
        let own = list
            .get(&identity.ed25519())
            .ok_or_else(|| RunConfigError::NotListed(HEXLOWER.encode(&identity.ed25519())))?;
        let port = Port::bind(self.listen, own.https_port).map_err(|source| NodeError::Listen {
            port: own.https_port,
            source,
        })?;
        let config = NodeConfig {
            identity: Arc::new(identity),
            certificate: Arc::new(certificate),
            nodes: Arc::new(list),
            database: Some(self.data.join("messages.db")),
            rate_limit: if self.rate_limit {
                RateLimit::Network
            } else {
                RateLimit::Off
            },
            exits: match &self.private_servers {
                PrivateServers::Any(true) => Exits::Anywhere,
                PrivateServers::Any(false) => Exits::PublicOnly,
                PrivateServers::Listed(servers) => Exits::PublicAnd(servers.clone()),
            },
            limits: Limits {
                max_connections_per_address: self.connections_per_address,
                max_body_bytes_in_memory: self.memory_mib.saturating_mul(MIB),
                max_onion_bytes_in_memory: self.memory_mib.saturating_mul(MIB),
                ..Limits::NETWORK
            },
            storage: Arc::new(|setup| Ok(Arc::new(SwarmStorage::open(setup)?))),
        };
        Ok(Node::start(config, port).await?)
    }

    fn list(&self) -> Result<NodeList, RunConfigError> {
        let records = self.nodes.iter().enumerate();
        let records = records.map(|(number, node)| node.record().ok_or(RunConfigError::Node(number)));
        Ok(NodeList::new(records.collect::<Result<Vec<_>, _>>()?))
    }
}

impl ListedNode {
    fn record(&self) -> Option<NodeRecord> {
        let Hop { ed25519, x25519 } = Hop::from_ed25519(parse_key(&self.ed25519)?)?;
        Some(NodeRecord {
            legacy: self.legacy.as_deref().map_or(Some(ed25519), parse_key)?,
            ed25519,
            x25519,
            ip: self.ip,
            https_port: (self.https_port != 0).then_some(self.https_port)?,
            quic_port: self.https_port,
            swarm: SwarmId::from_hex(&self.swarm)?,
        })
    }
}

/// A node's public keys as JSON: what the other nodes' lists and a profile's seeds need. Makes the keys where the folder
/// has none.
///
/// # Errors
/// [`RunConfigError`] where the folder cannot be used.
pub fn public_keys_json(data: &Path) -> Result<String, RunConfigError> {
    let (identity, certificate) = open_keys(data)?;
    let keys = json!({
        "ed25519": HEXLOWER.encode(&identity.ed25519()),
        "legacy": HEXLOWER.encode(identity.legacy()),
        "x25519": HEXLOWER.encode(identity.x25519()),
        "spki_sha256": BASE64.encode(&Sha256::digest(certificate.spki())),
    });
    Ok(format!("{keys:#}"))
}

fn open_keys(data: &Path) -> Result<(NodeIdentity, Certificate), RunConfigError> {
    std::fs::create_dir_all(data).map_err(|source| RunConfigError::Folder {
        path: data.to_owned(),
        source,
    })?;
    let identity = NodeIdentity::load_or_create(&data.join("identity"), &mut random::rng())?;
    Ok((identity, Certificate::load_or_create(&data.join("tls-key.pem"))?))
}

fn parse_key(hex: &str) -> Option<[u8; 32]> {
    HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok()?.try_into().ok()
}

fn any_address() -> Ipv4Addr {
    Ipv4Addr::UNSPECIFIED
}

const fn connections_per_address() -> usize {
    Limits::NETWORK.max_connections_per_address
}

const fn memory_mib() -> usize {
    Limits::NETWORK.max_onion_bytes_in_memory / MIB
}

fn yes() -> bool {
    true
}

#[cfg(test)]
#[path = "run_config_tests.rs"]
mod tests;
