//! Building a request through a path, inside out.
//!
//! One buffer holds the request from the start: room for all nonces and length fields lies in front of the payload, and
//! each layer is encrypted where it lies, its JSON and tag growing at the end. Never chooses relays.

use data_encoding::HEXLOWER;
use rand_core::CryptoRng;

use super::cipher::{Cipher, ClientEnd, EncType, LayerKey, UnusableKey};
use super::frame;
use super::reply::ReplyKey;
use crate::account::x25519_from_ed25519;

/// What every node destination is told beside its request.
const FINAL_JSON: &[u8] = br#"{"headers":""}"#;
/// Where servers take version 4 onion requests.
const SERVER_TARGET: &str = "/oxen/v4/lsrpc";
/// More than the routing JSON and tag of one layer need; saves growing the buffer.
const LAYER_ROOM: usize = 320;

/// One relay: the two public keys of a service node, 32 bytes each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Names the node to the hop before it.
    pub ed25519: [u8; 32],
    /// Encrypts its layer.
    pub x25519: [u8; 32],
}

impl Hop {
    /// The hop of a node that is known by its Ed25519 key only: the X25519 key is the conversion of it.
    ///
    /// `None` where the bytes are no key that an honest node has. Spec: onion §2 (ONI-03)
    pub fn from_ed25519(ed25519: [u8; 32]) -> Option<Self> {
        let x25519 = x25519_from_ed25519(&ed25519).ok()?;
        Some(Self { ed25519, x25519 })
    }
}

/// Who gets the request in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A service node; the payload is its RPC request as JSON.
    Node(Hop),
    /// An HTTP server; the payload is a list from [`super::ServerRequest::encode`].
    Server(ServerDestination),
}

/// An HTTP server that takes onion requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerDestination {
    /// Host name or address, as the exit relay must resolve it.
    pub host: String,
    /// How the exit relay speaks to it.
    pub protocol: Protocol,
    /// TCP port.
    pub port: u16,
    /// The server's X25519 public key.
    pub x25519: [u8; 32],
}

/// How an exit relay reaches a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Plain HTTP; the onion layer still hides the content.
    Http,
    /// HTTP over TLS.
    Https,
}

impl Protocol {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// Why a request cannot be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The path has no relay.
    #[error("the path is empty")]
    EmptyPath,
    /// A relay's or the destination's X25519 key is unusable; the node list was wrong.
    #[error(transparent)]
    UnusableKey(#[from] UnusableKey),
    /// The payload does not fit a frame's 32-bit length.
    #[error("the payload is too long for a frame")]
    TooLong,
}

/// A request to wrap.
#[derive(Clone, Copy, Debug)]
pub struct OnionRequest<'a> {
    /// Guard first, exit last.
    pub path: &'a [Hop],
    /// Who gets the payload.
    pub destination: &'a Destination,
    /// The destination's request, in the form that [`Destination`] says.
    pub payload: &'a [u8],
    /// For all layers.
    pub cipher: Cipher,
    /// A false start value for the relays' count, to look like a relay; 12 is the highest that passes three relays.
    pub hop_no: Option<u8>,
}

/// Wraps `payload` for `destination` through `path`; see [`OnionRequest::build`].
///
/// # Errors
/// As [`OnionRequest::build`].
pub fn build(
    rng: &mut impl CryptoRng,
    path: &[Hop],
    destination: &Destination,
    payload: &[u8],
    cipher: Cipher,
) -> Result<(Vec<u8>, ReplyKey), BuildError> {
    OnionRequest {
        path,
        destination,
        payload,
        cipher,
        hop_no: None,
    }
    .build(rng)
}

impl OnionRequest<'_> {
    /// Builds the body for the guard's `/onion_req/v2` and the key that opens the reply.
    ///
    /// Draws from `rng`, from the destination's layer outwards, a 32-byte secret and a nonce for each layer. Routing JSON
    /// is compact with sorted keys; `enc_type` is left out for AES-GCM. Spec: onion §4 (ONI-05 to ONI-08)
    ///
    /// # Errors
    /// [`BuildError`]
    pub fn build(&self, rng: &mut impl CryptoRng) -> Result<(Vec<u8>, ReplyKey), BuildError> {
        let (exit, inner) = self.path.split_last().ok_or(BuildError::EmptyPath)?;
        let mut onion = Nested::new(self)?;

        let end = ClientEnd::generate(rng, self.destination.x25519())?;
        if matches!(self.destination, Destination::Node(_)) {
            onion.frame(|json| json.extend_from_slice(FINAL_JSON))?;
        }
        onion.seal(rng, &end.key(self.cipher.into()));

        let mut outer = ClientEnd::generate(rng, &exit.x25519)?;
        onion.frame(|json| self.write_exit_json(json, &end.public))?;
        onion.seal(rng, &outer.key(self.cipher.into()));
        let mut next = exit;
        let mut last_hop = None;
        for hop in inner.iter().rev() {
            let this = ClientEnd::generate(rng, &hop.x25519)?;
            onion.frame(|json| write_node_json(json, &next.ed25519, self.cipher, &outer.public))?;
            onion.seal(rng, &this.key(self.cipher.into()));
            let opened = std::mem::replace(&mut outer, this);
            last_hop.get_or_insert(opened);
            next = hop;
        }
        onion.frame(|json| write_outer_json(json, self.cipher, &outer.public, self.hop_no))?;
        Ok((
            onion.bytes,
            ReplyKey::new(end, last_hop.unwrap_or(outer), self.cipher),
        ))
    }

    /// What the exit relay is told: the next node, or the server to ask.
    fn write_exit_json(&self, json: &mut Vec<u8>, ephemeral: &[u8; 32]) {
        let server = match self.destination {
            Destination::Node(node) => return write_node_json(json, &node.ed25519, self.cipher, ephemeral),
            Destination::Server(server) => server,
        };
        json.push(b'{');
        write_enc_type(json, self.cipher);
        write_key(json, "ephemeral_key", ephemeral);
        json.extend_from_slice(b",\"host\":");
        serde_json::to_writer(&mut *json, &server.host).expect("text is written to memory");
        json.extend_from_slice(b",\"method\":\"POST\",\"port\":");
        json.extend_from_slice(server.port.to_string().as_bytes());
        json.extend_from_slice(b",\"protocol\":\"");
        json.extend_from_slice(server.protocol.name().as_bytes());
        json.extend_from_slice(b"\",\"target\":\"");
        json.extend_from_slice(SERVER_TARGET.as_bytes());
        json.extend_from_slice(b"\"}");
    }
}

impl Destination {
    fn x25519(&self) -> &[u8; 32] {
        match self {
            Self::Node(node) => &node.x25519,
            Self::Server(server) => &server.x25519,
        }
    }
}

fn write_node_json(json: &mut Vec<u8>, next: &[u8; 32], cipher: Cipher, ephemeral: &[u8; 32]) {
    json.push(b'{');
    write_key(json, "destination", next);
    json.push(b',');
    write_enc_type(json, cipher);
    write_key(json, "ephemeral_key", ephemeral);
    json.push(b'}');
}

fn write_outer_json(json: &mut Vec<u8>, cipher: Cipher, ephemeral: &[u8; 32], hop_no: Option<u8>) {
    json.push(b'{');
    write_enc_type(json, cipher);
    write_key(json, "ephemeral_key", ephemeral);
    if let Some(hop_no) = hop_no {
        json.extend_from_slice(b",\"hop_no\":");
        json.extend_from_slice(hop_no.to_string().as_bytes());
    }
    json.push(b'}');
}

fn write_enc_type(json: &mut Vec<u8>, cipher: Cipher) {
    if cipher != Cipher::AesGcm {
        json.extend_from_slice(b"\"enc_type\":\"");
        json.extend_from_slice(EncType::from(cipher).name().as_bytes());
        json.extend_from_slice(b"\",");
    }
}

fn write_key(json: &mut Vec<u8>, name: &str, key: &[u8; 32]) {
    let mut hex = [0; 64];
    HEXLOWER.encode_mut(key, &mut hex);
    json.push(b'"');
    json.extend_from_slice(name.as_bytes());
    json.extend_from_slice(b"\":\"");
    json.extend_from_slice(&hex);
    json.push(b'"');
}

/// A request while its layers are put around it: `start` is where the outermost layer begins so far.
struct Nested {
    bytes: Vec<u8>,
    start: usize,
}

impl Nested {
    /// Reserves the room in front of the payload that all layers need and puts the payload behind it.
    fn new(request: &OnionRequest<'_>) -> Result<Self, BuildError> {
        let layers = request.path.len().saturating_add(1);
        let frames = match request.destination {
            Destination::Node(_) => layers.saturating_add(1),
            Destination::Server(_) => layers,
        };
        let nonces = layers.saturating_mul(EncType::from(request.cipher).nonce_len());
        let start = nonces.saturating_add(frames.saturating_mul(frame::HEAD_LEN));
        let tails = frames.saturating_mul(LAYER_ROOM);
        let size = start.saturating_add(request.payload.len()).saturating_add(tails);
        if u32::try_from(size).is_err() {
            return Err(BuildError::TooLong);
        }
        let mut bytes = Vec::with_capacity(size);
        bytes.resize(start, 0);
        bytes.extend_from_slice(request.payload);
        Ok(Self { bytes, start })
    }

    /// Makes a frame of what there is and the JSON that `write` appends.
    fn frame(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), BuildError> {
        let len = self.bytes.len().saturating_sub(self.start);
        let len = u32::try_from(len).map_err(|_| BuildError::TooLong)?;
        write(&mut self.bytes);
        self.prepend(frame::HEAD_LEN).copy_from_slice(&len.to_le_bytes());
        Ok(())
    }

    /// Encrypts what there is and puts the nonce in front and the tag behind.
    fn seal(&mut self, rng: &mut impl CryptoRng, key: &LayerKey) {
        let text_start = self.start;
        rng.fill_bytes(self.prepend(key.enc_type().nonce_len()));
        let (head, text) = self.bytes.split_at_mut(text_start);
        let nonce = head.get(self.start..).expect("the nonce was put there");
        let tag = key
            .seal_in_place(nonce, text)
            .expect("the nonce has this cipher's length");
        self.bytes.extend_from_slice(&tag);
    }

    fn prepend(&mut self, len: usize) -> &mut [u8] {
        let end = self.start;
        self.start = end.checked_sub(len).expect("room for every layer was counted");
        self.bytes
            .get_mut(self.start..end)
            .expect("the range lies in front of the payload")
    }
}
