//! The vocabulary of this crate's tests: people, an account, and short ways to write and receive.

use std::path::Path;

use protocol::TimestampMs;
use protocol::account::{AccountId, Seed};
use protocol::storage::{MessageHash, Namespace, compute_hash};

use crate::*;

pub(crate) const NOW: TimestampMs = TimestampMs(1_700_000_000_000);
pub(crate) const DAY: i64 = 86_400_000;

/// The account whose store it is.
pub(crate) fn me() -> AccountId {
    person(0)
}

pub(crate) fn bob() -> AccountId {
    person(1)
}

pub(crate) fn carol() -> AccountId {
    person(2)
}

pub(crate) fn person(number: u32) -> AccountId {
    let mut key = [7; 32];
    key[..4].copy_from_slice(&number.to_be_bytes());
    AccountId::account(key)
}

pub(crate) fn key() -> StoreKey {
    StoreKey::from_bytes([42; 32])
}

pub(crate) fn new_account() -> NewAccount {
    NewAccount {
        seed: Seed::from_bytes(&[9; 16]).unwrap(),
        account_id: me(),
        origin: Origin::Created,
        stage: Stage::Home,
        created_at: NOW,
    }
}

/// A store in memory with an account.
pub(crate) fn store() -> Store {
    with_account(Store::in_memory().unwrap())
}

/// A store in a file with an account.
pub(crate) fn store_at(path: &Path) -> Store {
    with_account(Store::open(path, &key()).unwrap())
}

fn with_account(store: Store) -> Store {
    store.write(|w| w.create_account(&new_account())).unwrap();
    store
}

/// A hash that no other test item of this number has.
pub(crate) fn hash(number: u64) -> MessageHash {
    compute_hash(me(), Namespace(0), &number.to_le_bytes())
}

pub(crate) fn delivery(step: Step, to: AccountId) -> NewDelivery {
    NewDelivery {
        step,
        account_id: to,
        namespace: Namespace(0),
        ttl_ms: 14 * DAY,
        payload: vec![1, 2, 3],
    }
}

/// Queues a text with a delivery to the recipient and one for my own devices.
pub(crate) fn send(store: &Store, to: AccountId, body: &str, at: i64) -> MessageId {
    let deliveries = vec![delivery(Step::Recipient, to), delivery(Step::SyncCopy, me())];
    let at = TimestampMs(at);
    let text = NewText {
        to,
        body: body.to_owned(),
        quote: None,
        sent_at: at,
        now: at,
        deliveries,
        disappearing: None,
    };
    store.write(|w| w.queue_text(&text)).unwrap()
}

pub(crate) fn text(conversation: AccountId, author: AccountId, body: &str, at: i64) -> ReceivedMessage {
    ReceivedMessage {
        conversation,
        author,
        sent_at: TimestampMs(at),
        kind: MessageKind::Text,
        body: body.to_owned(),
        raw: None,
        files: Vec::new(),
        preview: None,
        profile: None,
        quote: None,
        disappearing: None,
        swarm_expires_at: NOW.plus_ms(14 * DAY),
    }
}

/// An item whose hash follows from what it says.
pub(crate) fn item(message: ReceivedMessage) -> Received {
    let name = format!(
        "{:?}",
        (
            &message.conversation,
            &message.author,
            message.sent_at,
            &message.body
        )
    );
    let hash = compute_hash(me(), Namespace(0), name.as_bytes());
    Received {
        hash,
        seen_until: NOW.plus_ms(DAY),
        message: Some(message),
        control: None,
    }
}

pub(crate) fn batch(items: Vec<Received>) -> ReceivedBatch {
    ReceivedBatch {
        items,
        last_hash: None,
        now: NOW,
        device_now: NOW,
    }
}

pub(crate) fn receive_all(store: &Store, messages: Vec<ReceivedMessage>) -> Vec<Outcome> {
    let items = messages.into_iter().map(item).collect();
    store.write(|w| w.insert_received(&batch(items))).unwrap()
}

/// Receives one text of somebody in the conversation with them.
pub(crate) fn receive(store: &Store, from: AccountId, body: &str, at: i64) -> Outcome {
    receive_all(store, vec![text(from, from, body, at)])[0]
}

#[track_caller]
pub(crate) fn new_id(outcome: Outcome) -> MessageId {
    match outcome {
        Outcome::New { id, .. } => id,
        other => panic!("not stored: {other:?}"),
    }
}

pub(crate) fn page(store: &Store, with: AccountId, window: Window, limit: u32) -> MessagePage {
    store
        .read::<_, StoreError>(|r| r.messages(&with, window, limit))
        .unwrap()
}

pub(crate) fn bodies(page: &MessagePage) -> Vec<&str> {
    page.rows.iter().map(|row| row.body.as_str()).collect()
}

pub(crate) fn message(store: &Store, id: MessageId) -> Message {
    store.read::<_, StoreError>(|r| r.message(id)).unwrap()
}

pub(crate) fn conversation(store: &Store, with: AccountId) -> Conversation {
    store
        .read::<_, StoreError>(|r| r.conversation(&with))
        .unwrap()
        .expect("a conversation")
}

/// Who is in a list, in its order.
pub(crate) fn listed(store: &Store, list: ConversationList) -> Vec<AccountId> {
    let page = store
        .read::<_, StoreError>(|r| r.conversations(list, 0, 100))
        .unwrap();
    assert_eq!(page.total as usize, page.rows.len());
    page.rows.into_iter().map(|row| row.with).collect()
}

/// Panics unless what conversations count equals what their messages say.
#[track_caller]
pub(crate) fn assert_counts_hold(store: &Store) {
    store
        .read::<_, StoreError>(|r| {
            let wrong: i64 = r.conn.query_row(
                "SELECT count(*) FROM conversations AS c WHERE
                     c.unread <> (SELECT count(*) FROM messages AS m
                                  WHERE m.conversation = c.id AND m.sent_at > c.read_up_to AND m.kind < 32
                                    AND m.author <> (SELECT contacts.id FROM contacts, account
                                                     WHERE contacts.account_id = account.account_id))
                     OR c.last_activity IS NOT (SELECT max(sent_at) FROM messages AS m WHERE m.conversation = c.id)",
                [],
                |row| row.get(0),
            )?;
            assert_eq!(wrong, 0, "conversations whose counts differ from their messages");
            Ok(())
        })
        .unwrap();
}
