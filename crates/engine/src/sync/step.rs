//! One step: the store's edits, other devices' edits, and both in agreement.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::Event;
use protocol::account::AccountKeys;
use protocol::config::user_profile::profile;
use protocol::config::{ConfigType, unwrap};
use protocol::storage::MessageHash;
use store::LastHash;

use super::apply::{self, Changes, Reading};
use super::configs::with_configs;
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

/// Merges what was fetched. Answers whether the account is known to the network: it has a name there.
pub(super) async fn take(core: &Core, keys: &Arc<AccountKeys>, fetched: Fetched) -> Result<bool, Stopped> {
    let now = core.network_now();
    let (changes, found) = with_configs(core, keys, move |writing, keys, configs| {
        let reading = match writing.settings_were_read()? {
            true => Reading::Later,
            false => Reading::First,
        };
        if reading == Reading::Later {
            mirror(writing, configs, now)?;
        }
        for (config_type, messages) in fetched.messages {
            let messages: Vec<_> = messages
                .into_iter()
                .map(|(hash, stored)| (hash, unwrap(keys, config_type, stored)))
                .collect();
            let messages = messages.iter().map(|(hash, sealed)| (*hash, sealed.as_slice()));
            configs.get_mut(config_type).merge(messages, now);
        }
        let changes = apply::apply(writing, configs, reading, now)?;
        writing.note_settings_read()?;
        mirror(writing, configs, now)?;
        for last in &fetched.last {
            writing.set_last_hash(last)?;
        }
        Ok((changes, !profile(&configs.profile).name.is_empty()))
    })
    .await?;
    tell(core, &changes);
    Ok(found)
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
    if changes.account {
        core.events.send(Event::AccountChanged);
    }
}
