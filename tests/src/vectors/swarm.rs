//! `swarm.json`: which swarm keeps an account, and the binary list of nodes.

use data_encoding::HEXLOWER;
use protocol::account::{AccountId, x25519_from_ed25519};
use protocol::storage::swarm::{choose, next_swarm_id, position};
use protocol::storage::{ActiveNode, SwarmId, encode_node_list, parse_node_list};
use serde_json::Value;

use super::field::{Check, equal, hex, text};

/// Runs one case of a group.
pub(super) fn run(group: &str, case: &Value) -> Option<Check> {
    Some(match group {
        "position" => account(case).and_then(|account| {
            equal(
                "position",
                position(&account).to_string(),
                text(case, "position")?.to_owned(),
            )
        }),
        "choose" => chosen(case),
        "active_nodes_bin" => active_nodes(case),
        "new_swarm_id" => {
            swarms(case, "existing").and_then(|ids| equal("new", next_swarm_id(&ids), swarm(&case["new"])?))
        }
        "swarm_hex" => swarm_hex(case),
        _ => return None,
    })
}

fn account(case: &Value) -> Result<AccountId, String> {
    text(case, "pubkey")?
        .parse()
        .map_err(|error| format!("pubkey: {error}"))
}

fn swarm(id: &Value) -> Result<SwarmId, String> {
    let text = id.as_str().ok_or("a swarm id is no text")?;
    text.parse()
        .map(SwarmId)
        .map_err(|error| format!("{text}: {error}"))
}

fn swarms(case: &Value, name: &str) -> Result<Vec<SwarmId>, String> {
    case[name]
        .as_array()
        .ok_or_else(|| format!("{name} is no list"))?
        .iter()
        .map(swarm)
        .collect()
}

fn chosen(case: &Value) -> Check {
    let expected = if case["swarm"].is_null() {
        None
    } else {
        Some(swarm(&case["swarm"])?)
    };
    equal(
        "swarm",
        choose(&swarms(case, "swarms")?, &account(case)?),
        expected,
    )
}

fn swarm_hex(case: &Value) -> Check {
    let (id, expected) = (swarm(&case["swarm_id"])?, text(case, "swarm")?);
    equal("hex", id.to_string(), expected.to_owned())?;
    equal("parsed", SwarmId::from_hex(expected), Some(id))
}

fn active_nodes(case: &Value) -> Check {
    let blob = hex(case, "blob_hex")?;
    let nodes = match (parse_node_list(&blob), case["nodes"].as_array()) {
        (Ok(nodes), Some(_)) => nodes,
        (Err(_), None) => return Ok(()),
        (Ok(_), None) => return Err("accepted".to_owned()),
        (Err(error), Some(_)) => return Err(error.to_string()),
    };
    let expected = case["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
    equal("count", nodes.len(), expected.len())?;
    nodes
        .iter()
        .zip(expected)
        .try_for_each(|(node, expected)| record(node, expected))?;
    equal("encoded", encode_node_list(&nodes), blob)
}

fn record(node: &ActiveNode, expected: &Value) -> Check {
    equal(
        "ed25519",
        HEXLOWER.encode(&node.ed25519),
        text(expected, "pubkey_ed25519")?.to_owned(),
    )?;
    equal("swarm", node.swarm, swarm(&expected["swarm_id"])?)?;
    equal("ip", node.ip.to_string(), text(expected, "ip")?.to_owned())?;
    equal(
        "https port",
        Some(u64::from(node.https_port)),
        expected["https_port"].as_u64(),
    )?;
    equal(
        "quic port",
        Some(u64::from(node.quic_port)),
        expected["quic_port"].as_u64(),
    )?;
    equal(
        "version",
        serde_json::json!(node.version),
        expected["version"].clone(),
    )?;
    equal("usable", Some(node.is_usable()), expected["usable"].as_bool())?;
    if let Some(x25519) = expected["pubkey_x25519"].as_str() {
        let ours = x25519_from_ed25519(&node.ed25519).map(|key| HEXLOWER.encode(&key));
        equal("x25519", ours, Ok(x25519.to_owned()))?;
    }
    Ok(())
}
