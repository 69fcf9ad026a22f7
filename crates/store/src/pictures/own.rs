//! Where my picture lies for others, and what is to be done for it.

use protocol::TimestampMs;
use rusqlite::{OptionalExtension, params};

use super::{PictureAddress, PictureId, SaidPicture};
use crate::column::stored_enum;
use crate::{Reading, SealedFile, StoreError, Writing};

stored_enum! {
    /// What is to be done for my picture.
    PictureTask {
        /// Nothing: there is none.
        Nothing = 0,
        /// It was chosen, and is to be uploaded; until then others have the one before.
        Upload = 1,
        /// It lies on the server, and is to be kept there.
        Renew = 2,
    }
}

/// My picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPicture {
    /// As it was chosen; `None` when there is none, or none on this device yet.
    pub file: Option<SealedFile>,
    /// Where others find it; while another one is to be uploaded, the one before.
    pub address: Option<PictureAddress>,
    /// When others first could have it, or when it was removed; zero for never.
    pub set_at: TimestampMs,
    /// When it was uploaded again under another URL; zero for never.
    pub renewed_at: TimestampMs,
    /// When the file that the address names was uploaded.
    pub uploaded_at: TimestampMs,
    /// What is to be done.
    pub task: PictureTask,
    /// Tries of that which failed.
    pub attempts: u32,
    /// Device time of the next try.
    pub next_try_at: TimestampMs,
}

/// A picture of mine that lies on the server.
#[derive(Clone, Debug)]
pub struct UploadedPicture {
    /// Which one.
    pub id: PictureId,
    /// Where it lies.
    pub address: PictureAddress,
    /// Network time.
    pub at: TimestampMs,
    /// Device time at which it is to be renewed.
    pub renew_at: TimestampMs,
}

/// The file of my picture. What is shown is an older one while a picture that another device chose is not here yet: it
/// must not be uploaded under the new one's name.
const FILE: &str = "iif(task = 2 AND EXISTS (
        SELECT 1 FROM their_pictures WHERE contact = contacts.id AND state IN (1, 3)
    ), NULL, contacts.picture)";

impl Reading<'_> {
    /// My picture; `None` before there ever was one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn own_picture(&self) -> Result<Option<OwnPicture>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {FILE}, contacts.picture_seal, url, key, set_at, renewed_at, uploaded_at, task,
                    attempts, next_try_at
             FROM own_picture CROSS JOIN account CROSS JOIN contacts ON contacts.account_id = account.account_id"
        ))?;
        let picture = statement.query_row([], |row| {
            let file: Option<[u8; 16]> = row.get(0)?;
            let url: Option<String> = row.get(2)?;
            Ok(OwnPicture {
                file: match file {
                    Some(name) => Some(SealedFile {
                        name,
                        key: row.get(1)?,
                    }),
                    None => None,
                },
                address: match url {
                    Some(url) => Some(PictureAddress {
                        url,
                        key: row.get(3)?,
                    }),
                    None => None,
                },
                set_at: TimestampMs(row.get(4)?),
                renewed_at: TimestampMs(row.get(5)?),
                uploaded_at: TimestampMs(row.get(6)?),
                task: row.get(7)?,
                attempts: row.get(8)?,
                next_try_at: TimestampMs(row.get(9)?),
            })
        });
        Ok(picture.optional()?)
    }

    /// When what others get to see of me last changed: name, picture, or where that lies. Zero for never.
    ///
    /// # Errors
    /// When the database fails.
    pub fn profile_updated_at(&self) -> Result<TimestampMs, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT max(display_name_set_at, ifnull((SELECT max(set_at, renewed_at) FROM own_picture), 0))
             FROM account",
        )?;
        let updated: Option<i64> = statement.query_row([], |row| row.get(0)).optional()?;
        Ok(TimestampMs(updated.unwrap_or(0)))
    }
}

impl Writing<'_> {
    /// The time of a change of my profile: others count in seconds, and take what is later only.
    /// Spec: attachments §10 (ATT-81)
    pub(crate) fn profile_change_at(&self, now: TimestampMs) -> Result<TimestampMs, StoreError> {
        Ok(match self.profile_updated_at()? {
            TimestampMs(0) => now,
            before => now.max(before.plus_ms(1_000)),
        })
    }

    /// Chooses my picture: shown here at once, and to be uploaded. `now`: device time.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_own_picture(&self, file: &SealedFile, now: TimestampMs) -> Result<(), StoreError> {
        self.want_no_other()?;
        self.show_picture(self.own_row()?, Some(file))?;
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO own_picture (id, task, next_try_at) VALUES (1, ?1, ?2)
             ON CONFLICT (id) DO UPDATE SET task = ?1, attempts = 0, next_try_at = ?2",
        )?;
        statement.execute(params![PictureTask::Upload, now.0])?;
        Ok(())
    }

    /// Takes my picture away, here and for others. `now`: network time.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remove_own_picture(&self, now: TimestampMs) -> Result<(), StoreError> {
        self.want_no_other()?;
        self.show_picture(self.own_row()?, None)?;
        let at = self.profile_change_at(now)?;
        // What others never had need not be taken from them.
        let mut statement = self.conn.prepare_cached(
            "UPDATE own_picture SET set_at = iif(url IS NULL, set_at, ?1), url = NULL, key = NULL, task = ?2,
                 attempts = 0",
        )?;
        statement.execute(params![at.0, PictureTask::Nothing])?;
        Ok(())
    }

    /// Takes the picture that another device of mine chose, or its removal: shown once it was fetched, and kept on the
    /// server from here as well. One that was chosen here and waits for its upload stays; it will be the later one.
    /// `set_at`: when it was chosen.
    ///
    /// # Errors
    /// When the database fails.
    pub fn take_own_picture(
        &self,
        address: Option<&PictureAddress>,
        set_at: TimestampMs,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO own_picture (id, url, key, set_at, uploaded_at, task) VALUES (1, ?1, ?2, ?3, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET url = ?1, key = ?2, set_at = ?3, renewed_at = 0, uploaded_at = ?3,
                 attempts = iif(task = ?5, attempts, 0), next_try_at = iif(task = ?5, next_try_at, 0),
                 task = iif(task = ?5, task, ?4)
             RETURNING task = ?5",
        )?;
        let task = match address {
            Some(_) => PictureTask::Renew,
            None => PictureTask::Nothing,
        };
        let values = params![
            address.map(|address| &address.url),
            address.map(|address| address.key),
            set_at.0,
            task,
            PictureTask::Upload
        ];
        if statement.query_row(values, |row| row.get(0))? {
            return Ok(());
        }
        let said = match address {
            Some(address) => SaidPicture::Set(address.clone()),
            None => SaidPicture::Remove,
        };
        self.note_picture(self.own_row()?, &said, TimestampMs(0))
    }

    /// What another device chose is not fetched any more.
    fn want_no_other(&self) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE their_pictures SET url = NULL, key = NULL, state = 0 WHERE contact = ?1")?
            .execute([self.own_row()?])?;
        Ok(())
    }

    /// Records that my picture lies on the server, and answers so; nothing when another one was chosen meanwhile. From now
    /// on others get its address.
    ///
    /// # Errors
    /// When the database fails.
    pub fn mark_own_picture_uploaded(&self, uploaded: &UploadedPicture) -> Result<bool, StoreError> {
        let at = self.profile_change_at(uploaded.at)?;
        let mut statement = self.conn.prepare_cached(&format!(
            "UPDATE own_picture SET url = ?2, key = ?3, uploaded_at = ?4, task = ?5, attempts = 0, next_try_at = ?6,
                 set_at = iif(task = ?5, set_at, ?7), renewed_at = iif(task = ?5, ?7, renewed_at)
             WHERE task <> 0 AND EXISTS (SELECT 1 FROM contacts WHERE id = ?8 AND {FILE} = ?1)"
        ))?;
        let marked = statement.execute(params![
            uploaded.id,
            uploaded.address.url,
            uploaded.address.key,
            uploaded.at.0,
            PictureTask::Renew,
            uploaded.renew_at.0,
            at.0,
            self.own_row()?
        ])?;
        Ok(marked > 0)
    }

    /// Records that the server keeps my picture for longer.
    ///
    /// # Errors
    /// When the database fails.
    pub fn mark_own_picture_kept(&self, renew_at: TimestampMs) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("UPDATE own_picture SET attempts = 0, next_try_at = ?2 WHERE task = ?1")?;
        statement.execute(params![PictureTask::Renew, renew_at.0])?;
        Ok(())
    }

    /// Records a try for my picture that failed; nothing when another one was chosen meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub fn record_own_picture_attempt(
        &self,
        tried: &OwnPicture,
        next_try_at: TimestampMs,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "UPDATE own_picture SET attempts = attempts + 1, next_try_at = ?1
             WHERE task = ?2 AND EXISTS (SELECT 1 FROM contacts WHERE id = ?3 AND {FILE} IS ?4)"
        ))?;
        let id = tried.file.as_ref().map(PictureId::from);
        statement.execute(params![next_try_at.0, tried.task, self.own_row()?, id])?;
        Ok(())
    }

    /// Makes everything about pictures due that failed before: for the moment when the connection returns.
    ///
    /// # Errors
    /// When the database fails.
    pub fn wake_pictures(&self, now: TimestampMs) -> Result<(), StoreError> {
        for sql in [
            "UPDATE own_picture SET next_try_at = ?1 WHERE attempts > 0 AND next_try_at > ?1",
            "UPDATE their_pictures SET next_try_at = ?1 WHERE state = 1 AND attempts > 0 AND next_try_at > ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([now.0])?;
        }
        Ok(())
    }
}
