//! This device among the account's others.

use contract::{DeviceView, ErrorCode, GetDevice, SyncNow, SyncPart, SyncPartView};
use network::RequestError;
use protocol::config::ConfigType;

use crate::core::Core;
use crate::failure::Stopped;
use crate::{sync, view};

pub(super) async fn get_device(core: &Core, _: GetDevice) -> Result<DeviceView, Stopped> {
    let account = core
        .read(|reading| reading.account()?.ok_or(ErrorCode::NoAccount.into()))
        .await?;
    let parts = sync::state(core).await?;
    let waiting = sync::waiting(core, &parts).await?;
    Ok(DeviceView {
        system: std::env::consts::OS.to_owned(),
        origin: view::account::origin(account.origin),
        since_ms: view::time(account.created_at),
        parts: parts
            .iter()
            .zip(waiting)
            .map(|(part, waiting)| SyncPartView {
                part: sync_part(part.config_type),
                waiting,
                synced_at_ms: part.in_step_at.map(view::time),
            })
            .collect(),
        delayed: core.failing.for_long(core.device_now()),
    })
}

pub(super) async fn sync_now(core: &Core, _: SyncNow) -> Result<DeviceView, Stopped> {
    let synced = sync::sync_now(core).await?;
    core.sync_wake.notify_one();
    match synced {
        Ok(()) => get_device(core, GetDevice {}).await,
        Err(RequestError::Offline) => Err(ErrorCode::Offline.into()),
        Err(_) => Err(ErrorCode::Sync.into()),
    }
}

const fn sync_part(config_type: ConfigType) -> SyncPart {
    match config_type {
        ConfigType::UserProfile => SyncPart::Profile,
        ConfigType::Contacts => SyncPart::Contacts,
        ConfigType::ConvoInfoVolatile => SyncPart::Conversations,
        ConfigType::UserGroups => SyncPart::Groups,
    }
}
