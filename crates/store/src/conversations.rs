//! Conversations: the rows of the home list and of the requests list, drafts, and read positions.

mod list;
mod manage;
mod space;

use protocol::TimestampMs;
use protocol::account::AccountId;
use rusqlite::{OptionalExtension, params};

use crate::column::stored_enum;
use crate::messages::{FIRST_QUIET_KIND, ReadWhere};
use crate::{Contact, MessageId, Reading, StoreError, Writing};

pub use list::{ConversationPage, ConversationRow, Snippet};
pub(crate) use manage::DELETION_SLACK_MS;
pub use space::{Freed, SpaceOf};

stored_enum! {
    /// What kind of conversation it is.
    ConversationKind {
        /// With one person.
        Direct = 1,
        /// With oneself.
        NoteToSelf = 2,
    }
}

stored_enum! {
    /// The lists a conversation can be in; in neither while nothing was written in it, while it is hidden, and while the
    /// person is blocked.
    ConversationList {
        /// The home list.
        Home = 1,
        /// Messages of people who are not accepted.
        Requests = 2,
    }
}

/// How long a conversation does not notify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mute {
    /// Until it is let notify again.
    Ever,
    /// Until then.
    Until(TimestampMs),
}

impl Mute {
    /// Reads a column in which zero stands for "not muted" and the largest number for "ever".
    pub(crate) fn from_column(until: i64) -> Option<Self> {
        match until {
            0 => None,
            i64::MAX => Some(Self::Ever),
            until => Some(Self::Until(TimestampMs(until))),
        }
    }

    /// Whether it holds at some time.
    pub fn holds(self, now: TimestampMs) -> bool {
        match self {
            Self::Ever => true,
            Self::Until(until) => now < until,
        }
    }
}

/// The head of one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Its kind.
    pub kind: ConversationKind,
    /// The other side; oneself for Note to Self.
    pub contact: Contact,
    /// The list it is shown in, if any.
    pub list: Option<ConversationList>,
    /// Order number of its pin, higher first; zero when not pinned.
    pub pinned: i64,
    /// Sent time of the newest message.
    pub last_activity: Option<TimestampMs>,
    /// What was sent up to then counts as read.
    pub read_up_to: TimestampMs,
    /// Unread messages.
    pub unread: u32,
    /// Unsent text.
    pub draft: String,
    /// How long it does not notify; the time may have passed.
    pub mute: Option<Mute>,
    /// Marked as unread by hand.
    pub marked_unread: bool,
    /// Taken off the home list by hand.
    pub hidden: bool,
}

/// A conversation's row as writes need it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConversationState {
    pub(crate) row: i64,
    pub(crate) read_up_to: i64,
}

impl Reading<'_> {
    /// The conversation with somebody; `None` before anything was written in it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn conversation(&self, with: &AccountId) -> Result<Option<Conversation>, StoreError> {
        let Some(contact) = self.contact(with)? else {
            return Ok(None);
        };
        let mut statement = self.conn.prepare_cached(
            "SELECT kind, list, pinned, last_activity, read_up_to, unread, draft, muted_until, marked_unread, hidden
             FROM conversations WHERE contact = (SELECT id FROM contacts WHERE account_id = ?1)",
        )?;
        let conversation = statement.query_row([with.to_bytes()], |row| {
            let list: i64 = row.get(1)?;
            Ok(Conversation {
                kind: row.get(0)?,
                contact,
                list: if list == 0 { None } else { Some(row.get(1)?) },
                pinned: row.get(2)?,
                last_activity: row.get::<_, Option<i64>>(3)?.map(TimestampMs),
                read_up_to: TimestampMs(row.get(4)?),
                unread: row.get(5)?,
                draft: row.get(6)?,
                mute: Mute::from_column(row.get(7)?),
                marked_unread: row.get(8)?,
                hidden: row.get(9)?,
            })
        });
        Ok(conversation.optional()?)
    }

    pub(crate) fn conversation_state(
        &self,
        with: &AccountId,
    ) -> Result<Option<ConversationState>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, read_up_to FROM conversations
             WHERE contact = (SELECT id FROM contacts WHERE account_id = ?1)",
        )?;
        let state = statement.query_row([with.to_bytes()], |row| {
            Ok(ConversationState {
                row: row.get(0)?,
                read_up_to: row.get(1)?,
            })
        });
        Ok(state.optional()?)
    }
}

impl Writing<'_> {
    /// Keeps unsent text; an empty text removes it. The conversation is made when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_draft(&self, with: &AccountId, text: &str, now: TimestampMs) -> Result<(), StoreError> {
        if text.is_empty() && self.conversation_state(with)?.is_none() {
            return Ok(());
        }
        let row = self.ensure_conversation(with, now)?.row;
        let mut statement = self
            .conn
            .prepare_cached("UPDATE conversations SET draft = ?2 WHERE id = ?1")?;
        statement.execute(params![row, text])?;
        self.place_conversation(row)
    }

    /// Pins a conversation with an order number above zero, or unpins it with zero.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such conversation.
    pub fn set_pinned(&self, with: &AccountId, pinned: i64) -> Result<(), StoreError> {
        let row = self.conversation_state(with)?.ok_or(StoreError::NotFound)?.row;
        let mut statement = self
            .conn
            .prepare_cached("UPDATE conversations SET pinned = ?2 WHERE id = ?1")?;
        statement.execute(params![row, pinned])?;
        Ok(())
    }

    /// Takes a conversation off the home list until something is written in it. One that does not exist is made.
    ///
    /// # Errors
    /// When the database fails.
    pub fn hide_conversation(&self, with: &AccountId, now: TimestampMs) -> Result<(), StoreError> {
        let row = self.ensure_conversation(with, now)?.row;
        self.conn
            .prepare_cached("UPDATE conversations SET hidden = 1 WHERE id = ?1")?
            .execute([row])?;
        self.place_conversation(row)
    }

    /// Marks everything up to a message as read; what disappears after reading begins to. Answers how many messages that were unread are read now.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such message.
    pub fn mark_read(&self, up_to: MessageId, now: TimestampMs) -> Result<u32, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT conversation, sent_at FROM messages WHERE id = ?1")?;
        let (row, sent_at) = statement.query_row([up_to], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let newly_read = self.raise_read_up_to(row, sent_at)?;
        self.start_read_timers(row, sent_at, ReadWhere::Here, now)?;
        Ok(newly_read)
    }

    /// Raises the read position; it never goes back. Costs as much as there are messages between the two positions.
    pub(crate) fn raise_read_up_to(&self, conversation: i64, to: i64) -> Result<u32, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT count(*) FROM messages
             WHERE conversation = ?1 AND author <> ?3 AND kind < ?4
               AND sent_at > (SELECT read_up_to FROM conversations WHERE id = ?1) AND sent_at <= ?2",
        )?;
        let me = self.own_row()?;
        let newly_read: u32 =
            statement.query_row(params![conversation, to, me, FIRST_QUIET_KIND], |row| row.get(0))?;
        let mut statement = self.conn.prepare_cached(
            "UPDATE conversations SET read_up_to = ?2, unread = unread - ?3 WHERE id = ?1 AND read_up_to < ?2",
        )?;
        statement.execute(params![conversation, to, newly_read])?;
        Ok(newly_read)
    }

    /// The conversation with somebody, made when it is missing.
    pub(crate) fn ensure_conversation(
        &self,
        with: &AccountId,
        now: TimestampMs,
    ) -> Result<ConversationState, StoreError> {
        if let Some(state) = self.conversation_state(with)? {
            return Ok(state);
        }
        let contact = self.ensure_contact(*with, now)?;
        let kind = match contact == self.own_row()? {
            true => ConversationKind::NoteToSelf,
            false => ConversationKind::Direct,
        };
        let mut statement = self
            .conn
            .prepare_cached("INSERT INTO conversations (kind, contact, created_at) VALUES (?1, ?2, ?3)")?;
        Ok(ConversationState {
            row: statement.insert(params![kind, contact, now.0])?,
            read_up_to: 0,
        })
    }

    /// Decides in which list a conversation belongs, after anything that could change it.
    pub(crate) fn place_conversation(&self, conversation: i64) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE conversations SET list = CASE
                 WHEN conversations.kind = 1 AND contacts.blocked THEN 0
                 WHEN conversations.kind = 1 AND NOT contacts.approved AND contacts.approved_me
                     THEN iif(last_activity IS NULL, 0, 2)
                 WHEN hidden THEN 0
                 WHEN last_activity IS NULL AND kept_at IS NULL AND draft = '' AND pinned = 0 THEN 0
                 ELSE 1
             END
             FROM contacts WHERE contacts.id = conversations.contact AND conversations.id = ?1",
        )?;
        statement.execute([conversation])?;
        Ok(())
    }

    /// [`Self::place_conversation`] for the conversation with a contacts row, if there is one.
    pub(crate) fn place_conversation_with(&self, contact: i64) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT id FROM conversations WHERE contact = ?1")?;
        match statement.query_row([contact], |row| row.get(0)).optional()? {
            Some(conversation) => self.place_conversation(conversation),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "conversations_tests.rs"]
mod tests;
