//! Connection, path, services, and looking for messages at once.

use contract::{
    Done, ErrorCode, GetPath, ListServices, NewPath, PathView, PollNow, ServiceView, SetDeviceOnline,
};

use crate::core::Core;
use crate::failure::Stopped;
use crate::{inbox, outbox, sync, view};

pub(super) async fn get_path(core: &Core, _: GetPath) -> Result<PathView, Stopped> {
    Ok(view::network::path(&core.network.state().borrow()))
}

pub(super) async fn new_path(core: &Core, _: NewPath) -> Result<Done, Stopped> {
    core.network.new_path();
    Ok(Done {})
}

pub(super) async fn list_services(core: &Core, _: ListServices) -> Result<Vec<ServiceView>, Stopped> {
    Ok(view::network::services(
        &core.config.profile,
        &core.network.state().borrow(),
    ))
}

pub(super) async fn poll_now(core: &Core, _: PollNow) -> Result<Done, Stopped> {
    core.keys()?;
    // Settings that could not be read now are read with the next look.
    let _ = sync::fetch(core).await?;
    inbox::poll(core).await?.map_err(|_| ErrorCode::Offline)?;
    sync::push(core).await?;
    Ok(Done {})
}

pub(super) async fn set_device_online(core: &Core, params: SetDeviceOnline) -> Result<Done, Stopped> {
    core.network.set_device_online(params.online);
    if params.online {
        outbox::connection_returned(core).await?;
        core.inbox_wake.notify_one();
    }
    Ok(Done {})
}
