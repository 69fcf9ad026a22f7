//! What devices of one account set, and how they come to agree on it.

use std::sync::Arc;

use contract::{GetAccount, OpenConversation, PinConversation, SetDeviceOnline, SetDisplayName, SetNickname};
use engine::Mode;

use super::{Device, Person};
use crate::simulated_network::World;

/// A device that looks only when it is told to.
pub fn calm(world: &Arc<World>) -> Device {
    Device {
        mode: Mode::OnDemand,
        ..Device::new(world)
    }
}

/// The account's name, as a device has it.
pub async fn name(of: &Person) -> String {
    of.ask(GetAccount {}).await.display_name
}

/// Gives the account another name.
pub async fn rename(of: &Person, name: &str) {
    let name = name.to_owned();
    of.ask(SetDisplayName { name }).await;
}

/// What somebody is called on a device, and whether they are pinned.
pub async fn nickname(of: &Person, with: &Person) -> (String, bool) {
    let seen = of
        .ask(OpenConversation {
            conversation: with.conversation(),
        })
        .await;
    (seen.nickname, seen.pinned)
}

/// Calls somebody otherwise.
pub async fn set_nickname(of: &Person, with: &Person, nickname: &str) {
    of.ask(SetNickname {
        conversation: with.conversation(),
        nickname: nickname.to_owned(),
    })
    .await;
}

/// Pins the conversation with somebody.
pub async fn pin(of: &Person, with: &Person) {
    of.ask(PinConversation {
        conversation: with.conversation(),
        pinned: true,
    })
    .await;
}

/// Has devices look in turn until what each pushed has reached the others.
pub async fn settle(devices: &[&Person]) {
    for _ in 0..3 {
        for device in devices {
            device.looks().await;
        }
    }
}

/// Cuts a device off, or connects it again.
pub async fn online(device: &Person, online: bool) {
    device.ask(SetDeviceOnline { online }).await;
}
