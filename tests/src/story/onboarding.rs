//! How an account begins on a device, step by step.

use std::sync::Arc;

use contract::{GetStartup, NotificationMode, SetDisplayName, SetNotificationMode, Stage};
use engine::Engine;

use super::until;
use crate::simulated_network::World;

/// The mode that needs no service of any vendor.
pub const SLOW: SetNotificationMode = SetNotificationMode {
    mode: NotificationMode::Slow,
};

/// Where onboarding is.
pub async fn stage(engine: &Engine) -> Stage {
    let startup = engine.request(GetStartup {}).await;
    startup.expect("an engine says where it is").stage
}

/// A name for the account.
pub fn name(name: &str) -> SetDisplayName {
    SetDisplayName {
        name: name.to_owned(),
    }
}

/// Lets time pass until a restored account was looked up.
pub async fn until_looked_up(world: &Arc<World>, engine: &Engine) {
    until("the swarm answers", async || {
        let looked_up = stage(engine).await != Stage::Loading;
        if !looked_up {
            world.clock.advance(5_000);
        }
        looked_up
    })
    .await;
}
