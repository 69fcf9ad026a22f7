//! What a person does with all of their data: backups, exports, and the room it takes.

use serde::{Deserialize, Serialize};

use crate::{ConversationId, Failure, SecretText, TimestampMs};

/// Answer to `get_data`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataView {
    /// What is under way.
    pub running: Option<DataWork>,
    /// Backups that are made by themselves.
    pub schedule: Option<BackupScheduleView>,
    /// The disk is almost full.
    pub disk_low: bool,
}

/// A backup, a restore or an export that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataWork {
    /// Which of them.
    pub kind: DataWorkKind,
    /// How far it is, in percent.
    pub percent: u8,
}

/// What takes long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataWorkKind {
    /// A backup is made.
    BackUp,
    /// A backup is brought back.
    Restore,
    /// A conversation is exported.
    Export,
}

/// Answer to `new_backup_passphrase`. Secret: shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupPassphrase {
    /// The words, in order.
    pub words: Vec<SecretText>,
}

/// How often backups are made by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupEvery {
    /// Each day.
    Day,
    /// Each week.
    Week,
}

/// Backups that are to be made by themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewBackupSchedule {
    /// How often.
    pub every: BackupEvery,
    /// Absolute path of the folder that they go to.
    pub folder: String,
    /// What opens them.
    pub passphrase: SecretText,
    /// With the account itself.
    pub include_account: bool,
}

/// Backups that are made by themselves, as they are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupScheduleView {
    /// How often.
    pub every: BackupEvery,
    /// Where they go.
    pub folder: String,
    /// When the next one is due, by this device's clock.
    pub due_at_ms: TimestampMs,
    /// Why the last one could not be made.
    pub failure: Option<Failure>,
}

/// What came of a backup, a restore or an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataReport {
    /// Messages that were written, or brought back.
    pub messages: u64,
    /// Files likewise.
    pub files: u64,
    /// Where the backup or the export lies, or which backup was brought back.
    pub path: String,
}

/// Answer to `list_space`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpaceView {
    /// Conversations, largest first.
    pub conversations: Vec<SpaceRow>,
    /// Bytes that are free on the disk; `None` where nobody says.
    pub free_bytes: Option<u64>,
}

/// What a conversation takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpaceRow {
    /// Which one.
    pub conversation: ConversationId,
    /// Its name.
    pub name: String,
    /// It is Note to Self.
    pub note_to_self: bool,
    /// Messages.
    pub messages: u64,
    /// Files that lie here.
    pub files: u64,
    /// Bytes of those.
    pub file_bytes: u64,
    /// About all bytes.
    pub bytes: u64,
}

/// What was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreedView {
    /// Messages that were removed.
    pub messages: u64,
    /// Files of which the local copy was removed.
    pub files: u64,
    /// Bytes of those.
    pub bytes: u64,
}
