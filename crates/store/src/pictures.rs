//! Pictures of people: the one that is shown, the one they say they have, and where mine lies for others.
//!
//! What is shown is a sealed file of the person's row; its random name names the picture. Spec: attachments §10.

mod own;
mod theirs;

use std::fmt;

use data_encoding::HEXLOWER;
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, params};

use crate::sealed_files::FileName;
use crate::{Reading, SealedFile, StoreError, Writing};

pub use own::{OwnPicture, PictureTask, UploadedPicture};
pub use theirs::WantedPicture;

/// Names a picture that lies here; never reused. As text: 32 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PictureId(FileName);

impl PictureId {
    /// Reads the text form; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let name = HEXLOWER.decode(text.as_bytes()).ok()?;
        FileName::try_from(name).ok().map(Self)
    }
}

impl fmt::Display for PictureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl From<&SealedFile> for PictureId {
    fn from(file: &SealedFile) -> Self {
        Self(file.name)
    }
}

impl FromSql for PictureId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        FileName::column_result(value).map(Self)
    }
}

impl ToSql for PictureId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

/// Where a picture lies on a file server, and what decrypts it.
#[derive(Clone, PartialEq, Eq)]
pub struct PictureAddress {
    /// Its URL, with the fragment that says how it is encrypted.
    pub url: String,
    /// Secret.
    pub key: [u8; 32],
}

impl fmt::Debug for PictureAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PictureAddress(redacted)")
    }
}

/// What a message says of its author's picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaidPicture {
    /// It is this one.
    Set(PictureAddress),
    /// There is none.
    Remove,
    /// Nothing that can be used: the one that is known stays.
    Keep,
}

impl Reading<'_> {
    /// The sealed file of a picture that is shown.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when nobody's picture is called so, or it was replaced.
    pub fn picture(&self, id: PictureId) -> Result<SealedFile, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT picture, picture_seal FROM contacts WHERE picture = ?1")?;
        let file = statement.query_row([id], |row| {
            Ok(SealedFile {
                name: row.get(0)?,
                key: row.get(1)?,
            })
        });
        file.optional()?.ok_or(StoreError::NotFound)
    }
}

impl Writing<'_> {
    /// Shows another picture, or none, for a contacts row; the one before is doomed.
    fn show_picture(&self, contact: i64, file: Option<&SealedFile>) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("UPDATE contacts SET picture = ?2, picture_seal = ?3 WHERE id = ?1")?;
        statement.execute(params![
            contact,
            file.map(|file| file.name),
            file.map(|file| file.key)
        ])?;
        Ok(())
    }
}

#[cfg(test)]
#[path = "pictures_tests.rs"]
mod tests;
