//! Files of messages: cleaned and staged, uploaded before their message goes, fetched when they are wanted.
//!
//! Every transfer is a row of the store, so that it goes on after a restart; what moves at the moment is kept in memory
//! only. A file is shown after all of it was verified, never half. Spec: attachments §9 (ATT-60 to ATT-67).

mod download;
mod save;
mod show;
mod sound;
mod stage;
mod transfers;
mod upload;
mod wire;

use std::sync::Arc;

use contract::{ErrorCode, Failure};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use network::RequestError;
use protocol::TimestampMs;
use protocol::account::AccountId;
use store::{Attachment, AttachmentId, AttachmentState, Reading, StoreError};

pub(crate) use download::may_fetch;
pub(crate) use save::{save, write_new};
pub use show::Media;
pub(crate) use show::{media, whole};
pub(crate) use sound::fetch_again;
pub use stage::{NewFile, safe_name};
pub(crate) use stage::{is_large, stage};
pub(crate) use transfers::Transfers;
pub(crate) use wire::{offered, pointer};

use crate::core::Core;
use crate::failure::Stopped;
use crate::outbox::schedule::{Next, after_transfer_failure};
use crate::{previews, view};

/// Longer files are not even read when they are to be sent, in bytes: no picture is made smaller from more.
pub const LARGEST_READ: u64 = 50_000_000;

/// Uploads at once, and as many downloads; more would only share the same connection.
const AT_ONCE: usize = 2;

/// What was staged and not sent goes after a day: another process of the same data may still be about to send it.
const STAGED_FOR_MS: i64 = 24 * 3_600_000;

/// How long transfers rest after the store has failed.
const REST_MS: i64 = 30_000;

/// Why a transfer came to nothing.
enum Ended {
    /// Another try may help.
    Passing(RequestError),
    /// The file is no longer on the server.
    Gone,
    /// What came is not the file; it is fetched again a few times.
    Damaged,
    /// Nothing can be done.
    Final,
    /// Its sender is not somebody whose files are fetched.
    Unwanted,
    /// The user ended it, or the row is gone.
    Cancelled,
    /// The store failed.
    Stopped(Stopped),
}

impl From<Stopped> for Ended {
    fn from(error: Stopped) -> Self {
        match error {
            // The row is gone, or its message: there is nothing to do for.
            Stopped::Store(StoreError::NotFound) => Self::Cancelled,
            error => Self::Stopped(error),
        }
    }
}

impl From<RequestError> for Ended {
    fn from(error: RequestError) -> Self {
        match error.may_pass() {
            true => Self::Passing(error),
            false => Self::Final,
        }
    }
}

/// Uploads and downloads what is due, and removes from the disk what no message has any more, for ever.
pub(crate) async fn run(core: Arc<Core>) {
    if let Err(error) = forget_leftovers(&core).await {
        tracing::warn!(%error, "what a killed process left could not be removed");
    }
    let mut under_way = FuturesUnordered::new();
    loop {
        if let Err(error) = sweep(&core).await {
            tracing::warn!(%error, "files could not be removed");
        }
        let next = match start_due(&core).await {
            Ok((due, next)) => {
                for attachment in due {
                    let core = Arc::clone(&core);
                    under_way.push(async move { transfer(&core, attachment).await });
                }
                next
            }
            Err(error) => {
                tracing::warn!(%error, "transfers were stopped");
                Some(core.device_now().plus_ms(REST_MS))
            }
        };
        tokio::select! {
            Some(recorded) = under_way.next(), if !under_way.is_empty() => {
                // Without a note the same would be tried again and again.
                if let Err(error) = recorded {
                    tracing::warn!(%error, "a transfer could not be recorded");
                    core.clock.sleep_until(core.device_now().plus_ms(REST_MS)).await;
                }
            }
            () = core.transfer_wake.notified() => {}
            () = core.wait_until(next) => {}
        }
    }
}

/// Makes every transfer that waits due at once. Spec: attachments §9 (ATT-66)
pub(crate) async fn connection_returned(core: &Core) -> Result<(), Stopped> {
    let now = core.device_now();
    core.write(move |writing| Ok(writing.wake_transfers(now)?))
        .await?;
    core.transfer_wake.notify_one();
    Ok(())
}

/// Uploads what is due until `deadline`; for short visits in the background, in which nothing else moves files.
pub(crate) async fn flush(core: &Core, deadline: TimestampMs) -> Result<(), Stopped> {
    let uploads = async {
        loop {
            let (mut due, _) = start_due(core).await?;
            due.retain(|attachment| match attachment.state {
                AttachmentState::ToUpload => true,
                _ => {
                    core.transfers.end(attachment.id);
                    false
                }
            });
            if due.is_empty() {
                return Ok(());
            }
            let mut under_way: FuturesUnordered<_> = due
                .into_iter()
                .map(|attachment| transfer(core, attachment))
                .collect();
            while let Some(recorded) = under_way.next().await {
                recorded?;
            }
        }
    };
    let flushed = tokio::select! {
        flushed = uploads => flushed,
        () = core.clock.sleep_until(deadline) => Ok(()),
    };
    // What was cut off is tried again with the next visit.
    core.transfers.end_all();
    flushed
}

async fn forget_leftovers(core: &Core) -> Result<(), Stopped> {
    let now = core.device_now();
    let before = now.plus_ms(-STAGED_FOR_MS);
    core.write(move |writing| Ok(writing.forget_staged(before, now)?))
        .await?;
    core.with_store(|store| Ok(store.sweep_strays()?)).await
}

/// Takes what is due and not under way yet, and says when the next is. What is under way and not wanted any more is ended.
async fn start_due(core: &Core) -> Result<(Vec<Attachment>, Option<TimestampMs>), Stopped> {
    let Some(own) = core.keys_if_any().map(|keys| keys.account_id()) else {
        core.transfers.cancel_all();
        return Ok((Vec::new(), None));
    };
    let now = core.device_now();
    let busy = core.transfers.under_way();
    let asked = busy.clone();
    let (unwanted, due, next) = core
        .read(move |reading| {
            let mut unwanted = Vec::new();
            for (id, state) in &asked {
                if !is_wanted(reading, own, *id, *state)? {
                    unwanted.push(*id);
                }
            }
            let most = u32::try_from(AT_ONCE.saturating_add(asked.len())).unwrap_or(u32::MAX);
            let mut due = reading.attachments_due(AttachmentState::ToUpload, now, most)?;
            due.extend(reading.attachments_due(AttachmentState::ToDownload, now, most)?);
            Ok((unwanted, due, reading.next_transfer_after(now)?))
        })
        .await?;
    unwanted.into_iter().for_each(|id| core.transfers.cancel(id));
    let mut started: Vec<Attachment> = Vec::new();
    for attachment in due {
        let state = attachment.state;
        let moving = busy.values().chain(started.iter().map(|one| &one.state));
        let full = moving.filter(|moving| **moving == state).count() >= AT_ONCE;
        if !full && !busy.contains_key(&attachment.id) {
            core.transfers.begin(attachment.id, state);
            started.push(attachment);
        }
    }
    Ok((started, next))
}

/// Whether what moves is still to move: its message may have been deleted, its sender blocked, its transfer cancelled.
fn is_wanted(
    reading: &Reading<'_>,
    own: AccountId,
    id: AttachmentId,
    state: AttachmentState,
) -> Result<bool, Stopped> {
    let attachment = match reading.attachment(id) {
        Err(StoreError::NotFound) => return Ok(false),
        attachment => attachment?,
    };
    let (true, Some(message)) = (attachment.state == state, attachment.message) else {
        return Ok(false);
    };
    Ok(state == AttachmentState::ToUpload || may_fetch(reading, own, message)?)
}

/// One try, and a note of what came of it.
async fn transfer(core: &Core, attachment: Attachment) -> Result<(), Stopped> {
    let id = attachment.id;
    tell(core, id).await;
    let cancelled = core.transfers.cancelled(id);
    let work = async {
        match attachment.state {
            AttachmentState::ToUpload => upload::upload(core, &attachment).await,
            _ => download::download(core, &attachment).await,
        }
    };
    let outcome = tokio::select! {
        outcome = work => outcome,
        () = cancelled.cancelled() => Err(Ended::Cancelled),
    };
    let recorded = match outcome {
        Ok(()) => Ok(()),
        Err(ended) => record(core, &attachment, ended).await,
    };
    core.transfers.end(id);
    tell(core, id).await;
    recorded
}

async fn record(core: &Core, attachment: &Attachment, ended: Ended) -> Result<(), Stopped> {
    let (id, now) = (attachment.id, core.device_now());
    let upload = attachment.state == AttachmentState::ToUpload;
    let later = |damaged| after_transfer_failure(attachment.attempts, attachment.since, now, damaged);
    let mut failure = Failure::from(match upload {
        true => ErrorCode::AttachmentUpload,
        false => ErrorCode::AttachmentDownload,
    });
    if upload && may_go_without(core, attachment, &ended).await? {
        return Ok(());
    }
    let (state, next) = match ended {
        Ended::Cancelled => return Ok(()),
        Ended::Unwanted => {
            return core
                .write(move |writing| Ok(writing.set_transfer(id, AttachmentState::Offered, now)?))
                .await;
        }
        Ended::Gone => {
            failure = ErrorCode::AttachmentGone.into();
            (AttachmentState::Gone, Next::GiveUp)
        }
        Ended::Final => (AttachmentState::Failed, Next::GiveUp),
        Ended::Damaged => (AttachmentState::Failed, later(true)),
        Ended::Passing(error) => {
            tracing::debug!(%error, attempts = attachment.attempts, "a transfer failed");
            (AttachmentState::Failed, later(false))
        }
        Ended::Stopped(Stopped::Refused(refused)) => {
            failure = refused;
            (AttachmentState::Failed, Next::GiveUp)
        }
        Ended::Stopped(error) => {
            failure = error.into();
            (AttachmentState::Failed, later(false))
        }
    };
    let failure = view::message::failure_text(&failure);
    core.write(move |writing| match next {
        Next::TryAt(time) => Ok(writing.record_transfer_attempt(id, time, &failure)?),
        Next::GiveUp => Ok(writing.end_transfer(id, state, &failure)?),
    })
    .await
}

/// Whether a message has gone without a file that could not be uploaded: the picture of its preview.
async fn may_go_without(core: &Core, attachment: &Attachment, ended: &Ended) -> Result<bool, Stopped> {
    match ended {
        Ended::Passing(error) => previews::go_without(core, attachment, Some(error)).await,
        Ended::Final => previews::go_without(core, attachment, None).await,
        _ => Ok(false),
    }
}

/// Tells shells about the message of a file.
pub(crate) async fn tell(core: &Core, id: AttachmentId) {
    let named = core
        .read(move |reading| {
            let message = reading.attachment(id)?.message;
            Ok(match message {
                Some(message) => Some((reading.message(message)?.conversation, message)),
                None => None,
            })
        })
        .await;
    if let Ok(Some((conversation, message))) = named {
        crate::outbox::tell_message(core, conversation, message);
    }
}

/// Removes files from the disk that no message has any more.
pub(crate) async fn sweep(core: &Core) -> Result<(), Stopped> {
    core.with_store(|store| Ok(store.sweep_files()?)).await
}
