//! Tells shells when a conversation that was muted for a while notifies again. Spec: messages §15 (LST-02).

use std::sync::Arc;

use crate::core::Core;
use crate::failure::Stopped;

/// Follows the ends of muting, for ever.
pub(crate) async fn run(core: Arc<Core>) {
    let mut told = core.device_now();
    loop {
        let next = core
            .read(move |reading| Ok(reading.next_unmuting(told)?))
            .await
            .unwrap_or_else(|error| {
                tracing::warn!(%error, "the ends of muting are not known");
                None
            });
        tokio::select! {
            () = core.wait_until(next) => {}
            () = core.mute_wake.notified() => {}
        }
        let now = core.device_now();
        if let Err(error) = tell(&core, told, now).await {
            tracing::warn!(%error, "nobody was told of an end of muting");
        }
        told = told.max(now);
    }
}

async fn tell(core: &Core, after: protocol::TimestampMs, now: protocol::TimestampMs) -> Result<(), Stopped> {
    let people = core
        .read(move |reading| Ok(reading.unmuted_between(after, now)?))
        .await?;
    for person in people {
        core.tell_conversation(person);
    }
    Ok(())
}
