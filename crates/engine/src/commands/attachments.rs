//! Files: staging, sending, fetching, saving.

use std::path::PathBuf;

use contract::{
    AttachmentView, CancelTransfer, DiscardFile, Done, DownloadFile, ErrorCode, Failure, KeepVoice, SaveFile,
    SendFiles, SentMessage, SetAutoDownload, StageFile,
};
use protocol::message::{MOST_ATTACHMENTS, outgoing};
use store::{AttachmentId, AttachmentState};

use crate::attachments::{self, LARGEST_READ, NewFile};
use crate::core::Core;
use crate::failure::Stopped;
use crate::{outbox, view};

pub(crate) async fn stage(core: &Core, file: NewFile) -> Result<AttachmentView, Stopped> {
    let id = attachments::stage(core, file).await?;
    let attachment = core.read(move |reading| Ok(reading.attachment(id)?)).await?;
    Ok(view::attachment::view(attachment))
}

pub(super) async fn stage_file(core: &Core, params: StageFile) -> Result<AttachmentView, Stopped> {
    let path = PathBuf::from(params.path);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let read = tokio::task::spawn_blocking(move || {
        let about = std::fs::metadata(&path)?;
        match about.is_file() && about.len() <= LARGEST_READ {
            true => std::fs::read(&path).map(Some),
            false => Ok(None),
        }
    });
    let bytes = match read.await.map_err(|_| Stopped::Task)? {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Err(ErrorCode::AttachmentSize.into()),
        Err(_) => return Err(ErrorCode::AttachmentType.into()),
    };
    let file = NewFile {
        name: name.unwrap_or_default(),
        bytes,
        voice: params.voice,
        original: params.original,
    };
    stage(core, file).await
}

pub(super) async fn discard_file(core: &Core, params: DiscardFile) -> Result<Done, Stopped> {
    let id = AttachmentId(params.attachment.0);
    core.write(move |writing| Ok(writing.discard_staged(id)?)).await?;
    attachments::sweep(core).await?;
    Ok(Done {})
}

pub(super) async fn send_files(core: &Core, params: SendFiles) -> Result<SentMessage, Stopped> {
    let to = view::parse_conversation(&params.conversation)?;
    if params.files.is_empty() {
        return Err(ErrorCode::TextEmpty.into());
    }
    if params.files.len() > MOST_ATTACHMENTS {
        return Err(ErrorCode::AttachmentCount.into());
    }
    if let Some(excess) = outgoing::excess_characters(&params.text) {
        return Err(Failure::new(ErrorCode::TextLong).with("n", excess).into());
    }
    let draft = outbox::Draft {
        to,
        body: params.text,
        reply_to: params.reply_to.map(|id| store::MessageId(id.0)),
        files: params.files.iter().map(|id| AttachmentId(id.0)).collect(),
        preview: None,
    };
    let (message, sent_at) = outbox::queue_message(core, draft).await?;
    core.transfer_wake.notify_one();
    Ok(SentMessage {
        message_id: view::message::id(message),
        conversation: view::conversation_id(to),
        sent_at_ms: view::time(sent_at),
    })
}

pub(super) async fn download_file(core: &Core, params: DownloadFile) -> Result<Done, Stopped> {
    let id = AttachmentId(params.attachment.0);
    if attachments::fetch_again(core, id).await? {
        return Ok(Done {});
    }
    let (own, now) = (core.own_id()?, core.device_now());
    core.write(move |writing| {
        let attachment = writing.attachment(id)?;
        let message = attachment.message.ok_or(ErrorCode::NotFound)?;
        if !attachments::may_fetch(writing, own, message)? {
            return Err(ErrorCode::NotFound.into());
        }
        if params.trust {
            let with = writing.message(message)?.conversation;
            writing.set_auto_download(&with, true, now)?;
        }
        match attachment.state {
            AttachmentState::Offered | AttachmentState::Failed | AttachmentState::Gone
                if attachment.remote.is_some() && attachment.file.is_none() =>
            {
                writing.set_transfer(id, AttachmentState::ToDownload, now)?;
            }
            _ => {}
        }
        Ok(())
    })
    .await?;
    core.transfer_wake.notify_one();
    attachments::tell(core, id).await;
    Ok(Done {})
}

pub(super) async fn cancel_transfer(core: &Core, params: CancelTransfer) -> Result<Done, Stopped> {
    let id = AttachmentId(params.attachment.0);
    core.write(move |writing| {
        let attachment = writing.attachment(id)?;
        let (state, code) = match attachment.state {
            AttachmentState::ToUpload => (AttachmentState::Failed, ErrorCode::AttachmentUpload),
            AttachmentState::ToDownload => (AttachmentState::Failed, ErrorCode::AttachmentDownload),
            _ => return Ok(()),
        };
        let failure = view::message::failure_text(&code.into());
        Ok(writing.end_transfer(id, state, &failure)?)
    })
    .await?;
    core.transfers.cancel(id);
    attachments::tell(core, id).await;
    Ok(Done {})
}

pub(super) async fn save_file(core: &Core, params: SaveFile) -> Result<Done, Stopped> {
    let id = AttachmentId(params.attachment.0);
    core.with_store(move |store| {
        let attachment = store.read(|reading| reading.attachment(id))?;
        let bytes = store.files().read(attachments::whole(&attachment)?)?;
        attachments::write_new(&PathBuf::from(params.path), &bytes)
            .map_err(|_| Stopped::from(ErrorCode::AttachmentSave))
    })
    .await?;
    Ok(Done {})
}

pub(super) async fn keep_voice(core: &Core, params: KeepVoice) -> Result<Done, Stopped> {
    let with = view::parse_conversation(&params.conversation)?;
    let (id, now) = (AttachmentId(params.attachment.0), core.network_now());
    core.write(move |writing| Ok(writing.keep_voice_draft(&with, id, now)?))
        .await?;
    Ok(Done {})
}

pub(super) async fn set_auto_download(core: &Core, params: SetAutoDownload) -> Result<Done, Stopped> {
    let with = view::parse_conversation(&params.conversation)?;
    let now = core.device_now();
    core.write(move |writing| Ok(writing.set_auto_download(&with, params.on, now)?))
        .await?;
    core.tell_conversation(with);
    Ok(Done {})
}
