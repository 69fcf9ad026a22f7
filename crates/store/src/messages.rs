//! Messages: rows, their identity and their state.

/// A query for [`Message::from_row`]: `$from` gives the rows as `message`, `$rest` follows the joins.
macro_rules! select_messages {
    ($from:literal, $rest:literal) => {
        concat!(
            "SELECT message.id, peer.account_id, author.account_id, account.account_id, message.sent_at,
                    message.received_at, message.kind, message.body, message.status, message.failure,
                    conversations.read_up_to, message.disappearing_mode, message.disappearing_s, message.expires_at
             FROM ",
            $from,
            " CROSS JOIN conversations ON conversations.id = message.conversation
             CROSS JOIN contacts AS peer ON peer.id = conversations.contact
             CROSS JOIN contacts AS author ON author.id = message.author
             CROSS JOIN account ",
            $rest
        )
    };
}

mod deletion;
mod disappearing;
mod previews;
mod quotes;
mod reactions;
mod receive;
mod removed;
mod window;

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::message::Disappearing;
use protocol::storage::MessageHash;
use rusqlite::{OptionalExtension, Row, params};

use crate::column::{self, row_id, stored_enum};
use crate::{NewDelivery, Reading, StoreError, Writing};

pub use deletion::{Leaves, TakeBack};
pub(crate) use disappearing::ReadWhere;
pub use disappearing::{NewTimerLine, SwarmExpiry, setting_of_line};
pub use previews::{LinkPreview, NewPreview, OfferedPreview};
pub use quotes::{Quote, QuotedMessage};
pub use reactions::{NewReaction, Reaction, ReactionCount};
pub use receive::{Control, Outcome, Received, ReceivedBatch, ReceivedControl, ReceivedMessage, Typing};
pub use window::{MessagePage, Window};

row_id! {
    /// Names a message on this device; never reused, says nothing about order.
    MessageId
}

stored_enum! {
    /// What a message is. Kinds from 32 on are lines that never count as unread.
    MessageKind {
        /// Something this version cannot show; its content is kept.
        Unsupported = 0,
        /// Text.
        Text = 1,
        /// The line "you accepted their request".
        RequestAcceptedByMe = 32,
        /// The line "they accepted your request".
        RequestAcceptedByThem = 33,
        /// What is left of a message that was taken back.
        Deleted = 34,
        /// The line "messages disappear": its text names the setting (see [`setting_of_line`]), nothing when off.
        DisappearingSet = 40,
        /// The line "they saved media".
        MediaSaved = 41,
        /// The line "they took a screenshot".
        ScreenshotTaken = 42,
        /// The line "they called": its text names the call.
        MissedCall = 43,
    }
}

impl MessageKind {
    /// A line about a conversation that makes none and by which nobody accepts anybody.
    pub(crate) const fn is_notice(self) -> bool {
        matches!(
            self,
            Self::DisappearingSet | Self::MediaSaved | Self::ScreenshotTaken | Self::MissedCall
        )
    }
}

/// The first kind that never counts as unread.
pub(crate) const FIRST_QUIET_KIND: i64 = 32;

stored_enum! {
    /// State of a message of mine.
    MessageStatus {
        /// Stored here; goes by itself.
        Queued = 1,
        /// A request is under way.
        Sending = 2,
        /// The recipient's swarm confirmed it.
        Sent = 3,
        /// The recipient read it.
        Read = 4,
        /// Given up.
        Failed = 5,
        /// Delivered, but the copy for my other devices was given up.
        SyncFailed = 6,
    }
}

impl MessageKind {
    /// Whether somebody wrote it, so that it can be answered, reacted to and taken back; other kinds are lines about the
    /// conversation.
    pub const fn has_content(self) -> bool {
        (self as i64) < FIRST_QUIET_KIND
    }
}

impl MessageStatus {
    /// Reads a status column, where zero stands for "not mine" or "a line without state".
    pub(crate) fn from_column(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Self>> {
        match row.get::<_, Option<i64>>(index)? {
            None | Some(0) => Ok(None),
            Some(_) => row.get(index).map(Some),
        }
    }
}

/// One stored message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Names the row.
    pub id: MessageId,
    /// The other side of its conversation.
    pub conversation: AccountId,
    /// Who wrote it.
    pub author: AccountId,
    /// Written by me, on any device.
    pub mine: bool,
    /// Carried in the message; with the author it names the message everywhere.
    pub sent_at: TimestampMs,
    /// When it was stored here.
    pub received_at: TimestampMs,
    /// What it is.
    pub kind: MessageKind,
    /// The text; empty for other kinds.
    pub body: String,
    /// Its state, if it is mine.
    pub status: Option<MessageStatus>,
    /// Why it failed or waits, in the words of whoever recorded it.
    pub failure: Option<String>,
    /// Read by me; always true for mine.
    pub read: bool,
    /// How it disappears, by what it says itself.
    pub disappearing: Option<Disappearing>,
    /// When it disappears; `None` until its timer has started.
    pub expires_at: Option<TimestampMs>,
}

/// What names a message on every device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageName {
    /// Who wrote it.
    pub author: AccountId,
    /// Carried in the message.
    pub sent_at: TimestampMs,
}

/// A text to be sent.
#[derive(Clone, Debug)]
pub struct NewText {
    /// To whom; oneself for Note to Self.
    pub to: AccountId,
    /// The text.
    pub body: String,
    /// What it answers.
    pub quote: Option<MessageName>,
    /// From [`Writing::next_sent_at`].
    pub sent_at: TimestampMs,
    /// Device time; the first try is due then.
    pub now: TimestampMs,
    /// What goes to which swarm, in order: each waits for the one before.
    pub deliveries: Vec<NewDelivery>,
    /// How it disappears.
    pub disappearing: Option<Disappearing>,
}

impl Message {
    /// Reads the columns of `select_messages!`.
    pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let author = column::account_id(row, 2)?;
        let mine = author == column::account_id(row, 3)?;
        let sent_at: i64 = row.get(4)?;
        let kind: MessageKind = row.get(6)?;
        let quiet = kind as i64 >= FIRST_QUIET_KIND;
        Ok(Self {
            id: row.get(0)?,
            conversation: column::account_id(row, 1)?,
            author,
            mine,
            sent_at: TimestampMs(sent_at),
            received_at: TimestampMs(row.get(5)?),
            kind,
            body: row.get(7)?,
            status: MessageStatus::from_column(row, 8)?,
            failure: row.get(9)?,
            read: mine || quiet || sent_at <= row.get(10)?,
            disappearing: column::disappearing(row, 11)?,
            expires_at: row.get::<_, Option<i64>>(13)?.map(TimestampMs),
        })
    }
}

impl Reading<'_> {
    /// One message.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn message(&self, id: MessageId) -> Result<Message, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached(select_messages!("messages AS message", "WHERE message.id = ?1"))?;
        Ok(statement.query_row([id], Message::from_row)?)
    }

    /// The content of a message of kind [`MessageKind::Unsupported`] as it came.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn raw_content(&self, id: MessageId) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT raw FROM messages WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| row.get(0))?)
    }
}

impl Writing<'_> {
    /// Queues a text: the row, its conversation and its deliveries appear together. My draft of the conversation goes
    /// away, what was sent before counts as read, and a hidden conversation is shown again.
    ///
    /// # Errors
    /// When the database fails.
    pub fn queue_text(&self, text: &NewText) -> Result<MessageId, StoreError> {
        let me = self.own_row()?;
        let conversation = self.ensure_conversation(&text.to, text.now)?.row;
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO messages (conversation, author, sent_at, received_at, kind, body, status,
                                   disappearing_mode, disappearing_s)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        let (mode, seconds) = column::disappearing_values(text.disappearing);
        let id = MessageId(statement.insert(params![
            conversation,
            me,
            text.sent_at.0,
            text.now.0,
            MessageKind::Text,
            text.body,
            MessageStatus::Queued,
            mode,
            seconds
        ])?);
        self.queue_deliveries(Some(id), &text.deliveries, text.now)?;
        if let Some(quote) = &text.quote {
            let peer = self.ensure_contact(text.to, text.now)?;
            self.set_quote(id, peer, quote)?;
        }
        self.raise_read_up_to(conversation, text.sent_at.0)?;
        self.start_read_timers(conversation, text.sent_at.0, ReadWhere::Here, text.sent_at)?;
        let mut statement = self
            .conn
            .prepare_cached("UPDATE conversations SET draft = '' WHERE id = ?1")?;
        statement.execute([conversation])?;
        self.show_activity(conversation, text.sent_at.0, 0)?;
        Ok(id)
    }

    /// Inserts the line that says that I accepted somebody's request.
    ///
    /// # Errors
    /// When the database fails.
    pub fn insert_accepted_line(
        &self,
        of: &AccountId,
        sent_at: TimestampMs,
        now: TimestampMs,
    ) -> Result<MessageId, StoreError> {
        let conversation = self.ensure_conversation(of, now)?.row;
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO messages (conversation, author, sent_at, received_at, kind) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        let me = self.own_row()?;
        let line = params![
            conversation,
            me,
            sent_at.0,
            now.0,
            MessageKind::RequestAcceptedByMe
        ];
        let id = MessageId(statement.insert(line)?);
        self.show_activity(conversation, sent_at.0, 0)?;
        Ok(id)
    }

    /// Removes a message from this device, with its queued deliveries.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn delete_message(&self, id: MessageId) -> Result<(), StoreError> {
        let message = self.message(id)?;
        let conversation = self
            .conversation_state(&message.conversation)?
            .ok_or(StoreError::NotFound)?
            .row;
        self.remember_removed(id)?;
        self.remember_for_backups(id)?;
        self.conn
            .prepare_cached("DELETE FROM messages WHERE id = ?1")?
            .execute([id])?;
        let mut statement = self.conn.prepare_cached(
            "UPDATE conversations SET unread = unread - ?2, last_activity = (
                 SELECT sent_at FROM messages WHERE conversation = ?1 ORDER BY sent_at DESC LIMIT 1)
             WHERE id = ?1",
        )?;
        statement.execute(params![conversation, !message.read])?;
        self.place_conversation(conversation)
    }

    /// Changes a message's state and the reason beside it. Answers whether the message exists.
    pub(crate) fn set_status(
        &self,
        id: MessageId,
        status: MessageStatus,
        failure: Option<&str>,
    ) -> Result<bool, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("UPDATE messages SET status = ?2, failure = ?3 WHERE id = ?1")?;
        Ok(statement.execute(params![id, status, failure])? == 1)
    }

    /// Takes note of a message in one statement: raises the activity of its conversation, adds to what is unread there,
    /// and shows it in the list it belongs to, even if it was hidden.
    pub(crate) fn show_activity(
        &self,
        conversation: i64,
        sent_at: i64,
        unread: u32,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE conversations SET
                 hidden = 0,
                 unread = unread + ?3,
                 last_activity = max(ifnull(last_activity, ?2), ?2),
                 list = CASE
                     WHEN conversations.kind = 1 AND contacts.blocked THEN 0
                     WHEN conversations.kind = 1 AND NOT contacts.approved AND contacts.approved_me THEN 2
                     ELSE 1
                 END
             FROM contacts WHERE contacts.id = conversations.contact AND conversations.id = ?1",
        )?;
        statement.execute(params![conversation, sent_at, unread])?;
        Ok(())
    }

    /// Finds a message of mine by what names it everywhere.
    pub(crate) fn find_by_identity(
        &self,
        conversation: i64,
        author: i64,
        sent_at: i64,
        kind: MessageKind,
    ) -> Result<Option<MessageId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM messages WHERE conversation = ?1 AND sent_at = ?2 AND author = ?3 AND kind = ?4",
        )?;
        Ok(statement
            .query_row(params![conversation, sent_at, author, kind], |row| row.get(0))
            .optional()?)
    }

    /// Records where a message lies in my own swarm.
    pub(crate) fn set_own_hash(&self, id: MessageId, hash: &MessageHash) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("UPDATE messages SET own_hash = ?2 WHERE id = ?1")?;
        statement.execute(params![id, hash.as_str()])?;
        Ok(())
    }
}

#[cfg(test)]
#[path = "messages_tests.rs"]
mod tests;
