//! Indexing messages that were here before the index was, a batch a transaction.

use rusqlite::{OptionalExtension, params};

use crate::{StoreError, Writing};

impl Writing<'_> {
    /// Indexes at most `batch` messages, the newest first. Answers whether there are more. What is written, changed or
    /// deleted meanwhile is in step by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub fn index_backlog(&self, batch: u32) -> Result<bool, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT below FROM search_backlog WHERE id = 1")?;
        let Some(below) = statement.query_row([], |row| row.get::<_, i64>(0)).optional()? else {
            return Ok(false);
        };
        let mut statement = self.conn.prepare_cached(
            "SELECT min(id) FROM (SELECT id FROM messages WHERE id < ?1 ORDER BY id DESC LIMIT ?2)",
        )?;
        let Some(from) = statement.query_row(params![below, batch], |row| row.get::<_, Option<i64>>(0))?
        else {
            self.conn
                .prepare_cached("DELETE FROM search_backlog WHERE id = 1")?
                .execute([])?;
            return Ok(false);
        };
        // One that was changed meanwhile has its place already.
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO search_texts (rowid, text, place)
             SELECT (min(max(sent_at, 0), 4398046511103) << 21) | (id & 2097151), search_text(body), 'c' || conversation
             FROM messages
             WHERE id >= ?1 AND id < ?2 AND kind = 1 AND NOT EXISTS (
                 SELECT 1 FROM search_rows
                 WHERE key = (min(max(sent_at, 0), 4398046511103) << 21) | (messages.id & 2097151))",
        )?;
        statement.execute([from, below])?;
        let mut statement = self.conn.prepare_cached(
            "INSERT OR IGNORE INTO search_rows (key, message)
             SELECT (min(max(sent_at, 0), 4398046511103) << 21) | (id & 2097151), id
             FROM messages WHERE id >= ?1 AND id < ?2 AND kind = 1",
        )?;
        statement.execute([from, below])?;
        self.conn
            .prepare_cached("UPDATE search_backlog SET below = ?1 WHERE id = 1")?
            .execute([from])?;
        Ok(true)
    }

    /// Empties the index at once, before everything is deleted anyway: row by row would take long.
    pub(crate) fn clear_search(&self) -> Result<(), StoreError> {
        self.conn.execute_batch(
            "DELETE FROM search_rows; DELETE FROM search_backlog;
             INSERT INTO search_texts (search_texts) VALUES ('delete-all');",
        )?;
        Ok(())
    }
}
