//! The protobuf around an account's own configs, a leftover that all clients still write.
//!
//! `WebSocketMessage { Envelope { signed box to oneself { Content { SharedConfigMessage } } } }`, with the throw-away key
//! derived from the content, so that equal configs give equal bytes. Spec: config §6 (CFG-31, CFG-32)

use prost::Message as _;

use super::state::Push;
use super::{ConfigType, MAX_MESSAGE_LEN_BYTES};
use crate::account::AccountKeys;
use crate::message::content::{Content, SharedConfigMessage};
use crate::message::envelope::{Envelope, EnvelopeType, WebSocketMessage};
use crate::message::signed_box;

/// What ends the content; nothing follows it.
const END: u8 = 0x80;

/// Wraps what is pushed, as far as that is done: parts are not wrapped, nor what would become too large by it.
pub fn wrap(keys: &AccountKeys, config_type: ConfigType, push: Push) -> Push {
    let messages = match push.messages.as_slice() {
        [only] => wrap_one(keys, config_type, push.seqno, only)
            .filter(|wrapped| wrapped.len() <= MAX_MESSAGE_LEN_BYTES)
            .map_or(push.messages, |wrapped| vec![wrapped]),
        _ => push.messages,
    };
    Push { messages, ..push }
}

fn wrap_one(keys: &AccountKeys, config_type: ConfigType, seqno: i64, sealed: &[u8]) -> Option<Vec<u8>> {
    let content = Content {
        shared_config_message: Some(SharedConfigMessage {
            kind: Some(config_type.kind().into()),
            seqno: Some(seqno),
            data: Some(sealed.to_vec()),
        }),
        ..Content::default()
    };
    let mut content = content.to_bytes();
    content.push(END);
    let myself = keys.x25519_public();
    let ephemeral = signed_box::deterministic_ephemeral(keys, myself, &content);
    let envelope = Envelope {
        r#type: Some(EnvelopeType::SessionMessage.into()),
        timestamp: Some(1),
        content: Some(signed_box::seal_with(&ephemeral, keys, myself, &content).ok()?),
        ..Envelope::default()
    };
    Some(envelope.in_request())
}

/// The config message within a wrapped one. What is not wrapped comes back as it is; a client of the past wrapped twice.
pub fn unwrap(keys: &AccountKeys, config_type: ConfigType, stored: Vec<u8>) -> Vec<u8> {
    let Some(once) = unwrap_one(keys, config_type, &stored) else {
        return stored;
    };
    unwrap_one(keys, config_type, &once).unwrap_or(once)
}

fn unwrap_one(keys: &AccountKeys, config_type: ConfigType, stored: &[u8]) -> Option<Vec<u8>> {
    let outer = WebSocketMessage::decode(stored).ok()?;
    let envelope = Envelope::decode(outer.request?.body?.as_slice()).ok()?;
    let opened = signed_box::open(keys, &envelope.content?).ok()?;
    if opened.author_ed25519 != keys.ed25519_public() {
        return None;
    }
    let end = opened.content.iter().rposition(|byte| *byte != 0)?;
    let content = opened.content.get(..end)?;
    if opened.content.get(end) != Some(&END) {
        return None;
    }
    let message = Content::decode(content).ok()?.shared_config_message?;
    (message.kind? == i32::from(config_type.kind())).then_some(message.data)?
}
