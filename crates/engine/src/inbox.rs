//! What comes in: fetched from the account's swarm, opened, judged and stored, a batch a transaction.
//!
//! Nothing that a relay, a node or a stranger says is believed before it is verified; junk costs one hash or one failed
//! decryption. Spec: messages §10 (INB-01 to INB-09).

mod control;
mod notices;
mod poll;
mod profile;
mod receive;

use std::sync::Arc;

use network::RequestError;
use protocol::account::AccountId;
use store::{MessageId, Stage};

pub(crate) use poll::{poll, poll_into, retrieve};

use crate::core::Core;
use crate::failure::Stopped;
use crate::{outbox, sync};

/// Between two looks while all is well.
const INTERVAL_MS: i64 = 5_000;

/// Between two looks while somebody uses the messenger.
const INTERVAL_IN_USE_MS: i64 = 2_000;

/// The longest wait after failures.
const LONGEST_INTERVAL_MS: i64 = 60_000;

/// Once a day the store forgets what the swarm has forgotten.
const PURGE_EVERY_MS: i64 = 24 * 3_600_000;

/// A message by somebody else, stored for the first time and unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NewMessage {
    pub(crate) conversation: AccountId,
    pub(crate) message: MessageId,
}

/// Looks for messages every few seconds, for ever.
pub(crate) async fn run(core: Arc<Core>) {
    let mut failures = 0_u32;
    let mut purged_at = None;
    loop {
        match look(&core).await {
            Ok(Some(Ok(()))) => {
                if failures > 0 {
                    report(outbox::connection_returned(&core).await);
                }
                failures = 0;
            }
            Ok(Some(Err(_))) => failures = failures.saturating_add(1),
            Ok(None) => {}
            Err(error) => {
                failures = failures.saturating_add(1);
                report(Err(error));
            }
        }
        let now = core.device_now();
        if core.knows_time() && purged_at.is_none_or(|last| now.since_ms(last) >= PURGE_EVERY_MS) {
            purged_at = Some(now);
            // Of the two clocks the earlier one: neither a wrong device nor lying relays can make it forget too soon.
            let now = now.min(core.network_now());
            report(
                core.write(move |writing| Ok(writing.purge_expired(now).map(|_| ())?))
                    .await,
            );
        }
        let wait = match failures {
            0 if core.in_use.holds(now) => INTERVAL_IN_USE_MS,
            failures => INTERVAL_MS
                .saturating_mul(i64::from(failures.saturating_add(1)))
                .min(LONGEST_INTERVAL_MS),
        };
        tokio::select! {
            () = core.inbox_wake.notified() => {}
            () = core.clock.sleep_until(now.plus_ms(wait)) => {}
        }
    }
}

fn report(outcome: Result<(), Stopped>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, "the inbox was stopped");
    }
}

/// The report on a restored account says that nobody looks for its messages any more.
async fn note_first_look(core: &Core) -> Result<(), Stopped> {
    if core.read(|reading| Ok(reading.awaits_messages()?)).await? {
        core.write(|writing| Ok(writing.note_messages_read()?)).await?;
        core.events.send(contract::Event::AccountChanged);
    }
    Ok(())
}

/// Looks once, if there is an account that is far enough in its onboarding.
async fn look(core: &Core) -> Result<Option<Result<(), RequestError>>, Stopped> {
    let ready = core
        .read(|reading| {
            let stage = reading.account()?.map(|account| account.stage);
            Ok(!matches!(stage, None | Some(Stage::Name | Stage::Notifications)))
        })
        .await?;
    if !ready {
        return Ok(None);
    }
    // The first settings come before messages: they say who is blocked and what was read. Later ones can wait until the
    // swarm is known to answer.
    let first = sync::is_first(core).await?;
    let mut settings = None;
    if first {
        settings = sync::fetch(core).await?.ok();
    }
    let polled = poll(core).await?;
    if !first && polled.is_ok() {
        settings = sync::fetch(core).await?.ok();
    }
    core.note_restore(polled.is_ok(), settings).await?;
    if polled.is_ok() {
        note_first_look(core).await?;
    }
    Ok(Some(polled))
}
