//! What messages show of a link in them. The picture of a preview is a file of its message that stands before the others,
//! so that it comes, goes and is deleted as they do. Spec: messages §17 (PRV-03, PRV-04)

use protocol::TimestampMs;
use rusqlite::{OptionalExtension, params};

use super::MessageId;
use crate::{Attachment, AttachmentId, OfferedFile, Reading, StoreError, Wanted, Writing};

/// A link's preview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkPreview {
    /// The link, as it stands in the text.
    pub url: String,
    /// The page's title; may be empty beside a picture.
    pub title: String,
    /// The page's picture.
    pub picture: Option<Attachment>,
}

/// A preview that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPreview {
    /// The link, as it stands in the text.
    pub url: String,
    /// The page's title.
    pub title: String,
    /// A staged picture.
    pub picture: Option<AttachmentId>,
}

/// A preview that came with a message.
#[derive(Clone, Debug)]
pub struct OfferedPreview {
    /// The link, as it stands in the text.
    pub url: String,
    /// The page's title.
    pub title: String,
    /// The page's picture, somewhere on a server.
    pub picture: Option<OfferedFile>,
}

impl Reading<'_> {
    /// What a message shows of a link in it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn link_preview(&self, message: MessageId) -> Result<Option<LinkPreview>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT url, title FROM link_previews WHERE message = ?1")?;
        let said = statement.query_row([message], |row| Ok((row.get(0)?, row.get(1)?)));
        let Some((url, title)) = said.optional()? else {
            return Ok(None);
        };
        let mut statement = self
            .conn
            .prepare_cached("SELECT id FROM attachments WHERE message = ?1 AND position = -1")?;
        let picture = statement.query_row([message], |row| row.get(0)).optional()?;
        let picture = match picture {
            Some(id) => Some(self.attachment(id)?),
            None => None,
        };
        Ok(Some(LinkPreview { url, title, picture }))
    }

    /// Whether a file is the picture of a preview.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_preview_picture(&self, file: AttachmentId) -> Result<bool, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT 1 FROM attachments WHERE id = ?1 AND position = -1")?;
        Ok(statement.exists([file])?)
    }
}

impl Writing<'_> {
    /// Gives a message that is to be sent its preview, before its files.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when its picture is not staged.
    pub fn attach_preview(
        &self,
        message: MessageId,
        preview: &NewPreview,
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        self.insert_preview(message, &preview.url, &preview.title)?;
        self.attach_staged(message, preview.picture.as_slice(), now)?;
        self.set_picture_apart(message)
    }

    /// Keeps what a received message says of a link in it, before its files.
    pub(super) fn offer_preview(
        &self,
        message: MessageId,
        preview: &OfferedPreview,
        wanted: Wanted,
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        self.insert_preview(message, &preview.url, &preview.title)?;
        self.offer_files(message, preview.picture.as_slice(), wanted, now)?;
        self.set_picture_apart(message)
    }

    /// Has a message go without the picture of its preview. Answers whether the message waits for no other file; not for
    /// a picture that is gone, or was uploaded meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub fn drop_preview_picture(&self, picture: AttachmentId) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "DELETE FROM attachments WHERE id = ?1 AND position = -1 AND url IS NULL RETURNING message",
        )?;
        let message: Option<MessageId> = statement
            .query_row([picture], |row| row.get::<_, Option<MessageId>>(0))
            .optional()?
            .flatten();
        let Some(message) = message else {
            return Ok(false);
        };
        let mut statement = self
            .conn
            .prepare_cached("SELECT 1 FROM attachments WHERE message = ?1 AND url IS NULL")?;
        Ok(!statement.exists([message])?)
    }

    fn insert_preview(&self, message: MessageId, url: &str, title: &str) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("INSERT INTO link_previews (message, url, title) VALUES (?1, ?2, ?3)")?;
        statement.execute(params![message, url, title])?;
        Ok(())
    }

    /// Takes the first file of a message out of the row of those that are listed.
    fn set_picture_apart(&self, message: MessageId) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("UPDATE attachments SET position = -1 WHERE message = ?1 AND position = 0")?;
        statement.execute([message])?;
        Ok(())
    }
}

#[cfg(test)]
#[path = "previews_tests.rs"]
mod tests;
