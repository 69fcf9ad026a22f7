//! The device that has the history: a backup is made and passed on while it is made, so that it needs no room here.

use std::io::{self, Write};

use backup::{BackupKey, Totals};
use contract::{DataWorkKind, ErrorCode, HistoryStage};
use nearby::{Contents, Giving, Offer, Reason};
use store::BackupOrder;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{agree, find, of_nearby};
use crate::backups::{self, Turn};
use crate::core::Core;
use crate::failure::Stopped;
use crate::percent::percent;

/// Pieces of a backup that may wait to be sent; about half a megabyte.
const WAITING: usize = 8;

/// Takes what is written to the task that sends it. Blocks while that is behind.
struct Pipe(mpsc::Sender<Vec<u8>>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .blocking_send(bytes.to_vec())
            .map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Waits for the other device and sends it everything.
pub(super) async fn run(core: &Core, offer: Offer, stop: &CancellationToken) -> Result<Totals, Stopped> {
    let mut rng = core.rng();
    let meeting = find(core, offer.meet(&mut rng), stop).await?;
    let channel = agree(core, meeting, stop).await?;
    let turn = match Turn::begin(core, DataWorkKind::BackUp) {
        Ok(turn) => turn,
        Err(busy) => {
            channel.stop(Reason::Failed).await;
            return Err(busy);
        }
    };
    core.history.show(HistoryStage::Moving { percent: 0 });
    let order = BackupOrder {
        key: BackupKey::random(&mut rng),
        include_account: false,
        made_at: core.network_now(),
    };
    let contents = Contents {
        about: core.with_store(|store| Ok(store.backup_len()?)).await?,
        preface: order.key.to_bytes().to_vec(),
    };
    let giving = Giving::begin(channel, contents).await.map_err(of_nearby)?;
    let (pipe, pieces) = mpsc::channel(WAITING);
    let history = std::sync::Arc::clone(&core.history);
    let making = core.with_store(move |store| {
        let made = store.back_up_into(Pipe(pipe), &order, &mut rng, &mut |progress| {
            history.show(HistoryStage::Moving {
                percent: percent(progress.done, progress.total).unwrap_or(0),
            });
            turn.step(progress)
        });
        made.map_err(backups::stopped)
    });
    let (made, sent) = tokio::join!(making, send(giving, pieces, stop));
    // Where sending failed, making did so for that reason.
    let giving = sent?;
    let totals = match made {
        Ok(totals) => totals,
        Err(stopped) => {
            giving.stop(Reason::Failed).await;
            return Err(stopped);
        }
    };
    core.history.show(HistoryStage::Storing { percent: None });
    tokio::select! {
        taken = giving.finish() => taken.map_err(of_nearby)?,
        () = stop.cancelled() => return Err(ErrorCode::Cancelled.into()),
    }
    Ok(totals)
}

async fn send(
    mut giving: Giving,
    mut pieces: mpsc::Receiver<Vec<u8>>,
    stop: &CancellationToken,
) -> Result<Giving, Stopped> {
    loop {
        let piece = tokio::select! {
            piece = pieces.recv() => piece,
            () = stop.cancelled() => {
                giving.stop(Reason::Cancelled).await;
                return Err(ErrorCode::Cancelled.into());
            }
        };
        let Some(piece) = piece else {
            return Ok(giving);
        };
        giving.write(&piece).await.map_err(of_nearby)?;
    }
}
