//! Ten thousand random mutations of each outside form: an error or a value, never a panic.

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

use super::path_tests::{peer, rng};
use super::*;

const MUTATIONS: usize = 10_000;

/// Flips, cuts, doubles or inserts bytes of `original`, many times over.
fn mutated(original: &[u8], mut check: impl FnMut(&[u8])) {
    let mut rng = ChaCha20Rng::from_seed([42; 32]);
    let mut below = |limit: usize| usize::try_from(rng.next_u32()).unwrap() % limit.max(1);
    for _ in 0..MUTATIONS {
        let mut bytes = original.to_vec();
        for _ in 0..=below(3) {
            let at = below(bytes.len());
            match below(5) {
                0 if !bytes.is_empty() => bytes[at] ^= 1 << below(8),
                1 => bytes.truncate(at),
                2 => bytes.insert(at, u8::try_from(below(256)).unwrap()),
                3 if !bytes.is_empty() => drop(bytes.remove(at)),
                _ => bytes.extend_from_within(at..),
            }
        }
        check(&bytes);
    }
}

#[test]
fn outer_bodies_and_layers() {
    let peers = [peer(1), peer(2), peer(3)];
    let to = Destination::Node(peers[2].hop);
    let path = [peers[0].hop, peers[1].hop];
    let (body, _) = build(&mut rng(), &path, &to, b"{}", Cipher::XChaCha20).unwrap();
    let mut opened_altered = 0_u32;
    mutated(&body, |bytes| {
        let Ok(outer) = parse_outer(bytes) else { return };
        let opened = open_layer(
            &peers[0].secret,
            outer.enc_type,
            &outer.ephemeral_key,
            outer.ciphertext,
        );
        if let Ok(opened) = opened
            && outer.enc_type != EncType::AesCbc
        {
            assert!(
                Layer::parse(&opened.plaintext).is_ok(),
                "only the untouched ciphertext opens"
            );
            opened_altered += 1;
        }
    });
    assert!(opened_altered > 0, "some mutations leave the ciphertext alone");

    let outer = parse_outer(&body).unwrap();
    let opened = open_layer(
        &peers[0].secret,
        outer.enc_type,
        &outer.ephemeral_key,
        outer.ciphertext,
    )
    .unwrap();
    mutated(&opened.plaintext, |bytes| {
        if let Ok(layer) = Layer::parse(bytes) {
            let _ = layer.server_url();
        }
    });
}

#[test]
fn replies() {
    let peers = [peer(1), peer(2)];
    let to = Destination::Node(peers[1].hop);
    let (body, key) = build(&mut rng(), &[peers[0].hop], &to, b"{}", Cipher::AesGcm).unwrap();
    let outer = parse_outer(&body).unwrap();
    let exit = open_layer(
        &peers[0].secret,
        outer.enc_type,
        &outer.ephemeral_key,
        outer.ciphertext,
    )
    .unwrap();
    let Ok(Layer::Forward {
        ciphertext,
        ephemeral_key,
        enc_type,
        ..
    }) = Layer::parse(&exit.plaintext)
    else {
        panic!("not forwarded")
    };
    let opened = open_layer(&peers[1].secret, enc_type, &ephemeral_key, ciphertext).unwrap();
    let reply = NodeReply {
        status: 200,
        body: "{\"hf\":[19,4]}".into(),
    };
    let sealed = opened.seal_node_reply(&mut rng(), ReplyForm::default(), &reply);
    mutated(&sealed, |bytes| {
        if let Ok(opened) = key.open_node_reply(bytes) {
            assert_eq!(opened, reply, "nothing else opens");
        }
    });
    let wrapped = format!("{{\"result\":\"{}\"}}", String::from_utf8(sealed).unwrap());
    mutated(wrapped.as_bytes(), |bytes| {
        if let Ok(opened) = key.open_node_reply(bytes) {
            assert_eq!(opened, reply, "nothing else opens");
        }
    });
}

#[test]
fn lists_and_peer_requests() {
    let request = ServerRequest {
        method: "POST".into(),
        endpoint: "/room/a".into(),
        headers: [("Content-Type".to_owned(), "application/json".to_owned())].into(),
        body: Some(b"{}".to_vec()),
    };
    mutated(&request.encode(), |bytes| {
        if let Ok(parsed) = ServerRequest::parse(bytes) {
            assert_eq!(ServerRequest::parse(&parsed.encode()), Ok(parsed));
        }
    });
    let reply = ServerReply {
        code: 200,
        headers: Default::default(),
        body: b"body".to_vec(),
    };
    mutated(&reply.encode(), |bytes| {
        if let Ok(parsed) = ServerReply::parse(bytes) {
            assert_eq!(ServerReply::parse(&parsed.encode()), Ok(parsed));
        }
    });
    let layer = PeerRequest::forward(b"ciphertext", [1; 32], EncType::XChaCha20, 3);
    mutated(&layer.encode(), |bytes| {
        if let Ok(parsed) = PeerRequest::parse(bytes) {
            assert_eq!(PeerRequest::parse(&parsed.encode()), Ok(parsed));
        }
    });
    mutated(
        b"Next node not found: 0101010101010101010101010101010101010101010101010101010101010101",
        |bytes| {
            let _ = PathFault::classify(502, &String::from_utf8_lossy(bytes), &[[1; 32]], None);
        },
    );
}
