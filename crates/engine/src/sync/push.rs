//! Bringing the account's settings to its swarm.

use std::sync::Arc;

use contract::Event;
use network::{ConnectionState, RequestError};
use protocol::TimestampMs;
use protocol::account::AccountKeys;
use protocol::config::{ConfigType, Push, convo_info_volatile, wrap};
use protocol::storage::replies::SubReply;
use protocol::storage::{Delete, MessageHash, Request, SignedParams, Signer, Store, compute_hash};

use super::configs::with_configs;
use super::mirror::mirror;
use super::state;
use crate::core::Core;
use crate::failure::Stopped;

/// How long a swarm keeps a config; devices that look extend it.
pub(super) const LIFETIME_MS: i64 = 30 * 24 * 3_600_000;

/// Requests of one sequence; a node takes 20.
const AT_ONCE: usize = 19;

/// How far a push came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pushed {
    /// The swarm has all that the device has.
    All,
    /// It is tried again.
    Later,
}

/// Takes up what was edited here and brings it to the swarm, if the account's settings were read.
pub(crate) async fn push(core: &Core) -> Result<Pushed, Stopped> {
    let Some(keys) = core.keys_if_any() else {
        return Ok(Pushed::All);
    };
    let Some(pushes) = prepare(core, &keys).await? else {
        return Ok(Pushed::Later);
    };
    let mut pushes = pushes.into_iter();
    while let Some((config_type, push)) = pushes.next() {
        match store(core, &keys, config_type, &push).await {
            Ok(hashes) => {
                let (seqno, now) = (push.seqno, core.network_now());
                with_configs(core, &keys, move |writing, _, configs| {
                    configs.get_mut(config_type).confirm_pushed(seqno, hashes);
                    Ok(state::note_stored(writing, config_type, now)?)
                })
                .await?;
                // Whoever asked while it was under way was told of edits that wait.
                core.events.send(Event::SyncChanged);
            }
            Err(error) => {
                tracing::debug!(%error, "the swarm did not take settings");
                // Also what the types that were not tried would have deleted.
                let unsent: Vec<_> = std::iter::once((config_type, push)).chain(pushes).collect();
                with_configs(core, &keys, move |_, _, configs| {
                    for (config_type, push) in unsent {
                        configs.get_mut(config_type).keep_obsolete(push.obsolete);
                    }
                    Ok(())
                })
                .await?;
                return Ok(Pushed::Later);
            }
        }
    }
    Ok(Pushed::All)
}

/// What is to be pushed. It is kept before it leaves: a device that ends here pushes the same again. `None` when that
/// has to wait for a connection: each push uses up a number, and a device whose numbers run ahead of the others' would win
/// over edits that it has not seen. Spec: sync §3 (SYN-22)
async fn prepare(core: &Core, keys: &Arc<AccountKeys>) -> Result<Option<Vec<(ConfigType, Push)>>, Stopped> {
    let now = core.network_now();
    let offline = core.network.state().borrow().connection == ConnectionState::Offline;
    with_configs(core, keys, move |writing, keys, configs| {
        let mut pushes = Vec::new();
        if !writing.settings_were_read()? {
            return Ok(Some(pushes));
        }
        mirror(writing, configs, now)?;
        convo_info_volatile::prune_stale(&mut configs.volatile, now);
        if offline {
            let waits = configs.all_mut().into_iter().any(|config| config.needs_push());
            return Ok((!waits).then_some(pushes));
        }
        for config in configs.all_mut().into_iter().filter(|config| config.needs_push()) {
            let config_type = config.config_type();
            match config.push(now) {
                Some(push) => pushes.push((config_type, wrap(keys, config_type, push))),
                None => tracing::error!("settings have become too large"),
            }
        }
        Ok(Some(pushes))
    })
    .await
}

/// Stores all messages of a push and then deletes what they replace. Spec: sync §3 (SYN-20)
pub(super) async fn store(
    core: &Core,
    keys: &Arc<AccountKeys>,
    config_type: ConfigType,
    push: &Push,
) -> Result<Vec<MessageHash>, RequestError> {
    let (account, namespace) = (keys.account_id(), config_type.namespace());
    let chunks = push.messages.chunks(AT_ONCE);
    let last = chunks.len();
    for (number, messages) in (1..).zip(chunks) {
        let obsolete = if number == last {
            push.obsolete.as_slice()
        } else {
            &[]
        };
        let build = |now: TimestampMs, _: &[u8; 32]| {
            let signer = Signer::account(keys);
            let stores = messages.iter().map(|data| {
                let store = Store {
                    account,
                    namespace,
                    data: data.clone(),
                    timestamp: now,
                    expiry: now.plus_ms(LIFETIME_MS),
                    proof: None,
                };
                Request::Store(store.sign(now, &signer))
            });
            let deletion = (!obsolete.is_empty()).then(|| {
                let delete = Delete {
                    account,
                    messages: obsolete.to_vec(),
                    required: false,
                };
                Request::Delete(delete.sign(&signer))
            });
            Request::Sequence(stores.chain(deletion).collect())
        };
        let answer = core.ask_own_swarm(keys, &build).await?;
        let replies = SubReply::parse_all(&answer.body).map_err(|_| RequestError::SwarmSilent)?;
        let stored = replies
            .iter()
            .take(messages.len())
            .filter(|reply| reply.is_success());
        if stored.count() != messages.len() {
            return Err(RequestError::SwarmSilent);
        }
    }
    let hash = |data: &Vec<u8>| compute_hash(account, namespace, data);
    Ok(push.messages.iter().map(hash).collect())
}
