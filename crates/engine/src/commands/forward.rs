//! Sending on what is here.

use contract::{ErrorCode, ForwardMessage, SendFiles, SendText, SentMessage};
use store::{Attachment, AttachmentId, AttachmentKind, MessageId, MessageKind};

use super::{attachments as files, messages};
use crate::attachments::{self, NewFile};
use crate::core::Core;
use crate::failure::Stopped;

/// The copy is a message of its own: of who wrote the original it says nothing. Its files are read from this device and
/// cleaned as if they were chosen there. Spec: attachments §9 (ATT-70)
pub(super) async fn forward_message(core: &Core, params: ForwardMessage) -> Result<SentMessage, Stopped> {
    let message = MessageId(params.message.0);
    let (kind, text, originals) = core
        .read(move |reading| {
            let row = reading.message(message)?;
            Ok((row.kind, row.body, reading.attachments_of(message)?))
        })
        .await?;
    if kind != MessageKind::Text {
        return Err(ErrorCode::NotFound.into());
    }
    let conversation = params.to;
    if originals.is_empty() {
        let sending = SendText {
            conversation,
            text,
            reply_to: None,
            preview: None,
        };
        return messages::send_text(core, sending).await;
    }
    let staged = stage_all(core, originals).await?;
    let sending = SendFiles {
        conversation,
        files: staged.iter().map(|id| contract::AttachmentId(id.0)).collect(),
        text,
        reply_to: None,
    };
    match files::send_files(core, sending).await {
        Ok(sent) => Ok(sent),
        Err(refused) => {
            discard(core, staged).await?;
            Err(refused)
        }
    }
}

/// All of them, or none.
async fn stage_all(core: &Core, originals: Vec<Attachment>) -> Result<Vec<AttachmentId>, Stopped> {
    for original in &originals {
        attachments::whole(original)?;
    }
    let mut staged = Vec::new();
    for original in originals {
        match copy(core, original).await {
            Ok(id) => staged.push(id),
            Err(refused) => {
                discard(core, staged).await?;
                return Err(refused);
            }
        }
    }
    Ok(staged)
}

async fn copy(core: &Core, original: Attachment) -> Result<AttachmentId, Stopped> {
    let file = core
        .with_store(move |store| {
            Ok(NewFile {
                bytes: store.files().read(attachments::whole(&original)?)?,
                // A picture that came with all its pixels goes on with them.
                original: attachments::is_large(&original.facts),
                voice: original.facts.kind == AttachmentKind::Voice,
                name: original.facts.file_name,
            })
        })
        .await?;
    attachments::stage(core, file).await
}

async fn discard(core: &Core, staged: Vec<AttachmentId>) -> Result<(), Stopped> {
    core.write(move |writing| {
        for id in staged {
            writing.discard_staged(id)?;
        }
        Ok(())
    })
    .await?;
    attachments::sweep(core).await
}
