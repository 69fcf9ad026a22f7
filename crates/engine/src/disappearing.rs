//! Disappearing messages: what is due goes, and the account's own swarm learns of timers that started by reading.
//!
//! Messages go at the moment they are due, and before anything is shown when that moment passed while nobody looked.
//! Spec: messages §12 (DIS-08).

mod own_swarm;

use std::sync::Arc;

use protocol::TimestampMs;
use protocol::account::AccountId;

pub(crate) use own_swarm::run as run_own_swarm;

use crate::core::Core;
use crate::failure::Stopped;

/// Messages of one transaction.
const BATCH: u32 = 200;

/// What was hidden so long ago was told of.
const JUST_NOW_MS: i64 = 60_000;

/// How long the task rests after the store has failed.
const REST_MS: i64 = 5_000;

/// Removes what is due, when it is due, for ever.
pub(crate) async fn run(core: Arc<Core>) {
    let mut network = core.network.state();
    loop {
        let next = match remove_due(&core).await {
            // A wait counts device time.
            Ok(next) => next.map(|next| core.device_time(next)),
            Err(error) => {
                tracing::warn!(%error, "disappearing messages could not be removed");
                Some(core.device_now().plus_ms(REST_MS))
            }
        };
        tokio::select! {
            () = core.expiry_wake.notified() => {}
            () = core.wait_until(next) => {}
            // Network time may have been corrected.
            changed = network.changed() => if changed.is_err() {
                return;
            },
        }
    }
}

/// Removes everything whose time has passed; says when the next is due, in network time.
pub(crate) async fn remove_due(core: &Core) -> Result<Option<TimestampMs>, Stopped> {
    if !core.knows_time() {
        return hide_due(core).await;
    }
    core.store.hide_expired(None);
    loop {
        let now = core.network_now();
        let due = core
            .read(move |reading| Ok(reading.next_expiry()?.is_some_and(|next| next <= now)))
            .await?;
        if !due {
            return core.read(|reading| Ok(reading.next_expiry()?)).await;
        }
        let mut conversations: Vec<AccountId> = core
            .write(move |writing| Ok(writing.delete_expired(now, BATCH)?))
            .await?;
        core.transfer_wake.notify_one();
        conversations.sort_unstable();
        conversations.dedup();
        for conversation in conversations {
            core.tell_conversation(conversation);
        }
    }
}

/// Hides what has disappeared by a clock that nobody has confirmed: should it be ahead, nothing is lost. Says when the next
/// is due. Spec: messages §12 (DIS-10).
async fn hide_due(core: &Core) -> Result<Option<TimestampMs>, Stopped> {
    let now = core.network_now();
    core.store.hide_expired(Some(now));
    let shortly_before = now.plus_ms(-JUST_NOW_MS);
    let conversations = core
        .write(move |writing| Ok(writing.expired_between(shortly_before, now)?))
        .await?;
    for conversation in conversations {
        core.tell_conversation(conversation);
    }
    core.read(|reading| Ok(reading.next_expiry()?)).await
}

impl Core {
    /// Timers have started, or a swarm is to be told of some.
    pub(crate) fn timers_changed(&self) {
        self.expiry_wake.notify_one();
        self.swarm_expiry_wake.notify_one();
    }

    /// The device's time at a moment of network time.
    fn device_time(&self, network: TimestampMs) -> TimestampMs {
        network.plus_ms(self.clock_offset_ms().saturating_neg())
    }
}
