//! How the store behaves with much history: `cargo bench -p store`.
//!
//! Prints, for 10,000, 100,000 and 1,000,000 messages in 300 conversations (four tenths of them in one), the times of
//! what a person waits for, and the time of storing a backlog of 10,000 against plain inserts of the same rows into one
//! table in the same file system.

use std::path::Path;
use std::time::{Duration, Instant};

use protocol::TimestampMs;
use protocol::account::{AccountId, Seed};
use protocol::storage::{Namespace, compute_hash};
use rusqlite::{Connection, params};
use store::*;

const NOW: TimestampMs = TimestampMs(1_700_000_000_000);
const BATCH: u32 = 500;
const BACKLOG: u32 = 10_000;
const TEXT: &str = "Shall we meet at the station at a quarter past nine, or is that too early for you?";

fn main() {
    println!(
        "{:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>10} {:>10} {:>6}",
        "messages", "open", "home", "unread", "newest", "oldest", "around", "backlog", "plain", "ratio"
    );
    for count in [10_000, 100_000, 1_000_000] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("tern.db");
        fill(&path, count);
        let (open, store) = time(|| Store::open(&path, &key()).expect("a store"));
        let home = time(|| home(&store)).0;
        let windows = [Window::FirstUnread, Window::Newest, Window::Oldest];
        let [unread, newest, oldest] = windows.map(|window| time(|| page(&store, window)).0);
        // The first message has id 1 and number 0.
        let middle = Window::Around(MessageId(i64::from(count / 2) + 1));
        let around = time(|| page(&store, middle)).0;
        let backlog = time(|| receive(&store, count, BACKLOG)).0;
        let plain = time(|| insert_plainly(&folder.path().join("plain.db"))).0;
        println!(
            "{count:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>10} {:>10} {:>6.2}",
            ms(open),
            ms(home),
            ms(unread),
            ms(newest),
            ms(oldest),
            ms(around),
            ms(backlog),
            ms(plain),
            backlog.as_secs_f64() / plain.as_secs_f64()
        );
    }
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

fn time<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

fn key() -> StoreKey {
    StoreKey::from_bytes([42; 32])
}

fn person(number: u32) -> AccountId {
    let mut key = [7; 32];
    key.iter_mut()
        .zip(number.to_be_bytes())
        .for_each(|(to, from)| *to = from);
    AccountId::account(key)
}

/// Whom message `number` is with: four in ten with the first person.
fn with(number: u32) -> AccountId {
    match number % 10 {
        0..4 => person(1),
        _ => person(2 + number % 299),
    }
}

fn fill(path: &Path, count: u32) {
    let store = Store::open(path, &key()).expect("a store");
    let seed = Seed::from_bytes(&[9; 16]).expect("a seed's length");
    let account = NewAccount {
        seed,
        account_id: person(0),
        origin: Origin::Created,
        stage: Stage::Home,
        created_at: NOW,
    };
    store.write(|w| w.create_account(&account)).expect("an account");
    for number in 1..=300 {
        store
            .write(|w| w.approve(&person(number), NOW))
            .expect("a contact");
    }
    receive(&store, 0, count);
    // Items stay on a swarm for two weeks; of the rest the store forgets the hashes.
    let forgotten = NOW.plus_ms(i64::from(count.saturating_sub(BACKLOG)));
    store
        .write(|w| w.purge_expired(forgotten))
        .expect("room on the disk");
    store.tidy().expect("room on the disk");
}

fn receive(store: &Store, from: u32, count: u32) {
    for first in (from..from + count).step_by(BATCH as usize) {
        let items = (first..(first + BATCH).min(from + count)).map(item).collect();
        let batch = ReceivedBatch {
            items,
            last_hash: None,
            now: NOW,
            device_now: NOW,
        };
        store
            .write(|w| w.insert_received(&batch))
            .expect("room on the disk");
    }
}

fn item(number: u32) -> Received {
    let conversation = with(number);
    Received {
        hash: compute_hash(person(0), Namespace(0), &number.to_le_bytes()),
        seen_until: NOW.plus_ms(i64::from(number)),
        control: None,
        message: Some(ReceivedMessage {
            conversation,
            author: conversation,
            sent_at: NOW.plus_ms(i64::from(number) * 100),
            kind: MessageKind::Text,
            body: TEXT.to_owned(),
            raw: None,
            files: Vec::new(),
            preview: None,
            quote: None,
            profile: Some(Profile {
                name: "Somebody".to_owned(),
                updated_s: 1,
                picture: store::SaidPicture::Keep,
            }),
            disappearing: None,
            swarm_expires_at: NOW,
        }),
    }
}

fn home(store: &Store) -> usize {
    let page = store.read::<_, StoreError>(|r| r.conversations(ConversationList::Home, 0, 50));
    page.expect("a sound store").rows.len()
}

fn page(store: &Store, window: Window) -> usize {
    store
        .read::<_, StoreError>(|r| r.messages(&person(1), window, 50))
        .expect("a sound store")
        .rows
        .len()
}

/// The same rows into one encrypted table with one unique index, in batches of the same size and equally durable.
fn insert_plainly(path: &Path) {
    let mut conn = Connection::open(path).expect("a file");
    conn.execute_batch(
        "PRAGMA key = \"x'2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a'\";
         PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE messages (id INTEGER PRIMARY KEY, conversation INTEGER, author BLOB, sent_at INTEGER,
                                received_at INTEGER, kind INTEGER, body TEXT, hash TEXT UNIQUE);",
    )
    .expect("a table");
    for first in (0..BACKLOG).step_by(BATCH as usize) {
        let transaction = conn.transaction().expect("a transaction");
        for number in first..first + BATCH {
            let item = item(number);
            let message = item.message.expect("every item has one");
            let mut statement = transaction
                .prepare_cached(
                    "INSERT INTO messages (conversation, author, sent_at, received_at, kind, body, hash)
                     VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6)",
                )
                .expect("a statement");
            let author = message.author.to_bytes();
            let row = params![
                number % 300,
                author,
                message.sent_at.0,
                NOW.0,
                message.body,
                item.hash.as_str()
            ];
            statement.execute(row).expect("room on the disk");
        }
        transaction.commit().expect("room on the disk");
    }
}
