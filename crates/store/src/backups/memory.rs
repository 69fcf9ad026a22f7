//! What was removed here and must not come back from a backup of any age.
//!
//! Single messages are remembered by their names; a conversation that was emptied by the time up to which it was. What
//! disappears by a timer needs neither: it is in no backup.

use rusqlite::params;

use crate::{MessageId, Reading, StoreError, Writing};

impl Reading<'_> {
    /// Whether a message was removed here by itself.
    pub(super) fn was_removed(&self, contact: i64, author: i64, sent_at: i64) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM lasting_removals WHERE contact = ?1 AND author = ?2 AND sent_at = ?3)
                 OR EXISTS (SELECT 1 FROM removed_messages WHERE contact = ?1 AND author = ?2 AND sent_at = ?3)",
        )?;
        Ok(statement.query_row(params![contact, author, sent_at], |row| row.get(0))?)
    }

    /// Up to when everything was removed of the conversation with a person; zero when it never was.
    pub(super) fn cleared_up_to(&self, contact: i64) -> Result<i64, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT max(cleared_up_to, deleted_at) FROM contacts WHERE id = ?1")?;
        Ok(statement.query_row([contact], |row| row.get(0))?)
    }
}

impl Writing<'_> {
    /// Remembers one message that is about to be removed, unless its timer keeps it out of backups.
    pub(crate) fn remember_for_backups(&self, message: MessageId) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT OR IGNORE INTO lasting_removals (contact, author, sent_at)
             SELECT conversations.contact, messages.author, messages.sent_at
             FROM messages CROSS JOIN conversations ON conversations.id = messages.conversation
             WHERE messages.id = ?1 AND messages.disappearing_mode = 0",
        )?;
        statement.execute([message])?;
        Ok(())
    }

    /// Remembers that all that a conversation holds is about to be removed.
    pub(crate) fn remember_cleared(&self, conversation: i64) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT conversations.contact, max(messages.received_at)
             FROM conversations LEFT JOIN messages ON messages.conversation = conversations.id
             WHERE conversations.id = ?1 GROUP BY conversations.id",
        )?;
        let (contact, up_to): (i64, Option<i64>) =
            statement.query_row([conversation], |row| Ok((row.get(0)?, row.get(1)?)))?;
        match up_to {
            Some(up_to) => self.raise_cleared_up_to(contact, up_to),
            None => Ok(()),
        }
    }

    /// Raises the time up to which everything of a conversation was removed, and forgets the names that it covers.
    pub(crate) fn raise_cleared_up_to(&self, contact: i64, up_to: i64) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("UPDATE contacts SET cleared_up_to = max(cleared_up_to, ?2) WHERE id = ?1")?;
        statement.execute(params![contact, up_to])?;
        let mut statement = self
            .conn
            .prepare_cached("DELETE FROM lasting_removals WHERE contact = ?1 AND sent_at <= ?2")?;
        statement.execute(params![contact, up_to])?;
        Ok(())
    }
}
