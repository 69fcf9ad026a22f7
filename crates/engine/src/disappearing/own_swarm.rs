//! What the account's own swarm is to know of timers that started by reading, so that all devices agree.
//!
//! Everything waits in the store until the swarm has answered; nothing that it says makes a message stay longer.
//! Spec: messages §12 (DIS-05, DIS-06, DIS-09).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use network::{BuildRequest, ConnectionState, NetworkState, RequestError, SwarmAnswer};
use protocol::TimestampMs;
use protocol::account::AccountKeys;
use protocol::storage::entries::Entry;
use protocol::storage::replies::{MemberReplies, parse_expiries};
use protocol::storage::{Expire, ExpireRule, GetExpiries, MessageHash, Request, SignedParams, Signer};
use store::SwarmExpiry;

use crate::core::Core;
use crate::failure::Stopped;

/// Timers of one request.
const AT_ONCE: u32 = 100;

/// A swarm that has not answered within this time is asked again later.
const LONGEST_WAIT_MS: i64 = 60_000;

/// Waits after failures: the first, doubled each time, up to the last.
const FIRST_REST_MS: i64 = 5_000;
const LONGEST_REST_MS: i64 = 600_000;

/// So many members must say that a message is gone before that is believed.
const SURE_MEMBERS: usize = 2;

/// Tells the swarm and asks it, for ever.
pub(crate) async fn run(core: Arc<Core>) {
    let mut rest_ms = FIRST_REST_MS;
    let mut state = core.network.state();
    loop {
        let wait = match work(&core).await {
            Ok(Work::Nothing) => None,
            Ok(Work::Done) => {
                rest_ms = FIRST_REST_MS;
                continue;
            }
            Ok(Work::Failed) => Some(rest_ms),
            Err(error) => {
                tracing::debug!(%error, "the swarm was not told of timers");
                Some(rest_ms)
            }
        };
        if wait.is_some() {
            rest_ms = rest_ms.saturating_mul(2).min(LONGEST_REST_MS);
        }
        let rested_at = wait.map(|wait| core.device_now().plus_ms(wait));
        let connected = |state: &NetworkState| state.connection == ConnectionState::Connected;
        let was_connected = connected(&state.borrow_and_update());
        tokio::select! {
            () = core.swarm_expiry_wake.notified(), if wait.is_none() => {}
            () = core.wait_until(rested_at) => {}
            returned = state.wait_for(|state| !was_connected && connected(state)) => if returned.is_err() {
                return;
            },
        }
    }
}

enum Work {
    Nothing,
    Done,
    Failed,
}

/// One request for some of what waits.
async fn work(core: &Core) -> Result<Work, Stopped> {
    let Some(keys) = core.keys_if_any() else {
        return Ok(Work::Nothing);
    };
    let waiting = core.read(|reading| Ok(reading.swarm_expiries(AT_ONCE)?)).await?;
    let now = core.network_now();
    let (waiting, over): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|expiry| expiry.kept_until > now);
    if !over.is_empty() {
        forget(core, over).await?;
        return Ok(Work::Done);
    }
    let (ask, tell): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|expiry| expiry.ask);
    let outcome = if !ask.is_empty() {
        ask_for(core, &keys, ask).await?
    } else if let Some(first) = tell.first().map(|expiry| expiry.expires_at) {
        // One time a request: those that were read together.
        let together = tell.into_iter().filter(|expiry| expiry.expires_at == first);
        shorten(core, &keys, first, together.collect()).await?
    } else {
        return Ok(Work::Nothing);
    };
    Ok(match outcome {
        Ok(()) => Work::Done,
        Err(error) => {
            tracing::debug!(%error, "the swarm did not answer about timers");
            Work::Failed
        }
    })
}

async fn forget(core: &Core, expiries: Vec<SwarmExpiry>) -> Result<(), Stopped> {
    core.write(move |writing| {
        for expiry in &expiries {
            writing.forget_swarm_expiry(&expiry.hash)?;
        }
        Ok(())
    })
    .await
}

/// Asks when messages expire that another device may have read. One member's word, unsigned: it can only make a message
/// go sooner.
async fn ask_for(
    core: &Core,
    keys: &Arc<AccountKeys>,
    expiries: Vec<SwarmExpiry>,
) -> Result<Result<(), RequestError>, Stopped> {
    let hashes: Vec<Vec<u8>> = expiries.iter().map(|it| it.hash.as_bytes().to_vec()).collect();
    let build = |now: TimestampMs, _: &[u8; 32]| {
        let request = GetExpiries {
            account: keys.account_id(),
            messages: hashes.clone(),
            timestamp: now,
        };
        Request::GetExpiries(request.sign(&Signer::account(keys)))
    };
    let answer = match exchange(core, keys, &build).await {
        Ok(answer) => answer,
        Err(error) => return Ok(Err(error)),
    };
    let Ok(known) = parse_expiries(&answer.body) else {
        return Ok(Err(RequestError::SwarmSilent));
    };
    let now = core.network_now();
    core.write(move |writing| {
        for expiry in &expiries {
            writing.take_swarm_expiry(&expiry.hash, known.get(&expiry.hash).copied(), now)?;
        }
        Ok(())
    })
    .await?;
    core.expiry_wake.notify_one();
    Ok(Ok(()))
}

/// Has the swarm drop messages when they disappear here. Never any others, and never later than it would.
async fn shorten(
    core: &Core,
    keys: &Arc<AccountKeys>,
    expires_at: TimestampMs,
    expiries: Vec<SwarmExpiry>,
) -> Result<Result<(), RequestError>, Stopped> {
    let hashes: Vec<MessageHash> = expiries.iter().map(|expiry| expiry.hash).collect();
    let build = |now: TimestampMs, _: &[u8; 32]| {
        let request = Expire {
            account: keys.account_id(),
            messages: hashes.clone(),
            // What disappeared while the swarm could not be told goes at once: swarms refuse times that have passed.
            expiry: vec![expires_at.max(now)],
            rule: ExpireRule::Shorten,
        };
        Request::Expire(request.sign(&Signer::account(keys)))
    };
    let answer = match exchange(core, keys, &build).await {
        Ok(answer) => answer,
        Err(error) => return Ok(Err(error)),
    };
    // Members sign the time that they set, whichever was asked for.
    let Some(answered) = Answered::read(&build(expires_at, &answer.node), &answer) else {
        return Ok(Err(RequestError::SwarmSilent));
    };
    let now = core.network_now();
    core.write(move |writing| {
        for expiry in &expiries {
            match answered.lacks(&expiry.hash) {
                true => writing.expire_lost(&expiry.hash, now)?,
                false => writing.forget_swarm_expiry(&expiry.hash)?,
            }
        }
        Ok(())
    })
    .await?;
    core.expiry_wake.notify_one();
    Ok(Ok(()))
}

/// What members have proven to have done.
struct Answered {
    /// Members that answered.
    members: usize,
    /// What at least one of them has.
    having: BTreeSet<MessageHash>,
    needed: usize,
}

impl Answered {
    fn read(request: &Request, answer: &SwarmAnswer) -> Option<Self> {
        let replies = MemberReplies::parse(&answer.body, request).ok()?;
        let mut having = BTreeSet::new();
        let mut members = 0_usize;
        for (node, entry) in replies.proven(request) {
            let Entry::Expired {
                updated, unchanged, ..
            } = entry
            else {
                continue;
            };
            if !answer.members.contains(node) {
                continue;
            }
            members = members.saturating_add(1);
            having.extend(updated.iter().chain(unchanged.iter().flat_map(BTreeMap::keys)));
        }
        let needed = answer.members.len().clamp(1, SURE_MEMBERS);
        (members > 0).then_some(Self {
            members,
            having,
            needed,
        })
    }

    /// Nobody has it, and enough have said so: another device has removed it.
    fn lacks(&self, hash: &MessageHash) -> bool {
        self.members >= self.needed && !self.having.contains(hash)
    }
}

async fn exchange(
    core: &Core,
    keys: &AccountKeys,
    build: &BuildRequest<'_>,
) -> Result<SwarmAnswer, RequestError> {
    let mut changes = core.account_changes.subscribe();
    tokio::select! {
        answer = core.network.to_swarm(keys.account_id(), build) => match answer? {
            answer if answer.status == 200 => Ok(answer),
            _ => Err(RequestError::SwarmSilent),
        },
        () = core.clock.sleep_until(core.device_now().plus_ms(LONGEST_WAIT_MS)) => Err(RequestError::SwarmSilent),
        _ = changes.changed() => Err(RequestError::SwarmSilent),
    }
}
