//! What a proven content means: its kind, where it belongs, and the rules a receiver applies to it.

use super::content::{
    CallMessage, CallType, Content, DataExtractionNotification, DataMessage, EXPIRATION_TIMER_UPDATE,
    ExpirationType, GroupUpdateMessage, MessageRequestResponse, Preview, Reaction, ReactionAction,
    ReceiptType, TypingAction, TypingMessage, UnsendRequest,
};
use super::open::OpenError;
use crate::TimestampMs;
use crate::account::AccountId;
use prost::Message;

/// Longest body that is kept, in code points; what is beyond is cut. Spec: messages §6 (RCV-08).
pub const LONGEST_BODY: usize = 10_000;

/// Most attachments of one message. Spec: messages §6 (RCV-09).
pub const MOST_ATTACHMENTS: usize = 32;

/// Where a message belongs. Spec: messages §6 (RCV-03, RCV-04).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversation {
    /// Somebody wrote to this account.
    From(AccountId),
    /// Another device of this account wrote to somebody.
    SentTo(AccountId),
    /// This account wrote to itself.
    NoteToSelf,
}

/// When a message disappears, by the sender's own setting. Spec: messages §6 (RCV-12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disappearing {
    /// What starts the timer.
    pub mode: DisappearingMode,
    /// How long it runs, in seconds, above zero.
    pub seconds: u32,
}

/// What starts the timer of a disappearing message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DisappearingMode {
    /// Its being read.
    AfterRead,
    /// Its being sent.
    AfterSend,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Something to show: text, attachments, an invitation to a community or a reaction.
    Visible(Box<DataMessage>),
    /// The author changed their disappearing setting to [`VerifiedMessage::disappearing`](super::VerifiedMessage).
    TimerUpdate,
    /// An invitation to a group or a promotion in one; its signatures are not verified here.
    Group(Box<GroupUpdateMessage>),
    /// Messages were read: their sent times.
    Read(Vec<TimestampMs>),
    /// Typing began or stopped.
    Typing(TypingAction),
    /// Media was saved or a screenshot taken.
    Extraction(DataExtractionNotification),
    /// A message is taken back: by its author, or on all devices of the account that received it.
    Unsend {
        /// Who wrote it; this account's own requests may name others.
        author: AccountId,
        /// Its sent time.
        sent_at: TimestampMs,
    },
    /// The author accepted the message request.
    RequestAccepted(MessageRequestResponse),
    /// Signalling of a call.
    Call(CallMessage),
    /// Something newer than this version; kept, not shown.
    Unknown,
}

/// Says what a content means. `length` is that of its unpadded bytes.
pub(super) fn interpret(
    own: AccountId,
    author: AccountId,
    sent_at: TimestampMs,
    content: Content,
    length: usize,
) -> Result<(Conversation, Option<Disappearing>, Body), OpenError> {
    let sync_target = content
        .data_message
        .as_ref()
        .and_then(|data| data.sync_target.clone());
    let conversation = conversation_of(
        own,
        author,
        sync_target.as_deref().filter(|target| !target.is_empty()),
    )?;
    let disappearing = disappearing_of(&content, conversation);
    let whole = content.encoded_len() >= length;
    let body = body_of(own, author, sent_at, content, whole)?;
    if author == own && !is_useful_copy(&body) {
        return Err(OpenError::NotActedUpon);
    }
    Ok((conversation, disappearing, body))
}

fn conversation_of(
    own: AccountId,
    author: AccountId,
    sync_target: Option<&str>,
) -> Result<Conversation, OpenError> {
    match sync_target {
        _ if author != own && sync_target.is_some() => Err(OpenError::ForeignSyncTarget),
        None if author != own => Ok(Conversation::From(author)),
        None => Ok(Conversation::NoteToSelf),
        Some(target) => match AccountId::parse(target) {
            Ok(target) if target == own => Ok(Conversation::NoteToSelf),
            Ok(target) if target.is_account() || target.prefix() == AccountId::GROUP => {
                Ok(Conversation::SentTo(target))
            }
            _ => Err(OpenError::SyncTarget),
        },
    }
}

/// A timer without a type runs from reading; a note to oneself counts as read at once. Spec: messages §6 (RCV-12).
fn disappearing_of(content: &Content, conversation: Conversation) -> Option<Disappearing> {
    let seconds = content.expiration_timer.filter(|seconds| *seconds > 0)?;
    let mode = match content
        .expiration_type
        .and_then(|kind| ExpirationType::try_from(kind).ok())
    {
        _ if conversation == Conversation::NoteToSelf => DisappearingMode::AfterSend,
        Some(ExpirationType::DeleteAfterSend) => DisappearingMode::AfterSend,
        _ => DisappearingMode::AfterRead,
    };
    Some(Disappearing { mode, seconds })
}

/// If more than one part is set, the first in this order counts. Spec: messages §6 (RCV-05).
fn body_of(
    own: AccountId,
    author: AccountId,
    sent_at: TimestampMs,
    content: Content,
    whole: bool,
) -> Result<Body, OpenError> {
    if let Some(receipt) = content.receipt_message {
        return match receipt.r#type.and_then(|kind| ReceiptType::try_from(kind).ok()) {
            Some(ReceiptType::Read) => Ok(Body::Read(
                receipt
                    .timestamp
                    .into_iter()
                    .filter_map(TimestampMs::from_wire)
                    .collect(),
            )),
            Some(ReceiptType::Delivery) => Err(OpenError::NotActedUpon),
            None => Ok(Body::Unknown),
        };
    }
    if let Some(typing) = content.typing_message {
        return typing_of(&typing, sent_at);
    }
    if let Some(notice) = content.data_extraction_notification {
        return Ok(Body::Extraction(notice));
    }
    if let Some(call) = content.call_message {
        return Ok(Body::Call(call));
    }
    if let Some(request) = content.unsend_request {
        return unsend_of(&request, own, author);
    }
    if let Some(response) = content.message_request_response {
        return match response.is_approved {
            Some(true) => Ok(Body::RequestAccepted(response)),
            _ => Err(OpenError::NotActedUpon),
        };
    }
    match content.data_message {
        Some(data) => data_of(data, whole),
        None if whole && content.shared_config_message.is_none() => Err(OpenError::Empty),
        None => Ok(Body::Unknown),
    }
}

fn typing_of(typing: &TypingMessage, sent_at: TimestampMs) -> Result<Body, OpenError> {
    if typing.timestamp != sent_at.to_wire() {
        return Err(OpenError::TypingTimestamp);
    }
    Ok(typing
        .action
        .and_then(|action| TypingAction::try_from(action).ok())
        .map_or(Body::Unknown, Body::Typing))
}

/// Everybody takes back their own messages only; for oneself one deletes those of others too. Spec: messages §6 (RCV-07).
fn unsend_of(request: &UnsendRequest, own: AccountId, author: AccountId) -> Result<Body, OpenError> {
    let named = request
        .author
        .as_deref()
        .and_then(|named| AccountId::parse(named).ok())
        .filter(|named| *named == author || author == own)
        .ok_or(OpenError::UnsendByStranger)?;
    let sent_at = request
        .timestamp
        .and_then(TimestampMs::from_wire)
        .ok_or(OpenError::UnsendByStranger)?;
    Ok(Body::Unsend {
        author: named,
        sent_at,
    })
}

fn data_of(mut data: DataMessage, whole: bool) -> Result<Body, OpenError> {
    match data.flags.unwrap_or(0) {
        0 => {}
        flags if flags & EXPIRATION_TIMER_UPDATE != 0 => return Ok(Body::TimerUpdate),
        _ => return Ok(Body::Unknown),
    }
    if let Some(update) = data.group_update_message {
        return Ok(Body::Group(Box::new(update)));
    }
    if data.attachments.len() > MOST_ATTACHMENTS {
        return Err(OpenError::TooManyAttachments);
    }
    if data
        .reaction
        .as_ref()
        .is_some_and(|reaction| !is_sound_reaction(reaction))
    {
        return Err(OpenError::Reaction);
    }
    cut_body(&mut data);
    let body = data.body.clone().unwrap_or_default();
    data.preview.retain(|preview| is_sound_preview(preview, &body));
    data.preview.truncate(1);
    let has_text = !body.trim().is_empty();
    let shows = has_text
        || !data.attachments.is_empty()
        || data.open_group_invitation.is_some()
        || data.reaction.is_some();
    match shows {
        true => Ok(Body::Visible(Box::new(data))),
        // Fields of a newer version may be what this one is about.
        false if !whole => Ok(Body::Unknown),
        false => Err(OpenError::Empty),
    }
}

fn is_sound_reaction(reaction: &Reaction) -> bool {
    let known = reaction
        .action
        .is_some_and(|action| ReactionAction::try_from(action).is_ok());
    let author = reaction
        .author
        .as_deref()
        .is_some_and(|author| AccountId::parse(author).is_ok());
    known && author && reaction.emoji.as_deref().is_some_and(|emoji| !emoji.is_empty())
}

/// A preview must be of a link in the body and show something. Spec: messages §6 (RCV-10).
fn is_sound_preview(preview: &Preview, body: &str) -> bool {
    let url = preview.url.as_deref().unwrap_or_default();
    let shows = preview.image.is_some() || preview.title.as_deref().is_some_and(|title| !title.is_empty());
    !url.is_empty() && body.contains(url) && shows
}

fn cut_body(data: &mut DataMessage) {
    if let Some(body) = &mut data.body
        && let Some((end, _)) = body.char_indices().nth(LONGEST_BODY)
    {
        body.truncate(end);
    }
}

/// Which of one's own messages mean something on another device. Spec: messages §6 (RCV-06).
fn is_useful_copy(body: &Body) -> bool {
    match body {
        Body::Visible(_) | Body::TimerUpdate | Body::Group(_) | Body::Unsend { .. } | Body::Unknown => true,
        Body::Call(call) => matches!(
            call.r#type.and_then(|kind| CallType::try_from(kind).ok()),
            Some(CallType::Answer | CallType::EndCall)
        ),
        Body::Read(_) | Body::Typing(_) | Body::Extraction(_) | Body::RequestAccepted(_) => false,
    }
}
