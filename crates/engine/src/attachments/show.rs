//! What is shown of a whole file. Pictures of strangers are decoded here, under limits and by memory-safe code, and only
//! what was encoded anew reaches a web view.

use contract::ErrorCode;
use media::{Fidelity, Shrink};
use store::{Attachment, AttachmentId, AttachmentKind, AttachmentState};

use super::sound;
use crate::core::Core;
use crate::failure::Stopped;

/// Longest side of a picture that is shown, in pixels.
const LONGEST_SIDE: u32 = 2_048;

/// Pictures that are wanted this small are kept: lists show many of them.
const THUMBNAIL_SIDE: u32 = 320;

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
#[derive(Clone, PartialEq, Eq)]
pub struct Media {
    /// All of them.
    pub bytes: Vec<u8>,
    /// Their media type, found out here.
    pub content_type: &'static str,
}

impl std::fmt::Debug for Media {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Media")
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}

/// Spec: attachments §9 (ATT-65)
///
/// # Errors
/// `E-NOT-FOUND` for files that are not whole here, or show nothing.
pub(crate) async fn media(core: &Core, id: AttachmentId, side: Option<u32>) -> Result<Media, Stopped> {
    let small = side == Some(THUMBNAIL_SIDE);
    if small && let Some(kept) = thumbnail(core, id).await? {
        return Ok(kept);
    }
    let _turn = core.pictures.acquire().await.map_err(|_| Stopped::Task)?;
    core.with_store(move |store| {
        let attachment = store.read(|reading| reading.attachment(id))?;
        let bytes = store.files().read(whole(&attachment)?)?;
        if !small || attachment.facts.kind != AttachmentKind::Image {
            return shown(&attachment, bytes, side);
        }
        let shown = shown(&attachment, bytes, Some(THUMBNAIL_SIDE))?;
        store.write(|writing| writing.keep_thumbnail(id, &shown.bytes))?;
        Ok(shown)
    })
    .await
}

/// What was made small before.
async fn thumbnail(core: &Core, id: AttachmentId) -> Result<Option<Media>, Stopped> {
    let kept = core.read(move |reading| {
        whole(&reading.attachment(id)?)?;
        Ok(reading.thumbnail(id)?)
    });
    Ok(kept.await?.map(|bytes| Media {
        content_type: media::sniff(&bytes).1,
        bytes,
    }))
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
                .and_then(|picture| media::encode(&picture, Fidelity::Usual))
                .map_err(|_| ErrorCode::NotFound)?;
            Ok(Media {
                bytes: encoded.bytes,
                content_type: encoded.content_type,
            })
        }
        AttachmentKind::Video if PLAYED.contains(&content_type) => Ok(Media { bytes, content_type }),
        // Bytes that do not fit together never get to a player's decoders.
        AttachmentKind::Voice | AttachmentKind::Audio
            if PLAYED.contains(&content_type) && media::sound_duration_ms(&bytes).is_some() =>
        {
            let content_type = sound::voice_type(content_type);
            Ok(Media { bytes, content_type })
        }
        _ => Err(ErrorCode::NotFound.into()),
    }
}
