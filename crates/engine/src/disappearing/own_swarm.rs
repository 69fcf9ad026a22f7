//! What the account's own swarm is to know of timers that started by reading, so that all devices agree.
//!
//! Everything waits in the store until the swarm has answered; nothing that it says makes a message stay longer.
//! Spec: messages §12 (DIS-05, DIS-06, DIS-09).

use std::sync::Arc;

use network::{BuildRequest, ConnectionState, NetworkState, RequestError, SwarmAnswer};
use protocol::TimestampMs;
use protocol::account::AccountKeys;
use protocol::storage::{Expire, ExpireRule, MessageHash, Request, SignedParams, Signer};
use store::SwarmExpiry;

use crate::core::Core;
use crate::failure::Stopped;
use crate::member_proofs::MemberProofs;

/// Timers of one request.
const AT_ONCE: u32 = 100;

/// Waits after failures: the first, doubled each time, up to the last.
const FIRST_REST_MS: i64 = 5_000;
const LONGEST_REST_MS: i64 = 600_000;

/// No swarm keeps what disappears after reading for longer.
const LONGEST_KEPT_MS: i64 = 14 * 24 * 3_600_000;

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

/// Asks when messages expire that another device may have read. A request to shorten that shortens nothing is one that
/// members answer with a signature, so that none of them alone makes a message go.
async fn ask_for(
    core: &Core,
    keys: &Arc<AccountKeys>,
    expiries: Vec<SwarmExpiry>,
) -> Result<Result<(), RequestError>, Stopped> {
    let never = core.network_now().plus_ms(LONGEST_KEPT_MS);
    let answered = match have_shortened(core, keys, never, &expiries).await {
        // Fewer than it takes to be sure: asked again.
        Ok(answered) if !answered.is_enough() => return Ok(Err(RequestError::SwarmSilent)),
        Ok(answered) => answered,
        Err(error) => return Ok(Err(error)),
    };
    let now = core.network_now();
    core.write(move |writing| {
        for expiry in &expiries {
            match answered.lacks(&expiry.hash) {
                true => writing.expire_lost(&expiry.hash, now)?,
                false => {
                    writing.take_swarm_expiry(&expiry.hash, answered.proven_expiry(&expiry.hash), now)?
                }
            }
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
    let answered = match have_shortened(core, keys, expires_at, &expiries).await {
        Ok(answered) => answered,
        Err(error) => return Ok(Err(error)),
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

/// Asks for what keeps to `expires_at` at the latest; answers what members have proven.
async fn have_shortened(
    core: &Core,
    keys: &Arc<AccountKeys>,
    expires_at: TimestampMs,
    expiries: &[SwarmExpiry],
) -> Result<MemberProofs, RequestError> {
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
    let answer = exchange(core, keys, &build).await?;
    // Members sign the time that they set, whichever was asked for.
    MemberProofs::read(&build(expires_at, &answer.node), &answer).ok_or(RequestError::SwarmSilent)
}

async fn exchange(
    core: &Core,
    keys: &AccountKeys,
    build: &BuildRequest<'_>,
) -> Result<SwarmAnswer, RequestError> {
    match core.ask_own_swarm(keys, build).await? {
        answer if answer.status == 200 => Ok(answer),
        _ => Err(RequestError::SwarmSilent),
    }
}
