//! Answers: what names the original is kept with the answer, and the original is looked up when it is shown.
//! Spec: messages §11 (QUO-01 to QUO-03).

use protocol::TimestampMs;
use protocol::account::AccountId;
use rusqlite::{OptionalExtension, params};

use super::{FIRST_QUIET_KIND, MessageId, MessageKind, MessageName};
use crate::column;
use crate::{Reading, StoreError, Writing};

/// Characters of an original that are shown with its answer, at most.
const EXCERPT_CHARS: u32 = 200;

/// The message that another one answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Who wrote it.
    pub author: AccountId,
    /// What is here of it; `None` when it never came or was deleted.
    pub original: Option<QuotedMessage>,
}

/// A quoted message that is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotedMessage {
    /// Its row.
    pub id: MessageId,
    /// What it is.
    pub kind: MessageKind,
    /// Its first 200 characters.
    pub body: String,
}

impl Reading<'_> {
    /// What a message answers.
    ///
    /// # Errors
    /// When the database fails.
    pub fn quote(&self, answer: MessageId) -> Result<Option<Quote>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT quoted.account_id, original.id, original.kind, substr(original.body, 1, ?2)
             FROM messages AS answer
             CROSS JOIN contacts AS quoted ON quoted.id = answer.quote_author
             LEFT JOIN messages AS original ON original.id = (
                 SELECT id FROM messages
                 WHERE conversation = answer.conversation AND sent_at = answer.quote_sent_at
                   AND author = answer.quote_author AND kind < ?3
                 ORDER BY kind DESC LIMIT 1
             )
             WHERE answer.id = ?1",
        )?;
        let quote = statement.query_row(params![answer, EXCERPT_CHARS, FIRST_QUIET_KIND], |row| {
            let original = match row.get::<_, Option<MessageId>>(1)? {
                Some(id) => Some(QuotedMessage {
                    id,
                    kind: row.get(2)?,
                    body: row.get(3)?,
                }),
                None => None,
            };
            Ok(Quote {
                author: column::account_id(row, 0)?,
                original,
            })
        });
        Ok(quote.optional()?)
    }
}

impl Reading<'_> {
    /// What names the message that another one answers.
    ///
    /// # Errors
    /// When the database fails.
    pub fn quoted_name(&self, answer: MessageId) -> Result<Option<MessageName>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT quoted.account_id, answer.quote_sent_at FROM messages AS answer
             CROSS JOIN contacts AS quoted ON quoted.id = answer.quote_author
             WHERE answer.id = ?1",
        )?;
        let name = statement.query_row([answer], |row| {
            Ok(MessageName {
                author: column::account_id(row, 0)?,
                sent_at: TimestampMs(row.get(1)?),
            })
        });
        Ok(name.optional()?)
    }
}

impl Writing<'_> {
    /// Keeps what a message of the conversation with `peer` (a contacts row) answers. Only the two who talk have written
    /// anything there; what names somebody else is left out.
    pub(crate) fn set_quote(
        &self,
        answer: MessageId,
        peer: i64,
        quote: &MessageName,
    ) -> Result<(), StoreError> {
        let Some(author) = self.contact_row(&quote.author)? else {
            return Ok(());
        };
        if author != peer && author != self.own_row()? {
            return Ok(());
        }
        let mut statement = self
            .conn
            .prepare_cached("UPDATE messages SET quote_author = ?2, quote_sent_at = ?3 WHERE id = ?1")?;
        statement.execute(params![answer, author, quote.sent_at.0])?;
        Ok(())
    }
}

#[cfg(test)]
#[path = "quotes_tests.rs"]
mod tests;
