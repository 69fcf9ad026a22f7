//! What of this device's edits has not reached the account's swarm, and for how long that has failed.

use std::sync::{Mutex, PoisonError};

use protocol::TimestampMs;
use protocol::config::ConfigType;

use super::configs::with_configs;
use super::state::{PartState, state};
use crate::core::Core;
use crate::failure::Stopped;

/// After so long of failing the user is told.
const LONG_MS: i64 = 60_000;

/// Since when settings cannot be brought to the network, by this device's clock.
#[derive(Debug, Default)]
pub(crate) struct Failing(Mutex<Option<TimestampMs>>);

impl Failing {
    pub(super) fn began(&self, now: TimestampMs) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(now);
    }

    pub(super) fn ended(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Whether it fails for so long that the user is to know. Spec: sync §6 (SYN-61)
    pub(crate) fn for_long(&self, now: TimestampMs) -> bool {
        let since = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        since.is_some_and(|since| now.since_ms(since) >= LONG_MS)
    }
}

/// Edits of each of these parts that wait, in the order of [`ConfigType::ALL`]; at least one of a part that waits.
pub(crate) async fn waiting(core: &Core, parts: &[PartState; 4]) -> Result<[u32; 4], Stopped> {
    if parts.iter().all(|part| !part.waits) {
        return Ok([0; 4]);
    }
    let keys = core.keys()?;
    with_configs(core, &keys, |_, _, configs| {
        Ok(ConfigType::ALL.map(|config_type| {
            let config = configs.get_mut(config_type);
            match config.needs_push() {
                true => u32::try_from(config.edits()).unwrap_or(u32::MAX).max(1),
                false => 0,
            }
        }))
    })
    .await
}

/// What shells are told of when it changes: which parts wait, and whether for long.
pub(super) async fn summary(core: &Core) -> Result<([bool; 4], bool), Stopped> {
    let parts = state(core).await?.map(|part| part.waits);
    Ok((parts, core.failing.for_long(core.device_now())))
}
