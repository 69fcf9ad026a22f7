//! From stored rows to what shells show.

pub(crate) mod account;
pub(crate) mod attachment;
pub(crate) mod conversation;
mod country;
pub(crate) mod disappearing;
pub(crate) mod message;
pub(crate) mod network;
pub(crate) mod person;
pub(crate) mod preferences;
pub(crate) mod preview;
pub(crate) mod qr;

use contract::{ConversationId, ErrorCode, PictureId};
use protocol::account::AccountId;

use crate::failure::Stopped;

/// Rows that a window has at most.
const LONGEST_WINDOW: u32 = 200;

/// Keeps a window's length within bounds.
pub(crate) fn window_length(limit: u32) -> u32 {
    limit.clamp(1, LONGEST_WINDOW)
}

pub(crate) fn account_id(id: AccountId) -> contract::AccountId {
    contract::AccountId(id.to_hex())
}

pub(crate) fn conversation_id(id: AccountId) -> ConversationId {
    ConversationId(id.to_hex())
}

pub(crate) fn time(time: protocol::TimestampMs) -> contract::TimestampMs {
    contract::TimestampMs(time.0)
}

pub(crate) fn picture_id(id: store::PictureId) -> PictureId {
    PictureId(id.to_string())
}

/// The Account ID that names a conversation.
pub(crate) fn parse_conversation(id: &ConversationId) -> Result<AccountId, Stopped> {
    AccountId::parse_typed(&id.0).map_err(|_| ErrorCode::IdInvalid.into())
}

/// An Account ID with its middle left out, for people without a name.
pub(crate) fn shortened(id: AccountId) -> String {
    let hex = id.to_hex();
    match (hex.get(..4), hex.get(62..)) {
        (Some(begin), Some(end)) => format!("{begin}…{end}"),
        _ => hex,
    }
}
