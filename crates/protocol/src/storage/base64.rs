//! Standard base64 as relays read it: padding is optional and unused bits of the last character are ignored.

use std::sync::LazyLock;

use data_encoding::{BASE64, BASE64_NOPAD, Encoding};

static LENIENT: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = BASE64_NOPAD.specification();
    specification.check_trailing_bits = false;
    specification.encoding().unwrap_or(BASE64_NOPAD)
});

/// Decodes base64 of the standard alphabet. With padding the length must be a multiple of four; white space and the
/// URL-safe alphabet are refused. Spec: storage §3 (STO-04).
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let unpadded = match text {
        [rest @ .., b'=', b'='] | [rest @ .., b'='] if text.len().is_multiple_of(4) => rest,
        whole => whole,
    };
    LENIENT.decode(unpadded).ok()
}

/// Decodes base64 of exactly `N` bytes.
pub(crate) fn decode_array<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    decode(text)?.try_into().ok()
}

/// Encodes with padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sto_04_padding_is_optional_but_never_wrong() {
        for good in ["eA", "eA==", "eB==", "", "eHg=", "eHg", "eHh4"] {
            assert!(decode(good.as_bytes()).is_some(), "{good}");
        }
        for bad in [
            "e", "eA=", "A===", "====", "eA==eA==", "e A=", "e_==", "***", "eA\n=",
        ] {
            assert!(decode(bad.as_bytes()).is_none(), "{bad}");
        }
        assert_eq!(decode(b"eB"), Some(b"x".to_vec()));
    }
}
