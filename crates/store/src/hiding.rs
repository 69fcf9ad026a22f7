//! Hiding what has disappeared by a clock that nobody has confirmed: it is not read, and it is not deleted either.
//!
//! While something is hidden, every connection that reads has a view in the place of the table of messages, so that no
//! query can show what is hidden. Writing sees all rows. Spec: messages §12 (DIS-10).

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use protocol::TimestampMs;
use protocol::account::AccountId;
use rusqlite::{Connection, OptionalExtension};

use crate::column;
use crate::{Store, StoreError, Writing};

/// What is hidden, for all connections.
#[derive(Debug)]
pub(crate) struct Hiding {
    /// Expired by then; the smallest number when nothing is hidden.
    until: AtomicI64,
    /// Something was hidden once, so that connections may have the view.
    used: AtomicBool,
}

impl Default for Hiding {
    fn default() -> Self {
        Self {
            until: AtomicI64::new(i64::MIN),
            used: AtomicBool::new(false),
        }
    }
}

impl Store {
    /// Hides the messages from all reading whose time has passed by `until`; `None` shows them again.
    pub fn hide_expired(&self, until: Option<TimestampMs>) {
        let hiding = self.hiding();
        hiding
            .until
            .store(until.map_or(i64::MIN, |until| until.0), Ordering::SeqCst);
        if until.is_some() {
            hiding.used.store(true, Ordering::SeqCst);
        }
    }
}

impl Hiding {
    /// Has a connection that only reads see what is not hidden.
    pub(crate) fn apply(&self, conn: &Connection) -> Result<(), StoreError> {
        if !self.used.load(Ordering::SeqCst) {
            return Ok(());
        }
        let until = self.until.load(Ordering::SeqCst);
        let wanted = (until != i64::MIN).then(|| view(until));
        let present: Option<String> = conn
            .prepare_cached("SELECT sql FROM temp.sqlite_schema WHERE name = 'messages'")?
            .query_row([], |row| row.get(0))
            .optional()?;
        if present == wanted {
            return Ok(());
        }
        let guarded: bool = conn.pragma_query_value(None, "query_only", |row| row.get(0))?;
        conn.execute_batch("PRAGMA query_only = OFF; DROP VIEW IF EXISTS temp.messages;")?;
        if let Some(wanted) = wanted {
            conn.execute_batch(&wanted.replacen("CREATE VIEW", "CREATE TEMP VIEW", 1))?;
        }
        Ok(conn.pragma_update(None, "query_only", guarded)?)
    }

    /// Takes the view off a connection that is about to write.
    pub(crate) fn lift(&self, conn: &Connection) -> Result<(), StoreError> {
        if self.used.load(Ordering::SeqCst) {
            conn.execute_batch("DROP VIEW IF EXISTS temp.messages")?;
        }
        Ok(())
    }
}

/// As SQLite keeps it.
fn view(until: i64) -> String {
    format!(
        "CREATE VIEW messages AS SELECT * FROM main.messages WHERE expires_at IS NULL OR expires_at > {until}"
    )
}

impl Writing<'_> {
    /// The other sides of conversations with messages whose time passed after `from`, until `until`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn expired_between(
        &self,
        from: TimestampMs,
        until: TimestampMs,
    ) -> Result<Vec<AccountId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT contacts.account_id FROM messages
             CROSS JOIN conversations ON conversations.id = messages.conversation
             CROSS JOIN contacts ON contacts.id = conversations.contact
             WHERE messages.expires_at > ?1 AND messages.expires_at <= ?2",
        )?;
        let people = statement.query_map([from.0, until.0], |row| column::account_id(row, 0))?;
        Ok(people.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
#[path = "hiding_tests.rs"]
mod tests;
