//! `storage_cases.json`: requests to a node that owns the account's swarm, and its answers.

use std::collections::BTreeMap;

use node::MemoryNetwork;
use node::storage::{RpcAnswer, RpcBody};
use protocol::TimestampMs;
use rand_core::SeedableRng;
use serde_json::{Value, json};

use super::field::{Check, equal, number};

/// Runs one case of a group: each against a node of its own, with an empty store and the clock of the case.
pub(super) fn run(group: &str, case: &Value) -> Option<Check> {
    (group == "case").then(|| answered(case))
}

fn answered(case: &Value) -> Check {
    let body = json!({ "method": case["method"], "params": case["params"] });
    let answer = ask(TimestampMs(number(case, "now_ms")?), &body)?;
    equal("status", i64::from(answer.status), number(case, "status")?)?;
    match (&case["body"], answer.body) {
        (Value::Null, _) => Ok(()),
        (Value::String(expected), RpcBody::Text(text)) => equal("body", &text, expected),
        (Value::Object(expected), body @ (RpcBody::Json(_) | RpcBody::Members(_))) => {
            let ours = RpcAnswer { body, status: 200 }.body_json();
            // An answer may say more than a case fixes.
            let named: BTreeMap<_, _> = expected.keys().map(|key| (key, ours[key].clone())).collect();
            equal(
                "body",
                named,
                expected.iter().map(|(key, value)| (key, value.clone())).collect(),
            )
        }
        (expected, body) => Err(format!("body: ours {body:?}, expected {expected}")),
    }
}

fn ask(now: TimestampMs, body: &Value) -> Result<RpcAnswer, String> {
    let mut rng = rand_chacha::ChaCha8Rng::from_seed([1; 32]);
    let network = MemoryNetwork::new(&mut rng, 1, 1).map_err(|error| error.to_string())?;
    let node = network.nodes().next().ok_or("no node")?;
    network
        .handle(now, &node, body.to_string().as_bytes())
        .ok_or_else(|| "no answer".to_owned())
}
