//! Telling others what was read: a receipt every few seconds at most for each conversation, through the outbox.
//!
//! What is owed is kept with the marks of reading, so that it is told also after a restart. Spec: messages §13 (RRC-01).

use std::collections::BTreeMap;
use std::sync::Arc;

use protocol::TimestampMs;
use protocol::account::AccountId;

use crate::core::Core;
use crate::failure::Stopped;
use crate::outbox;

/// Between two receipts to one person.
const PAUSE_MS: i64 = 3_000;

/// How long the task rests after the store has failed.
const REST_MS: i64 = 5_000;

/// Tells what is owed, for ever.
pub(crate) async fn run(core: Arc<Core>) {
    let mut told_at = BTreeMap::new();
    loop {
        let next = match tell(&core, &mut told_at).await {
            Ok(next) => next,
            Err(error) => {
                tracing::warn!(%error, "read receipts could not be queued");
                Some(core.device_now().plus_ms(REST_MS))
            }
        };
        tokio::select! {
            () = core.receipts_wake.notified() => {}
            () = core.wait_until(next) => {}
        }
    }
}

/// Queues a receipt for everybody whose turn it is; says when the next one's is.
async fn tell(
    core: &Core,
    told_at: &mut BTreeMap<AccountId, TimestampMs>,
) -> Result<Option<TimestampMs>, Stopped> {
    let now = core.device_now();
    told_at.retain(|_, at| now.since_ms(*at) < PAUSE_MS);
    if core.keys_if_any().is_none() {
        return Ok(None);
    }
    let owed = core.read(|reading| Ok(reading.owed_receipts()?)).await?;
    let mut next = None;
    for with in owed {
        let due = match told_at.get(&with) {
            Some(at) => at.plus_ms(PAUSE_MS),
            None => {
                outbox::queue_receipt(core, with).await?;
                told_at.insert(with, now);
                // More may be owed than one receipt holds.
                now.plus_ms(PAUSE_MS)
            }
        };
        next = Some(next.map_or(due, |next: TimestampMs| next.min(due)));
    }
    Ok(next)
}
