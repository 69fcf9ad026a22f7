//! What sounds and films tell of their maker is taken out, without touching a byte of sound or picture.
//!
//! Places, devices, names and dates stand beside the sound, in places that each container has for them. A container whose
//! places are not known is refused: better not sent than sent with a place in it.

mod ebml;
mod mpeg4;
mod ogg;
mod tags;

use crate::sniff;

/// Why a sound or a film cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StripError {
    /// What it hides cannot be removed: not a container of a known kind.
    #[error("not a film or sound of a known kind")]
    Unknown,
    /// Its parts do not fit into each other.
    #[error("the film or sound is damaged")]
    Damaged,
    /// It comes in fragments with a track that is neither sound nor picture.
    #[error("the film has a track that cannot be removed")]
    HiddenTrack,
}

/// The sound or film without what it tells of its maker.
///
/// # Errors
/// [`StripError`]
pub fn strip(mut bytes: Vec<u8>) -> Result<Vec<u8>, StripError> {
    let (_, content_type) = sniff(&bytes);
    match content_type {
        "video/mp4" | "audio/mp4" => mpeg4::strip(&mut bytes)?,
        "video/webm" => ebml::strip(&mut bytes)?,
        "audio/ogg" => ogg::strip(&mut bytes)?,
        "audio/mpeg" | "audio/aac" => return tags::strip_frames(bytes),
        "audio/flac" => return tags::strip_flac(&bytes),
        "audio/wav" => return tags::strip_wav(&bytes),
        _ => return Err(StripError::Unknown),
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound_duration_ms;

    #[test]
    fn sounds_last_as_long_as_before_and_tell_nothing() {
        for sound in [
            include_bytes!("../tests/sounds/fragments.mp4").as_slice(),
            include_bytes!("../tests/sounds/live.webm"),
            include_bytes!("../tests/sounds/tone-tagged.mp3"),
            include_bytes!("../tests/sounds/tone.aac"),
            include_bytes!("../tests/sounds/tone.flac"),
            include_bytes!("../tests/sounds/tone.m4a"),
            include_bytes!("../tests/sounds/tone.mp3"),
            include_bytes!("../tests/sounds/tone.opus.ogg"),
            include_bytes!("../tests/sounds/tone.vorbis.ogg"),
            include_bytes!("../tests/sounds/tone.wav"),
            include_bytes!("../tests/sounds/tone.webm"),
        ] {
            let (kind, content_type) = sniff(sound);
            let clean = strip(sound.to_vec()).unwrap();
            assert_eq!(
                sound_duration_ms(&clean),
                sound_duration_ms(sound),
                "{content_type}"
            );
            assert_eq!(sniff(&clean), (kind, content_type));
            for word in ["Lavf", "Lavc", "TSSE", "LIST"] {
                // Encoders of MP3 also sign within a frame; frames are not touched.
                let is_within = content_type == "audio/mpeg" && word.starts_with("Lav");
                let found = clean.windows(4).any(|window| window == word.as_bytes());
                assert!(!found || is_within, "{word} in {content_type}");
            }
            assert_eq!(strip(clean.clone()).as_ref(), Ok(&clean));
        }
    }

    #[test]
    fn other_files_are_none_of_its_business() {
        assert_eq!(strip(b"%PDF-1.7".to_vec()), Err(StripError::Unknown));
        assert_eq!(strip(Vec::new()), Err(StripError::Unknown));
    }
}
