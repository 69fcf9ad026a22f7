//! What moves files on: staging, transfers, their ends.

use protocol::TimestampMs;
use protocol::account::AccountId;
use rusqlite::{OptionalExtension, params};

use super::{AttachmentId, AttachmentKind, AttachmentState, FileFacts, OfferedFile, RemoteFile, Wanted};
use crate::sealed_files::FileName;
use crate::{MessageId, MessageStatus, SealedFile, StoreError, Writing};

impl Writing<'_> {
    /// Takes a file that lies here, to be sent later.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stage(
        &self,
        facts: &FileFacts,
        file: &SealedFile,
        now: TimestampMs,
    ) -> Result<AttachmentId, StoreError> {
        let id = self.insert_attachment(facts, AttachmentState::Offered, None, 0)?;
        self.set_file(id, file)?;
        self.change(
            "UPDATE attachments SET since = ?2 WHERE id = ?1",
            params![id, now.0],
        )?;
        Ok(id)
    }

    /// Keeps a staged voice message for its conversation, which is made when there is none.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no such voice message is staged.
    pub fn keep_voice_draft(
        &self,
        with: &AccountId,
        id: AttachmentId,
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        let row = self.ensure_conversation(with, now)?.row;
        let mut statement = self.conn.prepare_cached(
            "UPDATE attachments SET draft_of = ?2 WHERE id = ?1 AND message IS NULL AND kind = ?3",
        )?;
        match statement.execute(params![id, row, AttachmentKind::Voice])? {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }

    /// Lets go of what was staged before a moment and not sent, and of what is said to be staged after `now`; but for
    /// voice messages that are kept.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_staged(&self, before: TimestampMs, now: TimestampMs) -> Result<(), StoreError> {
        self.change(
            "DELETE FROM attachments
             WHERE message IS NULL AND draft_of IS NULL AND since NOT BETWEEN ?1 AND ?2",
            [before.0, now.0],
        )
    }

    /// Makes staged files those of a message that is to be sent.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when one of them is not staged.
    pub fn attach_staged(
        &self,
        message: MessageId,
        files: &[AttachmentId],
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE attachments
             SET message = ?2, position = ?3, state = ?4, next_try_at = ?5, since = ?5, draft_of = NULL
             WHERE id = ?1 AND message IS NULL",
        )?;
        for (position, id) in (0_u32..).zip(files) {
            let changed =
                statement.execute(params![id, message, position, AttachmentState::ToUpload, now.0])?;
            if changed != 1 {
                return Err(StoreError::NotFound);
            }
        }
        Ok(())
    }

    /// Keeps what a received message says of its files; those that are wanted are fetched at once.
    ///
    /// # Errors
    /// When the database fails.
    pub fn offer_files(
        &self,
        message: MessageId,
        files: &[OfferedFile],
        wanted: Wanted,
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        for (position, file) in (0_u32..).zip(files) {
            let Some(remote) = &file.remote else {
                self.insert_attachment(&file.facts, AttachmentState::Gone, Some(message), position)?;
                continue;
            };
            let state = match self.is_wanted(wanted, file, now)? {
                true => AttachmentState::ToDownload,
                false => AttachmentState::Offered,
            };
            let id = self.insert_attachment(&file.facts, state, Some(message), position)?;
            self.set_remote(id, remote)?;
            self.set_transfer(id, state, now)?;
        }
        Ok(())
    }

    /// Queues a transfer, or queues it again with a full set of tries.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_transfer(
        &self,
        id: AttachmentId,
        state: AttachmentState,
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        self.change(
            "UPDATE attachments SET state = ?2, attempts = 0, next_try_at = ?3, since = ?3, failure = NULL
             WHERE id = ?1",
            params![id, state, now.0],
        )
    }

    /// Records a try that failed for the time being.
    ///
    /// # Errors
    /// When the database fails; a file that is gone meanwhile is no error here and in the following methods.
    pub fn record_transfer_attempt(
        &self,
        id: AttachmentId,
        next_try_at: TimestampMs,
        failure: &str,
    ) -> Result<(), StoreError> {
        self.change(
            "UPDATE attachments SET attempts = attempts + 1, next_try_at = ?2, failure = ?3 WHERE id = ?1",
            params![id, next_try_at.0, failure],
        )
    }

    /// Ends the tries: [`AttachmentState::Failed`] or [`AttachmentState::Gone`]. A message of mine whose file was given
    /// up is Failed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn end_transfer(
        &self,
        id: AttachmentId,
        state: AttachmentState,
        failure: &str,
    ) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT message FROM attachments WHERE id = ?1 AND state = ?2")?;
        let upload = statement
            .query_row(params![id, AttachmentState::ToUpload], |row| {
                row.get::<_, Option<MessageId>>(0)
            })
            .optional()?
            .flatten();
        if let Some(message) = upload {
            self.set_status(message, MessageStatus::Failed, Some(failure))?;
        }
        // What was only fetched again is still here.
        self.change(
            "UPDATE attachments SET failure = ?3,
                 state = CASE WHEN state = ?4 AND file IS NOT NULL THEN ?5 ELSE ?2 END
             WHERE id = ?1",
            params![
                id,
                state,
                failure,
                AttachmentState::ToDownload,
                AttachmentState::Done
            ],
        )
    }

    /// Records that a file of mine lies on the server. Answers whether that was the last one that its message waited for;
    /// not for a file that is gone, or that was given up or uploaded meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub fn mark_uploaded(&self, id: AttachmentId, remote: &RemoteFile) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE attachments SET state = ?2, failure = NULL WHERE id = ?1 AND state = ?3",
        )?;
        let values = params![id, AttachmentState::Done, AttachmentState::ToUpload];
        if statement.execute(values)? == 0 {
            return Ok(false);
        }
        self.set_remote(id, remote)?;
        let mut statement = self.conn.prepare_cached(
            "SELECT count(*) FROM attachments AS other
             JOIN attachments AS this ON this.message = other.message
             WHERE this.id = ?1 AND other.state <> ?2",
        )?;
        let missing: u32 = statement.query_row(params![id, AttachmentState::Done], |row| row.get(0))?;
        Ok(missing == 0)
    }

    /// Records that a file of theirs lies here, whole, and what it was found to be. When nobody waits for it any more, its
    /// bytes go with the next [`Store::sweep_files`](crate::Store::sweep_files).
    ///
    /// # Errors
    /// When the database fails.
    pub fn mark_downloaded(
        &self,
        id: AttachmentId,
        facts: &FileFacts,
        file: &SealedFile,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE attachments SET state = ?2, kind = ?3, content_type = ?4, size = ?5, width = ?6, height = ?7,
                 duration_ms = ?9, failure = NULL
             WHERE id = ?1 AND state = ?8",
        )?;
        let marked = statement.execute(params![
            id,
            AttachmentState::Done,
            facts.kind,
            facts.content_type,
            facts.size,
            facts.pixels.map(|(width, _)| width),
            facts.pixels.map(|(_, height)| height),
            AttachmentState::ToDownload,
            facts.duration_ms
        ])?;
        match marked {
            0 => self.change(
                "INSERT OR IGNORE INTO doomed_files (file) VALUES (?1)",
                [file.name],
            ),
            _ => self.set_file(id, file),
        }
    }

    /// Tries a message again of which a file could not be uploaded, or waits to be. Answers whether there was such a file.
    ///
    /// # Errors
    /// When the database fails.
    pub fn retry_uploads(&self, message: MessageId, now: TimestampMs) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE attachments SET state = ?2, attempts = 0, next_try_at = ?3, since = ?3, failure = NULL
             WHERE message = ?1 AND state IN (?2, ?4) AND url IS NULL",
        )?;
        let values = params![message, AttachmentState::ToUpload, now.0, AttachmentState::Failed];
        let retried = statement.execute(values)? > 0;
        if retried {
            self.set_status(message, MessageStatus::Queued, None)?;
        }
        Ok(retried)
    }

    /// Lets go of a staged file.
    ///
    /// # Errors
    /// When the database fails.
    pub fn discard_staged(&self, id: AttachmentId) -> Result<(), StoreError> {
        self.change("DELETE FROM attachments WHERE id = ?1 AND message IS NULL", [id])
    }

    /// Makes all transfers that wait due now: for the moment when the connection returns.
    ///
    /// # Errors
    /// When the database fails.
    pub fn wake_transfers(&self, now: TimestampMs) -> Result<(), StoreError> {
        self.change(
            "UPDATE attachments SET next_try_at = ?1 WHERE state IN (2, 3) AND next_try_at > ?1",
            [now.0],
        )
    }

    fn insert_attachment(
        &self,
        facts: &FileFacts,
        state: AttachmentState,
        message: Option<MessageId>,
        position: u32,
    ) -> Result<AttachmentId, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO attachments (message, position, kind, state, file_name, content_type, size, width, height,
                 duration_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        Ok(AttachmentId(statement.insert(params![
            message,
            position,
            facts.kind,
            state,
            facts.file_name,
            facts.content_type,
            facts.size,
            facts.pixels.map(|(width, _)| width),
            facts.pixels.map(|(_, height)| height),
            facts.duration_ms
        ])?))
    }

    fn set_remote(&self, id: AttachmentId, remote: &RemoteFile) -> Result<(), StoreError> {
        self.change(
            "UPDATE attachments SET url = ?2, key = ?3, digest = ?4, remote_size = ?5 WHERE id = ?1",
            params![id, remote.url, remote.key, remote.digest, remote.size],
        )
    }

    fn set_file(&self, id: AttachmentId, file: &SealedFile) -> Result<(), StoreError> {
        self.change(
            "INSERT OR IGNORE INTO doomed_files (file)
             SELECT file FROM attachments WHERE id = ?1 AND file <> ?2",
            params![id, file.name],
        )?;
        self.change(
            "UPDATE attachments SET file = ?2, file_key = ?3 WHERE id = ?1",
            params![id, file.name, file.key],
        )
    }

    pub(super) fn change(&self, sql: &str, values: impl rusqlite::Params) -> Result<(), StoreError> {
        self.conn.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Forgets sealed files that were removed.
    pub(crate) fn forget_doomed(&self, removed: &[FileName]) -> Result<(), StoreError> {
        for name in removed {
            self.change("DELETE FROM doomed_files WHERE file = ?1", [name])?;
        }
        Ok(())
    }
}
