//! Deleting many messages at once.

use rusqlite::params;

use crate::{StoreError, Writing};

/// From so many messages on it takes less time to build the index anew than to take them out one by one.
const MANY: i64 = 1_000;

impl Writing<'_> {
    /// Deletes all messages of a conversation, and what the index knows of them. The conversation's own columns are left
    /// to the caller.
    ///
    /// Taking one message out of the index at once costs a millisecond or two. For many they are only marked as deleted,
    /// and all of the index is written once more without them.
    pub(crate) fn delete_messages_of(&self, conversation: i64) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM messages WHERE conversation = ?1 LIMIT ?2)",
        )?;
        let count: i64 = statement.query_row(params![conversation, MANY], |row| row.get(0))?;
        self.remember_removed_of(conversation)?;
        self.remember_cleared(conversation)?;
        self.delete_messages(count, || {
            self.conn
                .prepare_cached("DELETE FROM messages WHERE conversation = ?1")?
                .execute([conversation])?;
            Ok(())
        })
    }

    /// Runs the deletion of `count` messages in the way that takes less time for so many.
    pub(crate) fn delete_messages(
        &self,
        count: i64,
        delete: impl FnOnce() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let many = count >= MANY;
        if many {
            self.conn
                .execute_batch("INSERT INTO search_texts (search_texts, rank) VALUES ('secure-delete', 0)")?;
        }
        delete()?;
        if many {
            self.conn.execute_batch(
                "INSERT INTO search_texts (search_texts) VALUES ('optimize');
                 INSERT INTO search_texts (search_texts, rank) VALUES ('secure-delete', 1);",
            )?;
        }
        Ok(())
    }
}
