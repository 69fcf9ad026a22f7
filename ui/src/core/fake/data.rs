//! Backups and storage of the stand-in: a weekly backup that once failed, two conversations that take room.

use contract::{
    BackupEvery, BackupPassphrase, BackupScheduleView, Command, ConversationId, DataReport, DataView, Done,
    ErrorCode, Failure, FreedView, Reply, SpaceRow, SpaceView, TimestampMs,
};

use crate::core::PlaceKind;

const WORDS: &str = "abbey zoom amount fading tossed vector";

pub(super) fn place(kind: PlaceKind) -> Option<String> {
    let name = match kind {
        PlaceKind::Folder => "Documents",
        PlaceKind::Backup => "Tern 2026-11-22 10.15.07.ternbackup",
    };
    Some(name.to_owned())
}

/// `None` for what is no affair of data.
pub(super) fn answer(command: &Command) -> Option<Result<Reply, Failure>> {
    let reply = match command {
        Command::GetData(_) => Reply::GetData(data()),
        Command::SetBackupSchedule(_) => Reply::SetBackupSchedule(data()),
        Command::NewBackupPassphrase(_) => Reply::NewBackupPassphrase(BackupPassphrase {
            words: WORDS.split(' ').map(Into::into).collect(),
        }),
        Command::BackUp(_) => Reply::BackUp(report()),
        Command::RestoreBackup(it) if it.passphrase.expose_secret() == WORDS => {
            Reply::RestoreBackup(report())
        }
        Command::RestoreBackup(_) => return Some(Err(ErrorCode::BackupPassphrase.into())),
        Command::ExportConversation(_) => Reply::ExportConversation(report()),
        Command::CancelData(_) => Reply::CancelData(Done {}),
        Command::ListSpace(_) => Reply::ListSpace(space()),
        Command::FreeSpace(_) => Reply::FreeSpace(FreedView {
            messages: 12,
            files: 3,
            bytes: 4_200_000,
        }),
        _ => return None,
    };
    Some(Ok(reply))
}

fn data() -> DataView {
    DataView {
        running: None,
        schedule: Some(BackupScheduleView {
            every: BackupEvery::Week,
            folder: "/alice/Documents".to_owned(),
            due_at_ms: TimestampMs(1_795_342_507_000),
            failure: Some(ErrorCode::AttachmentSave.into()),
        }),
        disk_low: false,
    }
}

fn report() -> DataReport {
    DataReport {
        messages: 1_204,
        files: 37,
        path: "/alice/Documents/Tern 2026-11-22 10.15.07.ternbackup".to_owned(),
    }
}

fn space() -> SpaceView {
    let row = |byte: &str, name: &str, messages, files, file_bytes: u64| SpaceRow {
        conversation: ConversationId(format!("05{}", byte.repeat(32))),
        name: name.to_owned(),
        note_to_self: false,
        messages,
        files,
        file_bytes,
        bytes: file_bytes.saturating_add(400_000),
    };
    SpaceView {
        conversations: vec![
            row("b1", "Bob", 1_204, 37, 81_000_000),
            row("c2", "Carol", 12, 0, 0),
        ],
        free_bytes: Some(12_400_000_000),
    }
}
