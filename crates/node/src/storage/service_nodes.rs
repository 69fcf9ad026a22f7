//! The list of nodes as seeds and the chain's daemon give it.

use serde_json::{Map, Value as Json, json};

use crate::node_list::{HARD_FORK, NodeRecord, VERSION};

/// Block height of a network without a chain.
pub(super) const HEIGHT: i32 = 1;

/// Answers `get_service_nodes` and `get_n_service_nodes` for the nodes given.
///
/// `params.fields` names what is wanted of each node, as an object of name to `true` or as a list of names; without it,
/// everything. `params.limit` cuts the list. Spec: network §1 (NET-04).
pub(crate) fn service_nodes<'a>(params: &Json, nodes: impl Iterator<Item = &'a NodeRecord>) -> Json {
    let fields = params.get("fields").unwrap_or(&Json::Null);
    let limit = params
        .get("limit")
        .and_then(Json::as_u64)
        .and_then(|limit| usize::try_from(limit).ok());
    let states: Vec<Json> = nodes
        .take(limit.unwrap_or(usize::MAX))
        .map(|node| state(node, fields))
        .collect();
    json!({
        "service_node_states": states,
        "height": HEIGHT,
        "hardfork": HARD_FORK[0],
        "snode_revision": HARD_FORK[1],
        "block_hash": format!("{HEIGHT:064x}"),
        "status": "OK",
    })
}

fn state(node: &NodeRecord, fields: &Json) -> Json {
    let all = json!({
        "service_node_pubkey": data_encoding::HEXLOWER.encode(&node.legacy),
        "pubkey_ed25519": data_encoding::HEXLOWER.encode(&node.ed25519),
        "pubkey_x25519": data_encoding::HEXLOWER.encode(&node.x25519),
        "public_ip": node.ip.to_string(),
        "storage_port": node.https_port,
        "storage_lmq_port": node.quic_port,
        "swarm_id": node.swarm.0,
        "storage_server_version": VERSION,
        "requested_unlock_height": 0,
        "funded": true,
        "active": true,
    });
    match all {
        Json::Object(all) => Json::Object(
            all.into_iter()
                .filter(|(name, _)| is_wanted(fields, name))
                .collect::<Map<_, _>>(),
        ),
        other => other,
    }
}

fn is_wanted(fields: &Json, name: &str) -> bool {
    match fields {
        Json::Object(fields) => {
            fields
                .get(name)
                .is_some_and(|wanted| wanted.as_bool().unwrap_or(false))
                || fields.get("all").and_then(Json::as_bool).unwrap_or(false)
        }
        Json::Array(fields) => fields.iter().any(|field| field.as_str() == Some(name)),
        _ => true,
    }
}
