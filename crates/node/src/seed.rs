//! The node list for clients that know no node yet: JSON-RPC 2.0 at `/json_rpc`.
//!
//! Spec: network §1 (NET-04)

use protocol::storage::SwarmId;
use rand_core::CryptoRng;
use serde_json::{Value, json};

use crate::node_list::NodeList;
use crate::seam::Answer;
use crate::storage::service_nodes;

/// Answers `get_service_nodes` in the list's order and `get_n_service_nodes` in random order.
///
/// `params.active_only` leaves out nodes without a swarm; `params.fields` and `params.limit` as [`service_nodes`] reads
/// them. Errors are JSON-RPC errors with status 200.
pub(crate) fn answer(nodes: &NodeList, body: &[u8], rng: &mut impl CryptoRng) -> Answer {
    let Ok(request) = serde_json::from_slice::<Value>(body) else {
        return failure(&Value::Null, -32700, "Parse error");
    };
    let id = request.get("id").unwrap_or(&Value::Null);
    let params = request.get("params").unwrap_or(&Value::Null);
    let active_only = params
        .get("active_only")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let mut records: Vec<_> = nodes
        .iter()
        .filter(|node| !active_only || node.swarm != SwarmId::NONE)
        .collect();
    match request.get("method").and_then(Value::as_str) {
        Some("get_service_nodes") => {}
        Some("get_n_service_nodes") => shuffle(&mut records, rng),
        Some(_) => return failure(id, -32601, "Method not found"),
        None => return failure(id, -32600, "Invalid Request"),
    }
    let result = service_nodes(params, records.into_iter());
    Answer::json(200, &json!({ "jsonrpc": "2.0", "id": id, "result": result }))
}

/// Puts the records in random order (Fisher-Yates).
fn shuffle<T>(records: &mut [T], rng: &mut impl CryptoRng) {
    for end in (1..records.len()).rev() {
        // The bias of the remainder, below 2^-40 for any list that fits memory, gives nothing away.
        let choices = u64::try_from(end).unwrap_or(u64::MAX).saturating_add(1);
        let other = rng.next_u64().checked_rem(choices).unwrap_or(0);
        records.swap(end, usize::try_from(other).unwrap_or(0));
    }
}

fn failure(id: &Value, code: i32, message: &str) -> Answer {
    Answer::json(
        200,
        &json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } }),
    )
}

#[cfg(test)]
#[path = "seed_tests.rs"]
mod tests;
