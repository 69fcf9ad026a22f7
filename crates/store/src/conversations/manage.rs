//! What people do with whole conversations: pin, mute, mark, hide, clear, delete.

use protocol::TimestampMs;
use protocol::account::AccountId;
use rusqlite::{OptionalExtension, params};

use crate::{Mute, Reading, StoreError, Writing};

/// A message may have been written this much before the deletion of its conversation and still bring it back: clocks
/// differ, and so do the times at which devices of one person learn of a deletion. Spec: messages §15 (LST-05).
pub(crate) const DELETION_SLACK_MS: i64 = 120_000;

impl Reading<'_> {
    /// When the next muted conversation notifies again, after `now`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_unmuting(&self, now: TimestampMs) -> Result<Option<TimestampMs>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT muted_until FROM conversations
             WHERE muted_until > 0 AND muted_until > ?1 AND muted_until < ?2 ORDER BY muted_until LIMIT 1",
        )?;
        let until = statement.query_row([now.0, i64::MAX], |row| row.get(0));
        Ok(until.optional()?.map(TimestampMs))
    }

    /// Conversations that notify again since some time in `after..=now`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unmuted_between(
        &self,
        after: TimestampMs,
        now: TimestampMs,
    ) -> Result<Vec<AccountId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT contacts.account_id FROM conversations JOIN contacts ON contacts.id = conversations.contact
             WHERE muted_until > 0 AND muted_until > ?1 AND muted_until <= ?2",
        )?;
        let people = statement.query_map([after.0, now.0], |row| crate::column::account_id(row, 0))?;
        Ok(people.collect::<Result<_, _>>()?)
    }
}

impl Writing<'_> {
    /// Pins a conversation above those that are pinned already. One that does not exist is made.
    ///
    /// # Errors
    /// When the database fails.
    pub fn pin(&self, with: &AccountId, now: TimestampMs) -> Result<(), StoreError> {
        let row = self.ensure_conversation(with, now)?.row;
        let mut statement = self.conn.prepare_cached(
            "UPDATE conversations SET pinned = 1 + (SELECT ifnull(max(pinned), 0) FROM conversations WHERE list = 1)
             WHERE id = ?1 AND pinned = 0",
        )?;
        statement.execute([row])?;
        self.place_conversation(row)
    }

    /// Unpins a conversation, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unpin(&self, with: &AccountId) -> Result<(), StoreError> {
        self.set("UPDATE conversations SET pinned = 0 WHERE id = ?1", with)
    }

    /// Keeps a conversation from notifying, or lets it notify again. One that does not exist is made.
    ///
    /// # Errors
    /// When the database fails.
    pub fn mute(&self, with: &AccountId, mute: Option<Mute>, now: TimestampMs) -> Result<(), StoreError> {
        let row = self.ensure_conversation(with, now)?.row;
        let until = match mute {
            None => 0,
            Some(Mute::Ever) => i64::MAX,
            Some(Mute::Until(until)) => until.0,
        };
        let mut statement = self
            .conn
            .prepare_cached("UPDATE conversations SET muted_until = ?2 WHERE id = ?1")?;
        statement.execute(params![row, until])?;
        Ok(())
    }

    /// Marks a conversation as unread, whatever was read of it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such conversation.
    pub fn mark_unread(&self, with: &AccountId) -> Result<(), StoreError> {
        self.conversation_state(with)?.ok_or(StoreError::NotFound)?;
        self.set("UPDATE conversations SET marked_unread = 1 WHERE id = ?1", with)
    }

    /// Takes a mark as unread back. Answers whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn take_unread_mark(&self, with: &AccountId) -> Result<bool, StoreError> {
        let Some(state) = self.conversation_state(with)? else {
            return Ok(false);
        };
        let mut statement = self.conn.prepare_cached(
            "UPDATE conversations SET marked_unread = 0 WHERE id = ?1 AND marked_unread = 1",
        )?;
        Ok(statement.execute([state.row])? == 1)
    }

    /// Marks everything of a conversation as read. Answers whether anything was unread or marked so.
    ///
    /// # Errors
    /// When the database fails.
    pub fn mark_all_read(&self, with: &AccountId, now: TimestampMs) -> Result<bool, StoreError> {
        let marked = self.take_unread_mark(with)?;
        let Some(state) = self.conversation_state(with)? else {
            return Ok(marked);
        };
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM messages WHERE conversation = ?1 ORDER BY sent_at DESC, id DESC LIMIT 1",
        )?;
        match statement.query_row([state.row], |row| row.get(0)).optional()? {
            Some(newest) => Ok(self.mark_read(newest, now)? > 0 || marked),
            None => Ok(marked),
        }
    }

    /// Puts a conversation on the home list that was hidden from it, also when nothing was written in it. One that does
    /// not exist is made.
    ///
    /// # Errors
    /// When the database fails.
    pub fn show_conversation(&self, with: &AccountId, now: TimestampMs) -> Result<(), StoreError> {
        let row = self.ensure_conversation(with, now)?.row;
        let mut statement = self.conn.prepare_cached(
            "UPDATE conversations SET hidden = 0, kept_at = ifnull(kept_at, iif(last_activity IS NULL, ?2, NULL))
             WHERE id = ?1",
        )?;
        statement.execute(params![row, now.0])?;
        self.place_conversation(row)
    }

    /// Removes all messages of a conversation with their queued deliveries. It stays where it is in the list.
    ///
    /// # Errors
    /// When the database fails.
    pub fn clear_messages(&self, with: &AccountId) -> Result<(), StoreError> {
        let Some(state) = self.conversation_state(with)? else {
            return Ok(());
        };
        self.delete_messages_of(state.row)?;
        let mut statement = self.conn.prepare_cached(
            "UPDATE conversations SET unread = 0, marked_unread = 0, last_activity = NULL,
                 read_up_to = max(read_up_to, ifnull(last_activity, 0))
             WHERE id = ?1",
        )?;
        statement.execute([state.row])?;
        self.place_conversation(state.row)
    }

    /// Deletes a conversation with all its messages and queued deliveries. The person stays a contact. What was seen on
    /// the swarm stays known, and what was written before is not taken any more, so that nothing of it comes back.
    ///
    /// # Errors
    /// When the database fails.
    pub fn delete_conversation(&self, with: &AccountId, now: TimestampMs) -> Result<(), StoreError> {
        self.drop_conversation(with)?;
        let contact = self.ensure_contact(*with, now)?;
        let mut statement = self
            .conn
            .prepare_cached("UPDATE contacts SET deleted_at = max(deleted_at, ?2) WHERE id = ?1")?;
        statement.execute(params![contact, now.0])?;
        Ok(())
    }

    /// Forgets a person: the conversation with them, their name, and that either accepted the other. Whom I blocked stays
    /// blocked.
    ///
    /// # Errors
    /// When the database fails.
    pub fn delete_contact(&self, whom: &AccountId, now: TimestampMs) -> Result<(), StoreError> {
        self.delete_conversation(whom, now)?;
        self.forget_person(whom)
    }

    /// Forgets a message request: the conversation, and that its sender was ever heard of. Blocked people stay blocked.
    ///
    /// # Errors
    /// When the database fails.
    pub fn delete_request(&self, from: &AccountId) -> Result<(), StoreError> {
        self.drop_conversation(from)?;
        self.forget_person(from)
    }

    /// [`Self::delete_request`] for all that are in the list of requests. Answers whose they were.
    ///
    /// # Errors
    /// When the database fails.
    pub fn delete_requests(&self) -> Result<Vec<AccountId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT contacts.account_id
             FROM conversations INDEXED BY conversations_by_list
             JOIN contacts ON contacts.id = conversations.contact
             WHERE conversations.list = 2
             ORDER BY pinned DESC, coalesce(last_activity, kept_at, conversations.created_at) DESC,
                      conversations.id DESC",
        )?;
        let people = statement
            .query_map([], |row| crate::column::account_id(row, 0))?
            .collect::<Result<Vec<_>, _>>()?;
        for person in &people {
            self.delete_request(person)?;
        }
        Ok(people)
    }

    fn drop_conversation(&self, with: &AccountId) -> Result<(), StoreError> {
        let Some(state) = self.conversation_state(with)? else {
            return Ok(());
        };
        self.delete_messages_of(state.row)?;
        self.conn
            .prepare_cached("DELETE FROM conversations WHERE id = ?1")?
            .execute([state.row])?;
        Ok(())
    }

    fn forget_person(&self, whom: &AccountId) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE contacts SET name = '', nickname = '', profile_updated_s = 0, approved = 0, approved_me = 0,
                 auto_download = 0, disappearing_mode = 0, disappearing_s = 0, disappearing_set_at = 0,
                 their_disappearing_mode = 0, their_disappearing_s = 0, their_disappearing_set_at = 0
             WHERE account_id = ?1",
        )?;
        statement.execute([whom.to_bytes()])?;
        self.forget_picture(whom)
    }

    /// Runs a change of one conversation, if there is one, and puts it where it belongs.
    fn set(&self, sql: &str, with: &AccountId) -> Result<(), StoreError> {
        let Some(state) = self.conversation_state(with)? else {
            return Ok(());
        };
        self.conn.prepare_cached(sql)?.execute([state.row])?;
        self.place_conversation(state.row)
    }
}

#[cfg(test)]
#[path = "manage_tests.rs"]
mod tests;
