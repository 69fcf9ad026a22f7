//! Building of answers.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, SERVER};
use hyper::{Response, StatusCode};

use crate::seam::BodyKind;

/// The answer to a client.
pub(crate) type HttpReply = Response<Full<Bytes>>;

/// The header in which a tested node names itself.
const PUBKEY_HEADER: HeaderName = HeaderName::from_static("x-oxen-snode-pubkey");

/// Who answers, in the words of the network's nodes.
const SERVER_NAME: HeaderValue = HeaderValue::from_static("Oxen Storage Server/2.11.0");

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain");

/// Everything that is not JSON goes out as text, onion replies and other bytes among it. Spec: node §1 (NDE-03)
pub(crate) fn of_kind(status: u16, kind: BodyKind, body: Bytes) -> HttpReply {
    let content_type = match kind {
        BodyKind::Json => JSON,
        BodyKind::Text | BodyKind::Binary => TEXT,
    };
    build(status, content_type, body)
}

/// Bytes as a relay passes them back.
pub(crate) fn text(status: u16, body: impl Into<Bytes>) -> HttpReply {
    build(status, TEXT, body.into())
}

/// A refusal after which the connection ends, as what follows on it is not known.
pub(crate) fn last_text(status: u16, body: &'static str) -> HttpReply {
    let mut reply = text(status, body);
    reply
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    reply
}

/// The empty answer to a reachability test. `legacy`: base64 of the node's legacy key.
pub(crate) fn ping(legacy: HeaderValue) -> HttpReply {
    let mut reply = text(200, Bytes::new());
    reply.headers_mut().insert(PUBKEY_HEADER, legacy);
    reply
}

fn build(status: u16, content_type: HeaderValue, body: Bytes) -> HttpReply {
    let mut reply = Response::new(Full::new(body));
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    reply.headers_mut().insert(SERVER, SERVER_NAME);
    reply.headers_mut().insert(CONTENT_TYPE, content_type);
    reply
}
