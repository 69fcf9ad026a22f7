//! Fetching a file: all of it is verified before anything of it is kept.

use network::ServerAddress;
use protocol::account::AccountId;
use protocol::attachment::RemoteFile;
use protocol::file_server::{FileRequest, FileServer, FileServerError, LARGEST_UPLOAD, downloaded};
use store::{Attachment, AttachmentKind, FileFacts, MessageId, Reading};

use super::{Ended, upload, wire};
use crate::core::Core;
use crate::failure::Stopped;

/// One try. Spec: attachments §9 (ATT-63, ATT-64)
pub(super) async fn download(core: &Core, attachment: &Attachment) -> Result<(), Ended> {
    let (own, message) = (core.own_id()?, attachment.message.ok_or(Ended::Cancelled)?);
    let may_fetch = core.read(move |reading| may_fetch(reading, own, message)).await;
    if !may_fetch? {
        return Err(Ended::Unwanted);
    }
    let remote = wire::of_row(attachment).ok_or(Ended::Gone)?;
    let server = remote.url().server().map_err(|_| Ended::Gone)?;
    let address = address(&server).ok_or(Ended::Gone)?;
    let request = FileRequest::Download(remote.url().id().clone());
    let answer = upload::send(core, attachment, &address, request, LARGEST_UPLOAD).await?;
    let encrypted = downloaded(answer).map_err(|error| match error {
        FileServerError::NotFound => Ended::Gone,
        error if error.is_final() => Ended::Final,
        _ => Ended::Passing(network::RequestError::ServerSilent),
    })?;
    keep(core, attachment, remote, encrypted).await
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

async fn keep(
    core: &Core,
    attachment: &Attachment,
    remote: RemoteFile,
    encrypted: Vec<u8>,
) -> Result<(), Ended> {
    let attachment = attachment.clone();
    let kept = core.with_store(move |store| {
        let Ok(bytes) = remote.decrypt(encrypted) else {
            return Ok(false);
        };
        let facts = facts(&attachment, &bytes);
        store.keep_file(&bytes, |writing, file| {
            writing.mark_downloaded(attachment.id, &facts, file)
        })?;
        Ok(true)
    });
    match kept.await? {
        true => Ok(()),
        false => Err(Ended::Damaged),
    }
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
