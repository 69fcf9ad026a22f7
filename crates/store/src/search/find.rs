//! Finding messages and people.

use protocol::TimestampMs;
use protocol::account::AccountId;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};

use super::excerpt::{ExcerptPart, excerpt};
use super::query::Query;
use crate::column;
use crate::{ConversationKind, MessageId, Person, PictureId, Reading, StoreError};

/// People that a search gives at most.
const MOST_PEOPLE: u32 = 50;
/// Digits of an Account ID from which on it is looked for; all begin with the same two.
const ID_DIGITS: usize = 4;

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its row.
    pub message: MessageId,
    /// The other side of its conversation.
    pub with: AccountId,
    /// What kind of conversation that is.
    pub kind: ConversationKind,
    /// The other side's display name; may be empty.
    pub name: String,
    /// The name given to them here; empty when there is none.
    pub nickname: String,
    /// Written by me.
    pub mine: bool,
    /// The other side's picture, when it is here.
    pub picture: Option<PictureId>,
    /// Its sent time.
    pub sent_at: TimestampMs,
    /// The text around the first match.
    pub excerpt: Vec<ExcerptPart>,
}

/// Messages that were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// The messages, newest first.
    pub rows: Vec<Hit>,
    /// There are older ones.
    pub more: bool,
}

/// Which messages to look for.
#[derive(Clone, Copy, Debug)]
pub struct Looking<'a> {
    /// Words and beginnings of words; all of them must be in a message.
    pub text: &'a str,
    /// Only in the conversation with them; otherwise in all but message requests.
    pub with: Option<&'a AccountId>,
    /// Only what is older than this message.
    pub before: Option<MessageId>,
    /// Messages at most.
    pub limit: u32,
}

/// A query for [`Hit::from_row`]: `$from` gives the rows as `message`, `$rest` follows the joins.
macro_rules! select_hits {
    ($from:literal, $rest:literal) => {
        concat!(
            "SELECT message.id, peer.account_id, conversations.kind, peer.name, peer.nickname,
                    message.author = (SELECT me.id FROM account CROSS JOIN contacts AS me
                                      ON me.account_id = account.account_id),
                    message.sent_at, message.body, peer.picture
             FROM ",
            $from,
            " CROSS JOIN conversations ON conversations.id = message.conversation
             CROSS JOIN contacts AS peer ON peer.id = conversations.contact ",
            $rest
        )
    };
}

/// The index gives what matches in the order of its keys, which is that of the sent times; the loop ends with the limit.
const MESSAGES: &str = select_hits!(
    "search_texts
     CROSS JOIN search_rows ON search_rows.key = search_texts.rowid
     CROSS JOIN messages AS message ON message.id = search_rows.message",
    "WHERE search_texts MATCH ?1 AND search_texts.rowid < ?2 AND (?3 OR conversations.list <> 2)
     ORDER BY search_texts.rowid DESC LIMIT ?4"
);

impl Hit {
    /// Reads the columns of `select_hits!`; `text` is the message's.
    pub(super) fn from_row(row: &Row<'_>, text: &str, query: &Query) -> rusqlite::Result<Self> {
        Ok(Self {
            message: row.get(0)?,
            with: column::account_id(row, 1)?,
            kind: row.get(2)?,
            name: row.get(3)?,
            nickname: row.get(4)?,
            mine: row.get(5)?,
            picture: row.get(8)?,
            sent_at: TimestampMs(row.get(6)?),
            excerpt: excerpt(text, query),
        })
    }
}

impl Reading<'_> {
    /// Looks for messages; newest first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the message to begin before does not exist.
    pub fn search_messages(&self, looking: &Looking<'_>) -> Result<Hits, StoreError> {
        let before = match looking.before {
            Some(message) => self.search_key(message)?,
            None => i64::MAX,
        };
        let place = match looking.with {
            Some(with) => match self.conversation_state(with)? {
                Some(state) => Some(state.row),
                None => return Ok(Hits::default()),
            },
            None => None,
        };
        let Some(query) = Query::parse(looking.text) else {
            return Ok(Hits::default());
        };
        if let Some(hits) = self.search_newest(looking, &query, before, place)? {
            return Ok(hits);
        }
        let mut statement = self.conn.prepare_cached(MESSAGES)?;
        let wanted = usize::try_from(looking.limit).unwrap_or(usize::MAX);
        let limit = i64::from(looking.limit).saturating_add(1);
        let values = params![query.expression(place), before, place.is_some(), limit];
        let rows = statement.query_map(values, |row| {
            let text: String = row.get(7)?;
            Hit::from_row(row, &text, &query)
        })?;
        let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        Ok(Hits { rows, more })
    }

    /// Looks for people whom I accepted and did not block, by the words of their names or the beginning of their
    /// Account ID; by name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn search_people(&self, text: &str) -> Result<Vec<Person>, StoreError> {
        let mut people = Vec::new();
        if let Some((from, to)) = ids_beginning_with(text.trim()) {
            let mut statement = self.conn.prepare_cached(
                "SELECT account_id, name, nickname, names, picture FROM contacts
                 WHERE account_id BETWEEN ?1 AND ?2 AND +approved = 1 AND blocked = 0
                 ORDER BY account_id LIMIT ?3",
            )?;
            let rows = statement.query_map(params![from, to, MOST_PEOPLE], Person::from_row)?;
            people = rows.collect::<Result<_, _>>()?;
        }
        let Some(query) = Query::parse(text) else {
            return Ok(people);
        };
        let parts: Vec<String> = query.name_parts().collect();
        let conditions: String = (1..=parts.len())
            .map(|number| format!(" AND instr(names || ' ', ?{number}) > 0"))
            .collect();
        let sql = format!(
            "SELECT account_id, name, nickname, names, picture FROM contacts
             WHERE approved = 1 AND blocked = 0{conditions}
             ORDER BY names, account_id LIMIT {MOST_PEOPLE}"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(parts), Person::from_row)?;
        for person in rows {
            let person = person?;
            if !people.contains(&person) {
                people.push(person);
            }
        }
        Ok(people)
    }

    /// The place of a message in the order of the index.
    fn search_key(&self, message: MessageId) -> Result<i64, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT (min(max(sent_at, 0), 4398046511103) << 21) | (id & 2097151) FROM messages WHERE id = ?1",
        )?;
        statement
            .query_row([message], |row| row.get(0))
            .optional()?
            .ok_or(StoreError::NotFound)
    }
}

/// Whether every word of a query is a word, or the beginning of one, of a name.
pub fn name_matches(name: &str, text: &str) -> bool {
    let names = format!("{} ", super::contact_names("", name));
    Query::parse(text).is_some_and(|query| query.name_parts().all(|part| names.contains(&part)))
}

/// The first and the last Account ID that begin with some digits.
fn ids_beginning_with(digits: &str) -> Option<([u8; 33], [u8; 33])> {
    let hex = digits.as_bytes();
    if hex.len() < ID_DIGITS || hex.len() > 66 {
        return None;
    }
    let bound = |fill: u8| {
        let mut id = [0; 33];
        for (index, byte) in id.iter_mut().enumerate() {
            let first = index.checked_mul(2)?;
            let digit = |at: usize| {
                let digit = hex.get(at).copied().unwrap_or(fill);
                char::from(digit)
                    .to_digit(16)
                    .and_then(|digit| u8::try_from(digit).ok())
            };
            *byte = (digit(first)? << 4) | digit(first.checked_add(1)?)?;
        }
        Some(id)
    };
    Some((bound(b'0')?, bound(b'f')?))
}

#[cfg(test)]
#[path = "find_tests.rs"]
mod tests;
