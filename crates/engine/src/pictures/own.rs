//! My picture: chosen, uploaded, kept on the server, taken away. Spec: attachments §10 (ATT-80 to ATT-82, ATT-87)

use std::sync::Arc;

use contract::{ErrorCode, Event};
use protocol::attachment::ProfilePicture;
use protocol::attachment::picture::{PictureKey, encrypt};
use protocol::file_server::{FileEncryption, FileInfo, FileRequest, FileUrl, Uploaded};
use store::{
    AttachmentId, AttachmentKind, AttachmentState, OwnPicture, PictureAddress, PictureTask, Reading,
    StoreError, UploadedPicture,
};

use super::{Ended, Part, REST_MS, ask, prepare, server};
use crate::attachments;
use crate::core::Core;
use crate::failure::Stopped;

/// Longest answer to an upload or an extension, in bytes.
const LONGEST_ANSWER: usize = 4_096;

/// How often the server is asked to keep the picture for longer; it forgets it after 14 days.
const RENEWAL_MS: i64 = 24 * 3_600_000;

/// A picture that the server does not keep for longer is uploaded again after this time.
const UPLOAD_AGAIN_MS: i64 = 12 * 24 * 3_600_000;

/// Waits after failed tries; the last one for all further ones. The tries never end.
const WAITS_MS: [i64; 6] = [0, 5_000, 15_000, 60_000, 300_000, 3_600_000];

/// After an answer that no other try can change, unless the server does.
const REFUSED_MS: i64 = RENEWAL_MS;

/// Makes a staged picture mine. Spec: attachments §10 (ATT-80)
///
/// # Errors
/// `E-PROFILE-PIC`.
pub(crate) async fn set(core: &Core, staged: AttachmentId, part: Part) -> Result<(), Stopped> {
    let _turn = core.pictures.acquire().await.map_err(|_| Stopped::Task)?;
    let now = core.device_now();
    core.with_store(move |store| {
        let unusable = || Stopped::from(ErrorCode::ProfilePicture);
        let attachment = store.read(|reading| match reading.attachment(staged) {
            Err(StoreError::NotFound) => Err(unusable()),
            found => Ok(found?),
        })?;
        let is_staged = attachment.message.is_none() && attachment.state == AttachmentState::Offered;
        let file = attachment
            .file
            .filter(|_| is_staged && attachment.facts.kind == AttachmentKind::Image)
            .ok_or_else(unusable)?;
        let bytes = store.files().read(&file)?;
        let encoded = prepare::own(&bytes, part).map_err(|_| unusable())?;
        store.keep_file(&encoded.bytes, |writing, file| {
            writing.set_own_picture(file, now)?;
            Ok::<_, Stopped>(writing.discard_staged(staged)?)
        })
    })
    .await?;
    changed(core).await
}

/// Takes my picture away.
pub(crate) async fn remove(core: &Core) -> Result<(), Stopped> {
    let now = core.network_now();
    core.write(move |writing| Ok(writing.remove_own_picture(now)?))
        .await?;
    changed(core).await
}

async fn changed(core: &Core) -> Result<(), Stopped> {
    core.own_picture_wake.notify_one();
    attachments::sweep(core).await
}

/// My picture as others get it with a message. Spec: messages §7 (SND-05)
pub(crate) fn sent(reading: &Reading<'_>) -> Result<Option<ProfilePicture>, Stopped> {
    let picture = reading.own_picture()?.and_then(|picture| picture.address);
    Ok(picture.and_then(|address| ProfilePicture::parse(&address.url, &address.key).ok()))
}

/// Does what is due for my picture, for ever.
pub(crate) async fn run(core: Arc<Core>) {
    loop {
        // What is under way for a picture that was replaced need not end.
        tokio::select! {
            () = core.own_picture_wake.notified() => {}
            () = work(&core) => {}
        }
    }
}

/// One task, when it is due.
async fn work(core: &Core) {
    match turn(core).await {
        Ok(()) => {}
        Err(error) => {
            tracing::warn!(%error, "what is to be done for the profile's picture is not known");
            core.clock.sleep_until(core.device_now().plus_ms(REST_MS)).await;
        }
    }
}

async fn turn(core: &Core) -> Result<(), Stopped> {
    let own = core.read(|reading| Ok(reading.own_picture()?)).await?;
    let Some(own) = own.filter(|own| own.task != PictureTask::Nothing) else {
        return std::future::pending().await;
    };
    let now = core.device_now();
    // A clock that was set back must not let the server forget the picture.
    let waits = own.next_try_at.since_ms(now);
    if (1..=RENEWAL_MS).contains(&waits) {
        core.clock.sleep_until(own.next_try_at).await;
        return Ok(());
    }
    let done = match own.task {
        PictureTask::Renew => renew(core, &own).await,
        _ => upload(core, &own).await,
    };
    let wait = match done {
        Ok(()) => None,
        Err(Ended::Stopped(error)) => return Err(error),
        Err(Ended::Final) => Some(REFUSED_MS),
        Err(Ended::Passing | Ended::Gone | Ended::Damaged) => Some(wait_ms(own.attempts)),
    };
    if let Some(wait) = wait {
        let next = core.device_now().plus_ms(wait);
        core.write(move |writing| Ok(writing.record_own_picture_attempt(&own, next)?))
            .await?;
    }
    core.events.send(Event::AccountChanged);
    Ok(())
}

fn wait_ms(attempts: u32) -> i64 {
    let waits = usize::try_from(attempts)
        .ok()
        .and_then(|attempts| WAITS_MS.get(attempts));
    waits.or(WAITS_MS.last()).copied().unwrap_or(RENEWAL_MS)
}

/// Asks the server to keep the picture for longer, and uploads it again when that does not help. Spec: attachments §10
/// (ATT-87)
async fn renew(core: &Core, own: &OwnPicture) -> Result<(), Ended> {
    let address = own.address.as_ref().ok_or(Ended::Final)?;
    let (known, server) = server(core).ok_or(Ended::Final)?;
    let url = FileUrl::parse(&address.url).map_err(|_| Ended::Final)?;
    let here = url
        .server()
        .is_ok_and(|server| server.ed25519() == known.ed25519());
    if here {
        let request = FileRequest::Extend {
            id: url.id().clone(),
            ttl_s: None,
        };
        let answer = ask(core, &server, request, LONGEST_ANSWER).await?;
        match FileInfo::parse(&answer).map_err(Ended::from) {
            Ok(_) => return Ok(kept(core).await?),
            Err(Ended::Gone | Ended::Final) => {}
            Err(ended) => return Err(ended),
        }
    }
    // The server knows no extensions, or not of this file; or another server is in use by now.
    let age = core.network_now().since_ms(own.uploaded_at);
    match own.file {
        Some(_) if !here || !(0..UPLOAD_AGAIN_MS).contains(&age) => upload(core, own).await,
        _ => Ok(kept(core).await?),
    }
}

async fn kept(core: &Core) -> Result<(), Stopped> {
    let renew_at = core.device_now().plus_ms(RENEWAL_MS);
    core.write(move |writing| Ok(writing.mark_own_picture_kept(renew_at)?))
        .await
}

async fn upload(core: &Core, own: &OwnPicture) -> Result<(), Ended> {
    let (known, server) = server(core).ok_or(Ended::Final)?;
    let file = own.file.clone().ok_or(Ended::Final)?;
    let mut rng = core.rng();
    // The same picture keeps its key. Spec: attachments §7 (ATT-41)
    let key = match (own.task, &own.address) {
        (PictureTask::Renew, Some(address)) => PictureKey::from_bytes(&address.key),
        _ => None,
    };
    let key = key.unwrap_or_else(|| PictureKey::generate(&mut rng));
    let (id, sealing) = ((&file).into(), key.clone());
    let encrypted = core
        .with_store(move |store| Ok(encrypt(&mut rng, &sealing, &store.files().read(&file)?)))
        .await
        .map_err(|error| match error {
            // The file is not there any more, or was changed: no other try can help.
            Stopped::Store(StoreError::NotFound | StoreError::Damaged) => Ended::Final,
            error => error.into(),
        })?;
    let request = FileRequest::Upload {
        file: encrypted,
        ttl_s: None,
    };
    let uploaded = Uploaded::parse(&ask(core, &server, request, LONGEST_ANSWER).await?)?;
    let picture =
        ProfilePicture::new(known.url(uploaded.id, FileEncryption::Legacy), key).map_err(|_| Ended::Final)?;
    let uploaded = UploadedPicture {
        id,
        address: PictureAddress {
            url: picture.url().to_string(),
            key: *picture.key().expose_secret(),
        },
        at: core.network_now(),
        renew_at: core.device_now().plus_ms(RENEWAL_MS),
    };
    core.write(move |writing| Ok(writing.mark_own_picture_uploaded(&uploaded)?))
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_an_hour_and_tries_never_end() {
        let waits = [0, 1, 2, 3, 4, 5, 6, u32::MAX].map(wait_ms);
        assert_eq!(
            waits,
            [0, 5_000, 15_000, 60_000, 300_000, 3_600_000, 3_600_000, 3_600_000]
        );
    }
}
