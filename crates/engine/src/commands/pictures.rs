//! One's own picture.

use contract::{AccountView, RemovePicture, SetPicture};
use store::AttachmentId;

use super::onboarding::change;
use crate::core::Core;
use crate::failure::Stopped;
use crate::pictures::{self, Part};

pub(super) async fn set_picture(core: &Core, params: SetPicture) -> Result<AccountView, Stopped> {
    core.keys()?;
    let part = params.crop.map_or(Part::Middle, Part::Square);
    pictures::set(core, AttachmentId(params.attachment.0), part).await?;
    change(core, |_| Ok(())).await
}

pub(super) async fn remove_picture(core: &Core, _: RemovePicture) -> Result<AccountView, Stopped> {
    core.keys()?;
    pictures::remove(core).await?;
    change(core, |_| Ok(())).await
}
