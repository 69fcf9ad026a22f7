//! The two outer layers of a stored payload: `WebSocketMessage { request { body: Envelope } }`.
//!
//! Both are protobuf (proto2). Nothing in them is proven: an [`UnopenedMessage`] is only their parsed form. The way on
//! is [`UnopenedMessage::open`]. Spec: messages §5 (ENV-01 to ENV-08).

use ed25519_dalek::{Signer, SigningKey};
use prost::Message;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::TimestampMs;

/// The layer around the signed box.
#[derive(Clone, PartialEq, Message)]
pub struct Envelope {
    /// 1, required: [`EnvelopeType`]; receivers do not look at it.
    #[prost(enumeration = "EnvelopeType", optional, tag = "1")]
    pub r#type: Option<i32>,
    /// 2: not written; old clients write an empty text. Never believed.
    #[prost(string, optional, tag = "2")]
    pub source: Option<String>,
    /// 5, required: sent time, network milliseconds.
    #[prost(uint64, optional, tag = "5")]
    pub timestamp: Option<u64>,
    /// 7: always 1.
    #[prost(uint32, optional, tag = "7")]
    pub source_device: Option<u32>,
    /// 8: the signed box.
    #[prost(bytes = "vec", optional, tag = "8")]
    pub content: Option<Vec<u8>>,
    /// 10: not used.
    #[prost(uint64, optional, tag = "10")]
    pub server_timestamp: Option<u64>,
    /// 11: 64 bytes; an Ed25519 signature over field 8 that a paid account proves itself with, or a decoy.
    #[prost(bytes = "vec", optional, tag = "11")]
    pub pro_sig: Option<Vec<u8>>,
}

/// What an [`Envelope`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum EnvelopeType {
    /// One account.
    SessionMessage = 6,
    /// A group.
    ClosedGroupMessage = 7,
}

/// The outermost layer, a leftover of another protocol that all clients still write.
#[derive(Clone, PartialEq, Message)]
pub struct WebSocketMessage {
    /// 1: 1 for a request.
    #[prost(int32, optional, tag = "1")]
    pub r#type: Option<i32>,
    /// 2: the request.
    #[prost(message, optional, tag = "2")]
    pub request: Option<WebSocketRequest>,
}

/// The request within a [`WebSocketMessage`]; only its body matters.
#[derive(Clone, PartialEq, Message)]
pub struct WebSocketRequest {
    /// 1: empty; old clients write `PUT`.
    #[prost(string, optional, tag = "1")]
    pub verb: Option<String>,
    /// 2: empty; old clients write `/api/v1/message`.
    #[prost(string, optional, tag = "2")]
    pub path: Option<String>,
    /// 3: the [`Envelope`].
    #[prost(bytes = "vec", optional, tag = "3")]
    pub body: Option<Vec<u8>>,
    /// 4: zero; old clients write a random number.
    #[prost(uint64, optional, tag = "4")]
    pub request_id: Option<u64>,
    /// 5: not written.
    #[prost(string, repeated, tag = "5")]
    pub headers: Vec<String>,
}

/// A stored payload taken apart. Everything in it is only a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnopenedMessage {
    pub(super) timestamp: TimestampMs,
    pub(super) sealed: Vec<u8>,
}

/// Why a stored payload is not a message of this protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// It begins as the second protocol version does.
    #[error("a message of protocol version 2")]
    VersionTwo,
    /// It begins as no known version does.
    #[error("an unknown kind of payload")]
    UnknownVersion,
    /// A layer is not protobuf.
    #[error("not protobuf of this schema")]
    Malformed,
    /// The request or its body is missing.
    #[error("the request has no body")]
    NoBody,
    /// The envelope has no type.
    #[error("the envelope has no type")]
    NoType,
    /// The envelope has no sent time, or one out of range.
    #[error("the envelope has no usable sent time")]
    NoTimestamp,
    /// The envelope has no content.
    #[error("the envelope has no content")]
    NoContent,
    /// The envelope names a source that is no id.
    #[error("the envelope's source is not an id")]
    Source,
    /// The envelope has a `proSig` of another length than 64 bytes.
    #[error("the envelope's second signature has a wrong length")]
    ProSigLength,
}

/// Wraps a signed box for storing: envelope, request and web socket message, with a decoy `proSig` by a throw-away key,
/// so that free and paid accounts look alike. Spec: messages §5 (ENV-01, ENV-02, ENV-03).
pub fn wrap(rng: &mut impl CryptoRng, sent_at: TimestampMs, sealed: Vec<u8>) -> Vec<u8> {
    let mut throw_away = Zeroizing::new([0; 32]);
    rng.fill_bytes(&mut *throw_away);
    let pro_sig = SigningKey::from_bytes(&throw_away).sign(&sealed).to_bytes();
    wrap_with(&pro_sig, sent_at, sealed)
}

/// As [`wrap`], with a given `proSig`.
pub fn wrap_with(pro_sig: &[u8; 64], sent_at: TimestampMs, sealed: Vec<u8>) -> Vec<u8> {
    let envelope = Envelope {
        r#type: Some(EnvelopeType::SessionMessage.into()),
        timestamp: Some(sent_at.to_wire().unwrap_or_default()),
        source_device: Some(1),
        content: Some(sealed),
        pro_sig: Some(pro_sig.to_vec()),
        ..Envelope::default()
    };
    envelope.in_request()
}

impl Envelope {
    /// The envelope within a request within a web socket message, as it is stored. Spec: messages §5 (ENV-02).
    pub(crate) fn in_request(&self) -> Vec<u8> {
        const REQUEST: i32 = 1;
        let request = WebSocketRequest {
            verb: Some(String::new()),
            path: Some(String::new()),
            body: Some(self.encode_to_vec()),
            request_id: Some(0),
            headers: Vec::new(),
        };
        WebSocketMessage {
            r#type: Some(REQUEST),
            request: Some(request),
        }
        .to_bytes()
    }
}

impl WebSocketMessage {
    /// Writes the message as it is.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.encode_to_vec()
    }
}

impl UnopenedMessage {
    /// Takes a stored payload (after base64) apart. Type, verb, path and unknown fields are not looked at.
    /// Spec: messages §5 (ENV-04 to ENV-08).
    ///
    /// # Errors
    /// [`EnvelopeError`].
    pub fn parse(payload: &[u8]) -> Result<Self, EnvelopeError> {
        match payload {
            [0x08, ..] => {}
            [0x00, 0x02, ..] => return Err(EnvelopeError::VersionTwo),
            _ => return Err(EnvelopeError::UnknownVersion),
        }
        let outer = WebSocketMessage::decode(payload).map_err(|_| EnvelopeError::Malformed)?;
        let body = outer
            .request
            .and_then(|request| request.body)
            .ok_or(EnvelopeError::NoBody)?;
        Self::parse_envelope(&body)
    }

    fn parse_envelope(body: &[u8]) -> Result<Self, EnvelopeError> {
        let envelope = Envelope::decode(body).map_err(|_| EnvelopeError::Malformed)?;
        envelope.r#type.ok_or(EnvelopeError::NoType)?;
        let timestamp = envelope
            .timestamp
            .and_then(TimestampMs::from_wire)
            .ok_or(EnvelopeError::NoTimestamp)?;
        let source = envelope.source.unwrap_or_default();
        let is_id = source.len() == 66 && source.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !(source.is_empty() || is_id) {
            return Err(EnvelopeError::Source);
        }
        if envelope.pro_sig.is_some_and(|signature| signature.len() != 64) {
            return Err(EnvelopeError::ProSigLength);
        }
        let sealed = envelope
            .content
            .filter(|sealed| !sealed.is_empty())
            .ok_or(EnvelopeError::NoContent)?;
        Ok(Self { timestamp, sealed })
    }

    /// The sent time that the envelope claims.
    pub const fn claimed_sent_at(&self) -> TimestampMs {
        self.timestamp
    }

    /// The signed box, still sealed.
    pub fn sealed(&self) -> &[u8] {
        &self.sealed
    }
}

#[cfg(test)]
#[path = "envelope/envelope_tests.rs"]
mod tests;
