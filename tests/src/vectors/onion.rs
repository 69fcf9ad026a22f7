//! `onion.json`: layers, whole requests, replies, the form between nodes and errors of the path.

use data_encoding::HEXLOWER;
use protocol::onion::{
    Cipher, Destination, EncType, Hop, HopSecret, Layer, OpenFailed, PathFault, PeerRequest, ReplyForm,
    build, encode_list, is_allowed_target, open_layer, parse_list, parse_outer,
};
use serde_json::Value;

use super::field::{Check, equal, hex, hex_array, text};
use super::scripted::Scripted;

mod path;

/// Runs one case of a group; `None` for a group it does not know.
pub(super) fn run(group: &str, case: &Value) -> Option<Check> {
    Some(match group {
        "hop_crypto" => hop_crypto(case),
        "outer_body" => outer_body(case),
        "inner_plaintext" => inner_plaintext(case),
        "url_target" => url_target(case),
        "path" => path::check(case),
        "node_to_node" => node_to_node(case),
        "v4_list" => v4_list(case),
        "error_classify" => error_classify(case),
        _ => return None,
    })
}

/// The cipher that a case names.
fn enc_type(case: &Value) -> Result<EncType, String> {
    let name = text(case, "enc_type")?;
    EncType::parse(name).ok_or_else(|| format!("unknown enc_type {name}"))
}

fn hop_crypto(case: &Value) -> Check {
    let secret = HopSecret::from_bytes(hex_array(case, "local_seckey")?);
    equal("public key", secret.public(), &hex_array(case, "local_pubkey")?)?;
    let remote = hex_array(case, "remote_pubkey")?;
    let sealed = hex(case, "ciphertext")?;
    let opened = match text(case, "local_role")? {
        "server" => open_layer(&secret, enc_type(case)?, &remote, &sealed).map(|layer| layer.plaintext),
        "client" if enc_type(case)? == EncType::XChaCha20 => open_as_client(case, &remote, &sealed)?,
        // The other ciphers' keys do not depend on who is who.
        "client" => open_layer(&secret, enc_type(case)?, &remote, &sealed).map(|layer| layer.plaintext),
        other => return Err(format!("unknown role {other}")),
    };
    match (case["ok"].as_bool() == Some(true), opened) {
        (true, opened) => equal("plaintext", &opened.ok(), &Some(hex(case, "plaintext_hex")?)),
        (false, Err(_)) => Ok(()),
        (false, Ok(_)) => Err("opened what must not open".into()),
    }
}

/// Opens as the reply to a request that was made with the case's key as its ephemeral one.
fn open_as_client(
    case: &Value,
    remote: &[u8; 32],
    sealed: &[u8],
) -> Result<Result<Vec<u8>, OpenFailed>, String> {
    let node = Hop {
        ed25519: [1; 32],
        x25519: *remote,
    };
    let mut script = hex(case, "local_seckey")?;
    script.resize(32 + 24, 0);
    script.extend([9; 32 + 24]);
    let (_, reply_key) = build(
        &mut Scripted::new(&script),
        &[node],
        &Destination::Node(node),
        b"",
        Cipher::XChaCha20,
    )
    .map_err(|e| e.to_string())?;
    Ok(reply_key.open_reply(sealed).map_err(|_| OpenFailed))
}

fn outer_body(case: &Value) -> Check {
    let body = hex(case, "body")?;
    let secret = HopSecret::from_bytes(hex_array(case, "server_seckey")?);
    equal("server key", secret.public(), &hex_array(case, "server_pubkey")?)?;
    let outer = parse_outer(&body).map_err(|e| e.to_string())?;
    equal("enc_type", &outer.enc_type, &enc_type(case)?)?;
    equal(
        "ephemeral key",
        &outer.ephemeral_key,
        &hex_array(case, "ephemeral_key")?,
    )?;
    equal(
        "hop_no",
        &u64::from(outer.hop_no),
        &case["hop_no"].as_u64().unwrap_or(0),
    )?;
    let opened = open_layer(&secret, outer.enc_type, &outer.ephemeral_key, outer.ciphertext);
    let opened = opened.map_err(|e| e.to_string())?;
    equal("payload", &opened.plaintext, &hex(case, "payload_hex")?)
}

fn inner_plaintext(case: &Value) -> Check {
    let plaintext = hex(case, "plaintext_hex")?;
    let expect = &case["expect"];
    let described = match Layer::parse(&plaintext) {
        Ok(Layer::Final {
            body,
            form: ReplyForm { json, base64 },
        }) => serde_json::json!({
            "kind": "final", "body_hex": HEXLOWER.encode(body), "json": json, "base64": base64,
        }),
        Ok(Layer::Server {
            host,
            target,
            port,
            protocol,
        }) => serde_json::json!({
            "kind": "server", "host": host, "target": target, "port": port, "protocol": protocol,
            "payload": "the whole plaintext, unchanged",
        }),
        Ok(Layer::Forward {
            ciphertext,
            destination,
            ephemeral_key,
            enc_type,
        }) => serde_json::json!({
            "kind": "snode", "ciphertext_hex": HEXLOWER.encode(ciphertext),
            "destination": HEXLOWER.encode(&destination), "ephemeral_key": HEXLOWER.encode(&ephemeral_key),
            "enc_type": enc_type.name(),
        }),
        Err(_) => serde_json::json!({ "kind": "error", "error": "INVALID_JSON" }),
    };
    equal("layer", &described, expect)
}

fn url_target(case: &Value) -> Check {
    equal(
        "allowed",
        &Some(is_allowed_target(text(case, "target")?)),
        &case["allowed"].as_bool(),
    )
}

fn node_to_node(case: &Value) -> Check {
    let request = PeerRequest {
        ciphertext: hex(case, "data_hex")?,
        ephemeral_key: hex_array(case, "ephemeral_key")?,
        enc_type: enc_type(case)?,
        hop_no: case["hop_no"]
            .as_u64()
            .and_then(|n| n.try_into().ok())
            .ok_or("hop_no")?,
    };
    let encoded = hex(case, "encoded_hex")?;
    equal(
        "encoded",
        &HEXLOWER.encode(&request.encode()),
        &HEXLOWER.encode(&encoded),
    )?;
    equal(
        "parsed",
        &PeerRequest::parse(&encoded).map_err(|e| e.to_string())?,
        &request,
    )
}

fn v4_list(case: &Value) -> Check {
    let head = text(case, "meta_json")?.as_bytes();
    let body = match case["body_hex"] {
        Value::Null => None,
        _ => Some(hex(case, "body_hex")?),
    };
    let encoded = hex(case, "encoded_hex")?;
    equal("encoded", &encode_list(head, body.as_deref()), &encoded)?;
    equal(
        "parsed",
        &parse_list(&encoded).map_err(|e| e.to_string())?,
        &(head, body.as_deref()),
    )
}

fn error_classify(case: &Value) -> Check {
    let status = case["http_status"]
        .as_u64()
        .and_then(|n| n.try_into().ok())
        .ok_or("http_status")?;
    let body = text(case, "body")?;
    let destination = match case["destination_ed25519"] {
        Value::Null => None,
        _ => Some(hex_array(case, "destination_ed25519")?),
    };
    let mut path = vec![[0x51; 32], [0x52; 32], [0x53; 32]];
    let named = body
        .rsplit(": ")
        .next()
        .and_then(|hex| HEXLOWER.decode(hex.trim().as_bytes()).ok());
    if case["path_has_key"].as_bool() == Some(true)
        && let Some(key) = named.and_then(|key| key.try_into().ok())
    {
        path[1] = key;
    }
    let hex = |node: [u8; 32]| Value::from(HEXLOWER.encode(&node));
    let (name, offender) = match PathFault::classify(status, body, &path, destination.as_ref()) {
        PathFault::IntermediateNodeUnreachable(node) => ("IntermediateNodeUnreachable", hex(node)),
        PathFault::DestinationUnreachable(node) => ("DestinationUnreachable", hex(node)),
        PathFault::NodeNotReady(node) => ("SnodeNotReady", hex(node)),
        PathFault::GuardNotReady => ("GuardNotReady", "guard".into()),
        PathFault::PathTimedOut => ("PathTimedOut", "path".into()),
        PathFault::InvalidHopResponse => ("InvalidHopResponse", "path".into()),
        PathFault::RefusedByRelay => ("RefusedByRelay", "path".into()),
        PathFault::Unknown => ("Unknown", Value::Null),
    };
    equal("meaning", &name, &text(case, "classify")?)?;
    equal("offender", &offender, &case["offender"])
}
