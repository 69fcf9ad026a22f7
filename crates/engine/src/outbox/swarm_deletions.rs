//! Deleting in the account's own swarm what was taken back. Spec: messages §11 (DEL-03).

use network::RequestError;
use protocol::TimestampMs;
use protocol::storage::entries::Entry;
use protocol::storage::replies::MemberReplies;
use protocol::storage::{Delete, MessageHash, Request, SignedParams, Signer};
use store::SwarmDeletions;

use super::deliver::KEEPING_MEMBERS;
use super::schedule::{Next, after_failure};
use crate::core::Core;
use crate::failure::Stopped;

/// Hashes of one request.
pub(super) const AT_ONCE: u32 = 50;

/// What is not deleted by then has expired.
const LONGEST_TRIES: u32 = 400;

/// Has hashes deleted and records what came of it.
pub(super) async fn delete(core: &Core, due: SwarmDeletions, deadline: TimestampMs) {
    let outcome = ask(core, &due.hashes, deadline).await;
    if let Err(error) = record(core, due, outcome).await {
        // They stay under way and are taken up again when the store is opened next.
        tracing::warn!(%error, "a deletion could not be recorded");
    }
}

async fn ask(core: &Core, hashes: &[MessageHash], deadline: TimestampMs) -> Result<(), RequestError> {
    let Some(keys) = core.keys_if_any() else {
        return Err(RequestError::SwarmSilent);
    };
    let request = Delete {
        account: keys.account_id(),
        messages: hashes.to_vec(),
        required: false,
    };
    let request = Request::Delete(request.sign(&Signer::account(&keys)));
    let build = |_: TimestampMs, _: &[u8; 32]| request.clone();
    let answer = tokio::select! {
        answer = core.network.to_swarm(keys.account_id(), &build) => answer?,
        () = core.clock.sleep_until(deadline) => return Err(RequestError::SwarmSilent),
    };
    if answer.status != 200 {
        return Err(RequestError::SwarmSilent);
    }
    let replies = MemberReplies::parse(&answer.body, &request).map_err(|_| RequestError::SwarmSilent)?;
    // A member that names nothing has proven that it has nothing.
    let deleted = replies
        .proven(&request)
        .filter(|(node, entry)| answer.members.contains(node) && matches!(entry, Entry::Deleted(_)));
    let needed = answer.members.len().clamp(1, KEEPING_MEMBERS);
    match deleted.count() >= needed {
        true => Ok(()),
        false => Err(RequestError::SwarmSilent),
    }
}

async fn record(core: &Core, due: SwarmDeletions, outcome: Result<(), RequestError>) -> Result<(), Stopped> {
    let SwarmDeletions { hashes, attempts } = due;
    let Err(error) = outcome else {
        return core
            .write(move |writing| Ok(writing.finish_swarm_deletions(&hashes)?))
            .await;
    };
    tracing::debug!(attempts, %error, "the swarm did not delete");
    let now = core.device_now();
    let next = match after_failure(&error, attempts, now, now) {
        Next::TryAt(time) => Some(time),
        Next::GiveUp => None,
    };
    core.write(move |writing| match next {
        Some(next) if attempts < LONGEST_TRIES => Ok(writing.postpone_swarm_deletions(&hashes, next)?),
        _ => Ok(writing.finish_swarm_deletions(&hashes)?),
    })
    .await
}
