//! Asking the swarm, page after page.

use std::sync::Arc;

use contract::Event;
use network::{RequestError, SwarmAnswer};
use protocol::TimestampMs;
use protocol::account::AccountKeys;
use protocol::storage::replies::{Retrieved, RetrievedMessage};
use protocol::storage::{MessageHash, Namespace, Request, Retrieve, Signer};
use store::{Outcome, Typing};
use tokio::sync::watch;

use super::NewMessage;
use super::receive::{Page, Stored, receive};
use crate::core::Core;
use crate::failure::Stopped;
use crate::typing::Said;
use crate::{reminder, view};

/// One look takes no longer, however slowly pages come; what was fetched is kept, and the next look goes on behind it.
const LONGEST_LOOK_MS: i64 = 5 * 60_000;

/// Items of one transaction.
const BATCH: usize = 256;

/// Pages of one look; more wait for the next.
const MOST_PAGES: usize = 1_000;

/// Looks for messages now; if somebody else is looking already, after them. The inner failure is the network's; what
/// came before it is stored.
pub(crate) async fn poll(core: &Core) -> Result<Result<(), RequestError>, Stopped> {
    poll_into(core, &mut Vec::new()).await
}

/// As [`poll`]; what is new is in `new` also when this is dropped half-way.
pub(crate) async fn poll_into(
    core: &Core,
    new: &mut Vec<NewMessage>,
) -> Result<Result<(), RequestError>, Stopped> {
    let _polling = core.polling.lock().await;
    let mut changes = core.account_changes.subscribe();
    let keys = core.keys()?;
    let end = core.device_now().plus_ms(LONGEST_LOOK_MS);
    let mut last_page_end = None;
    for _ in 0..MOST_PAGES {
        if core.device_now() >= end {
            return Ok(Err(RequestError::SwarmSilent));
        }
        let answer = match ask(core, &keys, &mut changes, end).await {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error)),
        };
        let Ok(retrieved) = Retrieved::parse(&answer.body) else {
            tracing::debug!("a storage node answered with something else than messages");
            return Ok(Err(RequestError::SwarmSilent));
        };
        let page_end = retrieved.messages.last().map(|message| message.hash);
        let (more, node) = (retrieved.more, answer.node);
        store_page(core, &keys, node, retrieved.messages, new).await?;
        // A node that goes on and on about the same messages is not listened to.
        if !more || page_end.is_none() || page_end == last_page_end {
            break;
        }
        last_page_end = page_end;
    }
    settle_sent_times(core).await?;
    Ok(Ok(()))
}

async fn ask(
    core: &Core,
    keys: &AccountKeys,
    changes: &mut watch::Receiver<u64>,
    end: TimestampMs,
) -> Result<SwarmAnswer, RequestError> {
    let build = |now: TimestampMs, node: &[u8; 32]| retrieve(core, keys, Namespace::MESSAGES, now, node);
    let deadline = end.min(core.longest_answer());
    match core.ask_while(changes, keys, deadline, &build).await? {
        answer if answer.status == 200 => Ok(answer),
        _ => Err(RequestError::SwarmSilent),
    }
}

/// A node has just taken a request that network time was signed into, so that time is right. Spec: messages §9 (ENG-03).
async fn settle_sent_times(core: &Core) -> Result<(), Stopped> {
    let now = core.network_now();
    if core
        .read(move |reading| Ok(reading.sent_times_are_ahead(now)?))
        .await?
    {
        core.write(move |writing| Ok(writing.settle_sent_times(now)?))
            .await?;
    }
    Ok(())
}

/// Asks each node for what it stored after the last message that it gave. Spec: messages §10 (INB-02).
pub(crate) fn retrieve(
    core: &Core,
    keys: &AccountKeys,
    namespace: Namespace,
    now: TimestampMs,
    node: &[u8; 32],
) -> Request {
    let account = keys.account_id();
    // One look at an index; not worth a thread of its own. Without an answer everything is read again.
    let last_hash = core
        .store
        .read(|reading| reading.last_hash(node, &account, namespace, now))
        .ok()
        .flatten();
    let retrieve = Retrieve {
        account,
        namespace,
        last_hash,
        max_count: None,
        max_size: None,
        proof: None,
    };
    Request::Retrieve(retrieve.sign(now, &Signer::account(keys)))
}

/// Stores a page, a batch a transaction, so that memory and the time of a transaction stay bounded.
async fn store_page(
    core: &Core,
    keys: &Arc<AccountKeys>,
    node: [u8; 32],
    messages: Vec<RetrievedMessage>,
    new: &mut Vec<NewMessage>,
) -> Result<(), Stopped> {
    let mut messages = messages.into_iter().peekable();
    while messages.peek().is_some() {
        let now = core.network_now();
        let page = Page {
            keys: Arc::clone(keys),
            node,
            messages: messages.by_ref().take(BATCH).collect(),
            now,
            device_now: core.device_now(),
            latest: now.max(core.device_now()),
        };
        let stored = core.with_store(move |store| receive(store, &page)).await?;
        tell(core, &stored, new).await?;
    }
    Ok(())
}

/// Tells shells what a batch has changed.
async fn tell(core: &Core, stored: &[Stored], new: &mut Vec<NewMessage>) -> Result<(), Stopped> {
    if !stored.is_empty() {
        // What was taken back is to be deleted in the swarm, and its files here; other files are to be fetched.
        core.outbox_wake.notify_one();
        core.transfer_wake.notify_one();
        core.picture_wake.notify_one();
        core.timers_changed();
    }
    let mut conversations = Vec::new();
    for Stored {
        conversation,
        mine,
        sent_at,
        outcome,
    } in stored
    {
        let id = match outcome {
            Outcome::Typing { typing, sent_at } => {
                let typing = *typing == Typing::Started;
                core.heard(
                    *conversation,
                    Said {
                        typing,
                        is_message: false,
                        sent_at: *sent_at,
                    },
                );
                continue;
            }
            Outcome::ChangedMany => {
                if !conversations.contains(conversation) {
                    conversations.push(*conversation);
                }
                continue;
            }
            Outcome::New { id, .. } | Outcome::Known { id: Some(id) } | Outcome::Changed { id, .. } => *id,
            Outcome::Known { id: None } | Outcome::Dropped => continue,
        };
        let (named, message) = (view::conversation_id(*conversation), view::message::id(id));
        match outcome {
            Outcome::New { unread, .. } if !mine => {
                if *unread {
                    new.push(NewMessage {
                        conversation: *conversation,
                        message: id,
                    });
                }
                core.heard(
                    *conversation,
                    Said {
                        typing: false,
                        is_message: true,
                        sent_at: *sent_at,
                    },
                );
                core.events.send(Event::MessageReceived {
                    conversation: named,
                    message,
                });
            }
            _ => core.events.send(Event::MessageChanged {
                conversation: named,
                message,
            }),
        }
        if !conversations.contains(conversation) {
            conversations.push(*conversation);
        }
    }
    for conversation in &conversations {
        let conversation = view::conversation_id(*conversation);
        core.events.send(Event::ConversationChanged { conversation });
    }
    if !conversations.is_empty() {
        core.events.send(Event::ConversationsChanged);
        if core.write(reminder::raise_if_due).await? {
            core.events.send(Event::AccountChanged);
        }
    }
    Ok(())
}

/// The hash under which a node should have stored a message.
pub(super) fn expected_hash(keys: &AccountKeys, message: &RetrievedMessage) -> MessageHash {
    protocol::storage::compute_hash(keys.account_id(), Namespace::MESSAGES, &message.data)
}
