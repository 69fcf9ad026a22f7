//! From stored payloads to rows: open, verify, judge, insert.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use contract::ErrorCode;
use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys};
use protocol::message::content::DataMessage;
use protocol::message::{Body, Conversation, VerifiedMessage};
use protocol::storage::Namespace;
use protocol::storage::replies::RetrievedMessage;
use store::{
    LastHash, MessageKind, Outcome, Received, ReceivedBatch, ReceivedControl, ReceivedMessage, Store,
};

use super::control::{control_of, quote_of};
use super::notices::notice;
use super::poll::expected_hash;
use super::profile::to_profile;
use crate::failure::Stopped;
use crate::{attachments, previews};

/// A hash is remembered this much longer than the swarm keeps the message. Spec: messages §10 (INB-03).
const SEEN_SLACK_MS: i64 = 120_000;

/// What a node says of the expiry counts within these bounds only. A node that says "long ago" would bring deleted messages
/// back, one that says "never" would fill the disk: swarms keep messages 14 days, and nothing longer than 30.
const SEEN_AT_LEAST_MS: i64 = 14 * 24 * 3_600_000;
const SEEN_AT_MOST_MS: i64 = 31 * 24 * 3_600_000;

/// A message from further in the future is not believed: it would be the newest one for as long. Spec: messages §10
/// (INB-07).
const MOST_AHEAD_MS: i64 = 24 * 3_600_000;

/// What is older could not be recognised as deleted any more: somebody has kept the bytes and stored them again. Swarms
/// keep messages 14 days.
const OLDEST_MS: i64 = 45 * 24 * 3_600_000;

/// To begin a thread for fewer takes longer than they do.
const FEWEST_FOR_A_CORE: usize = 8;

/// Some of what a node gave.
pub(super) struct Page {
    pub(super) keys: Arc<AccountKeys>,
    pub(super) node: [u8; 32],
    pub(super) messages: Vec<RetrievedMessage>,
    /// Network time.
    pub(super) now: TimestampMs,
    /// Device time.
    pub(super) device_now: TimestampMs,
    /// Network time or the device's, whichever is later: relays that lie about the time, and a clock that is behind, must
    /// not make what was sent just now look like the future.
    pub(super) latest: TimestampMs,
}

/// What became of one message.
pub(super) struct Stored {
    pub(super) conversation: AccountId,
    pub(super) mine: bool,
    pub(super) sent_at: TimestampMs,
    pub(super) outcome: Outcome,
}

/// Opens and stores a page in one transaction. Blocks.
pub(super) fn receive(store: &Store, page: &Page) -> Result<Vec<Stored>, Stopped> {
    let unseen = store.read(|reading| {
        let mut unseen = Vec::new();
        for message in &page.messages {
            // A node that calls a message by a wrong name would make it come twice, or never.
            if expected_hash(&page.keys, message) == message.hash && !reading.is_seen(&message.hash)? {
                unseen.push(message);
            }
        }
        Ok::<_, Stopped>(unseen)
    })?;
    let own = page.keys.account_id();
    let items = open_all(page, &unseen);
    let batch = ReceivedBatch {
        last_hash: page.messages.last().map(|last| LastHash {
            node: page.node,
            account_id: own,
            namespace: Namespace::MESSAGES,
            hash: last.hash,
            expires_at: last.expiry,
        }),
        items,
        now: page.now,
        device_now: page.device_now,
    };
    let outcomes = store.write(|writing| {
        // The account may have been thrown away, and another one made, since the swarm was asked.
        if writing.account()?.is_none_or(|account| account.account_id != own) {
            return Err(ErrorCode::NoAccount.into());
        }
        let outcomes = writing.insert_received(&batch)?;
        // No later message of this device may carry a time that another device has used already.
        let sent = batch.items.iter().filter_map(said);
        if let Some(newest) = sent.filter(|(author, _)| *author == own).map(|(_, at)| at).max() {
            writing.raise_sent_at(newest)?;
        }
        Ok::<_, Stopped>(outcomes)
    })?;
    let stored = batch.items.iter().zip(outcomes).filter_map(|(item, outcome)| {
        let with = |message: &ReceivedMessage| message.conversation;
        let control = item.control.as_ref().map(|control| control.conversation);
        let conversation = match outcome {
            // A request of mine to take something back does not say where I wrote that.
            Outcome::Changed { conversation, .. } => conversation,
            _ => item.message.as_ref().map(with).or(control)?,
        };
        Some(Stored {
            conversation,
            mine: said(item).is_some_and(|(author, _)| author == own),
            sent_at: said(item)?.1,
            outcome,
        })
    });
    Ok(stored.collect())
}

/// Who said something, and when.
fn said(item: &Received) -> Option<(AccountId, TimestampMs)> {
    let message = item.message.as_ref().map(|it| (it.author, it.sent_at));
    message.or(item.control.as_ref().map(|it| (it.author, it.sent_at)))
}

/// Opens messages side by side, in their order: nearly all the time of a backlog goes into its curves.
fn open_all(page: &Page, messages: &[&RetrievedMessage]) -> Vec<Received> {
    let open_share = |share: &[&RetrievedMessage]| -> Vec<Received> {
        share.iter().map(|message| open(page, message)).collect()
    };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = messages.len().div_ceil(cores).max(FEWEST_FOR_A_CORE);
    let (first, rest) = messages.split_at(share.min(messages.len()));
    thread::scope(|scope| {
        let others: Vec<_> = rest
            .chunks(share)
            .map(|share| scope.spawn(move || open_share(share)))
            .collect();
        let mut opened = open_share(first);
        for other in others {
            opened.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        opened
    })
}

/// Opens one message. Whatever is wrong with it, its hash is remembered, so that it is looked at once only.
fn open(page: &Page, stored: &RetrievedMessage) -> Received {
    let (message, control) = match VerifiedMessage::open(&page.keys, &stored.data) {
        Ok(message) => judge(page, message, stored.expiry),
        Err(error) => {
            tracing::debug!(%error, "a message was not accepted");
            (None, None)
        }
    };
    Received {
        hash: stored.hash,
        seen_until: stored.expiry.plus_ms(SEEN_SLACK_MS).clamp(
            page.now.plus_ms(SEEN_AT_LEAST_MS),
            page.now.plus_ms(SEEN_AT_MOST_MS),
        ),
        message,
        control,
    }
}

/// A row, or a change of others; neither for what this version does nothing with.
fn judge(
    page: &Page,
    message: VerifiedMessage,
    swarm_expires_at: TimestampMs,
) -> (Option<ReceivedMessage>, Option<ReceivedControl>) {
    let earliest = page.now.min(page.device_now);
    if message.sent_at.since_ms(page.latest) > MOST_AHEAD_MS || earliest.since_ms(message.sent_at) > OLDEST_MS
    {
        return (None, None);
    }
    let conversation = match message.conversation {
        Conversation::From(author) => author,
        Conversation::SentTo(recipient) if recipient.is_account() => recipient,
        Conversation::SentTo(_) => return (None, None),
        Conversation::NoteToSelf => page.keys.account_id(),
    };
    match control_of(conversation, &message) {
        Some(control) => (None, Some(control)),
        None => {
            let own = page.keys.account_id();
            (to_row(own, conversation, message, swarm_expires_at), None)
        }
    }
}

/// What is to be shown of a message; `None` for what shows nothing in this version. Spec: messages §10 (INB-05, INB-06).
fn to_row(
    own: AccountId,
    conversation: AccountId,
    message: VerifiedMessage,
    swarm_expires_at: TimestampMs,
) -> Option<ReceivedMessage> {
    let (kind, body, profile) = match &message.body {
        Body::Visible(data) if data.reaction.is_some() => return None,
        Body::Visible(data) => {
            let body = data.body.clone().unwrap_or_default();
            let kind = if body.trim().is_empty() && data.attachments.is_empty() {
                MessageKind::Unsupported
            } else {
                MessageKind::Text
            };
            let profile = data.profile.as_ref();
            (
                kind,
                body,
                profile.map(|profile| to_profile(profile, data.profile_key.as_deref())),
            )
        }
        Body::RequestAccepted(response) => (
            MessageKind::RequestAcceptedByThem,
            String::new(),
            response
                .profile
                .as_ref()
                .map(|profile| to_profile(profile, response.profile_key.as_deref())),
        ),
        // An invitation is not lost on a version that cannot follow it.
        Body::Group(_) | Body::Unknown => (MessageKind::Unsupported, String::new(), None),
        Body::TimerUpdate | Body::Extraction(_) | Body::Call(_) => {
            let (kind, body) = notice(own, &message)?;
            (kind, body, None)
        }
        Body::Read(_) | Body::Typing(_) | Body::Unsend { .. } => return None,
    };
    let whole =
        matches!(&message.body, Body::Visible(data) if kind == MessageKind::Text && is_text_alone(data));
    let keeps_content = matches!(kind, MessageKind::Text | MessageKind::Unsupported) && !whole;
    let files = match &message.body {
        Body::Visible(data) => data.attachments.iter().map(attachments::offered).collect(),
        _ => Vec::new(),
    };
    let preview = match &message.body {
        Body::Visible(data) if kind == MessageKind::Text => previews::offered(data),
        _ => None,
    };
    let quoted = match &message.body {
        Body::Visible(data) => data.quote.as_ref().and_then(quote_of),
        _ => None,
    };
    Some(ReceivedMessage {
        conversation,
        author: message.author,
        sent_at: message.sent_at,
        kind,
        body: if kind == MessageKind::Unsupported {
            String::new()
        } else {
            body
        },
        raw: keeps_content.then_some(message.content_bytes),
        files,
        preview,
        quote: quoted,
        profile,
        disappearing: message.disappearing,
        swarm_expires_at,
    })
}

/// Whether a text is all that there is; otherwise the content is kept for a version that shows the rest.
fn is_text_alone(data: &DataMessage) -> bool {
    data.open_group_invitation.is_none()
}
