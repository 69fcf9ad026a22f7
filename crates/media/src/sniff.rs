//! What bytes are, by what they begin with. A sender's word counts for nothing.

/// What a file is shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A picture that [`decode`](crate::decode) may be able to read.
    Picture,
    /// A film in the MPEG-4 family, or WebM.
    Film,
    /// Sound.
    Sound,
    /// Anything else: never opened by Tern itself.
    Other,
}

/// The kind of a file and its media type.
pub fn sniff(bytes: &[u8]) -> (Kind, &'static str) {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let brand = bytes.get(4..12);
    match brand {
        _ if starts(b"\xff\xd8\xff") => (Kind::Picture, "image/jpeg"),
        _ if starts(b"\x89PNG\r\n\x1a\n") => (Kind::Picture, "image/png"),
        _ if starts(b"GIF87a") || starts(b"GIF89a") => (Kind::Picture, "image/gif"),
        _ if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => (Kind::Picture, "image/webp"),
        _ if starts(b"RIFF") && bytes.get(8..12) == Some(b"WAVE") => (Kind::Sound, "audio/wav"),
        Some(b"ftypM4A ") => (Kind::Sound, "audio/mp4"),
        Some(
            b"ftypheic" | b"ftypheix" | b"ftypheim" | b"ftypheis" | b"ftyphevc" | b"ftyphevx" | b"ftypmif1"
            | b"ftypmif2" | b"ftypmsf1" | b"ftypavif" | b"ftypavis",
        ) => (Kind::Other, "image/heif"),
        _ if starts(b"II*\0") || starts(b"MM\0*") => (Kind::Other, "image/tiff"),
        _ if starts(b"\0\0\0\x0cJXL ") || starts(b"\xff\x0a") => (Kind::Other, "image/jxl"),
        Some([b'f', b't', b'y', b'p', ..]) => (Kind::Film, "video/mp4"),
        _ if starts(b"\x1a\x45\xdf\xa3") => (Kind::Film, "video/webm"),
        _ if starts(b"OggS") => (Kind::Sound, "audio/ogg"),
        _ if starts(b"ID3") => (Kind::Sound, "audio/mpeg"),
        _ if starts(b"fLaC") => (Kind::Sound, "audio/flac"),
        _ => match bytes {
            [0xff, second, ..] if second & 0xf6 == 0xf0 => (Kind::Sound, "audio/aac"),
            [0xff, second, ..] if second & 0xe6 == 0xe2 => (Kind::Sound, "audio/mpeg"),
            _ if starts(b"%PDF-") => (Kind::Other, "application/pdf"),
            _ => (Kind::Other, "application/octet-stream"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_decide() {
        assert_eq!(sniff(b"\xff\xd8\xff\xe0rest").0, Kind::Picture);
        assert_eq!(sniff(b"\0\0\0\x18ftypisom\0\0").0, Kind::Film);
        assert_eq!(sniff(b"\0\0\0\x18ftypM4A \0\0").0, Kind::Sound);
        assert_eq!(sniff(b"\0\0\0\x18ftypheic\0\0"), (Kind::Other, "image/heif"));
        assert_eq!(sniff(b"II*\0rest"), (Kind::Other, "image/tiff"));
        assert_eq!(sniff(b"OggS\0\x02").0, Kind::Sound);
        assert_eq!(sniff(b"\xff\xf1\x50").1, "audio/aac");
        assert_eq!(sniff(b"\xff\xfb\x90").1, "audio/mpeg");
        assert_eq!(
            sniff(b"<svg onload=alert(1)>"),
            (Kind::Other, "application/octet-stream")
        );
        assert_eq!(sniff(b""), (Kind::Other, "application/octet-stream"));
    }
}
