//! How files are named where they are kept.

use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use protocol::file_server::FileId;

const LEN_BYTES: usize = 33;

/// The hash that the id of a kept file is the text of. Spec: file_server §2 (FIL-05)
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ContentHash([u8; LEN_BYTES]);

impl ContentHash {
    /// The hash of an id; `None` for ids of another form, which name nothing here.
    pub(super) fn of_id(id: &FileId) -> Option<Self> {
        Self::from_bytes(&BASE64URL_NOPAD.decode(id.as_str().as_bytes()).ok()?)
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(super) const fn as_bytes(&self) -> &[u8; LEN_BYTES] {
        &self.0
    }

    /// The name on disk: hex, as file systems may not tell capitals apart.
    pub(super) fn file_name(&self) -> String {
        HEXLOWER.encode(&self.0)
    }

    /// Reads the name on disk.
    pub(super) fn from_file_name(name: &str) -> Option<Self> {
        Self::from_bytes(&HEXLOWER.decode(name.as_bytes()).ok()?)
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whoever knows the name can have the file.
        f.write_str("ContentHash(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fil_05_a_hash_survives_on_disk_and_ids_of_another_form_are_none() {
        let id = FileId::of_content(b"hello");
        let hash = ContentHash::of_id(&id).unwrap();
        assert_eq!(ContentHash::from_file_name(&hash.file_name()), Some(hash));
        let text = id.as_str();
        for other in [
            "1234567890123456",
            &text[1..],
            &format!("{text}A"),
            &format!("{text}AAAA"),
        ] {
            assert_eq!(
                ContentHash::of_id(&FileId::parse(other).unwrap()),
                None,
                "{other}"
            );
        }
        for name in ["", "..", "0", &hash.file_name().to_uppercase(), text] {
            assert_eq!(ContentHash::from_file_name(name), None, "{name}");
        }
    }
}
