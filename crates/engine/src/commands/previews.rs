//! Previews of links.

use contract::{LinkPreview, MakePreview};

use crate::core::Core;
use crate::failure::Stopped;
use crate::{previews, view};

pub(super) async fn make_preview(core: &Core, params: MakePreview) -> Result<Option<LinkPreview>, Stopped> {
    let Some(made) = previews::make(core, params.url).await? else {
        return Ok(None);
    };
    let picture = match made.picture {
        Some(id) => Some(core.read(move |reading| Ok(reading.attachment(id)?)).await?),
        None => None,
    };
    Ok(Some(view::preview::view(store::LinkPreview {
        url: made.url,
        title: made.title,
        picture,
    })))
}
