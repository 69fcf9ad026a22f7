//! Conversations.

use contract::{Approval, ConversationView, MessageBody, Muted, Snippet, SnippetAttachment};
use protocol::TimestampMs;
use protocol::account::AccountId;
use store::{Contact, Conversation, ConversationKind, ConversationRow, MessageKind, Mute};

use super::disappearing::disappearing;
use super::message;

pub(crate) fn row(row: ConversationRow, now: TimestampMs) -> contract::ConversationRow {
    let note = row.kind == ConversationKind::NoteToSelf;
    let shown = [row.nickname, row.name].into_iter().find(|name| !name.is_empty());
    contract::ConversationRow {
        id: super::conversation_id(row.with),
        kind: kind(row.kind),
        name: if note {
            String::new()
        } else {
            shown.unwrap_or_else(|| super::shortened(row.with))
        },
        last_activity_ms: row.last_activity.map(super::time),
        snippet: row.snippet.map(|newest| Snippet {
            body: body(newest.kind, newest.body),
            mine: newest.mine,
            status: newest.status.map(message::status),
            attachment: newest.file.map(|(kind, file_name)| SnippetAttachment {
                kind: super::attachment::kind(kind),
                file_name,
            }),
        }),
        unread: row.unread,
        pinned: row.pinned != 0,
        draft: Some(row.draft).filter(|draft| !draft.is_empty()),
        muted: row.mute.is_some_and(|mute| mute.holds(now)),
        marked_unread: row.marked_unread,
        typing: false,
        disappearing: row.disappearing,
        picture: row.picture.map(super::picture_id),
    }
}

/// The head of a conversation, also of one in which nothing was written yet.
pub(crate) fn head(
    own: AccountId,
    with: AccountId,
    contact: Option<&Contact>,
    conversation: Option<&Conversation>,
    now: TimestampMs,
) -> ConversationView {
    let note = with == own;
    ConversationView {
        id: super::conversation_id(with),
        kind: kind(if note {
            ConversationKind::NoteToSelf
        } else {
            ConversationKind::Direct
        }),
        account_id: super::account_id(with),
        name: if note { String::new() } else { name(with, contact) },
        approval: if note {
            Approval::Accepted
        } else {
            approval(contact)
        },
        blocked: contact.is_some_and(|contact| contact.blocked),
        unread: conversation.map_or(0, |conversation| conversation.unread),
        draft: conversation
            .map(|conversation| conversation.draft.clone())
            .unwrap_or_default(),
        nickname: contact
            .map(|contact| contact.nickname.clone())
            .unwrap_or_default(),
        pinned: conversation.is_some_and(|conversation| conversation.pinned != 0),
        hidden: conversation.is_some_and(|conversation| conversation.hidden),
        muted: conversation
            .and_then(|conversation| conversation.mute)
            .filter(|mute| mute.holds(now))
            .map(muted),
        marked_unread: conversation.is_some_and(|conversation| conversation.marked_unread),
        disappearing: contact.and_then(|contact| contact.disappearing).map(disappearing),
        offered_disappearing: contact
            .and_then(|contact| contact.offered_disappearing)
            .map(disappearing),
        typing: false,
        picture: contact.and_then(|contact| contact.picture).map(super::picture_id),
        auto_download: false,
        voice_draft: None,
    }
}

/// The nickname, the name that the person set, or the shortened Account ID.
pub(crate) fn name(with: AccountId, contact: Option<&Contact>) -> String {
    contact
        .and_then(Contact::shown_name)
        .map_or_else(|| super::shortened(with), str::to_owned)
}

pub(crate) fn approval(contact: Option<&Contact>) -> Approval {
    match contact.map(|contact| (contact.approved, contact.approved_me)) {
        Some((true, true)) => Approval::Accepted,
        Some((false, true)) => Approval::Request,
        Some((_, false)) | None => Approval::Pending,
    }
}

pub(crate) fn body(kind: MessageKind, text: String) -> MessageBody {
    match kind {
        MessageKind::Text => MessageBody::Text { text },
        MessageKind::RequestAcceptedByMe => MessageBody::RequestAcceptedByMe,
        MessageKind::RequestAcceptedByThem => MessageBody::RequestAcceptedByThem,
        MessageKind::DisappearingSet => MessageBody::DisappearingSet {
            setting: store::setting_of_line(&text).map(disappearing),
        },
        MessageKind::Deleted => MessageBody::Deleted,
        MessageKind::MediaSaved => MessageBody::MediaSaved,
        MessageKind::ScreenshotTaken => MessageBody::ScreenshotTaken,
        MessageKind::MissedCall => MessageBody::MissedCall,
        MessageKind::Unsupported => MessageBody::Unsupported,
    }
}

const fn muted(mute: Mute) -> Muted {
    match mute {
        Mute::Ever => Muted::Ever,
        Mute::Until(until) => Muted::Time {
            at_ms: contract::TimestampMs(until.0),
        },
    }
}

const fn kind(kind: ConversationKind) -> contract::ConversationKind {
    match kind {
        ConversationKind::Direct => contract::ConversationKind::Direct,
        ConversationKind::NoteToSelf => contract::ConversationKind::NoteToSelf,
    }
}
