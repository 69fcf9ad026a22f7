//! What a node answers.

use protocol::storage::ParseError;
use protocol::storage::entries::MemberParts;
use serde_json::{Value as Json, json};

use crate::seam::{Answer, PeerReply};

/// Status and body. Statuses are those of HTTP, whichever way the request came.
#[derive(Clone, Debug, PartialEq)]
pub struct RpcAnswer {
    /// 200, or why not. STO-44.
    pub status: u16,
    /// What is said.
    pub body: RpcBody,
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum RpcBody {
    /// Most answers.
    Json(Json),
    /// What the members of a swarm did.
    Members(Box<MemberParts>),
    /// Refusals.
    Text(String),
    /// The binary node list.
    Binary(Vec<u8>),
}

impl RpcAnswer {
    /// A good answer.
    pub const fn ok(body: Json) -> Self {
        Self {
            status: 200,
            body: RpcBody::Json(body),
        }
    }

    /// An answer with a text.
    pub fn text(status: u16, text: impl Into<String>) -> Self {
        Self {
            status,
            body: RpcBody::Text(text.into()),
        }
    }

    /// The body as one JSON value: texts as they are, bytes in base64. Batches and onion replies carry it so. STO-58.
    pub fn body_json(self) -> Json {
        match self.body {
            RpcBody::Json(body) => body,
            RpcBody::Members(parts) => json!(parts),
            RpcBody::Text(text) => Json::String(text),
            RpcBody::Binary(bytes) => Json::String(data_encoding::BASE64.encode(&bytes)),
        }
    }

    /// The refusal of another member's request.
    pub(super) fn into_peer_reply(self) -> PeerReply {
        let Answer { status, body, .. } = self.into();
        PeerReply {
            status,
            body: body.into(),
        }
    }

    pub(crate) const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// The answer as one result of a batch.
    pub(crate) fn into_result(self) -> Json {
        json!({ "code": self.status, "body": self.body_json() })
    }
}

impl From<ParseError> for RpcAnswer {
    fn from(error: ParseError) -> Self {
        Self::text(400, error.to_string())
    }
}

impl From<RpcAnswer> for Answer {
    fn from(answer: RpcAnswer) -> Self {
        match answer.body {
            RpcBody::Json(body) => Self::json(answer.status, &body),
            RpcBody::Members(parts) => Self::json(answer.status, &parts),
            RpcBody::Text(text) => Self::text(answer.status, text),
            RpcBody::Binary(bytes) => Self::binary(answer.status, bytes),
        }
    }
}
