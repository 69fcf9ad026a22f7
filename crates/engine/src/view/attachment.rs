//! Files of messages.

use contract::{AttachmentState, AttachmentView};
use store::Attachment;

use super::message::parse_failure;
use crate::attachments;

/// A file as the store knows it; [`Transfers::show`](crate::attachments::Transfers::show) adds what is moving.
pub(crate) fn view(attachment: Attachment) -> AttachmentView {
    let state = state(&attachment);
    let here = attachments::whole(&attachment).is_ok();
    let (width, height) = attachment.facts.pixels.unzip();
    AttachmentView {
        id: contract::AttachmentId(attachment.id.0),
        kind: kind(attachment.facts.kind),
        file_name: attachment.facts.file_name,
        content_type: attachment.facts.content_type,
        size: u64::from(attachment.facts.size),
        width,
        height,
        duration_ms: attachment.facts.duration_ms,
        state,
        here,
    }
}

fn state(attachment: &Attachment) -> AttachmentState {
    match attachment.state {
        store::AttachmentState::Offered if attachment.message.is_none() => AttachmentState::Staged,
        store::AttachmentState::Offered => AttachmentState::Offered,
        store::AttachmentState::ToUpload | store::AttachmentState::ToDownload => AttachmentState::Waiting,
        store::AttachmentState::Done => AttachmentState::Done,
        store::AttachmentState::Failed => AttachmentState::Failed {
            failure: parse_failure(attachment.failure.as_deref().unwrap_or_default()),
        },
        store::AttachmentState::Gone => AttachmentState::Gone,
    }
}

pub(crate) const fn kind(kind: store::AttachmentKind) -> contract::AttachmentKind {
    match kind {
        store::AttachmentKind::Image => contract::AttachmentKind::Image,
        store::AttachmentKind::Video => contract::AttachmentKind::Video,
        store::AttachmentKind::Voice => contract::AttachmentKind::Voice,
        store::AttachmentKind::Audio => contract::AttachmentKind::Audio,
        store::AttachmentKind::File => contract::AttachmentKind::File,
    }
}
