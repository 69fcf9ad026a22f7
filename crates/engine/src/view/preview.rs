//! Previews of links.

use store::LinkPreview;

/// A preview as shells see it.
pub(crate) fn view(preview: LinkPreview) -> contract::LinkPreview {
    contract::LinkPreview {
        url: preview.url,
        title: preview.title,
        picture: preview.picture.map(super::attachment::view),
    }
}
