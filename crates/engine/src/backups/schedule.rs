//! Backups that are made by themselves, a restore that a start finds unfinished, and how full the disk is.

use std::sync::Arc;

use contract::{BackupEvery, BackupScheduleView, DataWorkKind, Event, Failure};
use protocol::TimestampMs;
use store::{BackupFile, BackupSchedule};

use super::{Turn, back_up, bring_back_file, free_bytes, stopped};
use crate::core::Core;
use crate::failure::Stopped;
use crate::view;

/// Files that are kept.
const KEEP: u32 = 2;
/// When a backup that could not be made is tried again, and how often the disk is looked at.
const AGAIN_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * 3_600_000;
/// With less room the disk counts as almost full.
const DISK_LOW_BYTES: u64 = 200_000_000;

/// Finishes what a start finds, then makes backups when they are due, for ever.
pub(crate) async fn run(core: Arc<Core>) {
    if let Err(error) = finish_restore(&core).await {
        tracing::warn!(%error, "a restore that was interrupted could not be finished");
    }
    if let Err(error) = remove_incoming(&core).await {
        tracing::warn!(%error, "what came from another device could not be removed");
    }
    let mut low = None;
    loop {
        let now_low = disk_low(&core).await;
        if low.replace(now_low) != Some(now_low) {
            core.events.send(Event::DataChanged);
        }
        let next = match make_due(&core).await {
            Ok(next) => next,
            Err(error) => {
                tracing::warn!(%error, "backups are not made for the moment");
                None
            }
        };
        let again = core.device_now().plus_ms(AGAIN_MS);
        let next = next.map_or(again, |next| next.min(again));
        tokio::select! {
            () = core.clock.sleep_until(next) => {}
            () = core.data.wake.notified() => {}
        }
    }
}

/// Whether the disk is almost full.
pub(crate) async fn disk_low(core: &Core) -> bool {
    core.with_store(|store| Ok(free_bytes(store).is_some_and(|free| free < DISK_LOW_BYTES)))
        .await
        .unwrap_or(false)
}

/// What is shown of a schedule.
pub(crate) fn view(schedule: BackupSchedule) -> BackupScheduleView {
    BackupScheduleView {
        every: match schedule.every_days {
            1 => BackupEvery::Day,
            _ => BackupEvery::Week,
        },
        folder: schedule.folder.to_string_lossy().into_owned(),
        due_at_ms: view::time(schedule.due_at),
        failure: schedule.failure.as_deref().map(view::message::parse_failure),
    }
}

/// Days between two backups.
pub(crate) const fn days(every: BackupEvery) -> u32 {
    match every {
        BackupEvery::Day => 1,
        BackupEvery::Week => 7,
    }
}

async fn finish_restore(core: &Core) -> Result<(), Stopped> {
    let Some(under_way) = core.read(|reading| Ok(reading.restore_under_way()?)).await? else {
        return Ok(());
    };
    let turn = Turn::begin(core, DataWorkKind::Restore)?;
    let file = BackupFile::new(&under_way.path, under_way.key);
    bring_back_file(core, file, turn).await.map(drop)
}

/// Removes what an earlier process was taking from another device when it ended.
async fn remove_incoming(core: &Core) -> Result<(), Stopped> {
    if !core.with_store(|store| Ok(store.holds_incoming())).await? {
        return Ok(());
    }
    // Not while this process takes something.
    let turn = Turn::begin(core, DataWorkKind::Restore)?;
    let removed = remove_taken(core).await;
    drop(turn);
    removed
}

/// Removes the file of what came from another device, unless the next start brings it back.
pub(crate) async fn remove_taken(core: &Core) -> Result<(), Stopped> {
    core.with_store(|store| {
        let under_way = store.read(|reading| reading.restore_under_way())?;
        match under_way {
            Some(_) => Ok(()),
            None => store.remove_incoming().map_err(stopped),
        }
    })
    .await
}

/// Makes the backup that is due. Answers when the next one is.
async fn make_due(core: &Core) -> Result<Option<TimestampMs>, Stopped> {
    let Some(schedule) = core.read(|reading| Ok(reading.backup_schedule()?)).await? else {
        return Ok(None);
    };
    let now = core.device_now();
    if now < schedule.due_at {
        return Ok(Some(schedule.due_at));
    }
    let made = match schedule.folder.is_dir() {
        true => {
            back_up(
                core,
                &schedule.folder,
                schedule.key.clone(),
                schedule.include_account,
            )
            .await
        }
        false => Err(contract::ErrorCode::AttachmentSave.into()),
    };
    let interval = i64::from(schedule.every_days).saturating_mul(DAY_MS);
    let (path, failure, due_at) = match made {
        Ok(report) => (Some(report.path), None, now.plus_ms(interval)),
        Err(stopped) => {
            let failure = view::message::failure_text(&Failure::from(stopped));
            (None, Some(failure), now.plus_ms(AGAIN_MS))
        }
    };
    core.with_store(move |store| {
        let old = store.write(|writing| {
            // It may have been changed or ended meanwhile.
            if let Some(current) = writing
                .backup_schedule()?
                .filter(|current| current.key == schedule.key)
            {
                let next = BackupSchedule {
                    due_at,
                    failure,
                    ..current
                };
                writing.set_backup_schedule(Some(&next))?;
            }
            match path {
                Some(path) => writing.record_scheduled_backup(path.as_ref(), now, KEEP),
                None => Ok(Vec::new()),
            }
        })?;
        for path in old {
            // One that is gone or cannot be removed is its owner's affair.
            let _ = std::fs::remove_file(path);
        }
        Ok(())
    })
    .await?;
    core.events.send(Event::DataChanged);
    Ok(Some(due_at))
}
