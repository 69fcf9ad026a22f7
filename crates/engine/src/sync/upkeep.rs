//! Keeping the configs in the swarm: their lifetimes grow while any device looks, and what the swarm has lost is stored
//! again. Spec: sync §5 (SYN-50 to SYN-53)

use std::collections::BTreeSet;
use std::sync::Arc;

use network::RequestError;
use protocol::TimestampMs;
use protocol::account::AccountKeys;
use protocol::config::{ConfigType, State, wrap};
use protocol::storage::{Expire, ExpireRule, MessageHash, Request, SignedParams, Signer};
use store::{StoreError, Writing};

use super::configs::with_configs;
use super::push::{LIFETIME_MS, store};
use super::state;
use crate::core::Core;
use crate::failure::Stopped;
use crate::member_proofs::MemberProofs;

/// Lifetimes are extended so often. A device that looks once a week does so with each look.
const EXTEND_EVERY_MS: i64 = 6 * 3_600_000;

/// A node that gives nothing of what the swarm should have is a reason to ask all of them, so often at most.
const DOUBT_EVERY_MS: i64 = 3_600_000;

/// What the swarm has lost is stored again so often at most: members that say so again and again may lie.
const RESTORE_EVERY_MS: i64 = 6 * 3_600_000;

/// After a swarm that did not answer.
const REST_MS: i64 = 600_000;

/// Messages of one request.
const AT_ONCE: usize = 100;

/// Does what is due. `blank`: types of which a node, asked from the beginning, gave nothing. What the network refuses
/// is tried again after a while.
pub(super) async fn keep(
    core: &Core,
    keys: &Arc<AccountKeys>,
    blank: BTreeSet<ConfigType>,
) -> Result<(), Stopped> {
    let now = core.network_now();
    if core.configs.rests(core.device_now()) || !is_due(core, blank, now).await? {
        return Ok(());
    }
    let active = with_configs(core, keys, |_, _, configs| {
        let active = configs
            .all_mut()
            .map(|config| (config.config_type(), config.active_hashes()));
        Ok(active)
    })
    .await?;
    let hashes: Vec<_> = active.iter().flat_map(|(_, hashes)| hashes).copied().collect();
    let lost = match extend(core, keys, &hashes).await {
        Ok(lost) => lost,
        Err(error) => {
            tracing::debug!(%error, "the swarm did not promise to keep settings");
            core.configs.rest_until(core.device_now().plus_ms(REST_MS));
            return Ok(());
        }
    };
    for (config_type, hashes) in active {
        if hashes.is_disjoint(&lost) {
            note_kept(core, config_type, now).await?;
        } else {
            tracing::info!("the swarm has lost settings");
            restore(core, keys, config_type, &lost).await?;
        }
    }
    Ok(())
}

async fn is_due(core: &Core, blank: BTreeSet<ConfigType>, now: TimestampMs) -> Result<bool, Stopped> {
    core.read(move |reading| {
        for config_type in ConfigType::ALL {
            let namespace = config_type.namespace();
            let every = match blank.contains(&config_type) {
                true => DOUBT_EVERY_MS,
                false => EXTEND_EVERY_MS,
            };
            let upkeep = reading.config_upkeep(namespace)?;
            if reading.has_config_dump(namespace)? && !is_within(upkeep.kept_at, every, now) {
                return Ok(true);
            }
        }
        Ok(false)
    })
    .await
}

/// A time that lies ahead, after the clock was set back, counts as long ago.
fn is_within(at: Option<TimestampMs>, ms: i64, now: TimestampMs) -> bool {
    at.is_some_and(|at| (0..ms).contains(&now.since_ms(at)))
}

/// Has all members keep messages for a whole lifetime from now. Answers which of them enough members do not have.
async fn extend(
    core: &Core,
    keys: &Arc<AccountKeys>,
    hashes: &[MessageHash],
) -> Result<BTreeSet<MessageHash>, RequestError> {
    let mut lost = BTreeSet::new();
    for hashes in hashes.chunks(AT_ONCE) {
        let expiry = core.network_now().plus_ms(LIFETIME_MS);
        let build = |_: TimestampMs, _: &[u8; 32]| {
            let request = Expire {
                account: keys.account_id(),
                messages: hashes.to_vec(),
                expiry: vec![expiry],
                rule: ExpireRule::Extend,
            };
            Request::Expire(request.sign(&Signer::account(keys)))
        };
        let answer = core.ask_own_swarm(keys, &build).await?;
        let proofs = MemberProofs::read(&build(expiry, &answer.node), &answer);
        let Some(proofs) = proofs.filter(|proofs| answer.status == 200 && proofs.is_enough()) else {
            return Err(RequestError::SwarmSilent);
        };
        lost.extend(hashes.iter().filter(|hash| proofs.has_lost(hash)));
    }
    Ok(lost)
}

async fn note_kept(core: &Core, config_type: ConfigType, now: TimestampMs) -> Result<(), Stopped> {
    core.write(move |writing| Ok(set_kept(writing, config_type, now)?))
        .await
}

fn set_kept(writing: &Writing<'_>, config_type: ConfigType, now: TimestampMs) -> Result<(), StoreError> {
    writing.change_config_upkeep(config_type.namespace(), |upkeep| upkeep.kept_at = Some(now))
}

/// Stores again what the swarm had: the same revision, so that nobody has to merge anything. Edits that wait are pushed
/// anyway.
async fn restore(
    core: &Core,
    keys: &Arc<AccountKeys>,
    config_type: ConfigType,
    lost: &BTreeSet<MessageHash>,
) -> Result<(), Stopped> {
    let (now, lost) = (core.network_now(), lost.clone());
    let push = with_configs(core, keys, move |writing, keys, configs| {
        let upkeep = writing.config_upkeep(config_type.namespace())?;
        let config = configs.get_mut(config_type);
        let is_gone = config.state() == State::Clean && !config.current_hashes().is_disjoint(&lost);
        if !is_gone || is_within(upkeep.restored_at, RESTORE_EVERY_MS, now) {
            // Parts of what is not whole yet cannot be stored again; whoever pushed them has them.
            set_kept(writing, config_type, now)?;
            return Ok(None);
        }
        Ok(config.push(now).map(|push| wrap(keys, config_type, push)))
    })
    .await?;
    let Some(push) = push else {
        return Ok(());
    };
    let stored = store(core, keys, config_type, &push).await;
    if let Err(error) = &stored {
        tracing::debug!(%error, "the swarm did not take settings that it had lost");
        core.configs.rest_until(core.device_now().plus_ms(REST_MS));
    }
    with_configs(core, keys, move |writing, _, configs| {
        let config = configs.get_mut(config_type);
        match stored {
            Ok(hashes) => {
                config.confirm_restored(push.seqno, hashes);
                Ok(state::note_restored(writing, config_type, now)?)
            }
            Err(_) => {
                config.keep_obsolete(push.obsolete);
                Ok(())
            }
        }
    })
    .await
}
