//! Writing into the tables, beside the requests that wait for it or do not.
//!
//! SQLite's cost of a transaction is that of its commit: each page that changed is written once, however many messages
//! changed it. Most messages are therefore answered for when they have arrived, and are moved into the tables many at a
//! time. Those that have to go into the tables before they are answered for share a transaction with whatever else waits.
//! The writer is a thread of its own, so no async thread waits for the disk, and what waits longest, moving the
//! write-ahead log into the file, is done by another one. Both end when their owner is dropped.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};
use std::thread::JoinHandle;

use protocol::storage::{MessageHash, Store};
use tokio::sync::{mpsc, oneshot};

use super::Database;
use super::database::{Kept, NewMessage};

/// Most messages in one transaction. Larger ones would save little more, and have everybody wait for everybody.
const MAX_BATCH: usize = 64;
/// Bytes of messages after which the write-ahead log is moved into the file.
const CHECKPOINT_AFTER_BYTES: usize = 16 * 1024 * 1024;
/// Messages that may wait for the writer; further requests wait for a place.
const MAX_WAITING: usize = 1_024;

/// A message could not be kept; the reason is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the message could not be kept")]
pub struct NotKept;

/// The thread that keeps messages, and the one that moves the write-ahead log into the file.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<(mpsc::Sender<Job>, SyncSender<()>)>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
enum Job {
    Keep(Keep),
    /// Move what was taken into the tables.
    Settle,
}

#[derive(Debug)]
struct Keep {
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
        // One place: a checkpoint that is asked for during another one follows it.
        let (checkpoints, due) = std::sync::mpsc::sync_channel(1);
        let (files, after_batches) = (Arc::clone(&database), checkpoints.clone());
        let write = std::thread::Builder::new()
            .name("storage-writer".to_owned())
            .spawn(move || run(&database, waiting, &after_batches))?;
        let move_log = std::thread::Builder::new()
            .name("storage-log".to_owned())
            .spawn(move || move_log(&files, &due))?;
        Ok(Self {
            jobs: Some((jobs, checkpoints)),
            threads: vec![write, move_log],
        })
    }

    /// Keeps a message and waits until it is on its way to the disk.
    ///
    /// # Errors
    /// [`NotKept`]
    pub(super) async fn keep(&self, store: Arc<Store>, hash: MessageHash) -> Result<Kept, NotKept> {
        let (done, kept) = oneshot::channel();
        let (jobs, _) = self.jobs.as_ref().ok_or(NotKept)?;
        let keep = Keep { store, hash, done };
        jobs.send(Job::Keep(keep)).await.map_err(|_| NotKept)?;
        kept.await.map_err(|_| NotKept)?
    }
}

impl Writer {
    /// Has what was taken moved into the tables, in a while.
    pub(super) fn settle_soon(&self) {
        if let Some((jobs, _)) = &self.jobs {
            // No place: this will be asked for again.
            let _ = jobs.try_send(Job::Settle);
        }
    }

    /// Has the write-ahead log moved into the file, in a while.
    pub(super) fn checkpoint_soon(&self) {
        if let Some((_, checkpoints)) = &self.jobs {
            // No place: one is due already.
            let _ = checkpoints.try_send(());
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The writer keeps what was promised, then sees that nobody is left who could ask for more, and ends, and
        // with it the other thread.
        self.jobs = None;
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the storage ended in a panic");
            }
        }
    }
}

fn run(database: &Database, mut waiting: mpsc::Receiver<Job>, checkpoints: &SyncSender<()>) {
    let mut jobs = Vec::with_capacity(MAX_BATCH);
    let mut written_bytes: usize = 0;
    while waiting.blocking_recv_many(&mut jobs, MAX_BATCH) > 0 {
        if jobs.iter().any(|job| matches!(job, Job::Settle)) {
            written_bytes = written_bytes.saturating_add(settle(database));
        }
        let batch: Vec<_> = jobs
            .drain(..)
            .filter_map(|job| match job {
                Job::Keep(keep) => Some(keep),
                Job::Settle => None,
            })
            .collect();
        written_bytes = written_bytes.saturating_add(keep_batch(database, batch));
        if written_bytes >= CHECKPOINT_AFTER_BYTES {
            written_bytes = 0;
            // No place: one is due already.
            let _ = checkpoints.try_send(());
        }
    }
}

/// Moves what was taken into the tables; gives the bytes that it took.
fn settle(database: &Database) -> usize {
    database.settle().unwrap_or_else(|error| {
        tracing::warn!(kind = %error, "messages could not be moved into the tables");
        0
    })
}

/// Keeps messages and answers for them; gives the bytes that they take.
fn keep_batch(database: &Database, batch: Vec<Keep>) -> usize {
    if batch.is_empty() {
        return 0;
    }
    let messages: Vec<_> = batch
        .iter()
        .map(|job| NewMessage::of(&job.store, job.hash))
        .collect();
    let results = keep(database, &messages);
    let len_bytes = messages
        .iter()
        .fold(0, |sum: usize, message| sum.saturating_add(message.data.len()));
    for (Keep { store, done, .. }, result) in batch.into_iter().zip(results) {
        // Whoever asked should find itself the only holder.
        drop(store);
        // Nobody waits any more when the client hung up.
        let _ = done.send(result);
    }
    len_bytes
}

fn move_log(database: &Database, due: &Receiver<()>) {
    while due.recv().is_ok() {
        if let Err(error) = database.checkpoint() {
            tracing::warn!(kind = %error, "the write-ahead log could not be moved into the file");
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
