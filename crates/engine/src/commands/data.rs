//! Backups, exports and the room that data takes.

use std::path::PathBuf;

use contract::{
    BackUp, BackupPassphrase, CancelData, DataReport, DataView, Done, ErrorCode, ExportConversation,
    FreeSpace, FreedView, GetData, ListSpace, NewBackupPassphrase, RestoreBackup, SecretText,
    SetBackupSchedule, SpaceRow, SpaceView,
};
use store::BackupSchedule;

use crate::core::Core;
use crate::failure::Stopped;
use crate::{attachments, backups, view};

const DAY_MS: i64 = 24 * 3_600_000;

pub(super) async fn get_data(core: &Core, _: GetData) -> Result<DataView, Stopped> {
    let schedule = core.read(|reading| Ok(reading.backup_schedule()?)).await?;
    Ok(DataView {
        running: core.data.running(),
        schedule: schedule.map(backups::schedule_view),
        disk_low: backups::disk_low(core).await,
    })
}

pub(super) async fn new_backup_passphrase(
    core: &Core,
    _: NewBackupPassphrase,
) -> Result<BackupPassphrase, Stopped> {
    let words = backup::generate(&mut core.rng());
    Ok(BackupPassphrase {
        words: words.into_iter().map(SecretText::from).collect(),
    })
}

pub(super) async fn back_up(core: &Core, params: BackUp) -> Result<DataReport, Stopped> {
    core.own_id()?;
    let key = backups::new_key(core, backups::passphrase(params.passphrase)?).await?;
    backups::back_up(core, &PathBuf::from(params.to), key, params.include_account).await
}

pub(super) async fn restore_backup(core: &Core, params: RestoreBackup) -> Result<DataReport, Stopped> {
    let passphrase = backups::passphrase(params.passphrase)?;
    backups::bring_back(core, PathBuf::from(params.from), passphrase).await
}

pub(super) async fn set_backup_schedule(core: &Core, params: SetBackupSchedule) -> Result<DataView, Stopped> {
    core.own_id()?;
    let schedule = match params.schedule {
        None => None,
        Some(new) => {
            backups::may_include_account(core, new.include_account).await?;
            let key = backups::new_key(core, backups::passphrase(new.passphrase)?).await?;
            Some(BackupSchedule {
                every_days: backups::days(new.every),
                folder: PathBuf::from(new.folder),
                include_account: new.include_account,
                key,
                due_at: core.device_now(),
                failure: None,
            })
        }
    };
    core.write(move |writing| Ok(writing.set_backup_schedule(schedule.as_ref())?))
        .await?;
    core.data.wake.notify_one();
    core.events.send(contract::Event::DataChanged);
    get_data(core, GetData {}).await
}

pub(super) async fn export_conversation(
    core: &Core,
    params: ExportConversation,
) -> Result<DataReport, Stopped> {
    let with = view::parse_conversation(&params.conversation)?;
    backups::export::export(core, with, PathBuf::from(params.to)).await
}

pub(super) async fn cancel_data(core: &Core, _: CancelData) -> Result<Done, Stopped> {
    core.data.cancel();
    Ok(Done {})
}

pub(super) async fn list_space(core: &Core, _: ListSpace) -> Result<SpaceView, Stopped> {
    core.with_store(|store| {
        let conversations = store.read(|reading| -> Result<_, Stopped> {
            let own = reading.account()?.ok_or(ErrorCode::NoAccount)?.account_id;
            let mut rows = Vec::new();
            for space in reading.space_of_conversations()? {
                let contact = reading.contact(&space.with)?;
                rows.push(SpaceRow {
                    conversation: view::conversation_id(space.with),
                    name: view::conversation::name(space.with, contact.as_ref()),
                    note_to_self: space.with == own,
                    messages: space.messages,
                    files: space.files,
                    file_bytes: space.file_bytes,
                    bytes: space.bytes,
                });
            }
            Ok(rows)
        })?;
        Ok(SpaceView {
            conversations,
            free_bytes: backups::free_bytes(store),
        })
    })
    .await
}

pub(super) async fn free_space(core: &Core, params: FreeSpace) -> Result<FreedView, Stopped> {
    let with = view::parse_conversation(&params.conversation)?;
    let now = core.network_now();
    let freed = core
        .write(move |writing| {
            if let Some(days) = params.older_than_days {
                let before = now.plus_ms(i64::from(days).saturating_mul(DAY_MS).saturating_neg());
                return Ok(FreedView {
                    messages: writing.trim(&with, before, now)?,
                    files: 0,
                    bytes: 0,
                });
            }
            let freed = writing.free_files(&with)?;
            Ok(FreedView {
                messages: 0,
                files: freed.files,
                bytes: freed.bytes,
            })
        })
        .await?;
    attachments::sweep(core).await?;
    core.tell_conversation(with);
    core.data.wake.notify_one();
    Ok(freed)
}
