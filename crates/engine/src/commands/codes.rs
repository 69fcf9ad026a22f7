//! What the QR codes in a picture say.

use std::sync::Arc;

use contract::ErrorCode;
use zeroize::Zeroizing;

use crate::core::Core;
use crate::failure::Stopped;

/// What `read` makes of the first code in a picture of which it makes something; `None` where there is no code.
///
/// # Errors
/// `other` for bytes that are no picture, and when all codes are of another kind.
pub(super) async fn find<T>(
    core: &Core,
    picture: Vec<u8>,
    other: ErrorCode,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Stopped> {
    let texts = texts(core, picture, other).await?;
    if texts.is_empty() {
        return Ok(None);
    }
    let found = texts.iter().find_map(|text| read(text));
    Ok(Some(found.ok_or(other)?))
}

/// The texts of the codes in a picture; they may be secrets. None where there is no code; `no_picture` is said of bytes
/// that are no picture.
async fn texts(
    core: &Core,
    picture: Vec<u8>,
    no_picture: ErrorCode,
) -> Result<Zeroizing<Vec<String>>, Stopped> {
    let few = Arc::clone(&core.pictures).acquire_owned().await;
    let few = few.map_err(|_| Stopped::Task)?;
    let looked = tokio::task::spawn_blocking(move || {
        // Looking goes on when whoever asked has left: until it ends the next one waits.
        let _few = few;
        let picture = media::decode(&picture).map_err(|_| no_picture)?;
        Ok::<_, ErrorCode>(Zeroizing::new(media::qr_texts(&picture)))
    });
    Ok(looked.await.map_err(|_| Stopped::Task)??)
}
