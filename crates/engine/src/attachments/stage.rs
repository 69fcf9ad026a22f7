//! Taking a file to be sent: what it is, small enough, and without what it tells of its maker.

use contract::ErrorCode;
use media::{Fidelity, Kind, Picture, PictureError, Shrink};
use protocol::attachment::LARGEST_FILE;
use store::{AttachmentId, AttachmentKind, FileFacts};

use super::sound;
use crate::core::Core;
use crate::failure::Stopped;

/// Longest side of a picture that is sent, in pixels.
const LONGEST_SIDE: u32 = 2_048;

/// Without loss a picture takes memory several times over; one with more pixels goes as a photo does.
const MOST_LOSSLESS_PIXELS: u64 = 16_000_000;

/// A picture may be larger than what is sent: it is made smaller.
const LARGEST_PICTURE: usize = 50_000_000;

/// Longest file name in bytes.
const LONGEST_NAME: usize = 200;

/// A file as the user chose it.
#[derive(Clone)]
pub struct NewFile {
    /// Its name, without folders.
    pub name: String,
    /// All of it.
    pub bytes: Vec<u8>,
    /// It was recorded here as a voice message.
    pub voice: bool,
    /// A picture keeps all its pixels. Nothing else changes.
    pub original: bool,
}

impl std::fmt::Debug for NewFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewFile(redacted)")
    }
}

/// Cleans a file and keeps it, sealed. Spec: attachments §9 (ATT-60)
///
/// # Errors
/// `E-ATT-TYPE`, `E-ATT-SIZE`, `E-ATT-META`.
pub(crate) async fn stage(core: &Core, file: NewFile) -> Result<AttachmentId, Stopped> {
    core.keys()?;
    let _turn = core.pictures.acquire().await.map_err(|_| Stopped::Task)?;
    let now = core.device_now();
    core.with_store(move |store| {
        let (facts, bytes) = clean(file)?;
        store.keep_file(&bytes, |writing, sealed| Ok(writing.stage(&facts, sealed, now)?))
    })
    .await
}

/// Whether a picture is larger than one that is sent as usual.
pub(crate) fn is_large(facts: &FileFacts) -> bool {
    facts
        .pixels
        .is_some_and(|(width, height)| width.max(height) > LONGEST_SIDE)
}

fn clean(file: NewFile) -> Result<(FileFacts, Vec<u8>), Stopped> {
    let NewFile {
        name,
        bytes,
        voice,
        original,
    } = file;
    let name = safe_name(&name);
    let (kind, content_type) = media::sniff(&bytes);
    let largest = if kind == Kind::Picture {
        LARGEST_PICTURE
    } else {
        LARGEST_FILE
    };
    if bytes.is_empty() {
        return Err(ErrorCode::AttachmentType.into());
    }
    if bytes.len() > largest {
        return Err(ErrorCode::AttachmentSize.into());
    }
    // A picture that cannot be decoded here cannot be cleaned: cameras' own formats tell place and device.
    if kind == Kind::Other && content_type.starts_with("image/") {
        return Err(ErrorCode::AttachmentMeta.into());
    }
    let (facts, bytes) = match kind {
        _ if voice => sound::clean_voice(name, bytes)?,
        Kind::Picture => clean_picture(name, content_type, &bytes, original)?,
        Kind::Film => {
            let bytes = media::strip(bytes).map_err(|_| ErrorCode::AttachmentMeta)?;
            (facts(AttachmentKind::Video, name, content_type), bytes)
        }
        Kind::Sound => {
            let bytes = media::strip(bytes).map_err(|_| ErrorCode::AttachmentMeta)?;
            let facts = FileFacts {
                duration_ms: media::sound_duration_ms(&bytes),
                ..facts(AttachmentKind::Audio, name, content_type)
            };
            (facts, bytes)
        }
        Kind::Other => (facts(AttachmentKind::File, name, content_type), bytes),
    };
    let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    if bytes.len() > LARGEST_FILE {
        return Err(ErrorCode::AttachmentSize.into());
    }
    Ok((FileFacts { size, ..facts }, bytes))
}

fn clean_picture(
    name: String,
    content_type: &str,
    bytes: &[u8],
    original: bool,
) -> Result<(FileFacts, Vec<u8>), ErrorCode> {
    let picture = media::decode(bytes).map_err(|_| ErrorCode::AttachmentMeta)?;
    if content_type == "image/gif" {
        let bytes = media::strip_gif(bytes).ok_or(ErrorCode::AttachmentMeta)?;
        let facts = FileFacts {
            pixels: Some(picture.size()),
            ..facts(AttachmentKind::Image, name, content_type)
        };
        return Ok((facts, bytes));
    }
    let sent = match original {
        true => encode_whole(&picture, content_type),
        false => picture
            .shrink(Shrink::Fit(LONGEST_SIDE))
            .and_then(|smaller| media::encode(&smaller, Fidelity::Usual)),
    };
    let sent = sent.map_err(|_| ErrorCode::AttachmentMeta)?;
    let facts = FileFacts {
        pixels: Some((sent.width, sent.height)),
        ..facts(
            AttachmentKind::Image,
            renamed(&name, sent.content_type),
            sent.content_type,
        )
    };
    Ok((facts, sent.bytes))
}

/// All pixels of a picture, every one as it was where that fits into a message and its own format kept them so.
fn encode_whole(picture: &Picture, content_type: &str) -> Result<media::Encoded, PictureError> {
    let (width, height) = picture.size();
    if content_type == "image/png"
        && u64::from(width).saturating_mul(u64::from(height)) <= MOST_LOSSLESS_PIXELS
        && let Ok(lossless) = media::encode(picture, Fidelity::Lossless)
        && lossless.bytes.len() <= LARGEST_FILE
    {
        return Ok(lossless);
    }
    media::encode(picture, Fidelity::Fine)
}

pub(super) fn facts(kind: AttachmentKind, file_name: String, content_type: &str) -> FileFacts {
    FileFacts {
        kind,
        file_name,
        content_type: content_type.to_owned(),
        size: 0,
        pixels: None,
        duration_ms: None,
    }
}

/// A picture was encoded anew: its name ends as its bytes now begin.
fn renamed(name: &str, content_type: &str) -> String {
    let ending = match content_type {
        "image/jpeg" => "jpg",
        _ => "webp",
    };
    match name.rsplit_once('.') {
        None if name.is_empty() => String::new(),
        Some((stem, _)) if !stem.is_empty() => format!("{stem}.{ending}"),
        _ => format!("{name}.{ending}"),
    }
}

/// A file's name fit to be shown and written: without folders, control characters and turned text, and not too long.
pub fn safe_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut safe = String::new();
    for character in base.chars().filter(|character| is_plain(*character)) {
        if safe.len().saturating_add(character.len_utf8()) > LONGEST_NAME {
            break;
        }
        safe.push(character);
    }
    // Neither a hidden file nor a parent folder.
    safe.trim().trim_start_matches('.').to_owned()
}

const fn is_plain(character: char) -> bool {
    !matches!(
        character,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | ':' | '*' | '?' | '"' | '<' | '>' | '|'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_could_lead_astray() {
        for (name, safe) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\me\\photo.jpg", "photo.jpg"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            (".bashrc", "bashrc"),
            ("..", ""),
            ("a\0b\nc", "abc"),
            ("  summer 2026.jpg ", "summer 2026.jpg"),
        ] {
            assert_eq!(safe_name(name), safe);
        }
        assert_eq!(safe_name(&"ü".repeat(500)).len(), LONGEST_NAME);
    }

    #[test]
    fn neither_name_nor_bytes_of_a_file_get_into_a_log() {
        let file = NewFile {
            name: "secret.txt".to_owned(),
            bytes: b"secret".to_vec(),
            voice: false,
            original: false,
        };
        assert_eq!(format!("{file:?}"), "NewFile(redacted)");
    }

    #[test]
    fn a_picture_is_named_as_it_was_encoded() {
        assert_eq!(renamed("photo.PNG", "image/jpeg"), "photo.jpg");
        assert_eq!(renamed("photo", "image/webp"), "photo.webp");
        assert_eq!(renamed("", "image/webp"), "");
    }

    #[test]
    fn what_cannot_be_sent_is_refused_with_its_code() {
        let refused = |bytes: Vec<u8>| {
            let file = NewFile {
                name: "x".to_owned(),
                bytes,
                voice: false,
                original: false,
            };
            match clean(file) {
                Err(Stopped::Refused(failure)) => Some(failure.code),
                _ => None,
            }
        };
        assert_eq!(refused(Vec::new()), Some(ErrorCode::AttachmentType));
        assert_eq!(
            refused(vec![1; LARGEST_FILE + 1]),
            Some(ErrorCode::AttachmentSize)
        );
        assert_eq!(refused(vec![1; LARGEST_FILE]), None);
        assert_eq!(
            refused(b"\xff\xd8\xffbroken".to_vec()),
            Some(ErrorCode::AttachmentMeta)
        );
        assert_eq!(
            refused(b"\0\0\0\x18ftypisom".to_vec()),
            Some(ErrorCode::AttachmentMeta)
        );
        assert_eq!(
            refused(b"\0\0\0\x18ftypheic".to_vec()),
            Some(ErrorCode::AttachmentMeta)
        );
        assert_eq!(refused(b"<svg onload=alert(1)>".to_vec()), None);
    }
}
