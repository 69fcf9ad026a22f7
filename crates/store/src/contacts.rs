//! People: what is known of them and how far both sides accept each other.

mod people;

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::message::Disappearing;
use rusqlite::{OptionalExtension, Row, params};

use crate::column;
use crate::{PictureId, Reading, SaidPicture, StoreError, Writing};

pub use people::{People, PeoplePage, Person};

/// Somebody known by Account ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Who.
    pub account_id: AccountId,
    /// The name they gave themselves; may be empty.
    pub name: String,
    /// The name given here; empty when there is none.
    pub nickname: String,
    /// Their profile's own time, in seconds; zero when unknown.
    pub profile_updated_s: i64,
    /// I accept them.
    pub approved: bool,
    /// They accept me.
    pub approved_me: bool,
    /// Blocked here.
    pub blocked: bool,
    /// How mine to them disappear; in Note to Self, all of them.
    pub disappearing: Option<Disappearing>,
    /// How theirs disappear, if they set that after I set mine, to something else.
    pub offered_disappearing: Option<Disappearing>,
    /// Their picture, when it is here.
    pub picture: Option<PictureId>,
}

/// What a message says of its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The display name; an empty one changes nothing.
    pub name: String,
    /// When it last changed, in seconds since the Unix epoch; zero when unknown.
    pub updated_s: i64,
    /// Their picture.
    pub picture: SaidPicture,
}

impl Contact {
    /// The name to show: the nickname, else the display name, else nothing.
    pub fn shown_name(&self) -> Option<&str> {
        [&self.nickname, &self.name]
            .into_iter()
            .map(String::as_str)
            .find(|name| !name.is_empty())
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            account_id: column::account_id(row, 0)?,
            name: row.get(1)?,
            nickname: row.get(2)?,
            profile_updated_s: row.get(3)?,
            approved: row.get(4)?,
            approved_me: row.get(5)?,
            blocked: row.get(6)?,
            disappearing: column::disappearing(row, 7)?,
            offered_disappearing: offered(row)?,
            picture: row.get(12)?,
        })
    }
}

/// Their setting, while it is newer than mine and differs.
fn offered(row: &Row<'_>) -> rusqlite::Result<Option<Disappearing>> {
    let (mine, theirs) = (column::disappearing(row, 7)?, column::disappearing(row, 9)?);
    let newer: bool = row.get(11)?;
    Ok(theirs.filter(|_| newer && theirs != mine))
}

impl Reading<'_> {
    /// What is known of somebody; `None` when nothing is.
    ///
    /// # Errors
    /// When the database fails.
    pub fn contact(&self, account_id: &AccountId) -> Result<Option<Contact>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT account_id, name, nickname, profile_updated_s, approved, approved_me, blocked,
                    disappearing_mode, disappearing_s, their_disappearing_mode, their_disappearing_s,
                    their_disappearing_set_at > disappearing_set_at, picture
             FROM contacts WHERE account_id = ?1",
        )?;
        Ok(statement
            .query_row([account_id.to_bytes()], Contact::from_row)
            .optional()?)
    }

    pub(crate) fn contact_row(&self, account_id: &AccountId) -> Result<Option<i64>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT id FROM contacts WHERE account_id = ?1")?;
        Ok(statement
            .query_row([account_id.to_bytes()], |row| row.get(0))
            .optional()?)
    }

    /// The contacts row of the account itself.
    pub(crate) fn own_row(&self) -> Result<i64, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT contacts.id FROM account CROSS JOIN contacts ON contacts.account_id = account.account_id",
        )?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }
}

impl Writing<'_> {
    /// Accepts somebody; a message request of theirs becomes a conversation of the home list.
    ///
    /// # Errors
    /// When the database fails.
    pub fn approve(&self, account_id: &AccountId, now: TimestampMs) -> Result<(), StoreError> {
        self.set_flag("UPDATE contacts SET approved = 1 WHERE id = ?1", account_id, now)
    }

    /// Records that they accepted me.
    ///
    /// # Errors
    /// When the database fails.
    pub fn record_approved_me(&self, account_id: &AccountId, now: TimestampMs) -> Result<(), StoreError> {
        self.set_flag(
            "UPDATE contacts SET approved_me = 1 WHERE id = ?1",
            account_id,
            now,
        )
    }

    /// Blocks somebody. A message request of theirs leaves the list, and what was still to be told them is not told.
    ///
    /// # Errors
    /// When the database fails.
    pub fn block(&self, account_id: &AccountId, now: TimestampMs) -> Result<(), StoreError> {
        let sql = "UPDATE contacts SET blocked = 1, blocked_at = iif(blocked, blocked_at, ?2) WHERE id = ?1";
        self.set_flag_at(sql, account_id, now)?;
        self.drop_controls_to(account_id)
    }

    /// Unblocks somebody. What they sent while they were blocked stays dropped.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unblock(&self, account_id: &AccountId, now: TimestampMs) -> Result<(), StoreError> {
        let sql =
            "UPDATE contacts SET blocked = 0, unblocked_at = iif(blocked, ?2, unblocked_at) WHERE id = ?1";
        self.set_flag_at(sql, account_id, now)
    }

    /// Names somebody here; an empty name takes the nickname away.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_nickname(
        &self,
        account_id: &AccountId,
        nickname: &str,
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        let row = self.ensure_contact(*account_id, now)?;
        let mut statement = self
            .conn
            .prepare_cached("UPDATE contacts SET nickname = ?2 WHERE id = ?1")?;
        statement.execute(params![row, nickname])?;
        Ok(())
    }

    /// Takes over a profile when it is newer than the one known, or when neither has a time. `now`: device time.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn apply_profile(
        &self,
        row: i64,
        profile: &Profile,
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE contacts SET name = iif(?2 = '', name, ?2), profile_updated_s = ?3
             WHERE id = ?1 AND (?3 > profile_updated_s OR (?3 = 0 AND profile_updated_s = 0))",
        )?;
        match statement.execute(params![row, profile.name, profile.updated_s])? {
            0 => Ok(()),
            _ => self.note_picture(row, &profile.picture, now),
        }
    }

    /// The contacts row of an Account ID, made when it is missing.
    pub(crate) fn ensure_contact(&self, account_id: AccountId, now: TimestampMs) -> Result<i64, StoreError> {
        if let Some(row) = self.contact_row(&account_id)? {
            return Ok(row);
        }
        let mut statement = self
            .conn
            .prepare_cached("INSERT INTO contacts (account_id, created_at) VALUES (?1, ?2)")?;
        Ok(statement.insert(params![account_id.to_bytes(), now.0])?)
    }

    fn set_flag_at(&self, sql: &str, account_id: &AccountId, now: TimestampMs) -> Result<(), StoreError> {
        let row = self.ensure_contact(*account_id, now)?;
        self.conn.prepare_cached(sql)?.execute([row, now.0])?;
        self.place_conversation_with(row)
    }

    fn set_flag(&self, sql: &str, account_id: &AccountId, now: TimestampMs) -> Result<(), StoreError> {
        let row = self.ensure_contact(*account_id, now)?;
        self.conn.prepare_cached(sql)?.execute([row])?;
        self.place_conversation_with(row)
    }
}
