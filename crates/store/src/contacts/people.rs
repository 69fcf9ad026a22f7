//! Lists of people by name.

use protocol::account::AccountId;
use rusqlite::{Row, params};

use crate::column;
use crate::{PictureId, Reading, StoreError};

/// The lists of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    /// Whom I accepted, without those I blocked.
    Contacts,
    /// Whom I blocked.
    Blocked,
}

/// One of a list of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub account_id: AccountId,
    /// The name they gave themselves; may be empty.
    pub name: String,
    /// The name given here; empty when there is none.
    pub nickname: String,
    /// The letter under which they are sorted, a capital without accents; `None` for names that begin with something
    /// else, and without a name. These come last.
    pub letter: Option<char>,
    /// Their picture, when it is here.
    pub picture: Option<PictureId>,
}

/// A window of a list of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeoplePage {
    /// People of the list in all.
    pub total: u32,
    /// The window, by name.
    pub rows: Vec<Person>,
}

const CONTACTS: &str = "
    SELECT account_id, name, nickname, names, picture FROM contacts
    WHERE approved = 1 AND blocked = 0 ORDER BY names, account_id LIMIT ?1 OFFSET ?2";
const BLOCKED: &str = "
    SELECT account_id, name, nickname, names, picture FROM contacts
    WHERE blocked = 1 ORDER BY names, account_id LIMIT ?1 OFFSET ?2";

impl Person {
    /// Reads account id, name, nickname, names and picture.
    pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let names: String = row.get(3)?;
        let first = names.strip_prefix("0 ").and_then(|words| words.chars().next());
        Ok(Self {
            account_id: column::account_id(row, 0)?,
            name: row.get(1)?,
            nickname: row.get(2)?,
            letter: first.map(|first| first.to_uppercase().next().unwrap_or(first)),
            picture: row.get(4)?,
        })
    }
}

impl Reading<'_> {
    /// A window of a list of people: at most `limit` from index `offset` on.
    ///
    /// # Errors
    /// When the database fails.
    pub fn people(&self, list: People, offset: u32, limit: u32) -> Result<PeoplePage, StoreError> {
        let (rows, count) = match list {
            People::Contacts => (
                CONTACTS,
                "SELECT count(*) FROM contacts WHERE approved = 1 AND blocked = 0",
            ),
            People::Blocked => (BLOCKED, "SELECT count(*) FROM contacts WHERE blocked = 1"),
        };
        let mut statement = self.conn.prepare_cached(rows)?;
        let rows = statement.query_map(params![limit, offset], Person::from_row)?;
        Ok(PeoplePage {
            rows: rows.collect::<Result<_, _>>()?,
            total: self.conn.prepare_cached(count)?.query_row([], |row| row.get(0))?,
        })
    }
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
