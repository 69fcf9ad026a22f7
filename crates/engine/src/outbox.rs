//! What is to be sent: queued with its row in one transaction, tried until it is confirmed or given up.
//!
//! The sealed bytes are made once and kept, so that every try stores the same message under the same hash and the
//! recipient has one copy however often it is tried, also when the process is killed at any point.
//! Spec: messages §8 (OBX-01 to OBX-09).

mod deletion;
mod deliver;
mod disappearing;
mod files;
mod queue;
mod reactions;
mod receipts;
pub(crate) mod schedule;
mod swarm_deletions;

use std::sync::Arc;

use contract::Event;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use protocol::TimestampMs;
use protocol::account::AccountId;
use store::{Delivery, MessageId, SwarmDeletions};

pub(crate) use deletion::{Reach, take_back};
pub(crate) use disappearing::set_disappearing;
pub(crate) use files::queue_when_uploaded;
pub(crate) use queue::{Draft, accept, queue_message};
pub(crate) use reactions::react;
pub(crate) use receipts::queue_receipt;

use crate::core::Core;
use crate::failure::Stopped;
use crate::view;

/// Deliveries under way at the same time.
const AT_ONCE: usize = 8;

/// How long the outbox rests after the store has failed.
const REST_MS: i64 = 5_000;

/// Sends what is due, for ever.
pub(crate) async fn run(core: Arc<Core>) {
    let mut under_way = FuturesUnordered::new();
    loop {
        let next = match claim(&core, AT_ONCE.saturating_sub(under_way.len())).await {
            Ok((claimed, next)) => {
                let deadline = core.device_now().plus_ms(schedule::LONGEST_TRY_MS);
                under_way.extend(claimed.into_iter().map(|work| perform(&core, work, deadline)));
                next
            }
            Err(error) => {
                tracing::warn!(%error, "the outbox could not be read");
                Some(core.device_now().plus_ms(REST_MS))
            }
        };
        let room = under_way.len() < AT_ONCE;
        tokio::select! {
            Some(()) = under_way.next(), if !under_way.is_empty() => {}
            () = core.outbox_wake.notified() => {}
            () = core.wait_until(next.filter(|_| room)) => {}
        }
    }
}

/// Sends what is due now, each try until `deadline` at most; for short visits in the background.
pub(crate) async fn flush(core: &Core, deadline: TimestampMs) -> Result<(), Stopped> {
    loop {
        let now = core.device_now();
        if now >= deadline {
            return Ok(());
        }
        let (claimed, _) = claim(core, AT_ONCE).await?;
        if claimed.is_empty() {
            return Ok(());
        }
        let deadline = deadline.min(now.plus_ms(schedule::LONGEST_TRY_MS));
        let mut under_way: FuturesUnordered<_> = claimed
            .into_iter()
            .map(|work| perform(core, work, deadline))
            .collect();
        while under_way.next().await.is_some() {}
    }
}

/// Makes everything that waits due at once. Spec: messages §8 (OBX-05).
pub(crate) async fn connection_returned(core: &Core) -> Result<(), Stopped> {
    let now = core.device_now();
    core.write(move |writing| Ok(writing.wake_waiting(now)?)).await?;
    core.outbox_wake.notify_one();
    Ok(())
}

/// Tells shells that the state of a message has changed.
pub(crate) fn tell_message(core: &Core, conversation: AccountId, message: MessageId) {
    core.events.send(Event::MessageChanged {
        conversation: view::conversation_id(conversation),
        message: view::message::id(message),
    });
    core.events.send(Event::ConversationsChanged);
}

/// Sets up who waits for whom: what goes to somebody together with a control message stands in line behind it, so that an
/// acceptance is there before the answer that implies it. Everything else goes side by side.
fn in_lines(claimed: Vec<Delivery>) -> Vec<Vec<Delivery>> {
    let mut lines: Vec<Vec<Delivery>> = Vec::new();
    for delivery in claimed {
        let behind = lines.iter_mut().find(|line| {
            line.first()
                .is_some_and(|first| first.message.is_none() && first.account_id == delivery.account_id)
        });
        match behind {
            Some(line) => line.push(delivery),
            None => lines.push(vec![delivery]),
        }
    }
    lines
}

/// What is done side by side.
enum Work {
    /// Deliveries one after the other.
    Line(Vec<Delivery>),
    /// Hashes that my own swarm is to delete.
    Deletion(SwarmDeletions),
}

async fn perform(core: &Core, work: Work, deadline: TimestampMs) {
    match work {
        Work::Line(line) => {
            for delivery in line {
                deliver::deliver(core, delivery, deadline).await;
            }
        }
        Work::Deletion(due) => swarm_deletions::delete(core, due, deadline).await,
    }
}

/// Takes what is due, and says when the next is. What is taken shows as Sending.
async fn claim(core: &Core, limit: usize) -> Result<(Vec<Work>, Option<TimestampMs>), Stopped> {
    // An account that is being cleared sends nothing more.
    if core.keys_if_any().is_none() {
        return Ok((Vec::new(), None));
    }
    let now = core.device_now();
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    let nothing_due = core
        .read(move |reading| Ok(reading.next_due()?.is_none_or(|next| next > now)))
        .await?;
    let (claimed, deletions) = match limit == 0 || nothing_due {
        true => (Vec::new(), SwarmDeletions::default()),
        false => {
            core.write(move |writing| {
                let deletions = writing.claim_swarm_deletions(now, swarm_deletions::AT_ONCE)?;
                Ok((writing.claim_due(now, limit)?, deletions))
            })
            .await?
        }
    };
    for delivery in &claimed {
        deliver::tell(core, delivery);
    }
    let next = core.read(|reading| Ok(reading.next_due()?)).await?;
    let mut work: Vec<Work> = in_lines(claimed).into_iter().map(Work::Line).collect();
    if !deletions.hashes.is_empty() {
        work.push(Work::Deletion(deletions));
    }
    Ok((work, next))
}
