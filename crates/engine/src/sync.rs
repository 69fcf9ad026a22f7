//! What all devices of the account share: its name, its people, what was read and pinned.
//!
//! The store holds what the user sees; a config (`protocol::config`) holds what the devices agree on. One step brings both
//! together in one transaction: what changed here since the last step goes into the configs, what other devices pushed
//! is merged into them, and what the configs then say goes into the store. So each edit is either in the configs or will
//! be, whenever the process ends, and both sides say the same after each step.
//!
//! Nothing goes into the configs before the account's settings were read from its swarm once: until then what is here is
//! kept beside, and put on top of what is found. Spec: sync §1 (SYN-01 to SYN-04)

mod apply;
mod configs;
mod fetch;
mod first;
mod found;
mod mirror;
mod people;
mod picture;
mod push;
mod state;
mod step;
mod upkeep;
mod waiting;

pub(crate) use configs::Held;
pub(crate) use fetch::{fetch, is_first};
pub(crate) use found::{InSettings, in_settings};
pub(crate) use push::push;
pub(crate) use state::{state, sync_now};
pub(crate) use waiting::{Failing, waiting};

use std::sync::Arc;

use contract::Event;

use crate::core::Core;

/// Edits wait so long for others, so that they travel together.
const GATHER_MS: i64 = 300;

/// At least so long lies between two pushes.
const PAUSE_MS: i64 = 1_000;

/// After a push that failed.
const REST_MS: i64 = 15_000;

/// Brings edits of this device to the others, for ever.
pub(crate) async fn run(core: Arc<Core>) {
    let mut events = core.events.subscribe();
    let mut again = None;
    let mut told = None;
    loop {
        tokio::select! {
            event = events.next() => match event {
                Some(
                    Event::ConversationsChanged
                    | Event::ConversationChanged { .. }
                    | Event::AccountChanged
                    | Event::PreferencesChanged
                    | Event::Lagged,
                ) => {}
                Some(_) => continue,
                None => return,
            },
            () = core.sync_wake.notified() => {}
            () = core.wait_until(again) => {}
        }
        core.clock.sleep_until(core.device_now().plus_ms(GATHER_MS)).await;
        while events.try_next().is_some() {}
        again = match push::push(&core).await {
            Ok(push::Pushed::All) => {
                core.failing.ended();
                None
            }
            Ok(push::Pushed::Later) => Some(core.device_now().plus_ms(REST_MS)),
            Err(error) => {
                tracing::warn!(%error, "settings could not be brought to the other devices");
                Some(core.device_now().plus_ms(REST_MS))
            }
        };
        if again.is_some() {
            core.failing.began(core.device_now());
        }
        let now = waiting::summary(&core).await.ok();
        if now != told {
            told = now;
            core.events.send(Event::SyncChanged);
        }
        core.clock.sleep_until(core.device_now().plus_ms(PAUSE_MS)).await;
    }
}
