//! Requests that came through relays.

use protocol::TimestampMs;
use protocol::onion::{ServerRequest, open_layer, parse_outer};
use rand_core::CryptoRng;

use super::{FileServer, text_reply};

/// The path that relays post to. Spec: file_server §1 (FIL-02)
pub(super) const ONION_PATH: &str = "/oxen/v4/lsrpc";

/// What goes back to the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnionAnswer {
    /// 200, or that of a refusal which is not encrypted.
    pub status: u16,
    /// Encrypted where the status is 200; text otherwise.
    pub body: Vec<u8>,
}

impl OnionAnswer {
    fn refusal(status: u16, text: &str) -> Self {
        Self {
            status,
            body: text.as_bytes().to_vec(),
        }
    }
}

impl FileServer {
    /// Opens the last layer of an onion request, answers what is in it and encrypts the answer.
    ///
    /// `body`: frame(ciphertext, JSON of the layer), exactly as the relay opened it. What cannot be opened is refused in
    /// plain text; a request that opens and is none is answered within the encryption.
    /// Spec: file_server §1 (FIL-02, FIL-03)
    pub fn handle_onion(&self, now: TimestampMs, rng: &mut impl CryptoRng, body: &[u8]) -> OnionAnswer {
        let Ok(outer) = parse_outer(body) else {
            return OnionAnswer::refusal(400, "Invalid onion request");
        };
        let secret = self.identity.layer_secret();
        let Ok(opened) = open_layer(secret, outer.enc_type, &outer.ephemeral_key, outer.ciphertext) else {
            return OnionAnswer::refusal(400, "Invalid ciphertext");
        };
        let answer = match ServerRequest::parse(&opened.plaintext) {
            Ok(request) => self.handle(now, request),
            Err(_) => text_reply(400, "Invalid v4 onion request"),
        };
        OnionAnswer {
            status: 200,
            body: opened.seal_server_reply(rng, &answer.encode()),
        }
    }
}
