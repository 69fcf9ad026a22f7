//! What relays said last of the device's clock, kept over restarts.
//!
//! Until relays have answered a process goes by what the one before it had learnt. A clock that was set back since then
//! shows: it is earlier than it was; what was learnt of it is not used. One that was set ahead does not show, so nothing is
//! deleted for its time having passed before relays have answered. Spec: messages §9 (ENG-04), §12 (DIS-10).

use std::sync::Arc;

use protocol::TimestampMs;
use store::{CachePart, Reading};

use crate::core::Core;
use crate::failure::Stopped;

/// An offset that differs less from the one kept is not worth a write.
const SAME_MS: u64 = 1_000;

/// What is kept is written anew after this long, so that a clock that was set back shows.
const AGAIN_MS: i64 = 3_600_000;

/// An offset and when it was learnt. 16 bytes: offset[8] ‖ device time[8], milliseconds, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KnownClock {
    /// Network time minus the device's.
    offset_ms: i64,
    /// Device time.
    learnt_at: TimestampMs,
}

impl KnownClock {
    /// What the process before this one had learnt.
    pub(crate) fn load(reading: &Reading<'_>) -> Option<Self> {
        let bytes = reading.network_cache(CachePart::Clock).ok().flatten()?;
        let (offset, learnt_at) = bytes.split_first_chunk::<8>()?;
        Some(Self {
            offset_ms: i64::from_le_bytes(*offset),
            learnt_at: TimestampMs(i64::from_le_bytes(learnt_at.try_into().ok()?)),
        })
    }

    /// The offset, as far as the device's clock goes on where it was.
    pub(crate) fn offset_ms(self, device_now: TimestampMs) -> i64 {
        match device_now >= self.learnt_at {
            true => self.offset_ms,
            false => 0,
        }
    }

    fn to_bytes(self) -> Vec<u8> {
        [self.offset_ms.to_le_bytes(), self.learnt_at.0.to_le_bytes()].concat()
    }

    /// Whether another process would do worse with what is kept than with this.
    fn replaces(self, kept: Self) -> bool {
        self.offset_ms.abs_diff(kept.offset_ms) > SAME_MS
            || self.learnt_at.since_ms(kept.learnt_at) >= AGAIN_MS
            || self.learnt_at < kept.learnt_at
    }
}

/// Keeps what relays say, for ever.
pub(crate) async fn run(core: Arc<Core>) {
    let mut network = core.network.state();
    loop {
        if let Err(error) = keep(&core).await {
            tracing::debug!(%error, "the offset of the clock was not kept");
        }
        let again = core.device_now().plus_ms(AGAIN_MS);
        tokio::select! {
            changed = network.changed() => if changed.is_err() {
                return;
            },
            () = core.wait_until(Some(again)) => {}
        }
    }
}

async fn keep(core: &Core) -> Result<(), Stopped> {
    if !core.knows_time() {
        return Ok(());
    }
    let now = core.device_now();
    let known = KnownClock {
        offset_ms: core.clock_offset_ms(),
        learnt_at: now,
    };
    let kept = core.read(|reading| Ok(KnownClock::load(reading))).await?;
    if kept.is_some_and(|kept| !known.replaces(kept)) {
        return Ok(());
    }
    let bytes = known.to_bytes();
    core.write(move |writing| Ok(writing.set_network_cache(CachePart::Clock, &bytes, now)?))
        .await
}
