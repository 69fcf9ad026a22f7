//! Padding that hides the exact length of a content.
//!
//! Layout: `content || 0x80 || 0x00…`, up to a multiple of 160 bytes. Spec: messages §3 (PAD-01, PAD-02).

/// Lengths of padded contents are multiples of this many bytes.
pub const BLOCK: usize = 160;

const MARK: u8 = 0x80;

/// Pads a content. When content and mark fill the last block exactly, one more block follows, as all clients do.
/// Spec: messages §3 (PAD-01).
pub fn pad(mut content: Vec<u8>) -> Vec<u8> {
    content.push(MARK);
    let missing = BLOCK.saturating_sub(content.len().checked_rem(BLOCK).unwrap_or(0));
    content.resize(content.len().saturating_add(missing), 0);
    content
}

/// The content without its padding. Without a mark behind it nothing but trailing zeros is removed, because old clients
/// did not pad. Spec: messages §3 (PAD-02).
pub fn unpad(padded: &[u8]) -> &[u8] {
    let zeros = padded.iter().rev().take_while(|byte| **byte == 0).count();
    let kept = padded
        .get(..padded.len().saturating_sub(zeros))
        .unwrap_or_default();
    kept.strip_suffix(&[MARK]).unwrap_or(kept)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pad_01_a_full_block_is_followed_by_another() {
        let lengths = [0, 1, 158, 159, 160, 318, 319, 320];
        let padded = lengths.map(|length| pad(vec![1; length]).len());
        assert_eq!(padded, [160, 160, 160, 320, 320, 320, 480, 480]);
    }

    #[test]
    fn pad_02_missing_padding_is_accepted() {
        assert_eq!(unpad(&[1, 2]), [1, 2]);
        assert_eq!(unpad(&[1, 2, 0, 0]), [1, 2]);
        assert_eq!(unpad(&[1, 0x80, 0x80, 0]), [1, 0x80]);
        assert_eq!(unpad(&[0x80, 0, 0]), [] as [u8; 0]);
        assert_eq!(unpad(&[]), [] as [u8; 0]);
    }

    proptest! {
        #[test]
        fn unpad_undoes_pad(content in proptest::collection::vec(any::<u8>(), 0..1000)) {
            let padded = pad(content.clone());
            prop_assert_eq!(unpad(&padded), &content[..]);
        }
    }
}
