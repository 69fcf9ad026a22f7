//! Between rows of the store and pointers on the wire.

use media::Kind;
use protocol::attachment::RemoteFile;
use protocol::message::content::{AttachmentPointer, VOICE_MESSAGE};
use store::{Attachment, AttachmentKind, FileFacts, OfferedFile};

use super::safe_name;

/// Longest media type that is kept.
const LONGEST_TYPE: usize = 100;

/// What a received pointer says. A file that no server can be asked for is kept without an address: it is gone.
pub(crate) fn offered(pointer: &AttachmentPointer) -> OfferedFile {
    let content_type = pointer.content_type.clone().unwrap_or_default();
    let content_type = match content_type.len() <= LONGEST_TYPE && content_type.is_ascii() {
        true => content_type,
        false => String::new(),
    };
    let remote = RemoteFile::parse(pointer).ok();
    OfferedFile {
        facts: FileFacts {
            kind: claimed_kind(pointer, &content_type),
            file_name: safe_name(pointer.file_name.as_deref().unwrap_or_default()),
            content_type,
            size: pointer.size.unwrap_or(0),
            pixels: pointer
                .width
                .zip(pointer.height)
                .filter(|(width, height)| *width > 0 && *height > 0),
            duration_ms: None,
        },
        remote: remote.map(|remote| to_row(&remote)),
    }
}

/// Before a file is here its sender's word decides what it is called.
fn claimed_kind(pointer: &AttachmentPointer, content_type: &str) -> AttachmentKind {
    if pointer.flags.unwrap_or(0) & VOICE_MESSAGE != 0 {
        return AttachmentKind::Voice;
    }
    match content_type.split('/').next() {
        Some("image") if content_type != "image/svg+xml" => AttachmentKind::Image,
        Some("video") => AttachmentKind::Video,
        Some("audio") => AttachmentKind::Audio,
        _ => AttachmentKind::File,
    }
}

/// What a whole file is, by its bytes. A voice message may be in a film's container.
pub(super) fn found_kind(kind: Kind, voice: bool) -> AttachmentKind {
    match kind {
        Kind::Sound | Kind::Film if voice => AttachmentKind::Voice,
        Kind::Picture => AttachmentKind::Image,
        Kind::Film => AttachmentKind::Video,
        Kind::Sound => AttachmentKind::Audio,
        Kind::Other => AttachmentKind::File,
    }
}

/// As the store keeps it.
pub(super) fn to_row(remote: &RemoteFile) -> store::RemoteFile {
    let mut pointer = AttachmentPointer::default();
    remote.write_to(&mut pointer);
    store::RemoteFile {
        url: pointer.url.unwrap_or_default(),
        key: pointer.key.unwrap_or_default(),
        digest: pointer.digest.and_then(|digest| digest.try_into().ok()),
        size: pointer.size,
    }
}

/// The pointer of a file that lies on a server.
pub(crate) fn pointer(attachment: &Attachment) -> Option<AttachmentPointer> {
    let mut pointer = AttachmentPointer {
        content_type: Some(attachment.facts.content_type.clone()),
        file_name: Some(attachment.facts.file_name.clone()).filter(|name| !name.is_empty()),
        flags: (attachment.facts.kind == AttachmentKind::Voice).then_some(VOICE_MESSAGE),
        width: attachment.facts.pixels.map(|(width, _)| width),
        height: attachment.facts.pixels.map(|(_, height)| height),
        ..AttachmentPointer::default()
    };
    of_row(attachment)?.write_to(&mut pointer);
    Some(pointer)
}

/// The file that a row names.
pub(super) fn of_row(attachment: &Attachment) -> Option<RemoteFile> {
    let remote = attachment.remote.as_ref()?;
    let pointer = AttachmentPointer {
        url: Some(remote.url.clone()),
        key: Some(remote.key.clone()),
        digest: remote.digest.map(|digest| digest.to_vec()),
        size: remote.size,
        ..AttachmentPointer::default()
    };
    RemoteFile::parse(&pointer).ok()
}
