//! Requests through whole paths, and their replies.

use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::*;

/// A node or server with its secret.
pub(super) struct Peer {
    pub(super) hop: Hop,
    pub(super) secret: HopSecret,
}

pub(super) fn peer(number: u8) -> Peer {
    let secret = HopSecret::from_bytes([number; 32]);
    Peer {
        hop: Hop {
            ed25519: [number; 32],
            x25519: *secret.public(),
        },
        secret,
    }
}

pub(super) fn rng() -> ChaCha20Rng {
    ChaCha20Rng::from_seed([7; 32])
}

fn server(x25519: [u8; 32]) -> Destination {
    let host = "community.example".to_owned();
    Destination::Server(ServerDestination {
        host,
        protocol: Protocol::Https,
        port: 443,
        x25519,
    })
}

/// Lets each relay open its layer and returns the plaintext of the last one.
#[track_caller]
fn through(path: &[Peer], body: &[u8]) -> OpenedLayer {
    let outer = parse_outer(body).unwrap();
    let first = &path[0].secret;
    let mut opened = open_layer(first, outer.enc_type, &outer.ephemeral_key, outer.ciphertext).unwrap();
    for next in &path[1..] {
        let Layer::Forward {
            ciphertext,
            destination,
            ephemeral_key,
            enc_type,
        } = Layer::parse(&opened.plaintext).unwrap()
        else {
            panic!("a relay is not told to forward")
        };
        assert_eq!(destination, next.hop.ed25519);
        opened = open_layer(&next.secret, enc_type, &ephemeral_key, ciphertext).unwrap();
    }
    opened
}

#[test]
fn oni_05_each_layer_has_its_own_ephemeral_key() {
    let peers = [peer(1), peer(2), peer(3), peer(4)];
    let path = [peers[0].hop, peers[1].hop, peers[2].hop];
    let (body, _) = build(
        &mut rng(),
        &path,
        &Destination::Node(peers[3].hop),
        b"{}",
        Cipher::XChaCha20,
    )
    .unwrap();
    let outer = parse_outer(&body).unwrap();
    let mut keys = vec![outer.ephemeral_key];
    let mut opened = open_layer(
        &peers[0].secret,
        outer.enc_type,
        &outer.ephemeral_key,
        outer.ciphertext,
    )
    .unwrap();
    for next in &peers[1..] {
        let Layer::Forward {
            ciphertext,
            ephemeral_key,
            enc_type,
            ..
        } = Layer::parse(&opened.plaintext).unwrap()
        else {
            panic!("not forwarded")
        };
        keys.push(ephemeral_key);
        let plaintext = open_layer(&next.secret, enc_type, &ephemeral_key, ciphertext).unwrap();
        opened = plaintext;
    }
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 4);
}

#[test]
fn oni_07_a_host_is_escaped_as_json() {
    let peers = [peer(1), peer(5)];
    let Destination::Server(mut to) = server(peers[1].hop.x25519) else {
        unreachable!()
    };
    to.host = "a\"b\\c".into();
    let (body, _) = build(
        &mut rng(),
        &[peers[0].hop],
        &Destination::Server(to),
        b"le",
        Cipher::AesGcm,
    )
    .unwrap();
    let opened = through(&peers[..1], &body);
    match Layer::parse(&opened.plaintext).unwrap() {
        Layer::Server { host, .. } => assert_eq!(host, "a\"b\\c"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn oni_08_a_false_start_count_is_carried_to_the_guard() {
    let peers = [peer(1), peer(2)];
    let destination = Destination::Node(peers[1].hop);
    let request = OnionRequest {
        path: &[peers[0].hop],
        destination: &destination,
        payload: b"{}",
        cipher: Cipher::AesGcm,
        hop_no: Some(12),
    };
    let (body, _) = request.build(&mut rng()).unwrap();
    assert_eq!(parse_outer(&body).unwrap().hop_no, 12);
    let json = &body[body.len() - 95..];
    assert!(
        json.ends_with(b"\",\"hop_no\":12}"),
        "AES-GCM is not named, keys are sorted"
    );
}

#[test]
fn oni_19_build_refuses_a_path_that_cannot_work() {
    let good = peer(1).hop;
    let zero = Hop {
        ed25519: [2; 32],
        x25519: [0; 32],
    };
    let to = Destination::Node(good);
    let unusable = Some(BuildError::UnusableKey(UnusableKey));
    assert_eq!(
        build(&mut rng(), &[], &to, b"", Cipher::AesGcm).err(),
        Some(BuildError::EmptyPath)
    );
    assert_eq!(
        build(&mut rng(), &[zero, good], &to, b"", Cipher::AesGcm).err(),
        unusable
    );
    assert_eq!(
        build(&mut rng(), &[good], &Destination::Node(zero), b"", Cipher::AesGcm).err(),
        unusable
    );
}

#[test]
fn oni_15_replies_open_in_every_outer_form() {
    let peers = [peer(1), peer(2)];
    let to = Destination::Node(peers[1].hop);
    let (body, key) = build(&mut rng(), &[peers[0].hop], &to, b"{}", Cipher::XChaCha20).unwrap();
    let opened = through(&peers, &body);
    let reply = NodeReply {
        status: 200,
        body: "{\"t\":1}".into(),
    };
    let seal = |form| opened.seal_node_reply(&mut rng(), form, &reply);

    let base64 = seal(ReplyForm::default());
    assert_eq!(key.open_node_reply(&base64), Ok(reply.clone()));
    let unpadded: Vec<u8> = base64.iter().copied().filter(|byte| *byte != b'=').collect();
    assert_eq!(key.open_node_reply(&unpadded), Ok(reply.clone()));
    let wrapped = format!("{{\"result\":\"{}\"}}", String::from_utf8(base64).unwrap());
    assert_eq!(key.open_node_reply(wrapped.as_bytes()), Ok(reply.clone()));
    assert_eq!(
        key.open_node_reply(&seal(ReplyForm {
            json: false,
            base64: false
        })),
        Ok(reply.clone())
    );
    let as_json = seal(ReplyForm {
        json: true,
        base64: true,
    });
    assert_eq!(
        key.open_reply(&as_json).unwrap(),
        b"{\"body\":{\"t\":1},\"status\":200}"
    );
    assert_eq!(key.open_node_reply(&as_json), Ok(reply));
}

#[test]
fn oni_15_a_reply_may_call_its_status_otherwise_and_be_in_aes_gcm() {
    let peers = [peer(1), peer(2)];
    let to = Destination::Node(peers[1].hop);
    let (body, key) = build(&mut rng(), &[peers[0].hop], &to, b"{}", Cipher::XChaCha20).unwrap();
    let client = ephemeral_of_destination(&peers[0], &body);
    let gcm = peers[1].secret.derive_key(EncType::AesGcm, &client).unwrap();
    let sealed = gcm.seal(&mut rng(), br#"{"status_code":421,"body":{"snodes":[]}}"#);
    let reply = NodeReply {
        status: 421,
        body: "{\"snodes\":[]}".into(),
    };
    assert_eq!(key.open_node_reply(&sealed), Ok(reply));
    let sealed = gcm.seal(&mut rng(), br#"{"body":"no status"}"#);
    assert_eq!(key.open_node_reply(&sealed), Err(ReplyError::Malformed));
}

fn ephemeral_of_destination(exit: &Peer, body: &[u8]) -> [u8; 32] {
    let outer = parse_outer(body).unwrap();
    let opened = open_layer(
        &exit.secret,
        outer.enc_type,
        &outer.ephemeral_key,
        outer.ciphertext,
    )
    .unwrap();
    match Layer::parse(&opened.plaintext).unwrap() {
        Layer::Forward { ephemeral_key, .. } => ephemeral_key,
        other => panic!("{other:?}"),
    }
}

#[test]
fn oni_13_a_refusal_by_the_exit_is_told_apart() {
    let peers = [peer(1), peer(2), peer(3)];
    let to = server(peers[2].hop.x25519);
    let (body, key) = build(
        &mut rng(),
        &[peers[0].hop, peers[1].hop],
        &to,
        b"le",
        Cipher::AesGcm,
    )
    .unwrap();
    let exit = through(&peers[..2], &body);
    let sealed = exit.seal_node_reply(
        &mut rng(),
        ReplyForm::default(),
        &LayerError::InvalidUrl.to_reply(),
    );
    let refusal = ReplyError::RefusedByExit {
        status: 400,
        reason: "Invalid url".into(),
    };
    assert_eq!(key.open_server_reply(&sealed), Err(refusal));
    assert_eq!(key.open_server_reply(b"<html>"), Err(ReplyError::Undecryptable));
}

#[test]
fn oni_15_a_reply_to_another_request_does_not_open() {
    let peers = [peer(1), peer(2)];
    let to = Destination::Node(peers[1].hop);
    let mut rng = rng();
    let (body, _) = build(&mut rng, &[peers[0].hop], &to, b"{}", Cipher::AesGcm).unwrap();
    let (_, other_key) = build(&mut rng, &[peers[0].hop], &to, b"{}", Cipher::AesGcm).unwrap();
    let reply = NodeReply {
        status: 200,
        body: "{}".into(),
    };
    let sealed = through(&peers, &body).seal_node_reply(&mut rng, ReplyForm::default(), &reply);
    assert_eq!(other_key.open_node_reply(&sealed), Err(ReplyError::Undecryptable));
}

fn any_cipher() -> impl Strategy<Value = Cipher> {
    prop_oneof![Just(Cipher::AesGcm), Just(Cipher::XChaCha20)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_node_gets_the_payload_and_the_client_its_reply(
        seed: [u8; 32],
        payload in proptest::collection::vec(any::<u8>(), 0..3000),
        text in "\\PC{0,60}",
        status in 100_u16..600,
        relays in 1_u8..6,
        cipher in any_cipher(),
    ) {
        let mut rng = ChaCha20Rng::from_seed(seed);
        let peers: Vec<Peer> = (1..=relays.saturating_add(1)).map(peer).collect();
        let (node, relays) = peers.split_last().unwrap();
        let path: Vec<Hop> = relays.iter().map(|relay| relay.hop).collect();
        let (body, key) =
            build(&mut rng, &path, &Destination::Node(node.hop), &payload, cipher).unwrap();
        let opened = through(&peers, &body);
        let Layer::Final { body, form } = Layer::parse(&opened.plaintext).unwrap() else { panic!() };
        prop_assert_eq!(body, payload.as_slice());
        prop_assert_eq!(form, ReplyForm::default());
        let reply = NodeReply { status, body: text };
        let sealed = opened.seal_node_reply(&mut rng, form, &reply);
        prop_assert_eq!(key.open_node_reply(&sealed), Ok(reply));
    }

    #[test]
    fn a_server_gets_the_list_and_the_client_its_reply(
        seed: [u8; 32],
        sent in proptest::collection::vec(any::<u8>(), 0..3000),
        answered in proptest::collection::vec(any::<u8>(), 0..3000),
        cipher in any_cipher(),
    ) {
        let mut rng = ChaCha20Rng::from_seed(seed);
        let peers = [peer(1), peer(2), peer(3), peer(4)];
        let path = [peers[0].hop, peers[1].hop, peers[2].hop];
        let request = ServerRequest {
            method: "POST".into(),
            endpoint: "/file".into(),
            headers: [("Content-Type".to_owned(), "application/octet-stream".to_owned())].into(),
            body: Some(sent),
        };
        let to = server(peers[3].hop.x25519);
        let (body, key) = build(&mut rng, &path, &to, &request.encode(), cipher).unwrap();
        let exit = through(&peers[..3], &body);
        let url = Layer::parse(&exit.plaintext).unwrap().server_url().unwrap();
        prop_assert_eq!(url, "https://community.example:443/oxen/v4/lsrpc");
        let posted = parse_outer(&exit.plaintext).unwrap();
        let opened =
            open_layer(&peers[3].secret, posted.enc_type, &posted.ephemeral_key, posted.ciphertext).unwrap();
        prop_assert_eq!(ServerRequest::parse(&opened.plaintext), Ok(request));
        let reply = ServerReply { code: 201, headers: Default::default(), body: answered };
        let sealed = opened.seal_server_reply(&mut rng, &reply.encode());
        prop_assert_eq!(key.open_server_reply(&sealed), Ok(reply));
    }
}
