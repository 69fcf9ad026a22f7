//! The frame that joins a binary part and the JSON about it.
//!
//! Layout: length of the binary part as u32 little-endian, that part, then a JSON object to the end. Spec: onion §3
//! (ONI-01)

/// Length in bytes of the length field.
pub(super) const HEAD_LEN: usize = 4;

/// Why bytes are not a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// Fewer than the four bytes of the length.
    #[error("shorter than its length field")]
    TooShort,
    /// The length names more bytes than follow.
    #[error("the length is larger than what follows")]
    LengthTooLarge,
}

/// Splits a frame into its binary part and its JSON text, neither of them looked at.
///
/// # Errors
/// [`FrameError`]
pub(super) fn split(bytes: &[u8]) -> Result<(&[u8], &[u8]), FrameError> {
    let (len, rest) = bytes
        .split_first_chunk::<HEAD_LEN>()
        .ok_or(FrameError::TooShort)?;
    let len = usize::try_from(u32::from_le_bytes(*len)).map_err(|_| FrameError::LengthTooLarge)?;
    rest.split_at_checked(len).ok_or(FrameError::LengthTooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn split_takes_a_frame_apart() {
        assert_eq!(split(b"\x02\0\0\0ab{}"), Ok((b"ab".as_slice(), b"{}".as_slice())));
        assert_eq!(split(b"\0\0\0\0"), Ok((b"".as_slice(), b"".as_slice())));
    }

    #[test]
    fn split_rejects_a_missing_or_too_large_length() {
        assert_eq!(split(b"\x02\0\0"), Err(FrameError::TooShort));
        assert_eq!(split(b"\x03\0\0\0ab"), Err(FrameError::LengthTooLarge));
        assert_eq!(split(b"\xff\xff\xff\xffab"), Err(FrameError::LengthTooLarge));
    }
}
