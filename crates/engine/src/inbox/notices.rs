//! Lines that tell what somebody did: changed how their messages disappear, saved media, took a screenshot, called.

use protocol::account::AccountId;
use protocol::message::content::{CallMessage, CallType, DataExtractionNotification, ExtractionType};
use protocol::message::{Body, VerifiedMessage};
use store::MessageKind;

/// Longest name of a call that is looked at; real ones have 36 characters.
const LONGEST_CALL_NAME: usize = 64;

/// The line that a message leaves, with its text; `None` for messages that leave none.
/// Spec: messages §12 (DIS-02), §14 (LIN-01 to LIN-03).
pub(super) fn notice(own: AccountId, message: &VerifiedMessage) -> Option<(MessageKind, String)> {
    match &message.body {
        Body::TimerUpdate => Some((MessageKind::DisappearingSet, String::new())),
        Body::Extraction(extraction) => extracted(extraction).map(|kind| (kind, String::new())),
        // What my other device does with a call is its own affair.
        Body::Call(call) if message.author != own => {
            called(call).map(|name| (MessageKind::MissedCall, name.to_owned()))
        }
        _ => None,
    }
}

fn extracted(notice: &DataExtractionNotification) -> Option<MessageKind> {
    match ExtractionType::try_from(notice.r#type?).ok()? {
        ExtractionType::Screenshot => Some(MessageKind::ScreenshotTaken),
        ExtractionType::MediaSaved => Some(MessageKind::MediaSaved),
    }
}

/// The name of a call that somebody begins. Every call has one line, whichever of its messages comes first.
fn called(call: &CallMessage) -> Option<&str> {
    match CallType::try_from(call.r#type?).ok()? {
        CallType::PreOffer | CallType::Offer => {}
        CallType::Answer | CallType::ProvisionalAnswer | CallType::IceCandidates | CallType::EndCall => {
            return None;
        }
    }
    call.uuid
        .as_deref()
        .filter(|name| !name.is_empty() && name.len() <= LONGEST_CALL_NAME)
}
