//! What the devices of the account agree on: the configs at rest, and what this device has of the things they tell.

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::message::Disappearing;
use protocol::storage::Namespace;
use rusqlite::{OptionalExtension, params};

mod upkeep;

pub use upkeep::ConfigUpkeep;

use crate::column;
use crate::messages::ReadWhere;
use crate::{Mute, PictureAddress, Reading, StoreError, Writing};

/// What this device has of a person and the conversation with them, as far as all devices share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedPerson {
    /// Who; oneself for Note to Self.
    pub account_id: AccountId,
    /// The name they gave themselves.
    pub name: String,
    /// When their profile changed, seconds; zero when unknown.
    pub profile_updated_s: i64,
    /// The name given here.
    pub nickname: String,
    /// I accept them.
    pub approved: bool,
    /// They accept me.
    pub approved_me: bool,
    /// I blocked them.
    pub blocked: bool,
    /// How mine to them disappear.
    pub disappearing: Option<Disappearing>,
    /// When they came to be known.
    pub created_at: TimestampMs,
    /// The conversation with them was deleted, and nothing was written since.
    pub deleted: bool,
    /// The conversation, if there is one.
    pub conversation: Option<SharedConversation>,
    /// Where their picture lies, as they said; `None` when they have none, or it is not known.
    pub picture: Option<PictureAddress>,
}

/// What this device has of a conversation, as far as all devices share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedConversation {
    /// Order number of its pin, higher first; zero when not pinned.
    pub pinned: i64,
    /// Taken off the home list by hand.
    pub hidden: bool,
    /// How long it does not notify.
    pub mute: Option<Mute>,
    /// What was sent up to then counts as read.
    pub read_up_to: TimestampMs,
    /// Marked as unread by hand.
    pub marked_unread: bool,
}

const COLUMNS: &str =
    "SELECT contacts.account_id, name, profile_updated_s, nickname, approved, approved_me, blocked,
        disappearing_mode, disappearing_s, contacts.created_at, deleted_at > 0 AND conversations.id IS NULL,
        conversations.id, pinned, hidden, muted_until, read_up_to, marked_unread,
        their_pictures.url, their_pictures.key
    FROM contacts LEFT JOIN conversations ON conversations.contact = contacts.id
        LEFT JOIN their_pictures ON their_pictures.contact = contacts.id";

fn person(row: &rusqlite::Row<'_>) -> rusqlite::Result<SharedPerson> {
    let conversation = match row.get::<_, Option<i64>>(11)? {
        None => None,
        Some(_) => Some(SharedConversation {
            pinned: row.get(12)?,
            hidden: row.get(13)?,
            mute: Mute::from_column(row.get(14)?),
            read_up_to: TimestampMs(row.get(15)?),
            marked_unread: row.get(16)?,
        }),
    };
    Ok(SharedPerson {
        account_id: column::account_id(row, 0)?,
        name: row.get(1)?,
        profile_updated_s: row.get(2)?,
        nickname: row.get(3)?,
        approved: row.get(4)?,
        approved_me: row.get(5)?,
        blocked: row.get(6)?,
        disappearing: column::disappearing(row, 7)?,
        created_at: TimestampMs(row.get(9)?),
        deleted: row.get(10)?,
        conversation,
        picture: match row.get::<_, Option<String>>(17)? {
            Some(url) => Some(PictureAddress {
                url,
                key: row.get(18)?,
            }),
            None => None,
        },
    })
}

impl Reading<'_> {
    /// A config at rest; `None` when nothing was kept of it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn config_dump(&self, namespace: Namespace) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT dump FROM configs WHERE namespace = ?1")?;
        Ok(statement.query_row([namespace.0], |row| row.get(0)).optional()?)
    }

    /// Whether a config is at rest.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_config_dump(&self, namespace: Namespace) -> Result<bool, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM configs WHERE namespace = ?1)")?;
        Ok(statement.query_row([namespace.0], |row| row.get(0))?)
    }

    /// Whether the account's settings were read from its swarm, or the account was made here, where there are none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn settings_were_read(&self) -> Result<bool, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT settings_read OR origin = 1 FROM account")?;
        Ok(statement.query_row([], |row| row.get(0)).optional()? == Some(true))
    }

    /// What this device has of everybody of whom anything is known, oneself included.
    ///
    /// # Errors
    /// When the database fails.
    pub fn shared_people(&self) -> Result<Vec<SharedPerson>, StoreError> {
        let mut statement = self.conn.prepare_cached(COLUMNS)?;
        let people = statement.query_map([], person)?;
        Ok(people.collect::<Result<_, _>>()?)
    }

    /// What this device has of one person; `None` when nothing is known.
    ///
    /// # Errors
    /// When the database fails.
    pub fn shared_person(&self, account_id: &AccountId) -> Result<Option<SharedPerson>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached(&format!("{COLUMNS} WHERE contacts.account_id = ?1"))?;
        Ok(statement.query_row([account_id.to_bytes()], person).optional()?)
    }
}

impl Writing<'_> {
    /// Keeps a config.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_config_dump(&self, namespace: Namespace, dump: &[u8]) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO configs (namespace, dump) VALUES (?1, ?2)
             ON CONFLICT (namespace) DO UPDATE SET dump = excluded.dump",
        )?;
        statement.execute(params![namespace.0, dump])?;
        Ok(())
    }

    /// Notes that the account's settings were read from its swarm.
    ///
    /// # Errors
    /// When the database fails.
    pub fn note_settings_read(&self) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE account SET settings_read = 1 WHERE settings_read = 0")?
            .execute([])?;
        Ok(())
    }

    /// Takes the name that another device chose, with its time.
    ///
    /// # Errors
    /// When the database fails.
    pub fn take_display_name(&self, name: &str, set_at: TimestampMs) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("UPDATE account SET display_name = ?1, display_name_set_at = ?2")?;
        statement.execute(params![name, set_at.0])?;
        Ok(())
    }

    /// Takes what another device knows of a person's names.
    ///
    /// # Errors
    /// When the database fails.
    pub fn take_names(&self, of: &SharedPerson, now: TimestampMs) -> Result<(), StoreError> {
        let contact = self.ensure_contact(of.account_id, now)?;
        let mut statement = self.conn.prepare_cached(
            "UPDATE contacts SET name = ?2, profile_updated_s = ?3, nickname = ?4 WHERE id = ?1",
        )?;
        statement.execute(params![contact, of.name, of.profile_updated_s, of.nickname])?;
        Ok(())
    }

    /// Takes how my messages of a conversation disappear. No line says so: the device where it was set left one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn take_disappearing(
        &self,
        with: &AccountId,
        setting: Option<Disappearing>,
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        let contact = self.ensure_contact(*with, now)?;
        let (mode, seconds) = column::disappearing_values(setting);
        let mut statement = self.conn.prepare_cached(
            "UPDATE contacts SET disappearing_mode = ?2, disappearing_s = ?3 WHERE id = ?1",
        )?;
        statement.execute(params![contact, mode, seconds])?;
        Ok(())
    }

    /// Takes up to where another device has read a conversation, also before anything of it came here. Answers whether
    /// that was news.
    ///
    /// # Errors
    /// When the database fails.
    pub fn take_read_position(
        &self,
        with: &AccountId,
        up_to: TimestampMs,
        now: TimestampMs,
    ) -> Result<bool, StoreError> {
        let state = self.ensure_conversation(with, now)?;
        if state.read_up_to >= up_to.0 {
            return Ok(false);
        }
        self.raise_read_up_to(state.row, up_to.0)?;
        self.start_read_timers(state.row, up_to.0, ReadWhere::Elsewhere, now)?;
        Ok(true)
    }
}

#[cfg(test)]
#[path = "configs_tests.rs"]
mod tests;
