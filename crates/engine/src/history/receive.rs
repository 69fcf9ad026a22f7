//! The device that takes the history: what comes goes sealed into one file, and is brought back from there when it is whole.

use std::net::SocketAddrV4;
use std::time::Duration;

use backup::{BackupKey, Totals};
use contract::{DataWorkKind, ErrorCode, HistoryStage};
use nearby::{Channel, Contents, Reason, Taking};
use store::{BackupError, BackupFile, IncomingBackup};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{agree, find, of_nearby, secret};
use crate::backups::{self, Turn};
use crate::core::Core;
use crate::failure::Stopped;
use crate::percent::percent;

/// Parts that may wait to be written; about half a megabyte.
const WAITING: usize = 8;
/// How often the other device is told that this one is at work.
const BUSY_EVERY: Duration = Duration::from_secs(5);

/// Meets the other device and takes everything.
pub(super) async fn run(
    core: &Core,
    from: Option<SocketAddrV4>,
    stop: &CancellationToken,
) -> Result<Totals, Stopped> {
    let (secret, mut rng, reach) = (secret(core)?, core.rng(), core.config.nearby);
    let meeting = match from {
        Some(address) => find(core, nearby::connect(reach, &secret, address, &mut rng), stop).await?,
        None => find(core, nearby::look_for(reach, &secret, &mut rng), stop).await?,
    };
    let channel = agree(core, meeting, stop).await?;
    let turn = match Turn::begin(core, DataWorkKind::Restore) {
        Ok(turn) => turn,
        Err(busy) => {
            channel.stop(Reason::Failed).await;
            return Err(busy);
        }
    };
    core.history.show(HistoryStage::Moving { percent: 0 });
    let (taking, file) = take(core, channel, stop).await?;
    core.history.show(HistoryStage::Storing { percent: Some(0) });
    let (taking, brought) = bring_back(core, taking, file, turn, stop).await;
    let removed = backups::remove_taken(core).await;
    if removed.is_err() {
        tracing::warn!("what came from the other device is removed later");
    }
    match brought {
        Ok(totals) => {
            // It has everything; whether it knows that changes nothing.
            let _ = taking.taken().await;
            Ok(totals)
        }
        Err(stopped) => {
            taking.stop(reason(&stopped)).await;
            Err(stopped)
        }
    }
}

/// Takes all bytes into the file.
async fn take(
    core: &Core,
    channel: Channel,
    stop: &CancellationToken,
) -> Result<(Taking, BackupFile), Stopped> {
    let (mut taking, contents) = Taking::begin(channel).await.map_err(of_nearby)?;
    let about = contents.about;
    let begun = async {
        let key = BackupKey::from_bytes(&contents.preface).ok_or(ErrorCode::HistoryBroken)?;
        let incoming = core
            .with_store(move |store| store.begin_incoming(about).map_err(backups::stopped))
            .await?;
        Ok::<_, Stopped>((key, incoming))
    };
    let (key, incoming) = match begun.await {
        Ok(begun) => begun,
        Err(stopped) => {
            taking.stop(reason(&stopped)).await;
            return Err(stopped);
        }
    };
    taking.ready().await.map_err(of_nearby)?;
    let (parts, waiting) = mpsc::channel(WAITING);
    let writing = core.with_store(move |_| write(incoming, waiting).map_err(backups::stopped));
    let (written, read) = tokio::join!(writing, read(core, &mut taking, &contents, parts, stop));
    let written = match (written, read) {
        (Ok(incoming), Ok(())) => Ok(incoming),
        // Where writing failed, reading ended early for that reason.
        (Err(stopped), _) | (Ok(_), Err(stopped)) => Err(stopped),
    };
    let finished = match written {
        Ok(incoming) => {
            core.with_store(move |_| incoming.finish(key).map_err(backups::stopped))
                .await
        }
        Err(stopped) => Err(stopped),
    };
    match finished {
        Ok(file) => Ok((taking, file)),
        Err(stopped) => {
            taking.stop(reason(&stopped)).await;
            Err(stopped)
        }
    }
}

/// Reads parts until the last; ends early when nobody writes them any more.
async fn read(
    core: &Core,
    taking: &mut Taking,
    contents: &Contents,
    parts: mpsc::Sender<Vec<u8>>,
    stop: &CancellationToken,
) -> Result<(), Stopped> {
    let mut read = 0_u64;
    loop {
        let part = tokio::select! {
            part = taking.next() => part.map_err(of_nearby)?,
            () = stop.cancelled() => return Err(ErrorCode::Cancelled.into()),
        };
        let Some(part) = part else { return Ok(()) };
        read = read.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
        core.history.show(HistoryStage::Moving {
            percent: percent(read, contents.about).unwrap_or(0),
        });
        if parts.send(part).await.is_err() {
            return Err(ErrorCode::Store.into());
        }
    }
}

fn write(
    mut incoming: IncomingBackup,
    mut parts: mpsc::Receiver<Vec<u8>>,
) -> Result<IncomingBackup, BackupError> {
    while let Some(part) = parts.blocking_recv() {
        incoming.write(&part)?;
    }
    Ok(incoming)
}

/// Brings back what came, and keeps the other device waiting meanwhile.
async fn bring_back(
    core: &Core,
    mut taking: Taking,
    file: BackupFile,
    turn: Turn,
    stop: &CancellationToken,
) -> (Taking, Result<Totals, Stopped>) {
    let mut bringing = std::pin::pin!(backups::bring_back_file(core, file, turn));
    let mut tell = tokio::time::interval(BUSY_EVERY);
    let mut heard = true;
    let mut ended = false;
    loop {
        tokio::select! {
            brought = &mut bringing => {
                let totals = brought.map(|report| Totals { messages: report.messages, files: report.files });
                return (taking, totals);
            }
            // The other device may leave: everything is here.
            _ = tell.tick(), if heard => heard = taking.busy().await.is_ok(),
            () = stop.cancelled(), if !ended => {
                core.data.cancel();
                ended = true;
            }
        }
    }
}

/// What the other device is told of a failure here.
fn reason(stopped: &Stopped) -> Reason {
    match stopped {
        Stopped::Refused(failure) => match failure.code {
            ErrorCode::BackupSpace | ErrorCode::Disk => Reason::Space,
            ErrorCode::Cancelled => Reason::Cancelled,
            _ => Reason::Failed,
        },
        _ => Reason::Failed,
    }
}
