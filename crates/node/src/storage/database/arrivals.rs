//! Messages that are kept and not in the tables yet.
//!
//! The indexes of the tables are in an order that messages do not come in, so a message that is put there alone has several
//! pages written for it, and a thousand have hardly more written than their own bytes. A message that is like no other
//! therefore goes to the end of a [`Journal`] first. That is enough for it to survive the end of the process, and as much as
//! a transaction without waiting for the disk does. Together with others it is moved into the tables when there are enough
//! of them, and before anybody asks about messages of its account: no reader of the tables has to know of arrivals.
//!
//! There are two journals, so that messages arrive while others are moved. The tables say up to which generation they have
//! them, in the transaction that brings them; what is left in a journal of a later one is moved when the database opens.

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::account::AccountId;
use protocol::storage::MessageHash;

use super::NewMessage;
use super::journal::Journal;

/// Messages that are worth moving.
const DUE_COUNT: usize = 4_096;
/// Bytes of messages that are worth moving.
const DUE_LEN_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of a journal, past which no message is taken before others are moved.
const MAX_LEN_BYTES: usize = 8 * 1024 * 1024;

/// Messages on their way into the tables.
#[derive(Debug)]
pub(super) struct Arrivals {
    state: Mutex<State>,
    /// Held by whoever moves messages, so that they are moved in the order in which they came.
    turn: Mutex<()>,
}

#[derive(Debug)]
struct State {
    gathering: Batch,
    /// Being moved, or left from when that failed.
    leaving: Option<Arc<Batch>>,
    /// Empty; takes over when the other one leaves.
    next: Option<Batch>,
    next_generation: i64,
    /// No message is taken: another owner has the journals, or messages could not be moved.
    is_closed: bool,
}

/// The messages of one journal.
#[derive(Debug)]
pub(super) struct Batch {
    journal: Journal,
    hashes: HashSet<MessageHash>,
    accounts: HashSet<AccountId>,
}

impl Batch {
    pub(super) const fn journal(&self) -> &Journal {
        &self.journal
    }

    fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            journal: Journal::open(path)?,
            hashes: HashSet::new(),
            accounts: HashSet::new(),
        })
    }

    fn begin(&mut self, generation: i64) {
        self.journal.begin(generation);
        self.hashes.clear();
        self.accounts.clear();
    }
}

impl Arrivals {
    /// Opens the journals beside a database file and has `put` move what is left in them.
    ///
    /// A journal that somebody else has open is read all the same, and none is written then: a node that was told to stop
    /// may have it for a moment more.
    ///
    /// `moved`: the generation up to which the tables have all messages.
    ///
    /// # Errors
    /// What `put` says, or when a journal cannot be read.
    pub(super) fn open<E: From<io::Error>>(
        database: &Path,
        moved: i64,
        mut put: impl FnMut(&Batch) -> Result<(), E>,
    ) -> Result<Self, E> {
        let open = |ending| {
            let mut path = database.as_os_str().to_owned();
            path.push(ending);
            Batch::open(Path::new(&path))
        };
        let mut batches = [open("-arrivals-0")?, open("-arrivals-1")?];
        batches.sort_by_key(|batch| batch.journal.generation());
        let mut last = moved;
        for batch in &batches {
            let generation = batch.journal.generation();
            if generation > moved {
                put(batch)?;
                last = generation;
            }
        }
        let is_closed = !batches.iter().all(|batch| batch.journal.is_ours());
        let [mut gathering, next] = batches;
        let generation = last.saturating_add(1);
        gathering.begin(generation);
        Ok(Self {
            state: Mutex::new(State {
                gathering,
                leaving: None,
                next: Some(next),
                next_generation: generation.saturating_add(1),
                is_closed,
            }),
            turn: Mutex::new(()),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether any message of the account is not in the tables yet.
    fn concern(&self, account: &AccountId) -> bool {
        let state = self.state();
        state.gathering.accounts.contains(account)
            || state
                .leaving
                .as_ref()
                .is_some_and(|batch| batch.accounts.contains(account))
    }

    /// Takes a message, unless it is known or there is no room. `is_in_tables`: whether a message is known there.
    ///
    /// Tells whether messages should be moved in a while.
    pub(super) fn take<E>(
        &self,
        message: &NewMessage<'_>,
        is_in_tables: impl FnOnce() -> Result<bool, E>,
    ) -> Option<Urgency> {
        let mut state = self.state();
        let is_leaving = |batch: &Arc<Batch>| batch.hashes.contains(&message.hash);
        if state.is_closed
            || state.gathering.journal.len() > MAX_LEN_BYTES
            || state.gathering.hashes.contains(&message.hash)
            || state.leaving.as_ref().is_some_and(is_leaving)
            || is_in_tables().unwrap_or(true)
        {
            return None;
        }
        let gathering = &mut state.gathering;
        let before = gathering.journal.len();
        gathering.journal.append(message).ok()?;
        gathering.hashes.insert(message.hash);
        gathering.accounts.insert(message.account);
        // Told once for so many, and again when nobody heeded it.
        let is_due = gathering.hashes.len().is_multiple_of(DUE_COUNT)
            || gathering.journal.len() / DUE_LEN_BYTES != before / DUE_LEN_BYTES;
        Some(if is_due { Urgency::Due } else { Urgency::None })
    }

    /// Has `put` move all messages into the tables; gives the bytes that they took.
    ///
    /// # Errors
    /// What `put` says; the messages stay, and no further ones are taken until they could be moved.
    pub(super) fn move_all<E>(&self, put: impl FnMut(&Batch) -> Result<(), E>) -> Result<usize, E> {
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.move_in_turn(&turn, put)
    }

    /// The same, unless there are none of an account.
    ///
    /// # Errors
    /// What `put` says.
    pub(super) fn move_all_of<E>(
        &self,
        account: &AccountId,
        put: impl FnMut(&Batch) -> Result<(), E>,
    ) -> Result<(), E> {
        if !self.concern(account) {
            return Ok(());
        }
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever had the turn before has often moved them.
        if self.concern(account) {
            self.move_in_turn(&turn, put)?;
        }
        Ok(())
    }

    fn move_in_turn<E>(
        &self,
        _turn: &MutexGuard<'_, ()>,
        mut put: impl FnMut(&Batch) -> Result<(), E>,
    ) -> Result<usize, E> {
        let mut len_bytes: usize = 0;
        let left = self.state().leaving.clone();
        if let Some(batch) = left {
            len_bytes = len_bytes.saturating_add(self.move_one(batch, &mut put)?);
        }
        let gathered = self.state().send_off();
        if let Some(batch) = gathered {
            len_bytes = len_bytes.saturating_add(self.move_one(batch, &mut put)?);
        }
        Ok(len_bytes)
    }

    fn move_one<E>(
        &self,
        batch: Arc<Batch>,
        put: &mut impl FnMut(&Batch) -> Result<(), E>,
    ) -> Result<usize, E> {
        let result = put(&batch);
        let len_bytes = batch.journal.len();
        drop(batch);
        let mut state = self.state();
        state.is_closed = result.is_err();
        if result.is_ok() {
            state.next = state.leaving.take().and_then(Arc::into_inner);
        }
        result.map(|()| len_bytes)
    }
}

impl State {
    /// Has what was gathered leave, and begins anew; `None` when there is nothing.
    fn send_off(&mut self) -> Option<Arc<Batch>> {
        if self.gathering.hashes.is_empty() {
            return None;
        }
        let mut next = self.next.take()?;
        next.begin(self.next_generation);
        self.next_generation = self.next_generation.saturating_add(1);
        let batch = Arc::new(std::mem::replace(&mut self.gathering, next));
        self.leaving = Some(Arc::clone(&batch));
        Some(batch)
    }
}

/// Whether messages should be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::storage) enum Urgency {
    /// Not on account of this message.
    None,
    /// In a while.
    Due,
}

#[cfg(test)]
#[path = "arrivals_tests.rs"]
mod tests;
