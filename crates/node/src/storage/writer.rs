//! Keeping the messages of several requests in one transaction.
//!
//! SQLite's cost of a transaction is that of its commit: each page that changed is written once, however many messages
//! changed it. Requests that wait for their messages to be kept at the same time therefore share one. The writer is a
//! thread of its own, so no async thread waits for the disk; it ends when its owner is dropped.

use std::sync::Arc;
use std::thread::JoinHandle;

use protocol::storage::{MessageHash, Store};
use tokio::sync::{mpsc, oneshot};

use super::Database;
use super::database::{Kept, NewMessage};

/// Most messages in one transaction.
const MAX_BATCH: usize = 256;
/// Messages that may wait for the writer; further requests wait for a place.
const MAX_WAITING: usize = 1_024;

/// A message could not be kept; the reason is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the message could not be kept")]
pub struct NotKept;

/// The thread that keeps messages.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Job {
    store: Arc<Store>,
    hash: MessageHash,
    done: oneshot::Sender<Result<Kept, NotKept>>,
}

impl Writer {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system has no thread.
    pub(super) fn start(database: Arc<Database>) -> std::io::Result<Self> {
        let (jobs, waiting) = mpsc::channel(MAX_WAITING);
        let run = move || run(&database, waiting);
        let thread = std::thread::Builder::new()
            .name("storage-writer".to_owned())
            .spawn(run)?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Keeps a message and waits until it is on its way to the disk.
    ///
    /// # Errors
    /// [`NotKept`]
    pub(super) async fn keep(&self, store: Arc<Store>, hash: MessageHash) -> Result<Kept, NotKept> {
        let (done, kept) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or(NotKept)?;
        jobs.send(Job { store, hash, done }).await.map_err(|_| NotKept)?;
        kept.await.map_err(|_| NotKept)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The thread keeps what was promised, then sees that nobody is left who could ask for more.
        self.jobs = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the storage writer ended in a panic");
        }
    }
}

fn run(database: &Database, mut waiting: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(MAX_BATCH);
    while waiting.blocking_recv_many(&mut batch, MAX_BATCH) > 0 {
        let messages: Vec<_> = batch
            .iter()
            .map(|job| NewMessage::of(&job.store, job.hash))
            .collect();
        let results = keep(database, &messages);
        for (Job { store, done, .. }, result) in batch.drain(..).zip(results) {
            // Whoever asked should find itself the only holder.
            drop(store);
            // Nobody waits any more when the client hung up.
            let _ = done.send(result);
        }
    }
}

/// Keeps all messages at once; when that fails, each by itself, so that one cannot spoil the others.
fn keep(database: &Database, messages: &[NewMessage<'_>]) -> Vec<Result<Kept, NotKept>> {
    if let Ok(kept) = database.keep_all(messages) {
        return kept.into_iter().map(Ok).collect();
    }
    let alone = |message| {
        database.keep(message).map_err(|error| {
            tracing::warn!(kind = %error, "a message could not be kept");
            NotKept
        })
    };
    messages.iter().map(alone).collect()
}
