//! Checks on Ed25519 keys of other people.

use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use ed25519_dalek::{Signature, VerifyingKey};

/// Why somebody else's Ed25519 key is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForeignKeyError {
    /// The bytes are no point of the curve, or not its canonical encoding.
    #[error("not a point")]
    NotAPoint,
    /// The point has order 1, 2, 4 or 8.
    #[error("a point of small order")]
    SmallOrder,
    /// The point has a small-order part.
    #[error("outside of the prime-order subgroup")]
    OutsideSubgroup,
}

/// Somebody else's Ed25519 public key, decoded strictly: canonical, not of small order, in the prime-order subgroup.
///
/// These are libsodium's tests, which every other client applies. Spec: identity §1 (IDN-05).
pub(crate) struct ForeignKey(EdwardsPoint);

impl ForeignKey {
    /// Decodes 32 bytes.
    pub(crate) fn parse(ed25519_public: &[u8; 32]) -> Result<Self, ForeignKeyError> {
        let point = CompressedEdwardsY(*ed25519_public)
            .decompress()
            .ok_or(ForeignKeyError::NotAPoint)?;
        if point.compress().to_bytes() != *ed25519_public {
            return Err(ForeignKeyError::NotAPoint);
        }
        if point.is_small_order() {
            return Err(ForeignKeyError::SmallOrder);
        }
        if !point.is_torsion_free() {
            return Err(ForeignKeyError::OutsideSubgroup);
        }
        Ok(Self(point))
    }

    /// The X25519 public key of the same account.
    pub(crate) fn to_x25519(&self) -> [u8; 32] {
        self.0.to_montgomery().to_bytes()
    }

    /// Verifies strictly: `S` below the group order, `R` not of small order.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        VerifyingKey::from(self.0)
            .verify_strict(message, &Signature::from_bytes(signature))
            .is_ok()
    }
}

/// Maps an Ed25519 public key (32 bytes) to the X25519 public key of the same account, `u = (1 + y) / (1 - y)`.
/// Spec: identity §1 (IDN-04, IDN-05).
///
/// # Errors
/// [`ForeignKeyError`] for keys that no honest client makes.
pub fn x25519_from_ed25519(ed25519_public: &[u8; 32]) -> Result<[u8; 32], ForeignKeyError> {
    ForeignKey::parse(ed25519_public).map(|key| key.to_x25519())
}

/// Whether `signature` (64 bytes) over `message` is by the holder of `ed25519_public` (32 bytes).
///
/// As strict as libsodium: `S` below the group order, no keys or `R` of small order, canonical keys only. Keys outside
/// of the prime-order subgroup are refused as well. Spec: identity §1 (IDN-08).
pub fn verify_signature(ed25519_public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    ForeignKey::parse(ed25519_public).is_ok_and(|key| key.verify(message, signature))
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};

    use super::*;

    #[test]
    fn idn_05_small_order_points_are_refused() {
        for point in EIGHT_TORSION {
            assert_eq!(
                x25519_from_ed25519(&point.compress().to_bytes()),
                Err(ForeignKeyError::SmallOrder)
            );
        }
    }

    #[test]
    fn idn_05_points_with_a_small_order_part_are_refused() {
        let mixed = ED25519_BASEPOINT_POINT + EIGHT_TORSION[1];
        assert_eq!(
            x25519_from_ed25519(&mixed.compress().to_bytes()),
            Err(ForeignKeyError::OutsideSubgroup)
        );
    }

    #[test]
    fn idn_05_other_encodings_of_a_point_are_refused() {
        // y = p, an encoding of 0 that does not reduce itself.
        let mut y_is_p = [0xff; 32];
        y_is_p[0] = 0xed;
        y_is_p[31] = 0x7f;
        assert_eq!(x25519_from_ed25519(&y_is_p), Err(ForeignKeyError::NotAPoint));
        // y = 2 is on no point.
        let mut two = [0; 32];
        two[0] = 2;
        assert_eq!(x25519_from_ed25519(&two), Err(ForeignKeyError::NotAPoint));
    }

    #[test]
    fn idn_04_the_base_point_maps_to_nine() {
        let mut nine = [0; 32];
        nine[0] = 9;
        assert_eq!(
            x25519_from_ed25519(&ED25519_BASEPOINT_POINT.compress().to_bytes()),
            Ok(nine)
        );
    }
}
