//! Junk that strangers store in an account's swarm, in a stream: what it costs the engine in processor time.
//!
//! Four sorts in turn: bytes that are no message, messages sealed for somebody else, messages with a wrong signature,
//! and bytes longer than any node takes. They are made before the stream begins.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use engine::Mode;
use protocol::account::{AccountId, AccountKeys, Seed};
use protocol::message::sealed_box::{self, EphemeralSecret};
use protocol::message::{envelope, outgoing, padding};
use protocol::storage::replies::RetrievedMessage;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use store::{ConversationList, NewAccount, Origin, Stage, Store, StoreKey};

use super::feed::{self, Feed, Page};
use super::memory;

/// Junk messages of a second.
const PER_SECOND: usize = 50;
/// Seconds of the stream.
const SECONDS: usize = 15;
/// Bytes of a message that no node takes.
const OVERSIZED: usize = 2 * outgoing::LARGEST_PAYLOAD;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Processor time.
    pub used: Duration,
    /// The time in which it was used.
    pub passed: Duration,
}

impl Measured {
    /// Cores in use, on average.
    pub fn cores(&self) -> f64 {
        self.used.as_secs_f64() / self.passed.as_secs_f64()
    }
}

/// Streams junk to an engine that works by itself.
///
/// # Errors
/// When the engine shows any of it, or has not looked at it.
pub async fn measure() -> anyhow::Result<Measured> {
    let mut rng = ChaCha20Rng::seed_from_u64(13);
    let seed = Seed::generate(&mut rng);
    let keys = AccountKeys::from_seed(&seed);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("tern.db");
    let store = Arc::new(Store::open(&path, &StoreKey::generate()?)?);
    let account = NewAccount {
        seed,
        account_id: keys.account_id(),
        origin: Origin::Created,
        stage: Stage::Home,
        created_at: feed::now(),
    };
    store.write(|writing| writing.create_account(&account))?;
    let stranger = AccountKeys::from_seed(&Seed::generate(&mut rng));
    let seconds: Vec<Vec<RetrievedMessage>> = (0..SECONDS)
        .map(|_| {
            (0..PER_SECOND)
                .map(|sort| junk(&mut rng, &stranger, &keys, sort))
                .collect()
        })
        .collect::<anyhow::Result<_>>()?;
    let last = seconds
        .last()
        .and_then(|second| second.last())
        .map(|message| message.hash)
        .context("no junk")?;
    let pages: Vec<Page> = seconds.iter().map(|second| Page::new(second)).collect();
    let feed = Arc::new(Feed::new());
    let engine = feed::open_engine(&store, &feed, Mode::Active)
        .await
        .context("engine")?;

    let process = std::process::id();
    let (before, started) = (memory::processor_time(process)?, Instant::now());
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    for page in pages {
        tick.tick().await;
        feed.add(page);
    }
    // The engine looks every few seconds; until it has seen the last one it is still at work.
    while !store.read(|reading| reading.is_seen(&last))? {
        tick.tick().await;
    }
    let measured = Measured {
        used: memory::processor_time(process)?.saturating_sub(before),
        passed: started.elapsed().min(Duration::from_secs(SECONDS as u64)),
    };
    engine.close().await;
    let shown = store.read(|reading| reading.count_conversations(ConversationList::Requests))?;
    ensure!(shown == 0, "junk was shown");
    Ok(measured)
}

fn junk(
    rng: &mut ChaCha20Rng,
    stranger: &AccountKeys,
    to: &AccountKeys,
    sort: usize,
) -> anyhow::Result<RetrievedMessage> {
    let now = feed::now();
    let noise = |rng: &mut ChaCha20Rng, length: usize| {
        let mut bytes = vec![0; length];
        rng.fill_bytes(&mut bytes);
        bytes
    };
    let padded = padding::pad(noise(rng, 300));
    let sealed_for = |rng: &mut ChaCha20Rng, whom: &AccountKeys| {
        let mut text = padded.clone();
        text.extend(stranger.ed25519_public());
        text.extend(noise(rng, 64));
        let key = EphemeralSecret::generate(rng);
        let sealed = sealed_box::seal(&key, whom.x25519_public(), &text)?;
        anyhow::Ok(envelope::wrap(rng, now, sealed))
    };
    let data = match sort % 4 {
        0 => noise(rng, 1_000),
        1 => sealed_for(rng, stranger)?,
        2 => sealed_for(rng, to)?,
        _ => noise(rng, OVERSIZED),
    };
    let owner: AccountId = to.account_id();
    Ok(feed::stored(owner, data, now))
}
