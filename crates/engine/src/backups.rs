//! Backups, restores and exports: one at a time, where blocking is allowed, with progress and an end on request.

pub(crate) mod export;
mod page;
mod schedule;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use backup::{BackupKey, Cost, Passphrase, Totals};
use contract::{DataReport, DataWork, DataWorkKind, ErrorCode, Event, Failure, SecretText};
use data_encoding::HEXLOWER_PERMISSIVE;
use protocol::TimestampMs;
use protocol::account::Seed;
use store::{BackupError, BackupFile, BackupOrder, Ending, Progress, Store};
use tokio::sync::Notify;

use crate::core::Core;
use crate::failure::Stopped;
use crate::percent::percent;

pub(crate) use schedule::{days, disk_low, remove_taken, run, view as schedule_view};

/// Ends the names of backups.
const ENDING: &str = "ternbackup";

/// What is under way.
#[derive(Debug, Default)]
pub(crate) struct DataState {
    running: Mutex<Option<Running>>,
    /// The schedule was changed.
    pub(crate) wake: Notify,
}

#[derive(Clone, Copy, Debug)]
struct Running {
    work: DataWork,
    cancelled: bool,
}

impl DataState {
    /// What is under way, and how far it is.
    pub(crate) fn running(&self) -> Option<DataWork> {
        self.lock().map(|running| running.work)
    }

    /// Ends what is under way, soon.
    pub(crate) fn cancel(&self) {
        if let Some(running) = self.lock().as_mut() {
            running.cancelled = true;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stands for the one work that is under way; others may begin when it is dropped.
pub(crate) struct Turn {
    state: Arc<DataState>,
    events: crate::events::Events,
    stop: tokio_util::sync::CancellationToken,
}

impl Turn {
    /// Begins a work.
    ///
    /// # Errors
    /// `E-BAD-COMMAND` while another one is under way.
    pub(crate) fn begin(core: &Core, kind: DataWorkKind) -> Result<Self, Stopped> {
        let mut running = core.data.lock();
        if running.is_some() {
            return Err(Failure::new(ErrorCode::BadCommand).with("reason", "busy").into());
        }
        let work = DataWork { kind, percent: 0 };
        *running = Some(Running {
            work,
            cancelled: false,
        });
        drop(running);
        core.events.send(Event::DataChanged);
        Ok(Self {
            state: Arc::clone(&core.data),
            events: core.events.clone(),
            stop: core.cancel.clone(),
        })
    }

    /// Takes note of how far it is, and says whether to go on. That somebody ended it stands above that the engine stops.
    pub(crate) fn step(&self, progress: Progress) -> ControlFlow<Ending> {
        let percent = percent(progress.done, progress.total).unwrap_or(100);
        let mut state = self.state.lock();
        let Some(running) = state.as_mut() else {
            return ControlFlow::Break(Ending::Cancelled);
        };
        let moved = running.work.percent != percent;
        running.work.percent = percent;
        let cancelled = running.cancelled;
        drop(state);
        if moved {
            self.events.send(Event::DataChanged);
        }
        match (cancelled, self.stop.is_cancelled()) {
            (true, _) => ControlFlow::Break(Ending::Cancelled),
            (false, true) => ControlFlow::Break(Ending::Closing),
            (false, false) => ControlFlow::Continue(()),
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.state.lock() = None;
        self.events.send(Event::DataChanged);
    }
}

/// What somebody typed as the passphrase of a backup.
pub(crate) fn passphrase(typed: SecretText) -> Result<Passphrase, Stopped> {
    let typed = zeroize::Zeroizing::new(typed.into_exposed());
    Passphrase::parse(&typed).ok_or(ErrorCode::BackupPassphrase.into())
}

/// Makes the key of new backups, which takes time and memory on purpose.
pub(crate) async fn new_key(core: &Core, passphrase: Passphrase) -> Result<BackupKey, Stopped> {
    let mut rng = core.rng();
    core.with_store(move |_| {
        BackupKey::create(&passphrase, Cost::STANDARD, &mut rng).map_err(|error| stopped(error.into()))
    })
    .await
}

/// Who has hidden the recovery phrase on this device gets it out of no backup either: the passphrase opens it.
pub(crate) async fn may_include_account(core: &Core, include: bool) -> Result<(), Stopped> {
    let is_hidden = |account: store::Account| account.phrase_hidden;
    match include
        && core
            .read(move |reading| Ok(reading.account()?.is_some_and(is_hidden)))
            .await?
    {
        true => Err(ErrorCode::PhraseHidden.into()),
        false => Ok(()),
    }
}

/// Writes a backup to a file, or into a folder under a name with the time.
pub(crate) async fn back_up(
    core: &Core,
    to: &Path,
    key: BackupKey,
    include_account: bool,
) -> Result<DataReport, Stopped> {
    core.own_id()?;
    may_include_account(core, include_account).await?;
    let turn = Turn::begin(core, DataWorkKind::BackUp)?;
    let order = BackupOrder {
        key,
        include_account,
        made_at: core.network_now(),
    };
    let path = match to.is_dir() {
        true => to.join(file_name(core.device_now())),
        false => to.to_owned(),
    };
    let mut rng = core.rng();
    core.with_store(move |store| {
        let made = store.back_up(&path, &order, &mut rng, &mut |progress| turn.step(progress));
        Ok(report(made.map_err(stopped)?, &path))
    })
    .await
}

/// Brings a backup back, and with it the account when there is none here.
pub(crate) async fn bring_back(
    core: &Core,
    from: PathBuf,
    passphrase: Passphrase,
) -> Result<DataReport, Stopped> {
    let turn = Turn::begin(core, DataWorkKind::Restore)?;
    let (file, turn) = core
        .with_store(move |_| {
            let file = store::open_backup(&from, &passphrase).map_err(unreadable)?;
            Ok((file, turn))
        })
        .await?;
    let turn = match core.keys_if_any() {
        Some(_) => turn,
        None => bring_account(core, file.clone(), turn).await?,
    };
    bring_back_file(core, file, turn).await
}

/// Brings back a backup of which the key is known.
pub(crate) async fn bring_back_file(
    core: &Core,
    file: BackupFile,
    turn: Turn,
) -> Result<DataReport, Stopped> {
    let now = core.network_now();
    let brought = core
        .with_store(move |store| {
            let brought = store.bring_back(&file, now, &mut |progress| turn.step(progress));
            Ok(report(brought.map_err(unreadable)?, file.path()))
        })
        .await;
    // Also what came before a failure is there; shells ask again for everything.
    core.timers_changed();
    core.events.send(Event::PreferencesChanged);
    core.events.send(Event::ConversationsChanged);
    core.events.send(Event::Lagged);
    brought
}

/// Takes the account out of a backup.
async fn bring_account(core: &Core, file: BackupFile, turn: Turn) -> Result<Turn, Stopped> {
    let (identity, turn) = core
        .with_store(move |_| {
            let checked = file
                .check(&mut |progress| turn.step(progress))
                .map_err(unreadable)?;
            Ok((checked.identity, turn))
        })
        .await?;
    let identity = identity.ok_or(ErrorCode::NoAccount)?;
    let seed = HEXLOWER_PERMISSIVE
        .decode(identity.seed.as_bytes())
        .map(zeroize::Zeroizing::new)
        .ok()
        .and_then(|bytes| Seed::from_bytes(&bytes).ok())
        .ok_or(ErrorCode::BackupPassphrase)?;
    crate::commands::onboarding::bring(core, seed, store::Origin::Restored).await?;
    let (name, now) = (identity.display_name.clone(), core.network_now());
    if !name.is_empty() {
        core.write(move |writing| Ok(writing.set_display_name(&name, now)?))
            .await?;
    }
    Ok(turn)
}

/// `Tern 2026-11-22 10.15.07.ternbackup`, by the device's clock in UTC.
fn file_name(now: TimestampMs) -> String {
    format!("Tern {}.{ENDING}", page::stamp(now).replace(':', "."))
}

fn report(totals: Totals, path: &Path) -> DataReport {
    DataReport {
        messages: totals.messages,
        files: totals.files,
        path: path.to_string_lossy().into_owned(),
    }
}

/// The failure of what could not be written.
pub(crate) fn stopped(error: BackupError) -> Stopped {
    match error {
        BackupError::Open(_) => ErrorCode::BackupPassphrase.into(),
        BackupError::OtherAccount => ErrorCode::BackupOther.into(),
        BackupError::Space { needed } => {
            let megabytes = needed.div_ceil(1_000_000);
            Failure::new(ErrorCode::BackupSpace).with("n", megabytes).into()
        }
        BackupError::Cancelled | BackupError::Closing => ErrorCode::Cancelled.into(),
        BackupError::Store(error) => error.into(),
        // The system's word may hold a path; its kind says enough.
        BackupError::Io(error) => {
            tracing::warn!(kind = ?error.kind(), "a backup could not be written");
            match error.kind() {
                std::io::ErrorKind::StorageFull => ErrorCode::Disk.into(),
                _ => ErrorCode::AttachmentSave.into(),
            }
        }
        _ => ErrorCode::Store.into(),
    }
}

/// The failure of what could not be read: whoever chose a file that is not there is asked for another one, too.
fn unreadable(error: BackupError) -> Stopped {
    match error {
        BackupError::Io(error) => {
            tracing::warn!(kind = ?error.kind(), "a backup could not be read");
            ErrorCode::BackupPassphrase.into()
        }
        other => stopped(other),
    }
}

/// Bytes that are free where the store is.
pub(crate) fn free_bytes(store: &Store) -> Option<u64> {
    store.files().free_bytes()
}
