//! What is shown of a whole file. Pictures of strangers are decoded here, under limits and by memory-safe code, and only
//! what was encoded anew reaches a web view.

use contract::ErrorCode;
use media::Shrink;
use store::{Attachment, AttachmentId, AttachmentKind, AttachmentState};

use crate::core::Core;
use crate::failure::Stopped;

/// Longest side of a picture that is shown, in pixels.
const LONGEST_SIDE: u32 = 2_048;

/// Media types that are handed to a web view besides pictures.
const PLAYED: [&str; 9] = [
    "audio/aac",
    "audio/flac",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/webm",
    "video/mp4",
    "video/webm",
];

/// Bytes that a web view may show or play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// All of them.
    pub bytes: Vec<u8>,
    /// Their media type, found out here.
    pub content_type: &'static str,
}

/// Spec: attachments §9 (ATT-65)
///
/// # Errors
/// `E-NOT-FOUND` for files that are not whole here, or show nothing.
pub(crate) async fn media(core: &Core, id: AttachmentId, side: Option<u32>) -> Result<Media, Stopped> {
    let _turn = core.pictures.acquire().await.map_err(|_| Stopped::Task)?;
    core.with_store(move |store| {
        let attachment = store.read(|reading| reading.attachment(id))?;
        let bytes = store.files().read(whole(&attachment)?)?;
        shown(&attachment, bytes, side)
    })
    .await
}

/// The sealed file, when all of it is here: staged, mine, or fetched.
pub(crate) fn whole(attachment: &Attachment) -> Result<&store::SealedFile, Stopped> {
    let here = match attachment.state {
        AttachmentState::Offered | AttachmentState::ToUpload | AttachmentState::Done => true,
        AttachmentState::Failed => attachment.remote.is_none(),
        AttachmentState::ToDownload | AttachmentState::Gone => false,
    };
    let file = attachment.file.as_ref().filter(|_| here);
    file.ok_or(ErrorCode::NotFound.into())
}

fn shown(attachment: &Attachment, bytes: Vec<u8>, side: Option<u32>) -> Result<Media, Stopped> {
    let (_, content_type) = media::sniff(&bytes);
    match attachment.facts.kind {
        AttachmentKind::Image => {
            let side = side.unwrap_or(LONGEST_SIDE).min(LONGEST_SIDE);
            let encoded = media::decode(&bytes)
                .and_then(|picture| picture.shrink(Shrink::Fit(side)))
                .and_then(|picture| media::encode(&picture))
                .map_err(|_| ErrorCode::NotFound)?;
            Ok(Media {
                bytes: encoded.bytes,
                content_type: encoded.content_type,
            })
        }
        AttachmentKind::Video | AttachmentKind::Voice | AttachmentKind::Audio
            if PLAYED.contains(&content_type) =>
        {
            Ok(Media { bytes, content_type })
        }
        _ => Err(ErrorCode::NotFound.into()),
    }
}
