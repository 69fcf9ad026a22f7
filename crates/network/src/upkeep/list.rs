//! Fetching the list of relays: from a seed at first, from three relays that agree later.
//! Spec: network §1, §2 (NET-01 to NET-06)

use std::time::Duration;

use bytes::Bytes;
use data_encoding::BASE64;
use futures::StreamExt;
use futures::future::join_all;
use futures::stream::FuturesUnordered;
use protocol::storage::{OxendEndpoint, OxendRequest, Request};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::bounds::{MAX_LIST_LEN, parse_json};
use crate::core::Core;
use crate::exchange::{Question, ask};
use crate::profile::Seed;
use crate::relay_pool::{PoolRelay, agreed, parse_binary_list, parse_node_states, sample};
use crate::transport::{Limits, TransportError};

/// Relays asked for their list.
const ASKED: usize = 3;
/// Rounds of asking before seeds are asked.
const ROUNDS: u32 = 3;
/// How long a seed may take before another one is asked too.
const SEED_PATIENCE: Duration = Duration::from_secs(3);
const SEED_LIMITS: Limits = Limits {
    total: Duration::from_secs(15),
    connect: Duration::from_secs(5),
    max_len_bytes: MAX_LIST_LEN,
};

/// Asks the seeds in random order until one gives a list that is long enough; the next one is asked as soon as one failed
/// or was slow.
pub(super) async fn fetch_from_seeds(core: &Core) -> bool {
    let seeds = sample(&mut core.rng(), core.profile.seeds.iter().collect(), usize::MAX);
    let mut waiting = seeds.iter();
    let mut asking: FuturesUnordered<_> = waiting
        .next()
        .map(|seed| ask_seed(core, seed))
        .into_iter()
        .collect();
    let mut unreachable = 0;
    while !asking.is_empty() {
        let answer = tokio::select! {
            answer = asking.next() => answer,
            () = sleep(SEED_PATIENCE), if !waiting.as_slice().is_empty() => None,
        };
        match answer {
            Some(Ok(list)) => {
                if replace(core, list) {
                    core.seeds_answered();
                    return true;
                }
                tracing::debug!("a seed's list is too short");
            }
            Some(Err(SeedFailure::Unreachable)) => unreachable += 1,
            Some(Err(SeedFailure::Useless)) | None => {}
        }
        asking.extend(waiting.next().map(|seed| ask_seed(core, seed)));
    }
    // With no relay to look for, the seeds tell whether there is a network at all.
    if core.pool().len() == 0 && unreachable == seeds.len() {
        core.set_reachable(false);
    }
    false
}

/// Why a seed gave no list.
enum SeedFailure {
    Unreachable,
    Useless,
}

async fn ask_seed(core: &Core, seed: &Seed) -> Result<Vec<PoolRelay>, SeedFailure> {
    match core
        .transport
        .post_to_seed(seed, seed_request(), SEED_LIMITS)
        .await
    {
        Ok(reply) if reply.status == 200 => {
            let list = parse_json(&reply.body).and_then(|reply| parse_node_states(&reply));
            list.ok_or(SeedFailure::Useless)
        }
        Ok(reply) => {
            tracing::debug!(status = reply.status, "a seed refused");
            Err(SeedFailure::Useless)
        }
        Err(error) => {
            tracing::debug!(%error, "a seed did not answer");
            Err(match error {
                TransportError::Refused | TransportError::Proxy => SeedFailure::Unreachable,
                _ => SeedFailure::Useless,
            })
        }
    }
}

/// Asks three relays for their list and takes what two agree on; the seeds, if that fails again and again.
pub(super) async fn refresh(core: &Core) -> bool {
    for round in 0..ROUNDS {
        if refresh_once(core).await {
            return true;
        }
        if core.paths().live().is_empty() {
            return false;
        }
        sleep(Duration::from_millis(200) * 2_u32.pow(round)).await;
    }
    fetch_from_seeds(core).await
}

async fn refresh_once(core: &Core) -> bool {
    let now = core.device_now();
    let relays: Vec<PoolRelay> = core.pool().usable(now).into_iter().cloned().collect();
    let asked = sample(&mut core.rng(), relays, ASKED);
    let answers = join_all(asked.iter().map(|relay| ask_for_list(core, relay))).await;
    let answers: Vec<Vec<PoolRelay>> = answers.into_iter().flatten().collect();
    replace(core, agreed(&answers))
}

fn replace(core: &Core, list: Vec<PoolRelay>) -> bool {
    let now = core.device_now();
    let replaced = core.pool().replace(list, now);
    if replaced {
        core.swarms().clear();
        tracing::debug!(relays = core.pool().len(), "list of relays taken");
    }
    replaced
}

/// One relay's list; older relays only pass on the chain's.
async fn ask_for_list(core: &Core, relay: &PoolRelay) -> Option<Vec<PoolRelay>> {
    let path = core.paths().choose(Some(&relay.key()), &[])?;
    let question = |request| Question::new(relay.hop, request, core.timing.exchange);
    let reply = ask(core, &path, question(&Request::ActiveNodes)).await.ok()?;
    if reply.status == 200 {
        return parse_binary_list(&BASE64.decode(reply.body.trim().as_bytes()).ok()?);
    }
    let request = Request::OxendRequest(OxendRequest {
        endpoint: OxendEndpoint::GetServiceNodes,
        params: Some(json!({ "active_only": true, "fields": fields() })),
    });
    let reply = ask(core, &path, question(&request)).await.ok()?;
    parse_node_states(&parse_json(reply.body.as_bytes())?)
}

fn seed_request() -> Bytes {
    let request = json!({
        "jsonrpc": "2.0",
        "id": 0,
        "method": "get_n_service_nodes",
        "params": { "active_only": true, "fields": fields() },
    });
    Bytes::from(request.to_string())
}

fn fields() -> Value {
    json!({
        "public_ip": true,
        "storage_port": true,
        "storage_lmq_port": true,
        "pubkey_ed25519": true,
        "pubkey_x25519": true,
        "swarm_id": true,
    })
}
