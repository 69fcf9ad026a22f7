//! The two forms in which a list of nodes comes.
//!
//! Records that cannot be used are left out; a list as a whole is refused only when its form is broken.

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::net::{IpAddr, Ipv4Addr};

use data_encoding::HEXLOWER_PERMISSIVE;
use protocol::storage::{SwarmId, parse_node_list};
use serde::Deserialize;
use serde_json::Value;

use super::PoolRelay;
use crate::profile::Relay;

/// One node as seeds and `get_service_nodes` describe it; other fields are passed over.
#[derive(Deserialize)]
struct NodeState {
    public_ip: String,
    storage_port: u16,
    pubkey_ed25519: String,
    pubkey_x25519: String,
    swarm_id: Option<u64>,
}

/// Reads `service_node_states` out of a reply, wherever in `result` objects it is nested. Spec: network §1 (NET-03)
pub(crate) fn parse_node_states(reply: &Value) -> Option<Vec<PoolRelay>> {
    let mut at = reply;
    while let Some(inner) = at.get("result") {
        at = inner;
    }
    let states = at.get("service_node_states")?.as_array()?;
    Some(states.iter().filter_map(parse_state).collect())
}

fn parse_state(state: &Value) -> Option<PoolRelay> {
    let state = NodeState::deserialize(state).ok()?;
    let key = |hex: &str| HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok()?.try_into().ok();
    PoolRelay::from_record(&Relay {
        ed25519: key(&state.pubkey_ed25519)?,
        x25519: Some(key(&state.pubkey_x25519)?),
        ip: IpAddr::V4(state.public_ip.parse::<Ipv4Addr>().ok()?),
        https_port: state.storage_port,
        quic_port: None,
        swarm: Some(state.swarm_id.map_or(SwarmId::NONE, SwarmId)),
    })
}

/// Reads the binary list of active nodes. Spec: network §1 (NET-04)
pub(crate) fn parse_binary_list(bytes: &[u8]) -> Option<Vec<PoolRelay>> {
    let nodes = parse_node_list(bytes).ok()?;
    let relays = nodes.iter().filter_map(|node| {
        PoolRelay::from_record(&Relay {
            ed25519: node.ed25519,
            x25519: None,
            ip: IpAddr::V4(node.ip),
            https_port: node.https_port,
            quic_port: None,
            swarm: Some(node.swarm),
        })
    });
    Some(relays.collect())
}
