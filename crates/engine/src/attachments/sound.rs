//! Voice messages and other sound: what may be sent and played, and how long it lasts.
//! Spec: attachments §9 (ATT-73)

use contract::ErrorCode;
use media::Kind;
use store::{AttachmentId, AttachmentKind, AttachmentState, FileFacts};

use super::{may_fetch, stage, tell};
use crate::core::Core;
use crate::failure::Stopped;

/// How long a whole file lasts, if it is one that is heard.
pub(super) fn duration_ms(kind: Kind, bytes: &[u8]) -> Option<u32> {
    match kind {
        Kind::Sound | Kind::Film => media::sound_duration_ms(bytes),
        Kind::Picture | Kind::Other => None,
    }
}

/// A recording that is to be sent as a voice message. Its container may be one of films: web views record into those.
///
/// # Errors
/// `E-VOICE-PLAY` for what is no sound or a damaged one, `E-ATT-META` when it tells of its maker and cannot be cleaned.
pub(super) fn clean_voice(name: String, bytes: Vec<u8>) -> Result<(FileFacts, Vec<u8>), ErrorCode> {
    let duration = media::sound_duration_ms(&bytes).ok_or(ErrorCode::VoicePlay)?;
    let (_, content_type) = media::sniff(&bytes);
    let content_type = voice_type(content_type);
    let bytes = media::strip(bytes).map_err(|_| ErrorCode::AttachmentMeta)?;
    let facts = FileFacts {
        duration_ms: Some(duration),
        ..stage::facts(AttachmentKind::Voice, name, content_type)
    };
    Ok((facts, bytes))
}

/// A film's container without a picture is called sound.
pub(super) const fn voice_type(content_type: &'static str) -> &'static str {
    match content_type.as_bytes() {
        b"video/webm" => "audio/webm",
        b"video/mp4" => "audio/mp4",
        _ => content_type,
    }
}

/// Fetches a sound again that is here and cannot be played. What is here stays until the other is whole.
pub(crate) async fn fetch_again(core: &Core, id: AttachmentId) -> Result<bool, Stopped> {
    let (own, now) = (core.own_id()?, core.device_now());
    let again = core
        .write(move |writing| {
            let attachment = writing.attachment(id)?;
            let (Some(message), Some(_), AttachmentState::Done) =
                (attachment.message, &attachment.remote, attachment.state)
            else {
                return Ok(false);
            };
            let heard = matches!(
                attachment.facts.kind,
                AttachmentKind::Voice | AttachmentKind::Audio
            );
            if !heard || writing.message(message)?.author == own || !may_fetch(writing, own, message)? {
                return Ok(false);
            }
            writing.set_transfer(id, AttachmentState::ToDownload, now)?;
            Ok(true)
        })
        .await?;
    if again {
        core.transfer_wake.notify_one();
        tell(core, id).await;
    }
    Ok(again)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TONE: &[u8] = include_bytes!("../../../media/tests/sounds/tone.mp3");
    const FRAGMENTS: &[u8] = include_bytes!("../../../media/tests/sounds/fragments.mp4");
    const WEBM: &[u8] = include_bytes!("../../../media/tests/sounds/live.webm");

    fn cleaned(bytes: &[u8]) -> Result<(String, Option<u32>), ErrorCode> {
        let (facts, kept) = clean_voice("voice".to_owned(), bytes.to_vec())?;
        assert_eq!(facts.kind, AttachmentKind::Voice);
        assert!(kept.len() <= bytes.len());
        Ok((facts.content_type, facts.duration_ms))
    }

    #[test]
    fn recordings_are_called_what_they_are_and_measured() {
        assert_eq!(cleaned(TONE), Ok(("audio/mpeg".to_owned(), Some(1_567))));
        assert_eq!(cleaned(FRAGMENTS), Ok(("audio/mp4".to_owned(), Some(1_523))));
        assert_eq!(cleaned(WEBM), Ok(("audio/webm".to_owned(), Some(1_501))));
    }

    #[test]
    fn what_is_no_whole_sound_is_no_voice_message() {
        for bytes in [&b"%PDF-1.7"[..], b"\xff\xd8\xffpicture", &FRAGMENTS[..2_000], b""] {
            assert_eq!(cleaned(bytes), Err(ErrorCode::VoicePlay));
        }
    }
}
