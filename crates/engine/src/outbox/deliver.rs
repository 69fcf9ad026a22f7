//! One try of one delivery.

use contract::ErrorCode;
use network::{RequestError, SwarmAnswer};
use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::entries::Entry;
use protocol::storage::replies::MemberReplies;
use protocol::storage::{MessageHash, Request, Store, compute_hash};
use store::{Delivery, Step};

use super::schedule::{Next, after_failed_takeback, after_failure};
use super::tell_message;
use crate::core::Core;
use crate::failure::{Stopped, of_sending};
use crate::view::message::failure_text;

/// So many members must keep a message before it counts as sent.
pub(super) const KEEPING_MEMBERS: usize = 2;

/// A try that succeeds now was stored by an earlier one this long ago, at most.
const LONGEST_SINCE_MS: i64 = 24 * 3_600_000;

/// Sends a delivery and records what came of it. Who is blocked meanwhile is told nothing: what was written to them fails,
/// what shows no row is dropped. Spec: messages §8 (OBX-10).
pub(super) async fn deliver(core: &Core, delivery: Delivery, deadline: TimestampMs) {
    let recorded = match may_go(core, &delivery).await {
        Ok(true) => {
            let outcome = send(core, &delivery, deadline).await;
            record(core, &delivery, outcome).await
        }
        Ok(false) => {
            let (id, failure) = (delivery.id, failure_text(&ErrorCode::Blocked.into()));
            core.write(move |writing| Ok(writing.give_up(id, &failure)?))
                .await
        }
        Err(error) => Err(error),
    };
    if let Err(error) = recorded {
        // The delivery stays under way and is taken up again when the store is opened next.
        tracing::warn!(%error, "a delivery could not be recorded");
    }
    tell(core, &delivery);
}

/// Whether a delivery may leave: what takes a message back goes also to blocked people.
async fn may_go(core: &Core, delivery: &Delivery) -> Result<bool, Stopped> {
    if delivery.takes_back {
        return Ok(true);
    }
    let to = delivery.account_id;
    core.read(move |reading| {
        let contact = reading.contact(&to)?;
        Ok(contact.is_none_or(|contact| !contact.blocked))
    })
    .await
}

/// Tells shells about the message of a delivery.
pub(super) fn tell(core: &Core, delivery: &Delivery) {
    if let (Some(message), Some(conversation)) = (delivery.message, delivery.conversation) {
        tell_message(core, conversation, message);
    }
}

/// That a swarm keeps a delivery.
struct Stored {
    hash: MessageHash,
    /// Since when, in network time.
    at: TimestampMs,
}

async fn send(core: &Core, delivery: &Delivery, deadline: TimestampMs) -> Result<Stored, RequestError> {
    let build = |now: TimestampMs, _: &[u8; 32]| request(delivery, now);
    let answer = tokio::select! {
        answer = core.network.to_swarm(delivery.account_id, &build) => answer?,
        () = core.clock.sleep_until(deadline) => return Err(RequestError::SwarmSilent),
    };
    confirm(delivery.account_id, delivery, &answer, core.network_now()).ok_or(RequestError::SwarmSilent)
}

/// The request for one try. It names the current time, since a swarm refuses old ones; the message inside keeps its own.
/// Spec: messages §8 (OBX-03).
fn request(delivery: &Delivery, now: TimestampMs) -> Request {
    Request::Store(Store {
        account: delivery.account_id,
        namespace: delivery.namespace,
        data: delivery.payload.clone(),
        timestamp: now,
        expiry: now.plus_ms(delivery.ttl_ms),
        proof: None,
    })
}

/// The hash, if enough members of the swarm have signed that they keep exactly these bytes: two, where there are two, so
/// that one member alone cannot swallow a message that shows as Sent. Spec: messages §8 (OBX-08).
fn confirm(
    account: AccountId,
    delivery: &Delivery,
    answer: &SwarmAnswer,
    now: TimestampMs,
) -> Option<Stored> {
    if answer.status != 200 {
        return None;
    }
    let expected = compute_hash(account, delivery.namespace, &delivery.payload);
    let request = request(delivery, TimestampMs(0));
    let replies = MemberReplies::parse(&answer.body, &request).ok()?;
    let keeping = replies.proven(&request).filter_map(|(node, entry)| match entry {
        Entry::Stored { hash, expiry, .. } if *hash == expected && answer.members.contains(node) => {
            Some(*expiry)
        }
        _ => None,
    });
    let expiries: Vec<TimestampMs> = keeping.collect();
    let needed = answer.members.len().clamp(1, KEEPING_MEMBERS);
    if expiries.len() < needed {
        return None;
    }
    // An earlier try may have stored it, whose answer was lost. What a member says of the time has bounds, since nobody
    // else has signed it.
    let stored_at = expiries.iter().max()?.plus_ms(delivery.ttl_ms.saturating_neg());
    Some(Stored {
        hash: expected,
        at: stored_at.clamp(now.plus_ms(-LONGEST_SINCE_MS), now),
    })
}

async fn record(
    core: &Core,
    delivery: &Delivery,
    outcome: Result<Stored, RequestError>,
) -> Result<(), Stopped> {
    let id = delivery.id;
    let error = match outcome {
        Ok(stored) => return record_stored(core, delivery, stored).await,
        Err(error) => error,
    };
    let failure = failure_text(&of_sending(&error));
    let sync = delivery.step == Step::SyncCopy;
    tracing::debug!(attempts = delivery.attempts, sync, %error, "a delivery failed");
    let now = core.device_now();
    let next = match delivery.takes_back {
        true => after_failed_takeback(&error, delivery.attempts, delivery.since, now),
        false => after_failure(&error, delivery.attempts, delivery.since, now),
    };
    core.write(move |writing| match next {
        Next::TryAt(time) => Ok(writing.record_attempt(id, time, Some(&failure))?),
        Next::GiveUp => Ok(writing.give_up(id, &failure)?),
    })
    .await
}

/// Records that a swarm keeps a delivery. A message that disappears begins to when its recipient's swarm has it.
/// Spec: messages §12 (DIS-03).
async fn record_stored(core: &Core, delivery: &Delivery, stored: Stored) -> Result<(), Stopped> {
    let (id, message) = (delivery.id, delivery.message);
    let starts = message.filter(|_| delivery.step == Step::Recipient);
    core.write(move |writing| {
        writing.mark_sent(id, &stored.hash)?;
        if let Some(message) = starts {
            writing.start_sent_timer(message, stored.at)?;
        }
        Ok(())
    })
    .await?;
    core.expiry_wake.notify_one();
    Ok(())
}
