use std::net::Ipv4Addr;

use super::*;
use crate::identity::NodeIdentity;
use crate::node_list::NodeRecord;
use crate::random;
use crate::seam::BodyKind;

fn list() -> NodeList {
    NodeList::new((0..20).map(|number| {
        let identity = NodeIdentity::generate(&mut random::rng());
        NodeRecord {
            legacy: *identity.legacy(),
            ed25519: identity.ed25519(),
            x25519: *identity.x25519(),
            ip: Ipv4Addr::new(192, 0, 2, number),
            https_port: 22021,
            quic_port: 22020,
            swarm: if number == 0 {
                SwarmId::NONE
            } else {
                SwarmId(u64::MAX - 1)
            },
        }
    }))
}

fn ask(nodes: &NodeList, request: &Value) -> Value {
    let answer = answer(nodes, request.to_string().as_bytes(), &mut random::rng());
    assert_eq!((answer.status, answer.kind), (200, BodyKind::Json));
    serde_json::from_slice(&answer.body).unwrap()
}

fn addresses(reply: &Value) -> Vec<String> {
    let states = reply["result"]["service_node_states"].as_array().unwrap();
    states
        .iter()
        .map(|state| state["public_ip"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn net_04_fields_may_be_an_object_or_an_array_and_limit_cuts() {
    let nodes = list();
    let by_object = json!({ "public_ip": true, "swarm_id": true, "pubkey_x25519": false });
    for fields in [by_object, json!(["public_ip", "swarm_id"])] {
        let request = json!({
            "jsonrpc": "2.0", "id": 7, "method": "get_n_service_nodes",
            "params": { "active_only": true, "limit": 5, "fields": fields },
        });
        let reply = ask(&nodes, &request);
        assert_eq!(reply["id"], 7);
        let states = reply["result"]["service_node_states"].as_array().unwrap();
        assert_eq!(states.len(), 5);
        for state in states {
            assert_eq!(state.as_object().unwrap().len(), 2, "{state}");
            assert_eq!(state["swarm_id"], u64::MAX - 1);
            assert_ne!(
                state["public_ip"], "192.0.2.0",
                "the one without a swarm is not active"
            );
        }
    }
}

#[test]
fn net_04_all_fields_and_nodes_without_params() {
    let nodes = list();
    let reply = ask(&nodes, &json!({ "method": "get_service_nodes" }));
    let states = reply["result"]["service_node_states"].as_array().unwrap();
    assert_eq!(states.len(), 20);
    for name in ["service_node_pubkey", "pubkey_ed25519", "pubkey_x25519"] {
        assert!(
            states
                .iter()
                .all(|state| state[name].as_str().is_some_and(|key| key.len() == 64)),
            "{name}"
        );
    }
    for name in [
        "storage_port",
        "storage_lmq_port",
        "swarm_id",
        "storage_server_version",
        "requested_unlock_height",
    ] {
        assert!(states.iter().all(|state| !state[name].is_null()), "{name}");
    }
    assert_eq!(reply["result"]["status"], "OK");
}

#[test]
fn a_random_sample_is_random_and_the_list_is_not() {
    let nodes = list();
    let sample = || {
        addresses(&ask(
            &nodes,
            &json!({ "method": "get_n_service_nodes", "params": {} }),
        ))
    };
    let whole = || {
        addresses(&ask(
            &nodes,
            &json!({ "method": "get_service_nodes", "params": {} }),
        ))
    };
    // That two shuffles of 20 are equal has a chance of 1 in 2^61.
    assert_ne!(sample(), sample());
    assert_eq!(whole(), whole());
    let (mut sample, mut whole) = (sample(), whole());
    sample.sort();
    whole.sort();
    assert_eq!(sample, whole, "a shuffle loses nobody");
}

#[test]
fn what_is_no_request_gets_an_error() {
    let nodes = list();
    let code = |request: &Value| ask(&nodes, request)["error"]["code"].as_i64().unwrap();
    assert_eq!(code(&json!({ "method": "get_block" })), -32601);
    assert_eq!(code(&json!({ "params": {} })), -32600);
    assert_eq!(code(&json!([])), -32600);
    let answer = answer(&nodes, b"{", &mut random::rng());
    assert_eq!(
        serde_json::from_slice::<Value>(&answer.body).unwrap()["error"]["code"],
        -32700
    );
}
