//! Previews of links.

use serde::{Deserialize, Serialize};

use crate::{AttachmentId, AttachmentView};

/// What is shown of a link in a message. All of it came with the message; nobody visits the site to show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkPreview {
    /// The link, as it stands in the text.
    pub url: String,
    /// The page's title, fit to be shown; may be empty beside a picture.
    pub title: String,
    /// The page's picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<AttachmentView>,
}

/// A preview that goes with a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPreview {
    /// The link, as it stands in the text.
    pub url: String,
    /// The page's title; may be empty beside a picture.
    pub title: String,
    /// A staged picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<AttachmentId>,
}
