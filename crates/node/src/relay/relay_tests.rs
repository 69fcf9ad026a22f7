use std::net::Ipv4Addr;
use std::sync::Mutex;

use futures::future::ready;
use protocol::TimestampMs;
use protocol::onion::{
    Cipher, Destination, Hop, OnionRequest, Protocol, ReplyError, ReplyKey, ServerDestination,
};

use super::*;
use crate::node_list::NodeRecord;

/// Answers everything with what it was given.
struct Fixed(Answer);

impl Storage for Fixed {
    fn handle<'a>(&'a self, _: TimestampMs, _: &'a [u8]) -> BoxFuture<'a, Answer> {
        ready(self.0.clone()).boxed()
    }

    fn handle_peer<'a>(
        &'a self,
        _: TimestampMs,
        _: &'a NodeRecord,
        _: &'a str,
        _: &'a [u8],
    ) -> BoxFuture<'a, PeerReply> {
        ready(PeerReply::text(404, "")).boxed()
    }

    fn clean_up(&self, _: TimestampMs) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }
}

/// Gives one answer for the next node, and remembers what it was sent.
struct NextNode {
    answer: Result<PeerReply, PeerError>,
    sent: Mutex<Vec<PeerRequest>>,
}

impl Peers for NextNode {
    fn send<'a>(
        &'a self,
        _: &'a [u8; 32],
        command: &'a str,
        payload: Vec<u8>,
        _: Duration,
    ) -> BoxFuture<'a, Result<PeerReply, PeerError>> {
        assert_eq!(command, "sn.onion_request");
        self.sent
            .lock()
            .unwrap()
            .push(PeerRequest::parse(&payload).unwrap());
        ready(self.answer.clone()).boxed()
    }
}

struct World {
    relay: Relay,
    next: Arc<NextNode>,
    own: Hop,
    other: Hop,
}

/// A relay and another node, with what the storage and the other node answer.
fn world_with(swarm: SwarmId, storage: Answer, next: Result<PeerReply, PeerError>) -> World {
    world_within(1024 * 1024, swarm, storage, next)
}

/// The same with so much memory for layers and answers.
fn world_within(
    memory_bytes: usize,
    swarm: SwarmId,
    storage: Answer,
    next: Result<PeerReply, PeerError>,
) -> World {
    let identities = [(); 2].map(|()| Arc::new(NodeIdentity::generate(&mut random::rng())));
    let record = |identity: &Arc<NodeIdentity>| NodeRecord {
        legacy: *identity.legacy(),
        ed25519: identity.ed25519(),
        x25519: *identity.x25519(),
        ip: Ipv4Addr::LOCALHOST,
        https_port: 1,
        quic_port: 1,
        swarm,
    };
    let nodes = Arc::new(NodeList::new(identities.iter().map(record)));
    let [own, other] = identities
        .each_ref()
        .map(|identity| Hop::from_ed25519(identity.ed25519()).unwrap());
    let [identity, _] = identities;
    let next = Arc::new(NextNode {
        answer: next,
        sent: Mutex::default(),
    });
    let servers = ServerClient::new(Exits::Anywhere).unwrap();
    let relay = Relay::new(RelaySetup {
        identity,
        nodes,
        peers: next.clone(),
        storage: Arc::new(Fixed(storage)),
        servers,
        memory: Memory::new(memory_bytes),
    });
    World {
        relay,
        next,
        own,
        other,
    }
}

fn world(storage: Answer) -> World {
    world_with(SwarmId(0), storage, Err(PeerError::Unreachable))
}

/// A request whose only relay is the world's, for one of its nodes.
fn request(path: &[Hop], to: Hop, hop_no: Option<u8>) -> (Vec<u8>, ReplyKey) {
    let destination = Destination::Node(to);
    OnionRequest {
        path,
        destination: &destination,
        payload: b"{}",
        cipher: Cipher::XChaCha20,
        hop_no,
    }
    .build(&mut random::rng())
    .unwrap()
}

#[tokio::test]
async fn oni_18_each_failure_of_the_next_node_has_its_status_and_text() {
    let named = |prefix: &str, world: &World| format!("{prefix}: {}", HEXLOWER.encode(&world.other.ed25519));
    let cases = [
        (Err(PeerError::Unknown), 502, Some("Next node not found"), ""),
        (
            Err(PeerError::Unreachable),
            502,
            Some("Next node is currently unreachable"),
            "",
        ),
        (Err(PeerError::Timeout), 504, None, "Request time out"),
        (
            Err(PeerError::BadResponse),
            500,
            None,
            "Invalid response from snode",
        ),
        (
            Ok(PeerReply::text(503, "Snode not ready: aa")),
            503,
            None,
            "Snode not ready: aa",
        ),
        (Ok(PeerReply::text(200, "opaque")), 200, None, "opaque"),
        (Ok(PeerReply::text(201, "made")), 500, None, "made"),
        (Ok(PeerReply::text(409, "conflict")), 500, None, "conflict"),
        (Ok(PeerReply::text(421, "elsewhere")), 421, None, "elsewhere"),
    ];
    for (answer, status, prefix, text) in cases {
        let world = world_with(SwarmId(0), Answer::text(200, ""), answer);
        let (body, _) = request(&[world.own], world.other, None);
        let relayed = world.relay.handle_outer(&body).await;
        let expected = prefix.map_or(text.to_owned(), |prefix| named(prefix, &world));
        assert_eq!((relayed.status, &relayed.body[..]), (status, expected.as_bytes()));
    }
}

#[tokio::test]
async fn oni_11_each_relay_counts_itself_and_the_sixteenth_refuses() {
    let world = world_with(SwarmId(0), Answer::text(200, ""), Ok(PeerReply::text(200, "")));
    for (hop_no, counted) in [(None, 1), (Some(0), 1), (Some(14), 15)] {
        let (body, _) = request(&[world.own], world.other, hop_no);
        assert_eq!(world.relay.handle_outer(&body).await.status, 200);
        assert_eq!(world.next.sent.lock().unwrap().pop().unwrap().hop_no, counted);
    }
    for (hop_no, status) in [(15, 200), (16, 400)] {
        let mut layer = PeerRequest::forward(b"", [9; 32], EncType::AesGcm, 0);
        layer.hop_no = hop_no;
        let relayed = world.relay.handle_peer(&layer.encode()).await;
        match status {
            400 => assert_eq!(
                relayed,
                Relayed::text(400, "onion request max path length exceeded")
            ),
            _ => assert_eq!(
                relayed,
                Relayed::text(400, "Invalid ciphertext"),
                "it got as far as the cipher"
            ),
        }
    }
}

#[tokio::test]
async fn a_relay_may_be_its_own_next_hop_but_not_for_ever() {
    let world = world(Answer::text(200, "pong"));
    let (body, key) = request(&[world.own, world.own, world.own], world.own, Some(12));
    let relayed = world.relay.handle_outer(&body).await;
    let reply = key.open_node_reply(&relayed.body).unwrap();
    assert_eq!((reply.status, reply.body.as_str()), (200, "pong"));
    let (body, _) = request(&[world.own, world.own, world.own], world.own, Some(13));
    let relayed = world.relay.handle_outer(&body).await;
    assert_eq!(
        relayed,
        Relayed::text(400, "onion request max path length exceeded")
    );
}

#[tokio::test]
async fn oni_14_answers_are_text_json_or_base64_with_their_status() {
    let json = Answer::json(421, &serde_json::json!({ "snodes": [] }));
    let cases = [
        (Answer::text(406, "clock"), "clock"),
        (json, r#"{"snodes":[]}"#),
        (Answer::binary(200, vec![255, 0]), "/wA="),
    ];
    for (answer, expected) in cases {
        let world = world(answer.clone());
        let (body, key) = request(&[world.own], world.own, None);
        let relayed = world.relay.handle_outer(&body).await;
        assert_eq!(relayed.status, 200, "the destination was reached");
        assert!(
            BASE64.decode(&relayed.body).is_ok(),
            "base64 unless asked otherwise"
        );
        let reply = key.open_node_reply(&relayed.body).unwrap();
        assert_eq!((reply.status, reply.body.as_str()), (answer.status, expected));
    }
}

#[tokio::test]
async fn a_node_without_a_swarm_says_that_it_is_not_ready() {
    let world = world_with(SwarmId::NONE, Answer::text(200, ""), Err(PeerError::Unreachable));
    assert!(!world.relay.is_ready());
    let layer = PeerRequest::forward(b"", [9; 32], EncType::AesGcm, 0).encode();
    let text = format!("Snode not ready: {}", HEXLOWER.encode(&world.own.ed25519));
    assert_eq!(world.relay.handle_peer(&layer).await, Relayed::text(503, text));
}

#[tokio::test]
async fn what_is_no_request_is_refused_in_plain_text() {
    let world = world(Answer::text(200, ""));
    for body in [
        &b""[..],
        b"abc",
        b"\xff\xff\xff\xff",
        b"\0\0\0\0{}",
        b"\0\0\0\0null",
    ] {
        let relayed = world.relay.handle_outer(body).await;
        assert_eq!(relayed.status, 400);
        assert!(
            relayed.body.starts_with(b"Error parsing onion request: "),
            "{:?}",
            relayed.body
        );
        assert_eq!(world.relay.handle_peer(body).await.status, 400);
    }
    let wrong_key = Hop {
        x25519: world.other.x25519,
        ..world.own
    };
    let (body, _) = request(&[wrong_key], world.own, None);
    assert_eq!(
        world.relay.handle_outer(&body).await,
        Relayed::text(400, "Invalid ciphertext")
    );
}

#[tokio::test]
async fn a_server_that_cannot_stand_in_a_request_is_refused_under_the_layer() {
    let world = world(Answer::text(200, ""));
    let destination = Destination::Server(ServerDestination {
        host: "host\r\nx: y".into(),
        protocol: Protocol::Http,
        port: 1,
        x25519: world.other.x25519,
    });
    let path = [world.own];
    let request = OnionRequest {
        path: &path,
        destination: &destination,
        payload: b"le",
        cipher: Cipher::AesGcm,
        hop_no: None,
    };
    let (body, key) = request.build(&mut random::rng()).unwrap();
    let relayed = world.relay.handle_outer(&body).await;
    assert_eq!(relayed.status, 200);
    let refused = ReplyError::RefusedByExit {
        status: 400,
        reason: "Invalid url".into(),
    };
    assert_eq!(key.open_server_reply(&relayed.body), Err(refused));
}

#[tokio::test]
async fn nde_19_layers_and_answers_are_held_within_the_memory_for_them() {
    let answer = Ok(PeerReply::text(200, "x".repeat(3 * 1024)));
    let world = world_within(4 * 1024, SwarmId(0), Answer::text(200, ""), answer);
    let (body, _) = request(&[world.own], world.other, None);
    let refused = Relayed::text(
        503,
        format!("Snode not ready: {}", HEXLOWER.encode(&world.own.ed25519)),
    );
    let first = world.relay.handle_outer(&body).await;
    assert_eq!((first.status, first.body.len()), (200, 3 * 1024));
    assert_eq!(
        world.relay.handle_outer(&body).await,
        refused,
        "the first answer is on its way"
    );
    assert_eq!(
        world.next.sent.lock().unwrap().len(),
        2,
        "there was room for the layer, not for its answer"
    );
    drop(first);
    assert_eq!(world.relay.handle_outer(&body).await.status, 200);
    let large = PeerRequest::forward(&[0; 5 * 1024], [9; 32], EncType::AesGcm, 0).encode();
    assert_eq!(world.relay.handle_peer(&large).await, refused);
    let fits_alone = PeerRequest::forward(&[0; 2 * 1024], [9; 32], EncType::AesGcm, 0).encode();
    assert_eq!(
        world.relay.handle_peer(&fits_alone).await,
        refused,
        "not with what it holds"
    );
}

#[tokio::test]
async fn nde_19_the_answers_of_this_node_count_as_well() {
    let world = world_within(
        4 * 1024,
        SwarmId(0),
        Answer::text(200, "x".repeat(8 * 1024)),
        Err(PeerError::Timeout),
    );
    let (body, _) = request(&[world.own], world.own, None);
    assert_eq!(world.relay.handle_outer(&body).await.status, 503);
}
