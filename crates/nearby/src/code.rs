//! The code that people compare, and the commitment that keeps anybody from choosing it.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Bytes of the number that each side adds.
pub(crate) const NONCE_LEN: usize = 32;

const OF_COMMITMENTS: &[u8] = b"tern history transfer commitment 1";
const OF_CODES: &[u8] = b"tern history transfer code 1";
const CODES: u64 = 1_000_000;

/// Six digits that both devices show when nobody stands between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(u32);

impl std::fmt::Display for Code {
    /// `042 917`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const HALF: u32 = 1_000;
        write!(f, "{:03} {:03}", self.0.div_euclid(HALF), self.0.rem_euclid(HALF))
    }
}

/// What the taking side shows of its number before it knows the other one: SHA-256 of purpose, handshake and number.
///
/// Spec: history-transfer, Code (MOV-04).
pub(crate) fn commitment(handshake: &[u8; 32], number: &[u8; NONCE_LEN]) -> [u8; 32] {
    digest(&[OF_COMMITMENTS, handshake, number])
}

/// Whether a number is the one that was committed to.
pub(crate) fn opens(commitment_seen: &[u8; 32], handshake: &[u8; 32], number: &[u8; NONCE_LEN]) -> bool {
    commitment(handshake, number).ct_eq(commitment_seen).into()
}

/// The code of a handshake and both numbers: the first 8 bytes of SHA-256 of purpose, handshake, the giving side's number
/// and the taking side's, big-endian, modulo a million.
///
/// Spec: history-transfer, Code (MOV-05).
pub(crate) fn code(handshake: &[u8; 32], giver: &[u8; NONCE_LEN], taker: &[u8; NONCE_LEN]) -> Code {
    let digest = digest(&[OF_CODES, handshake, giver, taker]);
    let number = digest.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    Code(u32::try_from(number.rem_euclid(CODES)).unwrap_or(0))
}

fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mov_05_a_code_has_six_digits_and_depends_on_everything() {
        let base = code(&[1; 32], &[2; 32], &[3; 32]);
        assert_eq!(base.to_string().len(), 7);
        assert_eq!(Code(42_007).to_string(), "042 007");
        assert_ne!(base, code(&[9; 32], &[2; 32], &[3; 32]));
        assert_ne!(base, code(&[1; 32], &[9; 32], &[3; 32]));
        assert_ne!(base, code(&[1; 32], &[2; 32], &[9; 32]));
        assert_ne!(
            base,
            code(&[1; 32], &[3; 32], &[2; 32]),
            "the sides are told apart"
        );
    }

    #[test]
    fn mov_04_a_commitment_opens_with_its_number_and_handshake_only() {
        let seen = commitment(&[1; 32], &[2; 32]);
        assert!(opens(&seen, &[1; 32], &[2; 32]));
        assert!(!opens(&seen, &[1; 32], &[3; 32]));
        assert!(!opens(&seen, &[4; 32], &[2; 32]));
    }
}
