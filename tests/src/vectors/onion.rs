//! `onion.json`: layers, whole requests, replies, the form between nodes and errors of the path.

use std::collections::VecDeque;
use std::convert::Infallible;

use data_encoding::{BASE64, HEXLOWER};
use protocol::onion::{
    Cipher, Destination, EncType, Hop, HopSecret, Layer, NodeReply, OnionRequest, OpenFailed, Outer,
    PathFault, PeerRequest, Protocol, ReplyForm, ServerDestination, build, encode_list, is_allowed_target,
    open_layer, parse_list, parse_outer,
};
use rand_core::{TryCryptoRng, TryRng};
use serde_json::Value;

/// Runs one case of a group.
pub(super) fn run(group: &str, case: &Value) -> Option<Check> {
    Some(match group {
        "hop_crypto" => hop_crypto(case),
        "outer_body" => outer_body(case),
        "inner_plaintext" => inner_plaintext(case),
        "url_target" => url_target(case),
        "path" => path(case),
        "node_to_node" => node_to_node(case),
        "v4_list" => v4_list(case),
        "error_classify" => error_classify(case),
        _ => return None,
    })
}

fn enc_type(case: &Value) -> Result<EncType, String> {
    let name = text(case, "enc_type")?;
    EncType::parse(name).ok_or_else(|| format!("unknown enc_type {name}"))
}

fn hop_crypto(case: &Value) -> Check {
    let secret = HopSecret::from_bytes(key(case, "local_seckey")?);
    check_eq("public key", secret.public(), &key(case, "local_pubkey")?)?;
    let remote = key(case, "remote_pubkey")?;
    let sealed = bytes(case, "ciphertext")?;
    let opened = match text(case, "local_role")? {
        "server" => open_layer(&secret, enc_type(case)?, &remote, &sealed).map(|layer| layer.plaintext),
        "client" if enc_type(case)? == EncType::XChaCha20 => open_as_client(case, &remote, &sealed)?,
        // The other ciphers' keys do not depend on who is who.
        "client" => open_layer(&secret, enc_type(case)?, &remote, &sealed).map(|layer| layer.plaintext),
        other => return Err(format!("unknown role {other}")),
    };
    match (case["ok"].as_bool() == Some(true), opened) {
        (true, opened) => check_eq("plaintext", &opened.ok(), &Some(bytes(case, "plaintext_hex")?)),
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
    let mut script = bytes(case, "local_seckey")?;
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
    let body = bytes(case, "body")?;
    let secret = HopSecret::from_bytes(key(case, "server_seckey")?);
    check_eq("server key", secret.public(), &key(case, "server_pubkey")?)?;
    let outer = parse_outer(&body).map_err(|e| e.to_string())?;
    check_eq("enc_type", &outer.enc_type, &enc_type(case)?)?;
    check_eq(
        "ephemeral key",
        &outer.ephemeral_key,
        &key(case, "ephemeral_key")?,
    )?;
    check_eq(
        "hop_no",
        &u64::from(outer.hop_no),
        &case["hop_no"].as_u64().unwrap_or(0),
    )?;
    let opened = open_layer(&secret, outer.enc_type, &outer.ephemeral_key, outer.ciphertext);
    let opened = opened.map_err(|e| e.to_string())?;
    check_eq("payload", &opened.plaintext, &bytes(case, "payload_hex")?)
}

fn inner_plaintext(case: &Value) -> Check {
    let plaintext = bytes(case, "plaintext_hex")?;
    let expect = field(case, "expect")?;
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
    check_eq("layer", &described, expect)
}

fn url_target(case: &Value) -> Check {
    check_eq(
        "allowed",
        &Some(is_allowed_target(text(case, "target")?)),
        &case["allowed"].as_bool(),
    )
}

fn path(case: &Value) -> Check {
    let hops = field(case, "hops")?.as_array().ok_or("hops is no list")?;
    let path = hops.iter().map(hop).collect::<Result<Vec<_>, _>>()?;
    let wanted = field(case, "destination")?;
    let destination = destination(wanted)?;
    let cipher = match enc_type(case)? {
        EncType::AesGcm => Cipher::AesGcm,
        EncType::XChaCha20 => Cipher::XChaCha20,
        EncType::AesCbc => return Err("requests are never sent with aes-cbc".into()),
    };
    let payload = bytes(case, "payload_hex")?;
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
    let expected = bytes(case, "request_body_hex")?;
    // AES-GCM is never named by this client; a body that names it is still followed through the nodes below.
    if cipher != Cipher::AesGcm || case["enc_type_sent_in_json"].as_bool() != Some(true) {
        check_eq(
            "request body",
            &HEXLOWER.encode(&body),
            &HEXLOWER.encode(&expected),
        )?;
    }

    let last = peel(case, hops, &expected)?;
    let secret = HopSecret::from_bytes(key(wanted, "x25519_seckey")?);
    let opened = open_layer(&secret, last.enc_type, &last.ephemeral_key, &last.ciphertext)
        .map_err(|e| format!("destination: {e}"))?;
    check_layer(case, 0, &opened.plaintext)?;
    let reply_plaintext = bytes(case, "response_plaintext_hex")?;
    let mut nonce = Scripted::new(&bytes(case, "response_nonce")?);
    let response = field(case, "response_body")?;
    let sealed = match destination {
        Destination::Node(_) => {
            let Ok(Layer::Final { body, form }) = Layer::parse(&opened.plaintext) else {
                return Err("the destination's layer is not final".into());
            };
            check_eq("request", &body, &payload.as_slice())?;
            opened.seal_node_reply(&mut nonce, form, &node_reply(&reply_plaintext)?)
        }
        Destination::Server(_) => {
            check_eq("request", &opened.plaintext, &payload)?;
            opened.seal_server_reply(&mut nonce, &reply_plaintext)
        }
    };
    let wire = match response.get("base64").and_then(Value::as_str) {
        Some(text) => text.as_bytes().to_vec(),
        None => bytes(response, "hex")?,
    };
    check_eq("reply body", &BASE64.encode(&sealed), &BASE64.encode(&wire))?;
    check_eq(
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
        let secret = HopSecret::from_bytes(key(hop, "x25519_seckey")?);
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
                check_eq("next node", &destination, &key(after, "pubkey_ed25519")?)?;
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
                check_eq("url", &layer.server_url().map_err(|e| e.to_string())?, &url)?;
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
    check_eq(
        "layer's plaintext",
        &HEXLOWER.encode(plaintext),
        &text(layer, "plaintext_hex")?.to_owned(),
    )
}

fn hop(value: &Value) -> Result<Hop, String> {
    Ok(Hop {
        ed25519: key(value, "pubkey_ed25519")?,
        x25519: key(value, "pubkey_x25519")?,
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
        x25519: key(value, "pubkey_x25519")?,
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

fn node_to_node(case: &Value) -> Check {
    let request = PeerRequest {
        ciphertext: bytes(case, "data_hex")?,
        ephemeral_key: key(case, "ephemeral_key")?,
        enc_type: enc_type(case)?,
        hop_no: case["hop_no"]
            .as_u64()
            .and_then(|n| n.try_into().ok())
            .ok_or("hop_no")?,
    };
    let encoded = bytes(case, "encoded_hex")?;
    check_eq(
        "encoded",
        &HEXLOWER.encode(&request.encode()),
        &HEXLOWER.encode(&encoded),
    )?;
    check_eq(
        "parsed",
        &PeerRequest::parse(&encoded).map_err(|e| e.to_string())?,
        &request,
    )
}

fn v4_list(case: &Value) -> Check {
    let head = text(case, "meta_json")?.as_bytes();
    let body = match field(case, "body_hex")? {
        Value::Null => None,
        _ => Some(bytes(case, "body_hex")?),
    };
    let encoded = bytes(case, "encoded_hex")?;
    check_eq("encoded", &encode_list(head, body.as_deref()), &encoded)?;
    check_eq(
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
    let destination = match field(case, "destination_ed25519")? {
        Value::Null => None,
        _ => Some(key(case, "destination_ed25519")?),
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
    check_eq("meaning", &name, &text(case, "classify")?)?;
    check_eq("offender", &offender, field(case, "offender")?)
}

/// Gives out the bytes of a case in place of random ones.
struct Scripted(VecDeque<u8>);

impl Scripted {
    fn new(bytes: &[u8]) -> Self {
        Self(bytes.iter().copied().collect())
    }

    /// The secrets and nonces of a path's layers, from the destination outwards.
    fn of_keys(case: &Value) -> Result<Self, String> {
        let layers = field(case, "ephemeral_keys_destination_first")?
            .as_array()
            .ok_or("no list of keys")?;
        let mut script = Vec::new();
        for layer in layers {
            script.extend(bytes(layer, "seckey")?);
            script.extend(bytes(layer, "nonce")?);
        }
        Ok(Self::new(&script))
    }
}

impl TryRng for Scripted {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut word = [0; 4];
        self.try_fill_bytes(&mut word)?;
        Ok(u32::from_le_bytes(word))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut word = [0; 8];
        self.try_fill_bytes(&mut word)?;
        Ok(u64::from_le_bytes(word))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for byte in out {
            *byte = self.0.pop_front().unwrap_or_default();
        }
        Ok(())
    }
}

impl TryCryptoRng for Scripted {}

/// The outcome of one case; the text says what differed.
type Check = Result<(), String>;

fn field<'a>(case: &'a Value, name: &str) -> Result<&'a Value, String> {
    case.get(name).ok_or_else(|| format!("the case has no {name}"))
}

fn text<'a>(case: &'a Value, name: &str) -> Result<&'a str, String> {
    field(case, name)?
        .as_str()
        .ok_or_else(|| format!("{name} is no text"))
}

fn bytes(case: &Value, name: &str) -> Result<Vec<u8>, String> {
    HEXLOWER
        .decode(text(case, name)?.as_bytes())
        .map_err(|e| format!("{name}: {e}"))
}

fn key(case: &Value, name: &str) -> Result<[u8; 32], String> {
    bytes(case, name)?
        .try_into()
        .map_err(|_| format!("{name} is not 32 bytes long"))
}

fn check_eq<T: PartialEq + std::fmt::Debug>(what: &str, got: &T, expected: &T) -> Check {
    if got == expected {
        Ok(())
    } else {
        Err(format!("{what}: got {got:?}, expected {expected:?}"))
    }
}
