//! Files of messages.

use std::collections::BTreeSet;

use protocol::TimestampMs;
use protocol::account::AccountId;
use rusqlite::{Row, params};

use crate::column::{row_id, stored_enum};
use crate::sealed_files::FileName;
use crate::{MessageId, Reading, SealedFile, StoreError};

mod gallery;
mod transfer;
mod unasked;

pub use unasked::Wanted;

row_id! {
    /// Names a file on this device; never reused.
    AttachmentId
}

stored_enum! {
    /// What a file is shown as.
    AttachmentKind {
        /// A picture.
        Image = 1,
        /// A film.
        Video = 2,
        /// A voice message.
        Voice = 3,
        /// Other sound.
        Audio = 4,
        /// Anything else.
        File = 5,
    }
}

stored_enum! {
    /// How far a file has come.
    AttachmentState {
        /// Staged: chosen here, not sent yet. Or offered: theirs, not wanted yet.
        Offered = 1,
        /// To be downloaded.
        ToDownload = 2,
        /// To be uploaded.
        ToUpload = 3,
        /// Whole here, and on the server when it is mine.
        Done = 4,
        /// Given up until it is retried by hand.
        Failed = 5,
        /// No longer on the server.
        Gone = 6,
    }
}

/// Where a file lies on a file server, and what decrypts it.
#[derive(Clone, PartialEq, Eq)]
pub struct RemoteFile {
    /// Its URL, with the fragment that says how it is encrypted.
    pub url: String,
    /// Secret.
    pub key: Vec<u8>,
    /// SHA-256 of the encrypted file, for the older encryption.
    pub digest: Option<[u8; 32]>,
    /// Bytes in the clear, as the sender says; what the older encryption cuts its padding by.
    pub size: Option<u32>,
}

impl std::fmt::Debug for RemoteFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RemoteFile(redacted)")
    }
}

/// What a file is said to be, or was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// What it is shown as.
    pub kind: AttachmentKind,
    /// Its name; may be empty.
    pub file_name: String,
    /// Its media type.
    pub content_type: String,
    /// Bytes in the clear.
    pub size: u32,
    /// Width and height in pixels.
    pub pixels: Option<(u32, u32)>,
    /// How long a sound lasts in milliseconds, measured from its bytes.
    pub duration_ms: Option<u32>,
}

/// A file that came with a message.
#[derive(Clone, Debug)]
pub struct OfferedFile {
    /// What its sender says of it.
    pub facts: FileFacts,
    /// Where it lies; `None` when no server can be asked for it.
    pub remote: Option<RemoteFile>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Names it.
    pub id: AttachmentId,
    /// Its message; `None` while it is staged.
    pub message: Option<MessageId>,
    /// What it is.
    pub facts: FileFacts,
    /// How far it has come.
    pub state: AttachmentState,
    /// Where it lies on a server.
    pub remote: Option<RemoteFile>,
    /// Where it lies here, whole.
    pub file: Option<SealedFile>,
    /// Tries that failed since it was queued or retried by hand.
    pub attempts: u32,
    /// Device time of queueing, or of the last retry by hand.
    pub since: TimestampMs,
    /// Why it failed or waits, in the words of whoever recorded it.
    pub failure: Option<String>,
}

const COLUMNS: &str =
    "id, message, kind, state, file_name, content_type, size, width, height, url, key, digest, file,
     file_key, attempts, since, failure, remote_size, duration_ms";

impl Attachment {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let url: Option<String> = row.get(9)?;
        let remote = match url {
            Some(url) => Some(RemoteFile {
                url,
                key: row.get::<_, Option<Vec<u8>>>(10)?.unwrap_or_default(),
                digest: row.get(11)?,
                size: row.get(17)?,
            }),
            None => None,
        };
        let file = match (row.get(12)?, row.get(13)?) {
            (Some(name), Some(key)) => Some(SealedFile { name, key }),
            _ => None,
        };
        Ok(Self {
            id: row.get(0)?,
            message: row.get(1)?,
            facts: FileFacts {
                kind: row.get(2)?,
                file_name: row.get(4)?,
                content_type: row.get(5)?,
                size: row.get(6)?,
                pixels: row.get::<_, Option<u32>>(7)?.zip(row.get(8)?),
                duration_ms: row.get(18)?,
            },
            state: row.get(3)?,
            remote,
            file,
            attempts: row.get(14)?,
            since: TimestampMs(row.get(15)?),
            failure: row.get(16)?,
        })
    }
}

impl Reading<'_> {
    /// One file.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn attachment(&self, id: AttachmentId) -> Result<Attachment, StoreError> {
        let mut found = self.attachments_where("id = ?1", [id])?;
        found.pop().ok_or(StoreError::NotFound)
    }

    /// The files of a message, in order, without the picture of its preview.
    ///
    /// # Errors
    /// When the database fails.
    pub fn attachments_of(&self, message: MessageId) -> Result<Vec<Attachment>, StoreError> {
        self.attachments_where("message = ?1 AND position >= 0 ORDER BY position", [message])
    }

    /// The voice message that was recorded for a conversation and not sent; of several the last.
    ///
    /// # Errors
    /// When the database fails.
    pub fn voice_draft(&self, with: &AccountId) -> Result<Option<Attachment>, StoreError> {
        let Some(conversation) = self.conversation_state(with)? else {
            return Ok(None);
        };
        let drafts = "draft_of = ?1 AND message IS NULL ORDER BY id";
        Ok(self.attachments_where(drafts, [conversation.row])?.pop())
    }

    /// Files that are due for a transfer of this kind, the longest waiting first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn attachments_due(
        &self,
        state: AttachmentState,
        now: TimestampMs,
        limit: u32,
    ) -> Result<Vec<Attachment>, StoreError> {
        let due = "state = ?1 AND state IN (2, 3) AND next_try_at <= ?2 ORDER BY next_try_at, id LIMIT ?3";
        self.attachments_where(due, params![state, now.0, limit])
    }

    /// Device time after `now` at which the next transfer is due; `None` when none waits.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_transfer_after(&self, now: TimestampMs) -> Result<Option<TimestampMs>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT min(next_try_at) FROM attachments WHERE state IN (2, 3) AND next_try_at > ?1",
        )?;
        Ok(statement
            .query_row([now.0], |row| row.get::<_, Option<i64>>(0))?
            .map(TimestampMs))
    }

    /// Sealed files that no row knows any more and that may still be on the disk.
    pub(crate) fn doomed_files(&self) -> Result<Vec<FileName>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT file FROM doomed_files")?;
        let files = statement.query_map([], |row| row.get(0))?;
        Ok(files.collect::<Result<_, _>>()?)
    }

    /// The sealed files of all rows, also of those that are only doomed.
    pub(crate) fn known_files(&self) -> Result<BTreeSet<FileName>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT file FROM attachments WHERE file IS NOT NULL UNION ALL SELECT file FROM doomed_files
             UNION ALL SELECT picture FROM contacts WHERE picture IS NOT NULL",
        )?;
        let files = statement.query_map([], |row| row.get(0))?;
        Ok(files.collect::<Result<_, _>>()?)
    }

    fn attachments_where(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Attachment>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached(&format!("SELECT {COLUMNS} FROM attachments WHERE {condition}"))?;
        let rows = statement.query_map(values, Attachment::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
#[path = "attachments_tests.rs"]
mod tests;
