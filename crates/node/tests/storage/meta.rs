use node::storage::{RpcAnswer, RpcBody};
use protocol::storage::replies::{NodeInfo, SubReply};
use protocol::storage::{ActiveNode, Condition, IfElse, Request, parse_node_list};
use serde_json::{Value, json};

use crate::world::{DAY, MESSAGES, World, alice, json as body, unsigned_retrieve};

fn results(answer: RpcAnswer) -> Vec<SubReply> {
    assert_eq!(answer.status, 200);
    let reply = body(answer);
    assert_eq!(reply.as_object().unwrap().len(), 1, "neither clock nor rules");
    SubReply::parse_all(&reply).unwrap()
}

fn refused() -> Request {
    Request::Retrieve(unsigned_retrieve(alice().account, MESSAGES))
}

#[test]
fn sto_58_a_batch_runs_all_of_its_requests() {
    let world = World::swarm_of(2);
    let store = Request::Store(alice().store(MESSAGES, b"x", world.now(), DAY));
    let codes: Vec<_> = results(world.ask(Request::Batch(vec![
        Request::Info,
        refused(),
        store,
        Request::ActiveNodes,
    ])))
    .into_iter()
    .map(|result| (result.code, result.body.is_string()))
    .collect();
    assert_eq!(codes, [(200, false), (401, true), (200, false), (200, true)]);
    assert_eq!(world.kept(&alice(), MESSAGES).len(), 1);
}

#[test]
fn sto_58_a_sequence_ends_with_the_first_failure() {
    let world = World::swarm_of(1);
    let store = |data: &[u8]| Request::Store(alice().store(MESSAGES, data, world.now(), DAY));
    let asked = vec![store(b"a"), refused(), store(b"b")];
    let codes: Vec<_> = results(world.ask(Request::Sequence(asked)))
        .into_iter()
        .map(|result| result.code)
        .collect();
    assert_eq!(codes, [200, 401]);
    assert_eq!(world.kept(&alice(), MESSAGES), [alice().hash(MESSAGES, b"a")]);
}

#[test]
fn sto_59_conditions_choose_a_branch() {
    let world = World::swarm_of(1);
    let ask = |condition, otherwise| {
        let request = IfElse {
            condition,
            then: Some(Request::Batch(vec![Request::Info])),
            otherwise,
        };
        body(world.ask(Request::IfElse(Box::new(request))))
    };
    let holds = Condition {
        hf_at_least: Some([19, 4]),
        v_before: Some([99, 0, 0]),
        ..Condition::default()
    };
    let reply = ask(holds, None);
    assert_eq!(
        (&reply["condition"], &reply["result"]["code"]),
        (&json!(true), &json!(200))
    );
    assert!(reply["result"]["body"]["results"].is_array());
    assert!(reply.get("t").is_none() && reply["hf"] == json!([19, 4]) && reply["v"].is_array());
    let fails = Condition {
        hf_before: Some([19, 4]),
        ..holds
    };
    assert_eq!(ask(fails, None).get("result"), None);
    assert_eq!(
        ask(fails, Some(refused()))["result"],
        json!({ "code": 401, "body": "retrieve: request signature required" })
    );
}

#[test]
fn sto_47_info_tells_version_and_clock() {
    let world = World::swarm_of(1);
    let reply = body(world.ask(Request::Info));
    assert_eq!(
        NodeInfo::parse(&reply),
        Ok(NodeInfo {
            version: [2, 11, 0],
            now: world.now()
        })
    );
    assert_eq!(reply["t"], reply["timestamp"]);
}

#[test]
fn nod_01_the_binary_list_names_all_nodes() {
    let world = World::with(6, 2);
    let RpcBody::Binary(list) = world.ask(Request::ActiveNodes).body else {
        panic!("not binary")
    };
    let nodes: Vec<_> = parse_node_list(&list).unwrap();
    assert!(nodes.iter().all(ActiveNode::is_usable));
    assert_eq!(
        nodes.iter().map(|node| node.ed25519).collect::<Vec<_>>(),
        world.network.nodes().collect::<Vec<_>>()
    );
}

#[test]
fn sto_48_the_daemon_lists_nodes_with_the_fields_asked_for() {
    let world = World::with(4, 2);
    let ask = |params: Value| {
        let body = json!({ "method": "oxend_request", "params": { "endpoint": "get_service_nodes", "params": params } });
        let request = Request::parse(body.to_string().as_bytes()).unwrap();
        self::body(world.ask(request))["result"]["service_node_states"].clone()
    };
    let fields = json!({ "public_ip": true, "swarm_id": true, "height": false });
    for fields in [fields, json!(["public_ip", "swarm_id"])] {
        let states = ask(json!({ "fields": fields, "limit": 3 }));
        assert_eq!(states.as_array().unwrap().len(), 3);
        let first = states[0].as_object().unwrap();
        assert_eq!(first.keys().collect::<Vec<_>>(), ["public_ip", "swarm_id"]);
        assert!(first["swarm_id"].is_u64());
    }
    assert_eq!(ask(json!({})).as_array().unwrap().len(), 4);
}

#[test]
fn any_body_is_answered() {
    let world = World::swarm_of(1);
    let node = world.network.nodes().next().unwrap();
    let good = Request::Store(alice().store(MESSAGES, b"x", world.now(), DAY))
        .to_json()
        .to_string()
        .into_bytes();
    let mut x = 11_u64;
    for _ in 0..10_000 {
        x = x
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mut body = good.clone();
        let at = (x >> 33) as usize % body.len();
        match x % 3 {
            0 => body.truncate(at),
            1 => body[at] ^= 1 << (x >> 61),
            _ => body.insert(at, (x >> 40) as u8),
        }
        let answer = world.network.handle(world.now(), &node, &body).unwrap();
        assert!([200, 400, 401, 403, 406].contains(&answer.status), "{answer:?}");
    }
}
