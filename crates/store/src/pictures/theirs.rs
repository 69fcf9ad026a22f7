//! What others say of their pictures, and the queue of those that are to be fetched.

use protocol::TimestampMs;
use protocol::account::AccountId;
use rusqlite::{OptionalExtension, params};

use super::{PictureAddress, SaidPicture};
use crate::column;
use crate::{Reading, SealedFile, StoreError, Writing};

/// Pictures of one person that are fetched within [`PERIOD_MS`]; of more, the last one when the time is over.
/// Spec: attachments §10 (ATT-86)
const MOST: u32 = 5;

/// A day, from the first picture on.
const PERIOD_MS: i64 = 24 * 3_600_000;

/// A picture that is to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedPicture {
    /// Whose.
    pub account_id: AccountId,
    /// Where it lies.
    pub address: PictureAddress,
    /// Tries that failed.
    pub attempts: u32,
    /// Device time of the first try; what it is before that means nothing.
    pub since: TimestampMs,
}

/// Nothing of people who were not accepted, or are blocked, is fetched.
/// My own is: another device of mine chose it.
const WAITING: &str = "FROM their_pictures CROSS JOIN contacts ON contacts.id = their_pictures.contact
    WHERE state = 1 AND (contacts.approved AND NOT contacts.blocked
        OR contacts.account_id = (SELECT account_id FROM account))";

impl Reading<'_> {
    /// Pictures that are due to be fetched, the longest waiting first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn pictures_due(&self, now: TimestampMs, limit: u32) -> Result<Vec<WantedPicture>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT contacts.account_id, url, key, attempts, since {WAITING} AND next_try_at <= ?1
             ORDER BY next_try_at, contact LIMIT ?2"
        ))?;
        let rows = statement.query_map(params![now.0, limit], |row| {
            Ok(WantedPicture {
                account_id: column::account_id(row, 0)?,
                address: PictureAddress {
                    url: row.get(1)?,
                    key: row.get(2)?,
                },
                attempts: row.get(3)?,
                since: TimestampMs(row.get(4)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Device time after `now` at which the next picture is due; `None` when none waits.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_picture_after(&self, now: TimestampMs) -> Result<Option<TimestampMs>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached(&format!("SELECT min(next_try_at) {WAITING} AND next_try_at > ?1"))?;
        Ok(statement
            .query_row([now.0], |row| row.get::<_, Option<i64>>(0))?
            .map(TimestampMs))
    }
}

impl Writing<'_> {
    /// Takes note of what somebody says of their picture. Another one is to be fetched, and until it is here the one before
    /// stays; so is one that was given up, when they name it again. `now`: device time.
    pub(crate) fn note_picture(
        &self,
        contact: i64,
        said: &SaidPicture,
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        match said {
            SaidPicture::Keep => Ok(()),
            SaidPicture::Remove => {
                self.conn
                    .prepare_cached(
                        "INSERT INTO their_pictures (contact) VALUES (?1)
                         ON CONFLICT (contact) DO UPDATE SET url = NULL, key = NULL, state = 0",
                    )?
                    .execute([contact])?;
                self.show_picture(contact, None)
            }
            SaidPicture::Set(PictureAddress { url, key }) => {
                let mut statement = self.conn.prepare_cached(
                    "INSERT INTO their_pictures (contact, url, key, state, next_try_at) VALUES (?1, ?2, ?3, 1, ?4)
                     ON CONFLICT (contact) DO UPDATE
                     SET url = excluded.url, key = excluded.key, state = 1, attempts = 0, next_try_at = ?4
                     WHERE state = 3 OR url IS NOT excluded.url OR key IS NOT excluded.key",
                )?;
                statement.execute(params![contact, url, key, now.0])?;
                Ok(())
            }
        }
    }

    /// Takes what another device heard of somebody's picture.
    ///
    /// # Errors
    /// When the database fails.
    pub fn take_picture(
        &self,
        whose: AccountId,
        said: &SaidPicture,
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        // Due at once, whatever this device's clock says.
        self.note_picture(self.ensure_contact(whose, now)?, said, TimestampMs(0))
    }

    /// Shows the picture of somebody that did not have to be fetched: the file is what lies at that address.
    pub(crate) fn show_said_picture(
        &self,
        contact: i64,
        said: &PictureAddress,
        file: &SealedFile,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO their_pictures (contact, url, key, state) VALUES (?1, ?2, ?3, 2)
             ON CONFLICT (contact) DO UPDATE SET url = ?2, key = ?3, state = 2, attempts = 0",
        )?;
        statement.execute(params![contact, said.url, said.key])?;
        self.show_picture(contact, Some(file))
    }

    /// Begins a try. Answers whether it may be made: a person may change their picture as often as they like, but it is
    /// fetched only so often a day. A picture that was fetched too often waits until the day is over.
    ///
    /// # Errors
    /// When the database fails.
    pub fn begin_picture_fetch(&self, wanted: &WantedPicture, now: TimestampMs) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT contact, attempts, day_began, day_count FROM their_pictures
             WHERE contact = (SELECT id FROM contacts WHERE account_id = ?1) AND state = 1 AND url = ?2 AND key = ?3",
        )?;
        let address = &wanted.address;
        let values = params![wanted.account_id.to_bytes(), address.url, address.key];
        let known = statement
            .query_row(values, |row| {
                let counted: (i64, u32) = (row.get(2)?, row.get(3)?);
                Ok((row.get::<_, i64>(0)?, row.get::<_, u32>(1)?, counted))
            })
            .optional()?;
        let Some((contact, attempts, (began, count))) = known else {
            return Ok(false);
        };
        if attempts > 0 {
            return Ok(true);
        }
        // A time in the future, after the clock was set back, begins anew.
        let same_day = (0..PERIOD_MS).contains(&now.0.saturating_sub(began));
        if same_day && count >= MOST {
            let tomorrow = began.saturating_add(PERIOD_MS);
            self.conn
                .prepare_cached("UPDATE their_pictures SET next_try_at = ?2 WHERE contact = ?1")?
                .execute([contact, tomorrow])?;
            return Ok(false);
        }
        let (began, count) = match same_day {
            true => (began, count.saturating_add(1)),
            false => (now.0, 1),
        };
        let mut statement = self.conn.prepare_cached(
            "UPDATE their_pictures SET day_began = ?2, day_count = ?3, since = ?4 WHERE contact = ?1",
        )?;
        statement.execute(params![contact, began, count, now.0])?;
        Ok(true)
    }

    /// Shows a picture that was fetched, and answers so. Nobody's picture changes when another one is wanted by now, or
    /// none; then the file goes with the next [`Store::sweep_files`](crate::Store::sweep_files).
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_picture(&self, wanted: &WantedPicture, file: &SealedFile) -> Result<bool, StoreError> {
        let kept = self.change_wanted(
            "UPDATE their_pictures SET state = 2, attempts = 0 WHERE state = 1 AND url = ?2 AND key = ?3
                 AND contact = (SELECT id FROM contacts WHERE account_id = ?1
                     AND (approved AND NOT blocked OR account_id = (SELECT account_id FROM account)))",
            wanted,
        )?;
        if kept {
            let contact = self
                .contact_row(&wanted.account_id)?
                .ok_or(StoreError::NotFound)?;
            self.show_picture(contact, Some(file))?;
        } else {
            self.conn
                .prepare_cached("INSERT OR IGNORE INTO doomed_files (file) VALUES (?1)")?
                .execute([file.name])?;
        }
        Ok(kept)
    }

    /// Records a try that failed for the time being; nothing when another picture is wanted by now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn record_picture_attempt(
        &self,
        wanted: &WantedPicture,
        next_try_at: TimestampMs,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE their_pictures SET attempts = attempts + 1, next_try_at = ?4
             WHERE state = 1 AND url = ?2 AND key = ?3
                 AND contact = (SELECT id FROM contacts WHERE account_id = ?1)",
        )?;
        let address = &wanted.address;
        statement.execute(params![
            wanted.account_id.to_bytes(),
            address.url,
            address.key,
            next_try_at.0
        ])?;
        Ok(())
    }

    /// Ends the tries for a picture that cannot be had; the one before stays.
    ///
    /// # Errors
    /// When the database fails.
    pub fn give_picture_up(&self, wanted: &WantedPicture) -> Result<(), StoreError> {
        self.change_wanted(
            "UPDATE their_pictures SET state = 3 WHERE state = 1 AND url = ?2 AND key = ?3
                 AND contact = (SELECT id FROM contacts WHERE account_id = ?1)",
            wanted,
        )?;
        Ok(())
    }

    /// Forgets somebody's picture, and which one they said they have.
    pub(crate) fn forget_picture(&self, whom: &AccountId) -> Result<(), StoreError> {
        let Some(contact) = self.contact_row(whom)? else {
            return Ok(());
        };
        self.conn
            .prepare_cached("DELETE FROM their_pictures WHERE contact = ?1")?
            .execute([contact])?;
        self.show_picture(contact, None)
    }

    fn change_wanted(&self, sql: &str, wanted: &WantedPicture) -> Result<bool, StoreError> {
        let address = &wanted.address;
        let values = params![wanted.account_id.to_bytes(), address.url, address.key];
        Ok(self.conn.prepare_cached(sql)?.execute(values)? > 0)
    }
}
