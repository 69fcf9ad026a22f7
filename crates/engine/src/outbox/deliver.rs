//! One try of one delivery.

use network::{RequestError, SwarmAnswer};
use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::entries::Entry;
use protocol::storage::replies::MemberReplies;
use protocol::storage::{MessageHash, Request, Store, compute_hash};
use store::{Delivery, Step};

use super::schedule::{Next, after_failure};
use super::tell_message;
use crate::core::Core;
use crate::failure::{Stopped, of_sending};
use crate::view::message::failure_text;

/// So many members must keep a message before it counts as sent.
const KEEPING_MEMBERS: usize = 2;

/// Sends a delivery and records what came of it.
pub(super) async fn deliver(core: &Core, delivery: Delivery, deadline: TimestampMs) {
    let outcome = send(core, &delivery, deadline).await;
    if let Err(error) = record(core, &delivery, outcome).await {
        // The delivery stays under way and is taken up again when the store is opened next.
        tracing::warn!(%error, "a delivery could not be recorded");
    }
    tell(core, &delivery);
}

/// Tells shells about the message of a delivery.
pub(super) fn tell(core: &Core, delivery: &Delivery) {
    if let (Some(message), Some(conversation)) = (delivery.message, delivery.conversation) {
        tell_message(core, conversation, message);
    }
}

async fn send(core: &Core, delivery: &Delivery, deadline: TimestampMs) -> Result<MessageHash, RequestError> {
    let build = |now: TimestampMs, _: &[u8; 32]| request(delivery, now);
    let answer = tokio::select! {
        answer = core.network.to_swarm(delivery.account_id, &build) => answer?,
        () = core.clock.sleep_until(deadline) => return Err(RequestError::SwarmSilent),
    };
    confirm(delivery.account_id, delivery, &answer).ok_or(RequestError::SwarmSilent)
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
fn confirm(account: AccountId, delivery: &Delivery, answer: &SwarmAnswer) -> Option<MessageHash> {
    if answer.status != 200 {
        return None;
    }
    let expected = compute_hash(account, delivery.namespace, &delivery.payload);
    let request = request(delivery, TimestampMs(0));
    let replies = MemberReplies::parse(&answer.body, &request).ok()?;
    let keeping = replies.proven(&request).filter(|(node, entry)| {
        answer.members.contains(node) && matches!(entry, Entry::Stored { hash, .. } if *hash == expected)
    });
    let needed = answer.members.len().clamp(1, KEEPING_MEMBERS);
    (keeping.count() >= needed).then_some(expected)
}

async fn record(
    core: &Core,
    delivery: &Delivery,
    outcome: Result<MessageHash, RequestError>,
) -> Result<(), Stopped> {
    let id = delivery.id;
    let error = match outcome {
        Ok(hash) => return core.write(move |writing| Ok(writing.mark_sent(id, &hash)?)).await,
        Err(error) => error,
    };
    let failure = failure_text(&of_sending(&error));
    let sync = delivery.step == Step::SyncCopy;
    tracing::debug!(attempts = delivery.attempts, sync, %error, "a delivery failed");
    let next = after_failure(&error, delivery.attempts, delivery.since, core.device_now());
    core.write(move |writing| match next {
        Next::TryAt(time) => Ok(writing.record_attempt(id, time, Some(&failure))?),
        Next::GiveUp => Ok(writing.give_up(id, &failure)?),
    })
    .await
}
