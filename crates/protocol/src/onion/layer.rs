//! A node's side: taking a request apart, opening its layer and telling what to do with it.
//!
//! Never sends anything; what a layer asks for is returned as data.

use data_encoding::HEXLOWER_PERMISSIVE;
use rand_core::CryptoRng;
use serde_json::{Map, Value};

use super::cipher::{EncType, HopSecret, LayerKey, OpenFailed};
use super::frame::{self, FrameError};
use super::path::Protocol;
use super::reply::{NodeReply, ReplyForm};

/// A request that more relays than this handled is refused. Spec: onion §6 (ONI-11)
pub const HOP_LIMIT: u32 = 15;

/// Statuses that a hop passes back as they are. Spec: onion §5 (ONI-17)
const PASSABLE: [u16; 14] = [
    200, 400, 401, 403, 404, 406, 410, 413, 421, 429, 500, 502, 503, 504,
];

/// What `/onion_req/v2` received, taken apart but not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outer<'a> {
    /// For the guard's key.
    pub ciphertext: &'a [u8],
    /// The client's public key of this layer.
    pub ephemeral_key: [u8; 32],
    /// The cipher of `ciphertext`.
    pub enc_type: EncType,
    /// How many relays claim to have handled the request; 0 where nothing or less was said.
    pub hop_no: u32,
}

/// Why a request body cannot be taken apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OuterError {
    /// The frame around ciphertext and JSON is broken.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// What follows the ciphertext is not a JSON object.
    #[error("no JSON object after the ciphertext")]
    NotJson,
    /// A field is missing or has another form; the field's name.
    #[error("the field {0} is missing or malformed")]
    Field(&'static str),
}

/// Takes the body of an onion request apart. `enc_type` may be absent (AES-GCM) but not null. Spec: onion §4 (ONI-08)
///
/// # Errors
/// [`OuterError`]; a node answers 400 in plain text.
pub fn parse_outer(body: &[u8]) -> Result<Outer<'_>, OuterError> {
    let (ciphertext, json) = frame::split(body)?;
    let fields = parse_object(json).ok_or(OuterError::NotJson)?;
    let hop_no = match fields.get("hop_no") {
        None => 0,
        Some(value) => clamp_hop_no(value.as_i64().ok_or(OuterError::Field("hop_no"))?),
    };
    Ok(Outer {
        ciphertext,
        ephemeral_key: key_field(&fields, "ephemeral_key").ok_or(OuterError::Field("ephemeral_key"))?,
        enc_type: enc_type_field(&fields).ok_or(OuterError::Field("enc_type"))?,
        hop_no,
    })
}

/// Opens one layer with a node's or server's key. Spec: onion §2 (ONI-03, ONI-04, ONI-19)
///
/// `ephemeral_key`: the client's X25519 public key that came beside the ciphertext.
///
/// # Errors
/// [`OpenFailed`]; a node answers 400 "Invalid ciphertext" in plain text.
pub fn open_layer(
    secret: &HopSecret,
    enc_type: EncType,
    ephemeral_key: &[u8; 32],
    ciphertext: &[u8],
) -> Result<OpenedLayer, OpenFailed> {
    let key = secret
        .derive_key(enc_type, ephemeral_key)
        .map_err(|_| OpenFailed)?;
    let plaintext = key.open(ciphertext)?;
    Ok(OpenedLayer { plaintext, key })
}

/// An opened layer, which can also be answered.
#[derive(Debug)]
pub struct OpenedLayer {
    /// What the layer held: for a node, input of [`Layer::parse`]; for a server, its request.
    pub plaintext: Vec<u8>,
    key: LayerKey,
}

impl OpenedLayer {
    /// Answers as a node destination, or with an error of this layer; goes out with status 200. Spec: onion §7 (ONI-14)
    pub fn seal_node_reply(&self, rng: &mut impl CryptoRng, form: ReplyForm, reply: &NodeReply) -> Vec<u8> {
        let sealed = self.key.seal(rng, reply.encode(form).as_bytes());
        match form.base64 {
            true => data_encoding::BASE64.encode(&sealed).into_bytes(),
            false => sealed,
        }
    }

    /// Encrypts a server's reply list; goes out as it is. Spec: onion §8 (ONI-16)
    pub fn seal_server_reply(&self, rng: &mut impl CryptoRng, list: &[u8]) -> Vec<u8> {
        self.key.seal(rng, list)
    }
}

/// What an opened layer asks a node to do. Spec: onion §5 (ONI-09)
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layer<'a> {
    /// The request is for this node.
    Final {
        /// The RPC request.
        body: &'a [u8],
        /// How to write the answer.
        form: ReplyForm,
    },
    /// The whole plaintext is to be posted to a server.
    Server {
        /// Host name or address.
        host: String,
        /// Path to post to; see [`is_allowed_target`], which [`Layer::server_url`] applies.
        target: String,
        /// TCP port.
        port: u16,
        /// "https" or "http"; anything else makes [`Layer::server_url`] refuse.
        protocol: String,
    },
    /// The ciphertext is for another node.
    Forward {
        /// For the next node's key.
        ciphertext: &'a [u8],
        /// The next node's Ed25519 key.
        destination: [u8; 32],
        /// The client's public key for the next node's layer.
        ephemeral_key: [u8; 32],
        /// The cipher of `ciphertext`.
        enc_type: EncType,
    },
}

/// Why a layer asks for nothing that a node does. Both go back encrypted to this layer's key as status 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LayerError {
    /// No JSON object, or a field is missing or malformed.
    #[error("Invalid json")]
    InvalidJson,
    /// The server's path or protocol is not allowed.
    #[error("Invalid url")]
    InvalidUrl,
}

impl LayerError {
    /// The answer to seal with [`OpenedLayer::seal_node_reply`].
    pub fn to_reply(self) -> NodeReply {
        NodeReply {
            status: 400,
            body: self.to_string(),
        }
    }
}

impl<'a> Layer<'a> {
    /// Reads the plaintext of a layer. `headers` of any value, even null, wins over `host`, and that over `destination`.
    ///
    /// # Errors
    /// [`LayerError::InvalidJson`]
    pub fn parse(plaintext: &'a [u8]) -> Result<Self, LayerError> {
        let (part, json) = frame::split(plaintext).map_err(|_| LayerError::InvalidJson)?;
        let fields = parse_object(json).ok_or(LayerError::InvalidJson)?;
        let layer = if fields.contains_key("headers") {
            parse_final(part, &fields)
        } else if fields.contains_key("host") {
            parse_server(&fields)
        } else {
            parse_forward(part, &fields)
        };
        layer.ok_or(LayerError::InvalidJson)
    }

    /// The URL of a [`Layer::Server`], if a node may post to it.
    ///
    /// # Errors
    /// [`LayerError::InvalidUrl`] for a refused target or protocol, and for the other layers.
    pub fn server_url(&self) -> Result<String, LayerError> {
        let Self::Server {
            host,
            target,
            port,
            protocol,
        } = self
        else {
            return Err(LayerError::InvalidUrl);
        };
        let known = [Protocol::Http, Protocol::Https]
            .iter()
            .any(|known| known.name() == protocol);
        match known && is_allowed_target(target) {
            true => Ok(format!("{protocol}://{host}:{port}{target}")),
            false => Err(LayerError::InvalidUrl),
        }
    }
}

/// Whether an exit relay may post to this path: under `/loki/` or `/oxen/`, ending in `/lsrpc`, without a query.
/// Spec: onion §5 (ONI-10)
pub fn is_allowed_target(target: &str) -> bool {
    let rooted = target.starts_with("/loki/") || target.starts_with("/oxen/");
    rooted && target.ends_with("/lsrpc") && !target.contains('?')
}

/// The status that a hop passes back for a server's status: itself if the network knows it, else 500.
/// Spec: onion §5 (ONI-17)
pub fn passable_status(status: u16) -> u16 {
    if PASSABLE.contains(&status) { status } else { 500 }
}

/// The count that a node works with: what was said, at least 0 and within 32 bits.
pub(super) fn clamp_hop_no(said: i64) -> u32 {
    u32::try_from(said.max(0)).unwrap_or(u32::MAX)
}

fn parse_final<'a>(body: &'a [u8], fields: &Map<String, Value>) -> Option<Layer<'a>> {
    let flag = |name: &str, default: bool| fields.get(name).map_or(Some(default), Value::as_bool);
    Some(Layer::Final {
        body,
        form: ReplyForm {
            json: flag("json", false)?,
            base64: flag("base64", true)?,
        },
    })
}

fn parse_server<'a>(fields: &Map<String, Value>) -> Option<Layer<'a>> {
    let port = match fields.get("port") {
        None => 443,
        Some(port) => u16::try_from(port.as_u64()?).ok()?,
    };
    let protocol = match fields.get("protocol") {
        None => Protocol::Https.name(),
        Some(protocol) => protocol.as_str()?,
    };
    Some(Layer::Server {
        host: fields.get("host")?.as_str()?.to_owned(),
        target: fields.get("target")?.as_str()?.to_owned(),
        port,
        protocol: protocol.to_owned(),
    })
}

fn parse_forward<'a>(ciphertext: &'a [u8], fields: &Map<String, Value>) -> Option<Layer<'a>> {
    Some(Layer::Forward {
        ciphertext,
        destination: key_field(fields, "destination")?,
        ephemeral_key: key_field(fields, "ephemeral_key")?,
        enc_type: enc_type_field(fields)?,
    })
}

fn parse_object(json: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(json) {
        Ok(Value::Object(fields)) => Some(fields),
        _ => None,
    }
}

fn key_field(fields: &Map<String, Value>, name: &str) -> Option<[u8; 32]> {
    let hex = fields.get(name)?.as_str()?;
    HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok()?.try_into().ok()
}

fn enc_type_field(fields: &Map<String, Value>) -> Option<EncType> {
    match fields.get("enc_type") {
        None => Some(EncType::AesGcm),
        Some(name) => EncType::parse(name.as_str()?),
    }
}
