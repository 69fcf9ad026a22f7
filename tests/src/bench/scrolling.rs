//! Scrolling through the largest conversation while a backlog is received.
//!
//! The engine runs here, on a store in a file, with a network that answers from memory: windows are asked for one after
//! the other, further and further up, until the backlog is stored.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use contract::{ConversationId, ListMessages, MessageWindow, PollNow};
use engine::Mode;
use futures::FutureExt;
use rand_core::SeedableRng;
use store::{Store, StoreKey};

use super::feed::{self, Feed, Page};
use super::headless::median;
use crate::large_store;

/// Messages of the backlog.
pub const BACKLOG: usize = 5_000;
/// Messages of one answer of a node.
const PAGE: usize = 1_000;
/// Rows of a window, as the app asks for them.
const WINDOW: u32 = 50;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The backlog, from the look for messages to the last one stored.
    pub backlog: Duration,
    /// Windows that were given meanwhile.
    pub windows: usize,
    /// The middle one of their times.
    pub median: Duration,
    /// The longest of their times.
    pub worst: Duration,
    /// The middle time of windows while nothing comes.
    pub quiet: Duration,
}

/// Fills a store with so many messages and receives a backlog while scrolling in it.
///
/// # Errors
/// When something is not stored.
pub async fn measure(messages: usize) -> anyhow::Result<Measured> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("tern.db");
    let store = Arc::new(Store::open(&path, &StoreKey::generate()?)?);
    let large = large_store::fill(&store, messages, feed::now().plus_ms(-24 * 3_600_000))?;
    let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(12);
    let backlog = feed::texts(&mut rng, &large.people, large.keys.account_id(), BACKLOG)?;
    let feed = Arc::new(Feed::new());
    let engine = feed::open_engine(&store, &feed, Mode::OnDemand)
        .await
        .context("engine")?;
    let conversation = ConversationId(large.largest.to_hex());
    let mut window = MessageWindow::Newest;
    let mut scroll = async || {
        let asked = ListMessages {
            conversation: conversation.clone(),
            window,
            limit: WINDOW,
        };
        let started = Instant::now();
        let page = engine.request(asked).await.context("a window")?;
        let took = started.elapsed();
        window = match page.rows.first() {
            Some(first) if page.more_before => MessageWindow::Before { message: first.id },
            _ => MessageWindow::Newest,
        };
        anyhow::Ok(took)
    };
    let mut quiet = Vec::new();
    for _ in 0..100 {
        quiet.push(scroll().await?);
    }
    backlog.chunks(PAGE).for_each(|page| feed.add(Page::new(page)));
    let started = Instant::now();
    let mut looking = engine.request(PollNow {}).boxed_local();
    let mut times = Vec::new();
    loop {
        tokio::select! {
            biased;
            looked = &mut looking => {
                looked.context("poll")?;
                break;
            }
            took = scroll() => times.push(took?),
        }
    }
    let backlog = started.elapsed();
    drop(looking);
    engine.close().await;
    let known = store.read(|reading| {
        let page = reading.messages(&large.largest, store::Window::Newest, 1)?;
        Ok::<_, store::StoreError>(page.rows.first().map(|row| row.body.starts_with("Message ")))
    })?;
    ensure!(known == Some(true), "the backlog was not stored");
    Ok(Measured {
        backlog,
        windows: times.len(),
        worst: times.iter().copied().max().context("no window was given")?,
        median: median(times),
        quiet: median(quiet),
    })
}
