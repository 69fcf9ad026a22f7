//! Fetching a file: all of it is verified before anything of it is kept.

use contract::ErrorCode;
use network::ServerAddress;
use protocol::account::AccountId;
use protocol::attachment::RemoteFile;
use protocol::file_server::{FileRequest, FileServer, FileServerError, downloaded};
use store::{Attachment, AttachmentKind, FileFacts, MessageId, Reading, StoreError};

use super::{Ended, sound, upload, wire};
use crate::core::Core;
use crate::failure::Stopped;

/// So many bytes of the disk are left free: the database and other apps need them more.
const LEFT_FREE: u64 = 200_000_000;

/// One try. Spec: attachments §9 (ATT-63, ATT-64, ATT-69)
pub(super) async fn download(core: &Core, attachment: &Attachment) -> Result<(), Ended> {
    let (own, message) = (core.own_id()?, attachment.message.ok_or(Ended::Cancelled)?);
    let may_fetch = core.read(move |reading| may_fetch(reading, own, message)).await;
    if !may_fetch? {
        return Err(Ended::Unwanted);
    }
    let remote = wire::of_row(attachment).ok_or(Ended::Gone)?;
    let server = remote.url().server().map_err(|_| Ended::Gone)?;
    let address = address(&server).ok_or(Ended::Gone)?;
    let longest = remote.longest_encrypted();
    let free = core.with_store(|store| Ok(store.files().free_bytes())).await?;
    if !has_room(free, longest) {
        return Err(Stopped::from(ErrorCode::Disk).into());
    }
    let request = FileRequest::Download(remote.url().id().clone());
    let answer = upload::send(core, attachment, &address, request, longest).await?;
    let encrypted = downloaded(answer).map_err(|error| match error {
        FileServerError::NotFound => Ended::Gone,
        error if error.is_final() => Ended::Final,
        _ => Ended::Passing(network::RequestError::ServerSilent),
    })?;
    let Some(bytes) = open(core, remote, encrypted).await? else {
        return Err(Ended::Damaged);
    };
    keep(core, attachment, (own, message), bytes).await
}

fn has_room(free: Option<u64>, bytes: usize) -> bool {
    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    free.is_none_or(|free| free.saturating_sub(bytes) >= LEFT_FREE)
}

/// Whether files of a message may be fetched: my own, and those of people whom I have accepted and not blocked.
/// Spec: attachments §9 (ATT-67)
pub(crate) fn may_fetch(reading: &Reading<'_>, own: AccountId, message: MessageId) -> Result<bool, Stopped> {
    let message = reading.message(message)?;
    if message.author == own {
        return Ok(true);
    }
    let contact = reading.contact(&message.conversation)?;
    Ok(contact.is_some_and(|contact| contact.approved && !contact.blocked))
}

/// `None` for what is not the file.
async fn open(core: &Core, remote: RemoteFile, encrypted: Vec<u8>) -> Result<Option<Vec<u8>>, Stopped> {
    core.with_store(move |_| Ok(remote.decrypt(encrypted).ok())).await
}

async fn keep(
    core: &Core,
    attachment: &Attachment,
    (own, message): (AccountId, MessageId),
    bytes: Vec<u8>,
) -> Result<(), Ended> {
    let attachment = attachment.clone();
    let kept = core.with_store(move |store| {
        let facts = facts(&attachment, &bytes);
        store.keep_file(&bytes, |writing, file| {
            // They may have been blocked meanwhile.
            if !may_fetch(writing, own, message)? {
                return Err(StoreError::NotFound.into());
            }
            Ok(writing.mark_downloaded(attachment.id, &facts, file)?)
        })
    });
    Ok(kept.await?)
}

/// What the file is, by its bytes; its sender's word no longer counts.
fn facts(attachment: &Attachment, bytes: &[u8]) -> FileFacts {
    let (kind, content_type) = media::sniff(bytes);
    let voice = attachment.facts.kind == AttachmentKind::Voice;
    FileFacts {
        kind: wire::found_kind(kind, voice),
        file_name: attachment.facts.file_name.clone(),
        content_type: content_type.to_owned(),
        size: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        pixels: attachment.facts.pixels,
        duration_ms: sound::duration_ms(kind, bytes),
    }
}

fn address(server: &FileServer) -> Option<ServerAddress> {
    let destination = server.destination();
    let url = format!(
        "{}://{}:{}",
        destination.protocol.name(),
        destination.host,
        destination.port
    );
    Some(ServerAddress {
        url: url.parse().ok()?,
        x25519: destination.x25519,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn att_69_the_last_of_the_disk_is_left_free() {
        assert!(has_room(None, 10_000_000), "nobody says");
        assert!(has_room(Some(210_000_000), 10_000_000));
        assert!(!has_room(Some(209_999_999), 10_000_000));
        assert!(!has_room(Some(5), 10_000_000));
    }
}
