//! What the QR codes in a picture say.

use std::sync::Arc;

use contract::ErrorCode;
use zeroize::Zeroizing;

use crate::core::Core;
use crate::failure::Stopped;

/// The texts of the codes in a picture; they may be secrets. None where there is no code; `no_picture` is said of bytes
/// that are no picture.
pub(super) async fn texts(
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
