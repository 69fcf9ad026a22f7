//! The account's configs in memory, as they were kept last.

use std::sync::{Arc, Mutex, PoisonError};

use contract::ErrorCode;
use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys};
use protocol::config::{Config, ConfigType};
use store::{StoreError, Writing};

use super::state;
use crate::core::Core;
use crate::failure::Stopped;

/// The configs of the account that is open. Empty until they are needed, and after a step that failed.
#[derive(Default)]
pub(crate) struct Held {
    configs: Mutex<Option<Configs>>,
    /// Device time before which the swarm is not asked again to keep them.
    rests_until: Mutex<Option<TimestampMs>>,
}

/// One config of each type.
pub(super) struct Configs {
    account: AccountId,
    pub(super) profile: Config,
    pub(super) contacts: Config,
    pub(super) volatile: Config,
    pub(super) groups: Config,
}

/// Runs a step on store and configs as one transaction, and keeps what it changed of the configs.
pub(super) async fn with_configs<T: Send + 'static>(
    core: &Core,
    keys: &Arc<AccountKeys>,
    step: impl FnOnce(&Writing<'_>, &AccountKeys, &mut Configs) -> Result<T, Stopped> + Send + 'static,
) -> Result<T, Stopped> {
    let (held, keys) = (Arc::clone(&core.configs), Arc::clone(keys));
    let done = core
        .write(move |writing| held.with(writing, &keys, |configs| step(writing, &keys, configs)))
        .await;
    if done.is_err() {
        core.configs.forget();
    }
    done
}

impl Held {
    /// One step at a time: whoever holds the configs also writes.
    fn with<T>(
        &self,
        writing: &Writing<'_>,
        keys: &AccountKeys,
        step: impl FnOnce(&mut Configs) -> Result<T, Stopped>,
    ) -> Result<T, Stopped> {
        // The account may have been thrown away, and another one made, since its swarm was asked.
        let own = keys.account_id();
        if writing.account()?.is_none_or(|account| account.account_id != own) {
            return Err(ErrorCode::NoAccount.into());
        }
        let mut held = self.configs.lock().unwrap_or_else(PoisonError::into_inner);
        // Taken out: after a failure they are what the store has, not what was half done.
        let taken = held.take().filter(|configs| configs.account == keys.account_id());
        let mut configs = match taken {
            Some(configs) => configs,
            None => Configs::load(writing, keys)?,
        };
        let done = step(&mut configs)?;
        for config in configs.all_mut().into_iter().filter(|config| config.needs_dump()) {
            let namespace = config.config_type().namespace();
            writing.keep_config_dump(namespace, &config.dump())?;
            state::note_waiting(writing, config)?;
        }
        *held = Some(configs);
        Ok(done)
    }

    /// Whether the swarm failed to keep them a moment ago.
    pub(super) fn rests(&self, now: TimestampMs) -> bool {
        let rests_until = *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        rests_until.is_some_and(|until| now < until)
    }

    pub(super) fn rest_until(&self, until: TimestampMs) {
        *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
    }

    /// Forgets what is in memory: the transaction that it was made for did not come to its end.
    pub(crate) fn forget(&self) {
        *self.configs.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Configs {
    fn load(writing: &Writing<'_>, keys: &AccountKeys) -> Result<Self, StoreError> {
        let load = |config_type: ConfigType| -> Result<Config, StoreError> {
            let Some(dump) = writing.config_dump(config_type.namespace())? else {
                return Ok(Config::new(config_type, keys));
            };
            // A damaged copy is no loss: the swarm and what is in the store bring it back.
            Ok(Config::load(config_type, keys, &dump).unwrap_or_else(|error| {
                tracing::error!(%error, "a config at rest is damaged");
                Config::new(config_type, keys)
            }))
        };
        Ok(Self {
            account: keys.account_id(),
            profile: load(ConfigType::UserProfile)?,
            contacts: load(ConfigType::Contacts)?,
            volatile: load(ConfigType::ConvoInfoVolatile)?,
            groups: load(ConfigType::UserGroups)?,
        })
    }

    pub(super) fn all_mut(&mut self) -> [&mut Config; 4] {
        [
            &mut self.profile,
            &mut self.contacts,
            &mut self.volatile,
            &mut self.groups,
        ]
    }

    pub(super) fn get_mut(&mut self, config_type: ConfigType) -> &mut Config {
        match config_type {
            ConfigType::UserProfile => &mut self.profile,
            ConfigType::Contacts => &mut self.contacts,
            ConfigType::ConvoInfoVolatile => &mut self.volatile,
            ConfigType::UserGroups => &mut self.groups,
        }
    }
}
