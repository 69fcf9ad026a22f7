//! Whole requests through three relays, and their replies.

use data_encoding::{BASE64, HEXLOWER};
use protocol::onion::{
    Cipher, Destination, EncType, Hop, HopSecret, Layer, NodeReply, OnionRequest, Outer, Protocol,
    ServerDestination, open_layer, parse_outer,
};
use serde_json::Value;

use super::enc_type;
use crate::vectors::field::{Check, equal, hex, hex_array, text};
use crate::vectors::scripted::Scripted;

/// Builds a case's request, follows it through its relays and opens the reply.
pub(super) fn check(case: &Value) -> Check {
    let hops = case["hops"].as_array().ok_or("hops is no list")?;
    let path = hops.iter().map(hop).collect::<Result<Vec<_>, _>>()?;
    let wanted = &case["destination"];
    let destination = destination(wanted)?;
    let cipher = match enc_type(case)? {
        EncType::AesGcm => Cipher::AesGcm,
        EncType::XChaCha20 => Cipher::XChaCha20,
        EncType::AesCbc => return Err("requests are never sent with aes-cbc".into()),
    };
    let payload = hex(case, "payload_hex")?;
    let request = OnionRequest {
        path: &path,
        destination: &destination,
        payload: &payload,
        cipher,
        hop_no: None,
    };
    let (body, reply_key) = request
        .build(&mut Scripted::of_keys(case)?)
        .map_err(|e| e.to_string())?;
    let expected = hex(case, "request_body_hex")?;
    // AES-GCM is never named by this client; a body that names it is still followed through the nodes below.
    if cipher != Cipher::AesGcm || case["enc_type_sent_in_json"].as_bool() != Some(true) {
        equal(
            "request body",
            &HEXLOWER.encode(&body),
            &HEXLOWER.encode(&expected),
        )?;
    }

    let last = peel(case, hops, &expected)?;
    let secret = HopSecret::from_bytes(hex_array(wanted, "x25519_seckey")?);
    let opened = open_layer(&secret, last.enc_type, &last.ephemeral_key, &last.ciphertext)
        .map_err(|e| format!("destination: {e}"))?;
    check_layer(case, 0, &opened.plaintext)?;
    let reply_plaintext = hex(case, "response_plaintext_hex")?;
    let mut nonce = Scripted::new(&hex(case, "response_nonce")?);
    let response = &case["response_body"];
    let sealed = match destination {
        Destination::Node(_) => {
            let Ok(Layer::Final { body, form }) = Layer::parse(&opened.plaintext) else {
                return Err("the destination's layer is not final".into());
            };
            equal("request", &body, &payload.as_slice())?;
            opened.seal_node_reply(&mut nonce, form, &node_reply(&reply_plaintext)?)
        }
        Destination::Server(_) => {
            equal("request", &opened.plaintext, &payload)?;
            opened.seal_server_reply(&mut nonce, &reply_plaintext)
        }
    };
    let wire = match response.get("base64").and_then(Value::as_str) {
        Some(text) => text.as_bytes().to_vec(),
        None => hex(response, "hex")?,
    };
    equal("reply body", &BASE64.encode(&sealed), &BASE64.encode(&wire))?;
    equal(
        "opened reply",
        &reply_key.open_reply(&wire).map_err(|e| e.to_string())?,
        &reply_plaintext,
    )
}

/// What is left for the destination after all relays opened their layers.
struct Innermost {
    ciphertext: Vec<u8>,
    ephemeral_key: [u8; 32],
    enc_type: EncType,
}

/// Opens a request relay by relay, comparing each layer with the case's.
fn peel(case: &Value, hops: &[Value], body: &[u8]) -> Result<Innermost, String> {
    let outer = parse_outer(body).map_err(|e| e.to_string())?;
    let mut next = Innermost {
        ciphertext: outer.ciphertext.to_vec(),
        ephemeral_key: outer.ephemeral_key,
        enc_type: outer.enc_type,
    };
    for (i, hop) in hops.iter().enumerate() {
        let secret = HopSecret::from_bytes(hex_array(hop, "x25519_seckey")?);
        let opened = open_layer(&secret, next.enc_type, &next.ephemeral_key, &next.ciphertext)
            .map_err(|e| format!("hop {i}: {e}"))?;
        check_layer(case, hops.len() - i, &opened.plaintext)?;
        let after = hops.get(i + 1).unwrap_or(&case["destination"]);
        next = match Layer::parse(&opened.plaintext).map_err(|e| format!("hop {i}: {e}"))? {
            Layer::Forward {
                ciphertext,
                destination,
                ephemeral_key,
                enc_type,
            } => {
                equal("next node", &destination, &hex_array(after, "pubkey_ed25519")?)?;
                Innermost {
                    ciphertext: ciphertext.to_vec(),
                    ephemeral_key,
                    enc_type,
                }
            }
            layer @ Layer::Server { .. } => {
                let (host, port) = (text(after, "host")?, &after["port"]);
                let url = format!(
                    "{}://{host}:{port}{}",
                    text(after, "protocol")?,
                    text(after, "target")?
                );
                equal("url", &layer.server_url().map_err(|e| e.to_string())?, &url)?;
                let posted = parse_outer(&opened.plaintext).map_err(|e| e.to_string())?;
                let Outer {
                    ciphertext,
                    ephemeral_key,
                    enc_type,
                    ..
                } = posted;
                Innermost {
                    ciphertext: ciphertext.to_vec(),
                    ephemeral_key,
                    enc_type,
                }
            }
            Layer::Final { .. } => return Err(format!("hop {i} is told that it is the destination")),
        };
    }
    Ok(next)
}

fn check_layer(case: &Value, index: usize, plaintext: &[u8]) -> Check {
    let Some(layer) = case["layers_destination_first"].get(index) else {
        return Ok(());
    };
    equal(
        "layer's plaintext",
        &HEXLOWER.encode(plaintext),
        &text(layer, "plaintext_hex")?.to_owned(),
    )
}

fn hop(value: &Value) -> Result<Hop, String> {
    Ok(Hop {
        ed25519: hex_array(value, "pubkey_ed25519")?,
        x25519: hex_array(value, "pubkey_x25519")?,
    })
}

fn destination(value: &Value) -> Result<Destination, String> {
    if text(value, "kind")? == "snode" {
        return Ok(Destination::Node(hop(value)?));
    }
    let protocol = match text(value, "protocol")? {
        "http" => Protocol::Http,
        "https" => Protocol::Https,
        other => return Err(format!("unknown protocol {other}")),
    };
    let port = value["port"]
        .as_u64()
        .and_then(|port| port.try_into().ok())
        .ok_or("port")?;
    let host = text(value, "host")?.to_owned();
    Ok(Destination::Server(ServerDestination {
        host,
        protocol,
        port,
        x25519: hex_array(value, "pubkey_x25519")?,
    }))
}

fn node_reply(plaintext: &[u8]) -> Result<NodeReply, String> {
    let reply: Value = serde_json::from_slice(plaintext).map_err(|e| e.to_string())?;
    let status = reply["status"]
        .as_u64()
        .and_then(|status| status.try_into().ok())
        .ok_or("status")?;
    Ok(NodeReply {
        status,
        body: text(&reply, "body")?.to_owned(),
    })
}
