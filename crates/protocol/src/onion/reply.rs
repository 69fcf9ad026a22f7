//! Replies: what a node destination writes and what a client opens.
//!
//! No reply is signed. That it opens proves that the destination made it, as only the destination could open the layer
//! that held the client's ephemeral key.

use data_encoding::{BASE64, BASE64_NOPAD};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::cipher::{Cipher, ClientEnd, EncType};
use super::server::ServerReply;

/// How a node destination writes its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyForm {
    /// Whether a JSON answer stands in the reply as it is rather than as text.
    pub json: bool,
    /// Whether the ciphertext goes out as base64 rather than raw.
    pub base64: bool,
}

impl Default for ReplyForm {
    fn default() -> Self {
        Self {
            json: false,
            base64: true,
        }
    }
}

/// A node's answer: the status of the RPC request and its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeReply {
    /// As an HTTP status.
    pub status: u16,
    /// JSON text, or plain text in errors.
    pub body: String,
}

#[derive(Serialize)]
struct ReplyOut<B> {
    body: B,
    status: u16,
}

#[derive(Deserialize)]
struct ReplyIn<'a> {
    #[serde(alias = "status_code")]
    status: u16,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct ResultIn {
    result: String,
}

impl NodeReply {
    /// Writes the plaintext: `{"body":TEXT,"status":N}`. Spec: onion §7 (ONI-14)
    pub(super) fn encode(&self, form: ReplyForm) -> String {
        let status = self.status;
        let raw = if form.json {
            serde_json::from_str::<&RawValue>(&self.body).ok()
        } else {
            None
        };
        let text = match raw {
            Some(body) => serde_json::to_string(&ReplyOut { body, status }),
            None => serde_json::to_string(&ReplyOut {
                body: &self.body,
                status,
            }),
        };
        text.expect("a status and text always make JSON")
    }

    /// Reads a decrypted reply; the status may be called `status_code`, the body may be text or JSON.
    /// Spec: onion §7 (ONI-15)
    fn parse(plaintext: &[u8]) -> Result<Self, ReplyError> {
        let reply: ReplyIn<'_> = serde_json::from_slice(plaintext).map_err(|_| ReplyError::Malformed)?;
        let body = match reply.body.map(RawValue::get) {
            None => String::new(),
            Some(text) if text.starts_with('"') => {
                serde_json::from_str(text).map_err(|_| ReplyError::Malformed)?
            }
            Some(json) => json.to_owned(),
        };
        Ok(Self {
            status: reply.status,
            body,
        })
    }
}

/// Why a reply from the path, which came with status 200, is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplyError {
    /// Neither the destination nor the exit relay made it.
    #[error("the reply does not open")]
    Undecryptable,
    /// The exit relay refused to ask the server.
    #[error("the exit relay refused with status {status}")]
    RefusedByExit {
        /// For instance 400.
        status: u16,
        /// The relay's text.
        reason: String,
    },
    /// It opens, but is not in a reply's form.
    #[error("the reply is malformed")]
    Malformed,
}

/// Opens the reply to one request; wiped when dropped.
pub struct ReplyKey {
    destination: ClientEnd,
    exit: ClientEnd,
    cipher: Cipher,
}

impl std::fmt::Debug for ReplyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReplyKey")
            .field("cipher", &self.cipher)
            .finish_non_exhaustive()
    }
}

impl ReplyKey {
    pub(super) fn new(destination: ClientEnd, exit: ClientEnd, cipher: Cipher) -> Self {
        Self {
            destination,
            exit,
            cipher,
        }
    }

    /// Opens the body of a status-200 reply: base64, `{"result":base64}` or raw. Spec: onion §7 (ONI-15)
    ///
    /// # Errors
    /// [`ReplyError`]
    pub fn open_reply(&self, outer: &[u8]) -> Result<Vec<u8>, ReplyError> {
        let decoded = decode_text(outer);
        let sealed = decoded.as_deref().unwrap_or(outer);
        if let Some(plaintext) = open_as(&self.destination, self.cipher, sealed) {
            return Ok(plaintext);
        }
        let refusal = open_as(&self.exit, self.cipher, sealed).ok_or(ReplyError::Undecryptable)?;
        let NodeReply { status, body } = NodeReply::parse(&refusal)?;
        Err(ReplyError::RefusedByExit { status, reason: body })
    }

    /// Opens a node destination's reply.
    ///
    /// # Errors
    /// [`ReplyError`]
    pub fn open_node_reply(&self, outer: &[u8]) -> Result<NodeReply, ReplyError> {
        NodeReply::parse(&self.open_reply(outer)?)
    }

    /// Opens a server destination's reply. Spec: onion §8 (ONI-16)
    ///
    /// # Errors
    /// [`ReplyError`]
    pub fn open_server_reply(&self, outer: &[u8]) -> Result<ServerReply, ReplyError> {
        ServerReply::parse(&self.open_reply(outer)?).map_err(|_| ReplyError::Malformed)
    }
}

/// Opens with the request's cipher and, as some nodes answer so, with AES-GCM.
fn open_as(end: &ClientEnd, cipher: Cipher, sealed: &[u8]) -> Option<Vec<u8>> {
    let open = |enc_type: EncType| end.key(enc_type).open(sealed).ok();
    open(cipher.into()).or_else(|| {
        (cipher != Cipher::AesGcm)
            .then(|| open(EncType::AesGcm))
            .flatten()
    })
}

/// The ciphertext within a textual reply; `None` if the reply is raw.
fn decode_text(outer: &[u8]) -> Option<Vec<u8>> {
    let text = outer.trim_ascii();
    if text.starts_with(b"{")
        && let Ok(ResultIn { result }) = serde_json::from_slice(text)
    {
        return decode_base64(result.as_bytes());
    }
    decode_base64(text)
}

fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    BASE64.decode(text).or_else(|_| BASE64_NOPAD.decode(text)).ok()
}
