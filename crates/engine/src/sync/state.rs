//! How far this device and the account's swarm agree, part by part.

use network::RequestError;
use protocol::TimestampMs;
use protocol::config::{Config, ConfigType};
use store::{StoreError, Writing};

use super::push::{Pushed, push};
use crate::core::Core;
use crate::failure::Stopped;

/// Being in step is noted so often: each look would write otherwise.
const NOTED_EVERY_MS: i64 = 60_000;

/// How far one part of what the devices share has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PartState {
    pub(crate) config_type: ConfigType,
    /// When swarm and device last had the same, network time, up to a minute early; `None` for never.
    pub(crate) in_step_at: Option<TimestampMs>,
    /// The swarm has not taken what was edited here.
    pub(crate) waits: bool,
}

/// How far each part has come, also before this process; a part is in the order of [`ConfigType::ALL`]. Cheap.
/// Spec: sync §6 (SYN-60)
pub(crate) async fn state(core: &Core) -> Result<[PartState; 4], Stopped> {
    core.read(|reading| {
        let mut parts = ConfigType::ALL.map(|config_type| PartState {
            config_type,
            in_step_at: None,
            waits: false,
        });
        for part in &mut parts {
            let upkeep = reading.config_upkeep(part.config_type.namespace())?;
            (part.in_step_at, part.waits) = (upkeep.in_step_at, upkeep.waits);
        }
        Ok(parts)
    })
    .await
}

/// Fetches what others pushed and pushes what was edited here, at once. The inner failure is the network's; what could
/// not be pushed is tried again by itself.
pub(crate) async fn sync_now(core: &Core) -> Result<Result<(), RequestError>, Stopped> {
    core.keys()?;
    if let Err(error) = super::fetch(core).await? {
        return Ok(Err(error));
    }
    Ok(match push(core).await? {
        Pushed::All => Ok(()),
        Pushed::Later => Err(RequestError::SwarmSilent),
    })
}

/// Notes whether a config has edits that wait.
pub(super) fn note_waiting(writing: &Writing<'_>, config: &Config) -> Result<(), StoreError> {
    let (namespace, waits) = (config.config_type().namespace(), config.needs_push());
    writing.change_config_upkeep(namespace, |upkeep| upkeep.waits = waits)
}

/// Notes that the swarm has stored what waited of a config.
pub(super) fn note_stored(
    writing: &Writing<'_>,
    config_type: ConfigType,
    now: TimestampMs,
) -> Result<(), StoreError> {
    writing.change_config_upkeep(config_type.namespace(), |upkeep| {
        (upkeep.in_step_at, upkeep.kept_at) = (Some(now), Some(now));
    })
}

/// Notes that the swarm has again what it had lost.
pub(super) fn note_restored(
    writing: &Writing<'_>,
    config_type: ConfigType,
    now: TimestampMs,
) -> Result<(), StoreError> {
    note_stored(writing, config_type, now)?;
    writing.change_config_upkeep(config_type.namespace(), |upkeep| upkeep.restored_at = Some(now))
}

/// Notes that the swarm was read to its end: what does not wait is in step.
pub(super) async fn note_in_step(core: &Core) -> Result<(), Stopped> {
    let now = core.network_now();
    let old = move |part: &PartState| {
        let age = part.in_step_at.map(|at| now.since_ms(at));
        !part.waits && !age.is_some_and(|age| (0..NOTED_EVERY_MS).contains(&age))
    };
    if !state(core).await?.iter().any(old) {
        return Ok(());
    }
    core.write(move |writing| {
        for config_type in ConfigType::ALL {
            writing.change_config_upkeep(config_type.namespace(), |upkeep| {
                if !upkeep.waits {
                    upkeep.in_step_at = Some(now);
                }
            })?;
        }
        Ok(())
    })
    .await
}
