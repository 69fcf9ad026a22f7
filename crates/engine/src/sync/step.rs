//! One step: the store's edits, other devices' edits, and both in agreement.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contract::Event;
use protocol::TimestampMs;
use protocol::account::AccountKeys;
use protocol::config::user_profile::profile;
use protocol::config::{ConfigType, unwrap};
use protocol::storage::MessageHash;
use store::{LastHash, Writing};

use super::apply::{self, Changes};
use super::configs::{Configs, with_configs};
use super::mirror::mirror;
use crate::core::Core;
use crate::failure::Stopped;

/// What a swarm gave, by type.
#[derive(Default)]
pub(super) struct Fetched {
    pub(super) messages: BTreeMap<ConfigType, Vec<(MessageHash, Vec<u8>)>>,
    pub(super) last: Vec<LastHash>,
}

impl Fetched {
    /// Whether nobody pushed anything.
    pub(super) fn is_empty(&self) -> bool {
        self.messages.values().all(Vec::is_empty)
    }
}

/// Merges what was fetched after the first reading. Answers whether the account has a name in the network.
pub(super) async fn take(core: &Core, keys: &Arc<AccountKeys>, fetched: Fetched) -> Result<bool, Stopped> {
    let now = core.network_now();
    let (changes, found) = with_configs(core, keys, move |writing, keys, configs| {
        mirror(writing, configs, now)?;
        merge(writing, keys, configs, fetched, now)?;
        let changes = apply::apply(writing, configs, now)?;
        mirror(writing, configs, now)?;
        Ok((changes, has_name(configs)))
    })
    .await?;
    tell(core, &changes);
    Ok(found)
}

/// What the first reading has come to.
pub(super) struct First {
    /// Types of which something could be read.
    pub(super) read: BTreeSet<ConfigType>,
}

/// Merges a part of the first reading; nothing of it counts yet.
pub(super) async fn gather(core: &Core, keys: &Arc<AccountKeys>, fetched: Fetched) -> Result<First, Stopped> {
    let now = core.network_now();
    with_configs(core, keys, move |writing, keys, configs| {
        merge(writing, keys, configs, fetched, now)?;
        let read = configs.all_mut().into_iter().filter(|config| config.seqno() > 0);
        Ok(First {
            read: read.map(|config| config.config_type()).collect(),
        })
    })
    .await
}

/// Ends the first reading: what was found counts, and what was set here meanwhile goes on top of it. Answers whether the
/// account has a name in the network.
pub(super) async fn settle_first(core: &Core, keys: &Arc<AccountKeys>) -> Result<bool, Stopped> {
    let now = core.network_now();
    let (changes, found) = with_configs(core, keys, move |writing, _, configs| {
        let changes = apply::apply_first(writing, configs, now)?;
        writing.note_settings_read()?;
        mirror(writing, configs, now)?;
        Ok((changes, has_name(configs)))
    })
    .await?;
    tell(core, &changes);
    core.sync_wake.notify_one();
    Ok(found)
}

fn merge(
    writing: &Writing<'_>,
    keys: &AccountKeys,
    configs: &mut Configs,
    fetched: Fetched,
    now: TimestampMs,
) -> Result<(), Stopped> {
    for (config_type, messages) in fetched.messages {
        let messages: Vec<_> = messages
            .into_iter()
            .map(|(hash, stored)| (hash, unwrap(keys, config_type, stored)))
            .collect();
        let messages = messages.iter().map(|(hash, sealed)| (*hash, sealed.as_slice()));
        configs.get_mut(config_type).merge(messages, now);
    }
    for last in &fetched.last {
        writing.set_last_hash(last)?;
    }
    Ok(())
}

fn has_name(configs: &Configs) -> bool {
    !profile(&configs.profile).name.is_empty()
}

fn tell(core: &Core, changes: &Changes) {
    for conversation in &changes.conversations {
        let conversation = crate::view::conversation_id(*conversation);
        core.events.send(Event::ConversationChanged { conversation });
    }
    if !changes.conversations.is_empty() {
        core.events.send(Event::ConversationsChanged);
        core.timers_changed();
        core.mute_wake.notify_one();
        core.picture_wake.notify_one();
    }
    if changes.preferences {
        core.events.send(Event::PreferencesChanged);
    }
    if changes.account {
        core.own_picture_wake.notify_one();
        core.events.send(Event::AccountChanged);
    }
}
