//! Opening, verifying and storing a backlog, against its raw primitives plus plain inserts.
//!
//! The engine gets the messages from a network that answers from memory, so that both sides do their work on the same
//! bytes and the same kind of encrypted database. The other side does for each message what cannot be left out: one
//! X25519 agreement, the box's nonce, the box itself, the author's signature and key conversion, the storage hash;
//! and one insert of what a row must hold, in transactions of the engine's size.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use contract::PollNow;
use engine::Mode;
use protocol::account::{AccountKeys, Seed};
use protocol::message::envelope::UnopenedMessage;
use protocol::message::signed_box;
use protocol::storage::replies::RetrievedMessage;
use protocol::storage::{Namespace, compute_hash};
use rand_core::SeedableRng;
use store::{ConversationList, NewAccount, Origin, Stage, Store, StoreKey};

use super::feed::{self, Feed, Page};

/// Messages of the backlog.
const MESSAGES: usize = 10_000;
/// People who wrote them.
const AUTHORS: u8 = 20;
/// Messages of one answer of a node.
const PAGE: usize = 2_000;
/// Rows of one transaction, as the engine does it.
const BATCH: usize = 256;
/// Times each side runs; the quickest counts.
const ROUNDS: usize = 3;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The engine's time for the whole backlog.
    pub engine: Duration,
    /// Primitives and plain inserts.
    pub plain: Duration,
}

impl Measured {
    /// The engine's time for each unit of plain time.
    pub fn ratio(&self) -> f64 {
        self.engine.as_secs_f64() / self.plain.as_secs_f64()
    }
}

/// Runs both sides in turn and takes the quickest run of each.
///
/// # Errors
/// When a side does not do its work.
pub async fn measure() -> anyhow::Result<Measured> {
    let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(11);
    let seed = Seed::generate(&mut rng);
    let keys = AccountKeys::from_seed(&seed);
    let authors: Vec<_> = (0..AUTHORS)
        .map(|_| AccountKeys::from_seed(&Seed::generate(&mut rng)))
        .collect();
    let backlog = feed::texts(&mut rng, &authors, keys.account_id(), MESSAGES)?;
    let mut measured = Measured {
        engine: Duration::MAX,
        plain: Duration::MAX,
    };
    for _ in 0..ROUNDS {
        measured.plain = measured.plain.min(plainly(&keys, &backlog)?);
        measured.engine = measured
            .engine
            .min(through_the_engine(&seed, &keys, &backlog).await?);
    }
    Ok(measured)
}

async fn through_the_engine(
    seed: &Seed,
    keys: &AccountKeys,
    backlog: &[RetrievedMessage],
) -> anyhow::Result<Duration> {
    let folder = tempfile::tempdir()?;
    let store = Arc::new(Store::open(
        &folder.path().join("bench.db"),
        &StoreKey::generate()?,
    )?);
    let account = NewAccount {
        seed: Seed::from_bytes(seed.expose_secret())?,
        account_id: keys.account_id(),
        origin: Origin::Created,
        stage: Stage::Home,
        created_at: feed::now(),
    };
    store.write(|writing| writing.create_account(&account))?;
    let feed = Arc::new(Feed::new());
    backlog.chunks(PAGE).for_each(|page| feed.add(Page::new(page)));
    let engine = feed::open_engine(&store, &feed, Mode::OnDemand)
        .await
        .context("engine")?;
    let started = Instant::now();
    engine.request(PollNow {}).await.context("poll")?;
    let took = started.elapsed();
    engine.close().await;
    // Nobody was accepted, so all of it waits among the requests.
    let rows = store.read(|reading| reading.count_unread_messages(ConversationList::Requests))?;
    ensure!(
        usize::try_from(rows)? == MESSAGES,
        "the engine stored {rows} rows"
    );
    Ok(took)
}

fn plainly(keys: &AccountKeys, backlog: &[RetrievedMessage]) -> anyhow::Result<Duration> {
    let sealed: Vec<Vec<u8>> = backlog
        .iter()
        .map(|message| Ok(UnopenedMessage::parse(&message.data)?.sealed().to_vec()))
        .collect::<anyhow::Result<_>>()?;
    let folder = tempfile::tempdir()?;
    let mut db = rusqlite::Connection::open(folder.path().join("plain.db"))?;
    db.execute_batch(
        "PRAGMA key = \"x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'\";
         PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE messages (id INTEGER PRIMARY KEY, author BLOB NOT NULL, sent_at INTEGER NOT NULL,
                                hash TEXT NOT NULL, body BLOB NOT NULL) STRICT;",
    )?;
    let started = Instant::now();
    let work: Vec<(&RetrievedMessage, &Vec<u8>)> = backlog.iter().zip(&sealed).collect();
    for batch in work.chunks(BATCH) {
        let transaction = db.transaction()?;
        let mut insert = transaction
            .prepare_cached("INSERT INTO messages (author, sent_at, hash, body) VALUES (?, ?, ?, ?)")?;
        for (message, sealed) in batch {
            let hash = compute_hash(keys.account_id(), Namespace::MESSAGES, &message.data);
            let opened = signed_box::open(keys, sealed)?;
            let author = opened.author.to_bytes();
            insert.execute((
                &author[..],
                message.timestamp.0,
                hash.to_string(),
                &opened.content[..],
            ))?;
        }
        drop(insert);
        transaction.commit()?;
    }
    Ok(started.elapsed())
}
