//! What a simulated node does as a storage node.

use data_encoding::HEXLOWER;
use protocol::account::AccountId;
use protocol::onion::NodeReply;
use protocol::storage::replies::{NodeInfo, Stamp, SwarmInfo, SwarmMember};
use protocol::storage::{Request, SwarmId, compute_hash};
use serde_json::{Value, json};

use super::{Behaviour, SimNode, Simulation, State};

/// The record of a node in a seed's answer.
pub(super) fn describe(node: &SimNode) -> Value {
    json!({
        "public_ip": node.address.ip().to_string(),
        "storage_port": node.address.port(),
        "storage_lmq_port": 22020,
        "pubkey_ed25519": HEXLOWER.encode(&node.ed25519),
        "pubkey_x25519": HEXLOWER.encode(node.secret.public()),
        "swarm_id": node.swarm.0,
    })
}

fn json_reply(body: &Value) -> NodeReply {
    NodeReply {
        status: 200,
        body: body.to_string(),
    }
}

fn text_reply(status: u16, text: &str) -> NodeReply {
    NodeReply {
        status,
        body: text.to_owned(),
    }
}

impl Simulation {
    /// Answers a storage request.
    pub(super) fn rpc(&self, index: usize, body: &[u8]) -> NodeReply {
        let now = self.network_now();
        let mut state = self.lock();
        let behaviour = state.nodes[index].behaviour.clone();
        if let Behaviour::Answers(status, text) = behaviour {
            return text_reply(status, text);
        }
        let Ok(request) = Request::parse(body) else {
            return text_reply(400, "invalid request");
        };
        let stamp = Stamp { now, hf: [19, 4] };
        if let Behaviour::Redirects(numbers) = &behaviour
            && request.swarm_account().is_some()
        {
            let told = state.members_by_number(numbers).to_json(stamp);
            return NodeReply {
                status: 421,
                body: told.to_string(),
            };
        }
        match request {
            Request::Info => {
                let off = if let Behaviour::TimeOff(off) = behaviour {
                    off
                } else {
                    0
                };
                let now = protocol::TimestampMs(now.0 + off);
                json_reply(
                    &NodeInfo {
                        version: [2, 11, 0],
                        now,
                    }
                    .to_json(stamp.hf),
                )
            }
            Request::ActiveNodes => text_reply(400, "no method active_nodes_bin"),
            Request::OxendRequest(_) => {
                let lies = if let Behaviour::Lists(numbers) = behaviour {
                    Some(numbers)
                } else {
                    None
                };
                let listed =
                    |node: &&SimNode| lies.as_ref().is_none_or(|numbers| numbers.contains(&node.number));
                let states: Vec<Value> = state.nodes.iter().filter(listed).map(describe).collect();
                json_reply(&json!({ "result": { "service_node_states": states } }))
            }
            Request::GetSwarm(account) => json_reply(&state.swarm_info(&account).to_json(stamp)),
            Request::Store(store) => {
                let swarm = state.swarm_of(&store.account);
                if state.nodes[index].swarm != swarm {
                    let told = state.swarm_info(&store.account).to_json(stamp);
                    return NodeReply {
                        status: 421,
                        body: told.to_string(),
                    };
                }
                if (store.timestamp.0 - now.0).abs() > 60_000 {
                    return text_reply(406, "Timestamp error: check your clock");
                }
                let hash = compute_hash(store.account, store.namespace, &store.data);
                for node in state
                    .nodes
                    .iter_mut()
                    .filter(|node| node.up && node.swarm == swarm)
                {
                    let box_ = node.stored.entry(store.account).or_default();
                    box_.insert(hash, store.data.clone());
                }
                json_reply(&json!({ "hash": hash.to_string(), "swarm": {}, "t": now.0, "hf": [19, 4] }))
            }
            Request::Batch(requests) => {
                drop(state);
                let results = requests.iter().map(|request| {
                    let reply = self.rpc(index, request.to_json().to_string().as_bytes());
                    let body = serde_json::from_str(&reply.body).unwrap_or(Value::String(reply.body));
                    json!({ "code": reply.status, "body": body })
                });
                json_reply(&json!({ "results": results.collect::<Vec<_>>() }))
            }
            _ => text_reply(400, "not in this simulation"),
        }
    }
}

impl State {
    fn swarm_info(&self, account: &AccountId) -> SwarmInfo {
        let swarm = self.swarm_of(account);
        let members = self.nodes.iter().filter(|node| node.swarm == swarm).map(member);
        SwarmInfo {
            members: members.collect(),
            swarm,
        }
    }

    /// Members by number; a number beyond the nodes makes up a node that does not exist.
    fn members_by_number(&self, numbers: &[u8]) -> SwarmInfo {
        let invented = |number: u8| SwarmMember {
            ed25519: [number; 32],
            x25519: [9; 32],
            legacy: [number; 32],
            ip: [203, 0, 113, number].into(),
            https_port: 1,
            quic_port: 1,
        };
        let find = |number: &u8| {
            self.nodes
                .get(usize::from(*number))
                .map_or_else(|| invented(*number), member)
        };
        SwarmInfo {
            members: numbers.iter().map(find).collect(),
            swarm: SwarmId(1),
        }
    }
}

fn member(node: &SimNode) -> SwarmMember {
    let std::net::IpAddr::V4(ip) = node.address.ip() else {
        unreachable!("all are IPv4")
    };
    SwarmMember {
        ed25519: node.ed25519,
        x25519: *node.secret.public(),
        legacy: node.ed25519,
        ip,
        https_port: node.address.port(),
        quic_port: 22020,
    }
}
