//! Why a file is no backup that can be read.

/// Why a backup cannot be opened or read on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It does not begin as a backup does.
    #[error("not a backup")]
    NotABackup,
    /// A later version wrote it.
    #[error("the backup has format {0}, which is later than this program")]
    TooNew(u8),
    /// It asks for more memory or time than any backup needs.
    #[error("the backup asks for too much memory or time")]
    Cost,
    /// Another passphrase, or the file was changed, cut or put together from several.
    #[error("wrong passphrase, or the file is damaged")]
    WrongKeyOrDamaged,
    /// It was sealed whole, but what is inside is not in order.
    #[error("the backup is malformed: {0}")]
    Malformed(#[from] Malformed),
    /// Reading failed.
    #[error("reading failed")]
    Io(#[from] std::io::Error),
}

/// What is not in order among the records of a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// The file ends within a record.
    #[error("a record is cut")]
    Cut,
    /// A record is longer than any may be.
    #[error("a record is too long")]
    Long,
    /// A record is not what its kind says.
    #[error("a record of kind {0} cannot be read")]
    Record(u8),
    /// A kind that may not be passed over, and that this version does not know.
    #[error("a record of the unknown kind {0}")]
    UnknownKind(u8),
    /// A record stands where it may not.
    #[error("a record of kind {0} in the wrong place")]
    Order(u8),
    /// The last record does not count what was there.
    #[error("the counts do not match")]
    Counts,
}
