//! Onion requests through real relays.

use node::{Fault, LocalNetwork};
use protocol::TimestampMs;
use protocol::account::{AccountKeys, Seed};
use protocol::onion::{Cipher, Destination, Hop, NodeReply, OnionRequest, PathFault, ReplyError, ReplyKey};
use protocol::storage::replies::Retrieved;
use protocol::storage::{Namespace, Request, Retrieve, Signer, Store};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use serde_json::Value;

use crate::client::{post, said};

pub(crate) fn hop(network: &LocalNetwork, index: usize) -> Hop {
    Hop::from_ed25519(network.node(index).unwrap().record().unwrap().ed25519).unwrap()
}

/// Sends a request through the nodes given by number and returns what the first of them answers.
pub(crate) async fn send(
    network: &LocalNetwork,
    path: &[Hop],
    destination: &Destination,
    payload: &[u8],
    options: (Cipher, Option<u8>),
) -> (u16, bytes::Bytes, ReplyKey) {
    let (cipher, hop_no) = options;
    let request = OnionRequest {
        path,
        destination,
        payload,
        cipher,
        hop_no,
    };
    let (body, key) = request.build(&mut ChaCha20Rng::from_seed([9; 32])).unwrap();
    let is_guard = |index: &usize| hop(network, *index).ed25519 == path[0].ed25519;
    let guard = (0..network.node_count()).find(is_guard).unwrap();
    let answer = post(network.node(guard).unwrap().address(), "/onion_req/v2", body).await;
    (answer.status().as_u16(), answer.into_body(), key)
}

const GCM: (Cipher, Option<u8>) = (Cipher::AesGcm, None);

/// Asks a node through three others.
async fn ask(network: &LocalNetwork, path: [usize; 3], to: usize, request: &Value) -> NodeReply {
    let path = path.map(|index| hop(network, index));
    let to = Destination::Node(hop(network, to));
    let (status, body, key) = send(network, &path, &to, request.to_string().as_bytes(), GCM).await;
    assert_eq!(status, 200, "{body:?}");
    key.open_node_reply(&body).unwrap()
}

/// The status and text of a request that one of the relays refuses in plain text.
async fn refusal(network: &LocalNetwork, path: &[Hop], to: Hop) -> (u16, String) {
    let (status, body, _) = send(network, path, &Destination::Node(to), b"{}", GCM).await;
    (status, String::from_utf8(body.into()).unwrap())
}

fn hex(key: [u8; 32]) -> String {
    data_encoding::HEXLOWER.encode(&key)
}

#[tokio::test]
async fn a_request_travels_through_three_relays_under_both_ciphers() {
    let network = LocalNetwork::start(4, 1).await.unwrap();
    let path = [0, 1, 2].map(|index| hop(&network, index));
    let to = Destination::Node(hop(&network, 3));
    for cipher in [Cipher::AesGcm, Cipher::XChaCha20] {
        let info = Request::Info.to_json().to_string();
        let (status, body, key) = send(&network, &path, &to, info.as_bytes(), (cipher, None)).await;
        assert_eq!(status, 200);
        let reply = key.open_node_reply(&body).unwrap();
        let info: Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(
            (reply.status, &info["version"]),
            (200, &serde_json::json!([2, 11, 0]))
        );
        let (_, body, key) = send(&network, &path, &to, b"{", (cipher, None)).await;
        let reply = key.open_node_reply(&body).unwrap();
        assert_eq!((reply.status, reply.body.as_str()), (400, "invalid json"));
    }
}

#[tokio::test]
async fn oni_11_with_three_relays_12_is_the_highest_count_that_passes() {
    let network = LocalNetwork::start(4, 1).await.unwrap();
    let path = [0, 1, 2].map(|index| hop(&network, index));
    let to = Destination::Node(hop(&network, 3));
    let (status, ..) = send(&network, &path, &to, b"{}", (Cipher::XChaCha20, Some(12))).await;
    assert_eq!(status, 200);
    let (status, body, _) = send(&network, &path, &to, b"{}", (Cipher::XChaCha20, Some(13))).await;
    assert_eq!(
        (status, &body[..]),
        (400, &b"onion request max path length exceeded"[..])
    );
}

#[tokio::test]
async fn oni_18_relays_name_the_node_that_they_cannot_reach() {
    let network = LocalNetwork::start(5, 1).await.unwrap();
    let [guard, middle, exit, to, dead] = [0, 1, 2, 3, 4].map(|index| hop(&network, index));
    let unknown = Hop {
        ed25519: [1; 32],
        ..dead
    };
    network.stop_node(4).await.unwrap();
    for (path, to, lost) in [
        ([guard, unknown, exit], to, unknown),
        ([guard, middle, unknown], to, unknown),
        ([guard, middle, exit], unknown, unknown),
        ([guard, dead, exit], to, dead),
        ([guard, middle, exit], dead, dead),
    ] {
        let (status, text) = refusal(&network, &path, to).await;
        let said = if lost == unknown {
            "Next node not found"
        } else {
            "Next node is currently unreachable"
        };
        assert_eq!(
            (status, text.as_str()),
            (502, format!("{said}: {}", hex(lost.ed25519)).as_str())
        );
        let keys = path.map(|hop| hop.ed25519);
        let expected = if lost == to {
            PathFault::DestinationUnreachable(lost.ed25519)
        } else {
            PathFault::IntermediateNodeUnreachable(lost.ed25519)
        };
        assert_eq!(
            PathFault::classify(status, &text, &keys, Some(&to.ed25519)),
            expected
        );
    }
}

#[tokio::test]
async fn a_wrong_layer_key_is_noticed_at_every_place_of_the_path() {
    let network = LocalNetwork::start(4, 1).await.unwrap();
    let hops = [0, 1, 2, 3].map(|index| hop(&network, index));
    for wrong in 0..4 {
        let mut hops = hops;
        hops[wrong].x25519 = protocol::onion::HopSecret::from_bytes([5; 32])
            .public()
            .to_owned();
        let [guard, middle, exit, to] = hops;
        let refused = refusal(&network, &[guard, middle, exit], to).await;
        assert_eq!(refused, (400, "Invalid ciphertext".to_owned()), "place {wrong}");
    }
}

#[tokio::test]
async fn damaged_requests_are_refused_and_nothing_breaks() {
    let network = LocalNetwork::start(4, 1).await.unwrap();
    let path = [0, 1, 2].map(|index| hop(&network, index));
    let to = Destination::Node(hop(&network, 3));
    let request = OnionRequest {
        path: &path,
        destination: &to,
        payload: b"{}",
        cipher: Cipher::AesGcm,
        hop_no: None,
    };
    let (body, key) = request.build(&mut ChaCha20Rng::from_seed([9; 32])).unwrap();
    let guard = network.node(0).unwrap().address();
    for len in (0..body.len()).step_by(97) {
        let answer = post(guard, "/onion_req/v2", body[..len].to_vec()).await;
        assert_eq!(answer.status(), 400, "{len} bytes");
        let mut changed = body.clone();
        changed[len] ^= 0x55;
        let answer = post(guard, "/onion_req/v2", changed).await;
        assert!(answer.status() == 400, "byte {len}: {:?}", said(&answer));
    }
    let answer = post(guard, "/onion_req/v2", body).await;
    assert_eq!(
        key.open_node_reply(answer.body()).unwrap().body,
        "invalid json: no `method` field"
    );
}

#[tokio::test]
async fn a_relay_that_answers_with_nonsense_is_told_from_a_reply() {
    let network = LocalNetwork::start(4, 1).await.unwrap();
    let path = [0, 1, 2].map(|index| hop(&network, index));
    let to = Destination::Node(hop(&network, 3));
    for place in [0, 1, 2, 3] {
        let faults = network.faults(place).unwrap();
        faults.set(Fault::WrongBytes);
        let (status, body, key) = send(&network, &path, &to, b"{}", GCM).await;
        assert_eq!(
            (status, key.open_reply(&body)),
            (200, Err(ReplyError::Undecryptable)),
            "place {place}"
        );
        faults.set(Fault::HugeReply(1024 * 1024));
        let (status, body, key) = send(&network, &path, &to, b"{}", GCM).await;
        assert_eq!((status, body.len()), (200, 1024 * 1024));
        assert_eq!(key.open_reply(&body), Err(ReplyError::Undecryptable));
        faults.set(Fault::None);
    }
    let faults = network.faults(1).unwrap();
    faults.set(Fault::HugeReply(13 * 1024 * 1024));
    let (status, text) = refusal(&network, &path, hop(&network, 3)).await;
    assert_eq!(
        (status, text),
        (
            502,
            format!("Next node is currently unreachable: {}", hex(path[1].ed25519))
        )
    );
}

#[tokio::test]
async fn what_is_stored_through_one_member_is_read_from_each_also_after_a_restart() {
    let network = LocalNetwork::start(9, 3).await.unwrap();
    let keys = AccountKeys::from_seed(&Seed::from_bytes(&[7; 16]).unwrap());
    let account = keys.account_id();
    let members = network.swarm_members(&account.to_hex()).unwrap();
    assert_eq!(members.len(), 3);
    let relays: Vec<usize> = (0..9).filter(|index| !members.contains(index)).collect();
    let [guard, middle, exit, outside, ..] = relays[..] else {
        panic!("six nodes are in other swarms")
    };
    let now = TimestampMs(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis() as i64);
    let store = Request::Store(Store {
        account,
        namespace: Namespace(0),
        data: b"for you".to_vec(),
        timestamp: now,
        expiry: now.plus_ms(600_000),
        proof: None,
    });
    let elsewhere = ask(&network, [guard, middle, exit], outside, &store.to_json()).await;
    assert_eq!(elsewhere.status, 421);
    let stored = ask(&network, [guard, middle, exit], members[0], &store.to_json()).await;
    assert_eq!(stored.status, 200);
    let stored: Value = serde_json::from_str(&stored.body).unwrap();
    assert_eq!(stored["swarm"].as_object().unwrap().len(), 3, "{stored}");

    let retrieve = Retrieve {
        account,
        namespace: Namespace(0),
        last_hash: None,
        max_count: None,
        max_size: None,
        proof: None,
    };
    let retrieve = Request::Retrieve(retrieve.sign(now, &Signer::account(&keys))).to_json();
    for restart in [false, true] {
        if restart {
            network.stop_all().await;
            network.restart_all().await.unwrap();
        }
        for member in &members {
            let reply = ask(&network, [guard, middle, exit], *member, &retrieve).await;
            let messages = Retrieved::parse(&serde_json::from_str(&reply.body).unwrap())
                .unwrap()
                .messages;
            let data: Vec<_> = messages.iter().map(|message| message.data.as_slice()).collect();
            assert_eq!(data, [b"for you"], "member {member}, restart {restart}");
        }
    }

    network.refuse_swarm_of(&account.to_hex()).await.unwrap();
    assert_eq!(
        ask(&network, [guard, middle, exit], members[1], &retrieve)
            .await
            .status,
        503
    );
    assert_eq!(
        ask(&network, [guard, middle, exit], outside, &retrieve)
            .await
            .status,
        421
    );
    network.accept_again().await;
    assert_eq!(
        ask(&network, [guard, middle, exit], members[1], &retrieve)
            .await
            .status,
        200
    );
}
