//! The nodes of a network as each node knows them.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use protocol::account::AccountId;
use protocol::storage::{ActiveNode, SwarmId, swarm};

/// Version of the storage server that this node is compatible with. Clients choose features by it.
pub const VERSION: [u8; 3] = [2, 11, 0];

/// The network's hard fork, major and minor, in whose rules this node answers.
pub const HARD_FORK: [u8; 2] = [19, 4];

/// One node: three public keys, an address and a swarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeRecord {
    /// The name by which the chain knows a node; clients see it as `.snode` address only.
    pub legacy: [u8; 32],
    /// Ed25519 key, by which clients and nodes name it and which signs its entries.
    pub ed25519: [u8; 32],
    /// X25519 key, to which onion layers are encrypted.
    pub x25519: [u8; 32],
    /// Address.
    pub ip: Ipv4Addr,
    /// TCP port of its HTTPS server, where other nodes connect too.
    pub https_port: u16,
    /// Port of QUIC and OMQ. Never 0, as clients pass over such a record: nodes without either repeat `https_port`.
    pub quic_port: u16,
    /// Its swarm, or [`SwarmId::NONE`].
    pub swarm: SwarmId,
}

impl NodeRecord {
    /// The record of the binary node list.
    pub fn to_active(&self) -> ActiveNode {
        ActiveNode {
            ed25519: self.ed25519,
            swarm: self.swarm,
            ip: self.ip,
            https_port: self.https_port,
            quic_port: self.quic_port,
            version: VERSION,
        }
    }
}

/// All nodes of a network, in the order of their Ed25519 keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeList {
    nodes: BTreeMap<[u8; 32], NodeRecord>,
    swarms: Vec<SwarmId>,
}

impl NodeList {
    /// Makes the list; of two records with one Ed25519 key the later counts.
    pub fn new(nodes: impl IntoIterator<Item = NodeRecord>) -> Self {
        let nodes: BTreeMap<_, _> = nodes.into_iter().map(|node| (node.ed25519, node)).collect();
        let mut swarms: Vec<_> = nodes
            .values()
            .map(|node| node.swarm)
            .filter(|swarm| *swarm != SwarmId::NONE)
            .collect();
        swarms.sort_unstable();
        swarms.dedup();
        Self { nodes, swarms }
    }

    /// The node with this Ed25519 key.
    pub fn get(&self, ed25519: &[u8; 32]) -> Option<&NodeRecord> {
        self.nodes.get(ed25519)
    }

    /// All nodes.
    pub fn iter(&self) -> impl Iterator<Item = &NodeRecord> {
        self.nodes.values()
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The swarms, ascending.
    pub fn swarms(&self) -> &[SwarmId] {
        &self.swarms
    }

    /// The members of a swarm.
    pub fn members(&self, swarm: SwarmId) -> impl Iterator<Item = &NodeRecord> {
        self.iter().filter(move |node| node.swarm == swarm)
    }

    /// The swarm that keeps an account; `None` while there is no swarm. Spec: storage §6 (SWM-02, SWM-03)
    pub fn swarm_of(&self, account: &AccountId) -> Option<SwarmId> {
        swarm::choose(&self.swarms, account)
    }
}

/// The first `count` swarm ids that a network which grows by the rule of the chain has. Spec: storage §6 (SWM-04)
pub(crate) fn swarm_ids(count: usize) -> Vec<SwarmId> {
    let mut ids = Vec::new();
    while ids.len() < count {
        ids.push(swarm::next_swarm_id(&ids));
    }
    ids
}
