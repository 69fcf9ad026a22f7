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

/// The hash, if a member of the swarm says that it keeps exactly these bytes. Spec: messages §8 (OBX-08).
fn confirm(account: AccountId, delivery: &Delivery, answer: &SwarmAnswer) -> Option<MessageHash> {
    if answer.status != 200 {
        return None;
    }
    let expected = compute_hash(account, delivery.namespace, &delivery.payload);
    let replies = MemberReplies::parse(&answer.body, &request(delivery, TimestampMs(0))).ok()?;
    let keeps = replies
        .members
        .values()
        .flatten()
        .any(|member| matches!(&member.entry, Entry::Stored { hash, .. } if *hash == expected));
    keeps.then_some(expected)
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
