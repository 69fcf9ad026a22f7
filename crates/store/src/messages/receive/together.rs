//! A batch in one transaction; item by item where one of them breaks a rule of the database, so that no message can keep
//! the others from coming. Spec: messages §10 (INB-01, INB-05).

use std::collections::BTreeMap;

use super::{Batch, Outcome, Received, ReceivedBatch};
use crate::{StoreError, Writing};

impl Writing<'_> {
    /// Stores what came from a swarm. The answer has one outcome an item.
    ///
    /// An item is known by its hash, and a message also by who wrote it when in which conversation. A message by
    /// somebody else makes them accept me; a copy of mine makes me accept its recipient, moves the read position up to
    /// it, and confirms the row that it is a copy of. Nothing of a blocked person is stored. The line
    /// [`crate::MessageKind::RequestAcceptedByThem`] is stored only when they had not accepted me before. An item that
    /// cannot be stored counts as seen, and the others are.
    ///
    /// # Errors
    /// When the database fails; then nothing of the batch is stored.
    pub fn insert_received(&self, batch: &ReceivedBatch) -> Result<Vec<Outcome>, StoreError> {
        let outcomes = match self.attempt(|| self.insert_items(batch, &batch.items)) {
            Err(error) if error.is_of_the_data() => {
                let items = batch.items.iter();
                items
                    .map(|item| self.insert_alone(batch, item))
                    .collect::<Result<_, _>>()?
            }
            outcomes => outcomes?,
        };
        if let Some(last_hash) = &batch.last_hash {
            self.set_last_hash(last_hash)?;
        }
        Ok(outcomes)
    }

    fn insert_items(&self, batch: &ReceivedBatch, items: &[Received]) -> Result<Vec<Outcome>, StoreError> {
        let mut state = Batch {
            writing: self,
            device_now: batch.device_now,
            me: self.own_row()?,
            now: batch.now,
            people: BTreeMap::new(),
            touched: BTreeMap::new(),
        };
        let outcomes = items
            .iter()
            .map(|item| state.insert(item))
            .collect::<Result<_, _>>()?;
        state.flush()?;
        Ok(outcomes)
    }

    fn insert_alone(&self, batch: &ReceivedBatch, item: &Received) -> Result<Outcome, StoreError> {
        match self.attempt(|| self.insert_items(batch, std::slice::from_ref(item))) {
            Err(error) if error.is_of_the_data() => {
                self.mark_seen(&item.hash, item.seen_until)?;
                Ok(Outcome::Dropped)
            }
            outcomes => Ok(outcomes?.first().copied().unwrap_or(Outcome::Dropped)),
        }
    }

    /// Does work of which nothing is left when it fails.
    fn attempt<T>(&self, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.conn.execute_batch("SAVEPOINT attempt")?;
        let outcome = work();
        self.conn.execute_batch(match outcome {
            Ok(_) => "RELEASE attempt",
            Err(_) => "ROLLBACK TO attempt; RELEASE attempt",
        })?;
        outcome
    }
}

#[cfg(test)]
#[path = "together_tests.rs"]
mod tests;
