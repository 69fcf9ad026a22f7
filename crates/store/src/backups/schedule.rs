//! When backups are made by themselves, which files of theirs there are, and the restore that is under way.

use std::path::{Path, PathBuf};

use backup::BackupKey;
use protocol::TimestampMs;
use rusqlite::{OptionalExtension, params};

use crate::{Reading, StoreError, Writing};

/// Backups that are made by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupSchedule {
    /// Days between two.
    pub every_days: u32,
    /// Where they go.
    pub folder: PathBuf,
    /// With the account itself.
    pub include_account: bool,
    /// What seals them.
    pub key: BackupKey,
    /// Device time of the next one.
    pub due_at: TimestampMs,
    /// Why the last one could not be made, in the words of whoever recorded it.
    pub failure: Option<String>,
}

/// A restore that has begun: all of the file was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnderWay {
    /// Which file.
    pub path: PathBuf,
    /// What opens it.
    pub key: BackupKey,
}

impl Reading<'_> {
    /// When backups are made by themselves; `None` when none are.
    ///
    /// # Errors
    /// When the database fails.
    pub fn backup_schedule(&self) -> Result<Option<BackupSchedule>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT every_days, folder, include_account, key, due_at, failure FROM backup_schedule",
        )?;
        let schedule = statement.query_row([], |row| {
            Ok(BackupSchedule {
                every_days: row.get(0)?,
                folder: PathBuf::from(row.get::<_, String>(1)?),
                include_account: row.get(2)?,
                key: key(&row.get::<_, Vec<u8>>(3)?)?,
                due_at: TimestampMs(row.get(4)?),
                failure: row.get(5)?,
            })
        });
        Ok(schedule.optional()?)
    }

    /// The restore that is under way.
    ///
    /// # Errors
    /// When the database fails.
    pub fn restore_under_way(&self) -> Result<Option<UnderWay>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT path, key FROM restore_under_way")?;
        let restore = statement.query_row([], |row| {
            Ok(UnderWay {
                path: PathBuf::from(row.get::<_, String>(0)?),
                key: key(&row.get::<_, Vec<u8>>(1)?)?,
            })
        });
        Ok(restore.optional()?)
    }
}

impl Writing<'_> {
    /// Makes backups by themselves from now on, or none.
    ///
    /// # Errors
    /// When the database fails, or the folder's name is not Unicode.
    pub fn set_backup_schedule(&self, schedule: Option<&BackupSchedule>) -> Result<(), StoreError> {
        let Some(schedule) = schedule else {
            self.conn.execute("DELETE FROM backup_schedule", [])?;
            return Ok(());
        };
        let mut statement = self.conn.prepare_cached(
            "INSERT OR REPLACE INTO backup_schedule (id, every_days, folder, include_account, key, due_at, failure)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        statement.execute(params![
            schedule.every_days,
            text(&schedule.folder)?,
            schedule.include_account,
            schedule.key.to_bytes().as_slice(),
            schedule.due_at.0,
            schedule.failure,
        ])?;
        Ok(())
    }

    /// Records that a scheduled backup was made. Answers the files that are more than the newest `keep`, which are no
    /// longer remembered.
    ///
    /// # Errors
    /// When the database fails, or the file's name is not Unicode.
    pub fn record_scheduled_backup(
        &self,
        path: &Path,
        made_at: TimestampMs,
        keep: u32,
    ) -> Result<Vec<PathBuf>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("INSERT OR REPLACE INTO scheduled_backups (path, made_at) VALUES (?1, ?2)")?;
        statement.execute(params![text(path)?, made_at.0])?;
        let mut statement = self.conn.prepare_cached(
            "DELETE FROM scheduled_backups WHERE path NOT IN (
                 SELECT path FROM scheduled_backups ORDER BY made_at DESC, path DESC LIMIT ?1)
             RETURNING path",
        )?;
        let old = statement.query_map([keep], |row| row.get::<_, String>(0).map(PathBuf::from))?;
        Ok(old.collect::<Result<_, _>>()?)
    }

    /// Records the restore that begins, or that none is under way.
    ///
    /// # Errors
    /// When the database fails, or the file's name is not Unicode.
    pub fn set_restore_under_way(&self, restore: Option<&UnderWay>) -> Result<(), StoreError> {
        let Some(restore) = restore else {
            self.conn.execute("DELETE FROM restore_under_way", [])?;
            return Ok(());
        };
        let mut statement = self
            .conn
            .prepare_cached("INSERT OR REPLACE INTO restore_under_way (id, path, key) VALUES (1, ?1, ?2)")?;
        statement.execute(params![text(&restore.path)?, restore.key.to_bytes().as_slice()])?;
        Ok(())
    }
}

fn key(bytes: &[u8]) -> rusqlite::Result<BackupKey> {
    BackupKey::from_bytes(bytes).ok_or(rusqlite::Error::InvalidQuery)
}

fn text(path: &Path) -> Result<&str, StoreError> {
    let refused = || StoreError::Io(std::io::ErrorKind::InvalidInput.into());
    path.to_str().ok_or_else(refused)
}
