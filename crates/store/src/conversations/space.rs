//! What conversations take of the disk, and giving some of it back.

use protocol::TimestampMs;
use protocol::account::AccountId;
use rusqlite::params;

use crate::column;
use crate::{Reading, StoreError, Writing};

/// What a message takes besides its text, about.
const OF_A_MESSAGE: i64 = 400;

/// What a conversation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpaceOf {
    /// The other side.
    pub with: AccountId,
    /// Messages.
    pub messages: u64,
    /// Files that lie here.
    pub files: u64,
    /// Bytes of those.
    pub file_bytes: u64,
    /// About all bytes.
    pub bytes: u64,
}

/// What was given back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freed {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Reading<'_> {
    /// What each conversation takes, largest first. Looks at every message.
    ///
    /// # Errors
    /// When the database fails.
    pub fn space_of_conversations(&self) -> Result<Vec<SpaceOf>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT contacts.account_id, texts.count, ifnull(files.count, 0), ifnull(files.bytes, 0), texts.bytes
             FROM (SELECT conversation, count(*) AS count, sum(length(CAST(body AS BLOB))) AS bytes
                   FROM messages GROUP BY conversation) AS texts
             CROSS JOIN conversations ON conversations.id = texts.conversation
             CROSS JOIN contacts ON contacts.id = conversations.contact
             LEFT JOIN (SELECT messages.conversation AS conversation, count(*) AS count, sum(attachments.size) AS bytes
                        FROM attachments CROSS JOIN messages ON messages.id = attachments.message
                        WHERE attachments.file IS NOT NULL
                        GROUP BY messages.conversation) AS files ON files.conversation = texts.conversation",
        )?;
        let rows = statement.query_map([], |row| {
            let number = |index| row.get::<_, i64>(index).map(i64::unsigned_abs);
            let (messages, file_bytes) = (number(1)?, number(3)?);
            let texts = messages
                .saturating_mul(OF_A_MESSAGE.unsigned_abs())
                .saturating_add(number(4)?);
            Ok(SpaceOf {
                with: column::account_id(row, 0)?,
                messages,
                files: number(2)?,
                file_bytes,
                bytes: texts.saturating_add(file_bytes),
            })
        })?;
        let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
        rows.sort_by_key(|row| (std::cmp::Reverse(row.bytes), row.with));
        Ok(rows)
    }
}

impl Writing<'_> {
    /// Lets go of the files of a conversation that lie on a server, too; their messages stay, and the files can be fetched
    /// again for as long as the server has them. Their bytes go with the next
    /// [`Store::sweep_files`](crate::Store::sweep_files).
    ///
    /// # Errors
    /// When the database fails.
    pub fn free_files(&self, with: &AccountId) -> Result<Freed, StoreError> {
        let Some(state) = self.conversation_state(with)? else {
            return Ok(Freed::default());
        };
        let chosen = "state = 4 AND file IS NOT NULL AND url IS NOT NULL
                      AND message IN (SELECT id FROM messages WHERE conversation = ?1)";
        let sql = format!("SELECT count(*), ifnull(sum(size), 0) FROM attachments WHERE {chosen}");
        let freed = self.conn.query_row(&sql, [state.row], |row| {
            Ok(Freed {
                files: row.get::<_, i64>(0)?.unsigned_abs(),
                bytes: row.get::<_, i64>(1)?.unsigned_abs(),
            })
        })?;
        let sql =
            format!("INSERT OR IGNORE INTO doomed_files (file) SELECT file FROM attachments WHERE {chosen}");
        self.conn.execute(&sql, [state.row])?;
        let sql = format!("UPDATE attachments SET file = NULL, file_key = NULL, state = 1 WHERE {chosen}");
        self.conn.execute(&sql, [state.row])?;
        Ok(freed)
    }

    /// Removes the messages of a conversation that were sent before some time, from this device only. They come back
    /// neither from a swarm nor from a backup. Answers how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub fn trim(&self, with: &AccountId, before: TimestampMs, now: TimestampMs) -> Result<u64, StoreError> {
        /// A swarm keeps nothing for so long.
        const REMEMBER_MS: i64 = 45 * 24 * 3_600_000;
        let Some(state) = self.conversation_state(with)? else {
            return Ok(0);
        };
        let me = self.own_row()?;
        let contact = self.ensure_contact(*with, now)?;
        let mut statement = self.conn.prepare_cached(
            "INSERT OR IGNORE INTO removed_messages (author, sent_at, contact, forget_at)
             SELECT author, sent_at, ?3, ?4 + ?5 FROM messages
             WHERE conversation = ?1 AND sent_at < ?2 AND max(received_at, sent_at) + ?5 > ?4",
        )?;
        statement.execute(params![state.row, before.0, contact, now.0, REMEMBER_MS])?;
        self.raise_cleared_up_to(contact, before.0.saturating_sub(1))?;
        let mut statement = self.conn.prepare_cached(
            "UPDATE conversations SET unread = unread - (
                 SELECT count(*) FROM messages
                 WHERE conversation = ?1 AND sent_at < ?2 AND sent_at > conversations.read_up_to
                   AND author <> ?3 AND kind < 32)
             WHERE id = ?1",
        )?;
        statement.execute(params![state.row, before.0, me])?;
        let mut statement = self
            .conn
            .prepare_cached("SELECT count(*) FROM messages WHERE conversation = ?1 AND sent_at < ?2")?;
        let removed: i64 = statement.query_row(params![state.row, before.0], |row| row.get(0))?;
        self.delete_messages(removed, || {
            let mut statement = self
                .conn
                .prepare_cached("DELETE FROM messages WHERE conversation = ?1 AND sent_at < ?2")?;
            statement.execute(params![state.row, before.0])?;
            Ok(())
        })?;
        let mut statement = self.conn.prepare_cached(
            "UPDATE conversations SET last_activity = (
                 SELECT sent_at FROM messages WHERE conversation = ?1 ORDER BY sent_at DESC LIMIT 1)
             WHERE id = ?1",
        )?;
        statement.execute([state.row])?;
        self.place_conversation(state.row)?;
        Ok(removed.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use crate::story::*;
    use crate::*;

    fn space(store: &Store) -> Vec<SpaceOf> {
        store
            .read::<_, StoreError>(|r| r.space_of_conversations())
            .unwrap()
    }

    #[test]
    fn the_largest_conversation_comes_first_and_empty_ones_not_at_all() {
        let store = store();
        assert_eq!(space(&store), []);
        receive(&store, bob(), "short", 1);
        receive(&store, carol(), &"long".repeat(1_000), 2);
        let rows = space(&store);
        assert_eq!(
            rows.iter().map(|row| row.with).collect::<Vec<_>>(),
            [carol(), bob()]
        );
        assert_eq!((rows[0].messages, rows[0].files), (1, 0));
        assert!(rows[0].bytes >= 4_000);
    }

    #[test]
    fn what_is_older_goes_for_good_and_the_rest_is_counted_right() {
        let store = store();
        for number in 0..1_200 {
            receive(&store, bob(), &format!("message {number}"), NOW.0 + number);
        }
        let trimmed = store
            .write(|w| w.trim(&bob(), NOW.plus_ms(1_195), NOW.plus_ms(5_000)))
            .unwrap();
        assert_eq!(trimmed, 1_195);
        assert_counts_hold(&store);
        assert_eq!(conversation(&store, bob()).unread, 5);
        let left = page(&store, bob(), Window::Newest, 200);
        assert_eq!(bodies(&left)[0], "message 1195");
        let again = text(bob(), bob(), "message 7", NOW.0 + 7);
        let mut item = item(again);
        item.hash = hash(99);
        let outcome = store.write(|w| w.insert_received(&batch(vec![item]))).unwrap();
        assert_eq!(outcome, [Outcome::Known { id: None }]);
        let trimmed = store.write(|w| w.trim(&bob(), NOW.plus_ms(9_000), NOW.plus_ms(9_000)));
        assert_eq!(trimmed.unwrap(), 5);
        assert_counts_hold(&store);
        assert_eq!(listed(&store, ConversationList::Requests), []);
    }
}
