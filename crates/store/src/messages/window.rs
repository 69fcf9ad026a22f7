//! Windows of a conversation's messages.

use protocol::account::AccountId;
use rusqlite::{OptionalExtension, params};

use super::{FIRST_QUIET_KIND, Message, MessageId};
use crate::{Reading, StoreError};

/// Which messages [`Reading::messages`] gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The newest ones.
    Newest,
    /// The oldest ones.
    Oldest,
    /// Those around the first unread one, or the newest when all is read.
    FirstUnread,
    /// Those around one message: that one, about half of the rest before it and half after it.
    Around(MessageId),
    /// Those before one message, without it.
    Before(MessageId),
    /// Those after one message, without it.
    After(MessageId),
}

/// Messages in order of sent time, then of id, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessagePage {
    /// The messages.
    pub rows: Vec<Message>,
    /// There are older ones.
    pub more_before: bool,
    /// There are newer ones.
    pub more_after: bool,
    /// The first unread message of the conversation.
    pub first_unread: Option<MessageId>,
    /// Unread messages of the conversation.
    pub unread: u32,
}

/// A place between messages.
#[derive(Clone, Copy, Debug)]
struct Edge {
    sent_at: i64,
    id: i64,
}

impl Edge {
    const START: Self = Self {
        sent_at: i64::MIN,
        id: i64::MIN,
    };
    const END: Self = Self {
        sent_at: i64::MAX,
        id: i64::MAX,
    };
}

pub(super) const BEFORE: &str = select_messages!(
    "(SELECT * FROM messages
      WHERE conversation = ?1 AND (sent_at, id) < (?2, ?3)
      ORDER BY sent_at DESC, id DESC LIMIT ?4) AS message",
    "ORDER BY message.sent_at DESC, message.id DESC"
);

pub(super) const AFTER: &str = select_messages!(
    "(SELECT * FROM messages
      WHERE conversation = ?1 AND (sent_at, id) > (?2, ?3)
      ORDER BY sent_at, id LIMIT ?4) AS message",
    "ORDER BY message.sent_at, message.id"
);

pub(super) const FIRST_UNREAD: &str = "
    SELECT id FROM messages
    WHERE conversation = ?1 AND author <> ?2 AND kind < ?3
      AND sent_at > (SELECT read_up_to FROM conversations WHERE id = ?1)
    ORDER BY sent_at, id LIMIT 1";

impl Reading<'_> {
    /// A window of at most `limit` messages of a conversation; an empty page when there is no such conversation.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the window names a message that is not in this conversation.
    pub fn messages(&self, with: &AccountId, window: Window, limit: u32) -> Result<MessagePage, StoreError> {
        let Some(conversation) = self.conversation_state(with)?.map(|state| state.row) else {
            return match window {
                Window::Around(_) | Window::Before(_) | Window::After(_) => Err(StoreError::NotFound),
                Window::Newest | Window::Oldest | Window::FirstUnread => Ok(MessagePage::default()),
            };
        };
        let first_unread = self.first_unread(conversation)?;
        let (rows, more_before, more_after) = match (window, first_unread) {
            (Window::Newest, _) | (Window::FirstUnread, None) => {
                self.before(conversation, Edge::END, limit)?
            }
            (Window::Oldest, _) => self.after(conversation, Edge::START, limit)?,
            (Window::FirstUnread, Some(message)) | (Window::Around(message), _) => {
                self.around(conversation, self.edge(conversation, message)?, limit)?
            }
            (Window::Before(message), _) => {
                let (rows, more, _) = self.before(conversation, self.edge(conversation, message)?, limit)?;
                (rows, more, true)
            }
            (Window::After(message), _) => {
                let (rows, _, more) = self.after(conversation, self.edge(conversation, message)?, limit)?;
                (rows, true, more)
            }
        };
        let mut statement = self
            .conn
            .prepare_cached("SELECT unread FROM conversations WHERE id = ?1")?;
        let unread = statement.query_row([conversation], |row| row.get(0))?;
        Ok(MessagePage {
            rows,
            more_before,
            more_after,
            first_unread,
            unread,
        })
    }

    fn first_unread(&self, conversation: i64) -> Result<Option<MessageId>, StoreError> {
        let mut statement = self.conn.prepare_cached(FIRST_UNREAD)?;
        let me = self.own_row()?;
        Ok(statement
            .query_row(params![conversation, me, FIRST_QUIET_KIND], |row| row.get(0))
            .optional()?)
    }

    fn edge(&self, conversation: i64, message: MessageId) -> Result<Edge, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT sent_at, id FROM messages WHERE id = ?1 AND conversation = ?2")?;
        let edge = statement.query_row(params![message, conversation], |row| {
            Ok(Edge {
                sent_at: row.get(0)?,
                id: row.get(1)?,
            })
        });
        Ok(edge?)
    }

    fn around(
        &self,
        conversation: i64,
        at: Edge,
        limit: u32,
    ) -> Result<(Vec<Message>, bool, bool), StoreError> {
        let older = (limit.saturating_sub(1)) / 2;
        let (mut rows, more_before, _) = self.before(conversation, at, older)?;
        // Just before the message itself, so that it is the first one of the second half.
        let from = Edge {
            sent_at: at.sent_at,
            id: at.id.saturating_sub(1),
        };
        let room = limit.saturating_sub(u32::try_from(rows.len()).unwrap_or(limit));
        let (newer, _, more_after) = self.after(conversation, from, room)?;
        rows.extend(newer);
        Ok((rows, more_before, more_after))
    }

    /// At most `limit` messages before an edge, whether there are more before them, and `false`.
    fn before(
        &self,
        conversation: i64,
        edge: Edge,
        limit: u32,
    ) -> Result<(Vec<Message>, bool, bool), StoreError> {
        let (mut rows, more) = self.page(BEFORE, conversation, edge, limit)?;
        rows.reverse();
        Ok((rows, more, false))
    }

    /// At most `limit` messages after an edge, `false`, and whether there are more after them.
    fn after(
        &self,
        conversation: i64,
        edge: Edge,
        limit: u32,
    ) -> Result<(Vec<Message>, bool, bool), StoreError> {
        let (rows, more) = self.page(AFTER, conversation, edge, limit)?;
        Ok((rows, false, more))
    }

    /// Asks for one message more than wanted, to know whether there are more.
    fn page(
        &self,
        sql: &str,
        conversation: i64,
        edge: Edge,
        limit: u32,
    ) -> Result<(Vec<Message>, bool), StoreError> {
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut statement = self.conn.prepare_cached(sql)?;
        let values = params![
            conversation,
            edge.sent_at,
            edge.id,
            i64::from(limit).saturating_add(1)
        ];
        let mut rows = statement
            .query_map(values, Message::from_row)?
            .collect::<Result<Vec<_>, _>>()?;
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        Ok((rows, more))
    }
}
