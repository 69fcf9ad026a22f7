//! Names of messages that were removed here, by their time or by hand, so that no swarm brings them back under whatever
//! hash. Spec: messages §12 (DIS-08), §11 (DEL-06).

use protocol::TimestampMs;
use rusqlite::{ToSql, params};

use super::MessageId;
use crate::{Reading, StoreError, Writing};

/// A removed message's name is remembered for so long after it was sent and came: nothing older is received.
const REMEMBER_MS: i64 = 45 * 24 * 3_600_000;

impl Reading<'_> {
    /// Whether a message was here and is not to come back.
    pub(crate) fn is_removed(&self, author: i64, sent_at: i64, contact: i64) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM removed_messages WHERE author = ?1 AND sent_at = ?2 AND contact = ?3)",
        )?;
        Ok(statement.query_row(params![author, sent_at, contact], |row| row.get(0))?)
    }
}

impl Writing<'_> {
    /// Remembers a message that is about to be removed, so that it does not come back.
    pub(crate) fn remember_removed(&self, message: MessageId) -> Result<(), StoreError> {
        self.remember_where("messages.id = ?1", message)
    }

    /// Remembers all messages of a conversation that is about to be emptied: copies of mine may still come from my own
    /// swarm, and theirs once more under another hash.
    pub(crate) fn remember_removed_of(&self, conversation: i64) -> Result<(), StoreError> {
        self.remember_where("messages.conversation = ?1", conversation)
    }

    fn remember_where(&self, which: &str, id: impl ToSql) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "INSERT INTO removed_messages (author, sent_at, contact, forget_at)
             SELECT messages.author, messages.sent_at, conversations.contact,
                    max(messages.received_at, messages.sent_at) + ?2
             FROM messages CROSS JOIN conversations ON conversations.id = messages.conversation
             WHERE {which}
             ON CONFLICT (author, sent_at, contact) DO UPDATE SET forget_at = max(forget_at, excluded.forget_at)"
        ))?;
        statement.execute(params![id, REMEMBER_MS])?;
        Ok(())
    }

    /// Forgets removed messages that no swarm has any more.
    pub(crate) fn purge_removed(&self, now: TimestampMs) -> Result<usize, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("DELETE FROM removed_messages WHERE forget_at <= ?1")?;
        Ok(statement.execute([now.0])?)
    }
}

#[cfg(test)]
#[path = "removed_tests.rs"]
mod tests;
