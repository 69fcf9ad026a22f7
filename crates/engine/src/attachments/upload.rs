//! Uploading a file of mine, and letting its message go when it was the last one.

use contract::ErrorCode;
use network::{RequestError, ServerAddress, ServerRequest, Transfer};
use protocol::attachment::{FileSecret, RemoteFile, legacy};
use protocol::file_server::{FileEncryption, FileRequest, FileServer, Uploaded};
use protocol::onion;
use store::{Attachment, AttachmentState, StoreError};
use tokio::sync::watch;

use super::{Ended, tell, wire};
use crate::core::Core;
use crate::failure::Stopped;
use crate::outbox;
use crate::percent::percent;

/// Longest answer to an upload, in bytes.
const LONGEST_ANSWER: usize = 4_096;

/// One try. Spec: attachments §9 (ATT-61)
pub(super) async fn upload(core: &Core, attachment: &Attachment) -> Result<(), Ended> {
    let service = core.config.profile.file_server.as_ref().ok_or(Ended::Final)?;
    let ed25519 = service.ed25519.ok_or(Ended::Final)?;
    let server = FileServer::parse(service.url.as_str(), ed25519).map_err(|_| Ended::Final)?;
    let (encrypted, secrets) = encrypt(core, attachment).await?;
    let wire = FileRequest::Upload {
        file: encrypted,
        ttl_s: None,
    };
    let answer = send(
        core,
        attachment,
        &ServerAddress::from(service),
        wire,
        LONGEST_ANSWER,
    )
    .await?;
    let uploaded = Uploaded::parse(&answer).map_err(|error| match error {
        error if error.is_final() => Ended::Final,
        _ => Ended::Passing(RequestError::ServerSilent),
    })?;
    let secret = FileSecret::Legacy {
        secrets,
        size: attachment.facts.size,
    };
    let remote = RemoteFile::new(server.url(uploaded.id, FileEncryption::Legacy), secret);
    Ok(finish(core, attachment, wire::to_row(&remote)).await?)
}

async fn encrypt(core: &Core, attachment: &Attachment) -> Result<(Vec<u8>, legacy::Secrets), Ended> {
    let file = attachment.file.clone().ok_or(Ended::Final)?;
    let mut rng = core.rng();
    let encrypted = core.with_store(move |store| {
        let bytes = store.files().read(&file)?;
        Ok(legacy::encrypt(&mut rng, &bytes))
    });
    encrypted.await.map_err(|error| match error {
        // The file is not there any more, or was changed: no other try can help.
        Stopped::Store(StoreError::NotFound | StoreError::Damaged) => Ended::Final,
        error => error.into(),
    })
}

/// Sends a request of a file's transfer and follows how far it is.
pub(super) async fn send(
    core: &Core,
    attachment: &Attachment,
    server: &ServerAddress,
    request: FileRequest,
    longest_answer: usize,
) -> Result<onion::ServerReply, Ended> {
    let (progress, mut moved) = watch::channel(Transfer::default());
    let request = ServerRequest::new(request.into_server_request(), longest_answer).with_progress(progress);
    let answer = core.network.to_server(server, request);
    let follow = async {
        while moved.changed().await.is_ok() {
            let upload = attachment.state == AttachmentState::ToUpload;
            let percent = match upload {
                true => sent_percent(*moved.borrow_and_update()),
                false => received_percent(*moved.borrow_and_update(), attachment.facts.size),
            };
            if core.transfers.set_progress(attachment.id, percent) {
                tell(core, attachment.id).await;
            }
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        answer = answer => Ok(answer?),
        () = follow => Err(Ended::Final),
    }
}

fn sent_percent(moved: Transfer) -> u8 {
    before_the_end(moved.sent, moved.to_send)
}

/// `size`: what the file should have, for relays that do not say how much they send.
fn received_percent(moved: Transfer, size: u32) -> u8 {
    before_the_end(moved.received, moved.to_receive.unwrap_or(u64::from(size)))
}

/// 100 is kept for the end.
fn before_the_end(done: u64, whole: u64) -> u8 {
    percent(done, whole).unwrap_or(0).min(99)
}

/// Keeps where the file lies. When it was the last of its message, the message goes. Spec: attachments §9 (ATT-62)
async fn finish(core: &Core, attachment: &Attachment, remote: store::RemoteFile) -> Result<(), Stopped> {
    let (id, message) = (attachment.id, attachment.message.ok_or(ErrorCode::NotFound)?);
    outbox::queue_when_uploaded(core, message, move |writing| {
        Ok(writing.mark_uploaded(id, &remote)?)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_counts_what_moves_in_the_direction_of_the_file() {
        let moved = |sent, received, to_receive| Transfer {
            sent,
            to_send: 1_000,
            received,
            to_receive,
        };
        assert_eq!(sent_percent(Transfer::default()), 0);
        assert_eq!(sent_percent(moved(500, 0, None)), 50);
        assert_eq!(sent_percent(moved(1_000, 40, Some(80))), 99);
        assert_eq!(received_percent(moved(1_000, 0, None), 400), 0);
        assert_eq!(received_percent(moved(1_000, 100, None), 400), 25);
        assert_eq!(received_percent(moved(1_000, 100, Some(200)), 400), 50);
        assert_eq!(received_percent(moved(1_000, u64::MAX, None), 0), 0);
    }
}
