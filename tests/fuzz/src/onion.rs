//! Onion requests as relays, servers and clients read them.

use protocol::onion::{
    Cipher, Destination, Hop, HopSecret, Layer, PathFault, PeerRequest, ReplyKey, ServerReply, ServerRequest,
    build, open_layer, parse_list, parse_outer,
};
use rand_core::SeedableRng;

/// The published node key of a guard.
fn guard() -> HopSecret {
    HopSecret::from_bytes([0x2f; 32])
}

pub(crate) fn body(data: &[u8]) {
    let Ok(outer) = parse_outer(data) else { return };
    let opened = open_layer(&guard(), outer.enc_type, &outer.ephemeral_key, outer.ciphertext);
    if let Ok(opened) = opened {
        let _ = Layer::parse(&opened.plaintext);
    }
}

pub(crate) fn layer(data: &[u8]) {
    if let Ok(layer) = Layer::parse(data) {
        let allowed = layer.server_url();
        assert!(allowed.is_err() || matches!(layer, Layer::Server { .. }));
    }
}

pub(crate) fn reply(data: &[u8]) {
    let key = reply_key();
    let _ = key.open_node_reply(data);
    let _ = key.open_server_reply(data);
}

pub(crate) fn peer(data: &[u8]) {
    if let Ok(request) = PeerRequest::parse(data) {
        assert_eq!(PeerRequest::parse(&request.encode()), Ok(request));
    }
}

pub(crate) fn server_list(data: &[u8]) {
    let _ = parse_list(data);
    let _ = ServerRequest::parse(data);
    let _ = ServerReply::parse(data);
}

/// The first two bytes are the status.
pub(crate) fn error(data: &[u8]) {
    let Some((status, text)) = data.split_first_chunk::<2>() else {
        return;
    };
    let text = String::from_utf8_lossy(text);
    let _ = PathFault::classify(
        u16::from_be_bytes(*status),
        &text,
        &[[1; 32], [2; 32], [3; 32]],
        Some(&[4; 32]),
    );
}

fn reply_key() -> ReplyKey {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(7);
    let hop = |seed: u8| Hop {
        ed25519: [seed; 32],
        x25519: *HopSecret::from_bytes([seed; 32]).public(),
    };
    let path = [hop(1), hop(2), hop(3)];
    let request = build(
        &mut rng,
        &path,
        &Destination::Node(hop(4)),
        b"{}",
        Cipher::XChaCha20,
    );
    request.expect("these keys are usable").1
}
