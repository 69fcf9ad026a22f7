//! Windows of the home list and of the requests list.

use protocol::TimestampMs;
use protocol::account::AccountId;
use rusqlite::{Row, params};

use crate::column;
use crate::{
    AttachmentKind, ConversationKind, ConversationList, MessageKind, MessageStatus, Mute, PictureId, Reading,
    StoreError,
};

/// Characters of a message that a snippet holds at most.
const SNIPPET_CHARS: u32 = 200;

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationRow {
    /// The other side; names the conversation.
    pub with: AccountId,
    /// Its kind.
    pub kind: ConversationKind,
    /// Their display name; may be empty.
    pub name: String,
    /// The name given here; empty when there is none.
    pub nickname: String,
    /// Sent time of the newest message.
    pub last_activity: Option<TimestampMs>,
    /// The newest message.
    pub snippet: Option<Snippet>,
    /// Unread messages.
    pub unread: u32,
    /// Order number of its pin; zero when not pinned.
    pub pinned: i64,
    /// Unsent text.
    pub draft: String,
    /// How long it does not notify; the time may have passed.
    pub mute: Option<Mute>,
    /// Marked as unread by hand.
    pub marked_unread: bool,
    /// My messages there disappear.
    pub disappearing: bool,
    /// Their picture, when it is here.
    pub picture: Option<PictureId>,
}

/// The newest message of a conversation, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// What it is.
    pub kind: MessageKind,
    /// Its first 200 characters.
    pub body: String,
    /// Its state; `None` when it is not mine.
    pub status: Option<MessageStatus>,
    /// Written by me.
    pub mine: bool,
    /// What its first file is shown as, and its name, which may be empty.
    pub file: Option<(AttachmentKind, String)>,
}

/// A window of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConversationPage {
    /// Rows of the list in all.
    pub total: u32,
    /// The window, in the order of the screen: pinned first, then by newest activity.
    pub rows: Vec<ConversationRow>,
}

impl Reading<'_> {
    /// A window of a list: at most `limit` rows from index `offset` on.
    ///
    /// # Errors
    /// When the database fails.
    pub fn conversations(
        &self,
        list: ConversationList,
        offset: u32,
        limit: u32,
    ) -> Result<ConversationPage, StoreError> {
        let mut statement = self.conn.prepare_cached(PAGE)?;
        let rows = statement.query_map(
            params![list, limit, offset, SNIPPET_CHARS],
            ConversationRow::from_row,
        )?;
        Ok(ConversationPage {
            rows: rows.collect::<Result<_, _>>()?,
            total: self.count_conversations(list)?,
        })
    }

    /// Conversations in a list.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_conversations(&self, list: ConversationList) -> Result<u32, StoreError> {
        self.count("SELECT count(*) FROM conversations WHERE list = ?1", list)
    }

    /// Conversations in a list that have something unread.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_unread_conversations(&self, list: ConversationList) -> Result<u32, StoreError> {
        self.count(
            "SELECT count(*) FROM conversations WHERE list = ?1 AND unread > 0",
            list,
        )
    }

    /// Unread messages in a list.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_unread_messages(&self, list: ConversationList) -> Result<u32, StoreError> {
        self.count(
            "SELECT ifnull(sum(unread), 0) FROM conversations WHERE list = ?1 AND unread > 0",
            list,
        )
    }

    fn count(&self, sql: &str, list: ConversationList) -> Result<u32, StoreError> {
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([list], |row| row.get(0))?)
    }
}

/// The window first, then one look at the newest message of each of its rows.
pub(super) const PAGE: &str = "
    WITH page AS MATERIALIZED (
        SELECT id, contact, kind, last_activity, unread, pinned, draft, muted_until, marked_unread,
               coalesce(last_activity, kept_at, created_at) AS place
        FROM conversations
        WHERE list = ?1
        ORDER BY pinned DESC, coalesce(last_activity, kept_at, created_at) DESC, id DESC
        LIMIT ?2 OFFSET ?3
    )
    SELECT contacts.account_id, page.kind, contacts.name, contacts.nickname, page.last_activity, page.unread,
           page.pinned, page.draft, newest.kind, substr(newest.body, 1, ?4), newest.status,
           newest.author = (SELECT me.id FROM account CROSS JOIN contacts AS me ON me.account_id = account.account_id),
           page.muted_until, page.marked_unread, contacts.disappearing_mode <> 0, file.kind, file.file_name,
           contacts.picture
    FROM page
    JOIN contacts ON contacts.id = page.contact
    LEFT JOIN messages AS newest ON newest.id = (
        SELECT messages.id FROM messages
        WHERE messages.conversation = page.id
        ORDER BY messages.sent_at DESC, messages.id DESC
        LIMIT 1
    )
    LEFT JOIN attachments AS file ON file.message = newest.id AND file.position = 0
    ORDER BY page.pinned DESC, page.place DESC, page.id DESC";

impl ConversationRow {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let snippet = match row.get::<_, Option<MessageKind>>(8)? {
            Some(kind) => {
                let status = MessageStatus::from_column(row, 10)?;
                Some(Snippet {
                    kind,
                    body: row.get(9)?,
                    status,
                    mine: row.get(11)?,
                    file: row.get::<_, Option<AttachmentKind>>(15)?.zip(row.get(16)?),
                })
            }
            None => None,
        };
        Ok(Self {
            with: column::account_id(row, 0)?,
            kind: row.get(1)?,
            name: row.get(2)?,
            nickname: row.get(3)?,
            last_activity: row.get::<_, Option<i64>>(4)?.map(TimestampMs),
            snippet,
            unread: row.get(5)?,
            pinned: row.get(6)?,
            draft: row.get(7)?,
            mute: Mute::from_column(row.get(12)?),
            marked_unread: row.get(13)?,
            disappearing: row.get(14)?,
            picture: row.get(17)?,
        })
    }
}
