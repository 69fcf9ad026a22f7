//! Checks on Ed25519 keys of other people.

use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};

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

/// Decodes an Ed25519 public key (32 bytes) strictly: canonical, not of small order, in the prime-order subgroup.
/// These are libsodium's tests, which every other client applies. Spec: identity §1 (IDN-05).
pub(crate) fn decode_strictly(ed25519_public: &[u8; 32]) -> Result<EdwardsPoint, ForeignKeyError> {
    let point = CompressedEdwardsY(*ed25519_public).decompress().ok_or(ForeignKeyError::NotAPoint)?;
    if point.compress().to_bytes() != *ed25519_public {
        return Err(ForeignKeyError::NotAPoint);
    }
    if point.is_small_order() {
        return Err(ForeignKeyError::SmallOrder);
    }
    if !point.is_torsion_free() {
        return Err(ForeignKeyError::OutsideSubgroup);
    }
    Ok(point)
}

/// Maps an Ed25519 public key (32 bytes) to the X25519 public key of the same account, `u = (1 + y) / (1 - y)`.
/// Spec: identity §1 (IDN-04, IDN-05).
///
/// # Errors
/// [`ForeignKeyError`] for keys that no honest client makes.
pub fn x25519_from_ed25519(ed25519_public: &[u8; 32]) -> Result<[u8; 32], ForeignKeyError> {
    decode_strictly(ed25519_public).map(|point| point.to_montgomery().to_bytes())
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};

    use super::*;

    #[test]
    fn idn_05_small_order_points_are_refused() {
        for point in EIGHT_TORSION {
            assert_eq!(x25519_from_ed25519(&point.compress().to_bytes()), Err(ForeignKeyError::SmallOrder));
        }
    }

    #[test]
    fn idn_05_points_with_a_small_order_part_are_refused() {
        let mixed = ED25519_BASEPOINT_POINT + EIGHT_TORSION[1];
        assert_eq!(x25519_from_ed25519(&mixed.compress().to_bytes()), Err(ForeignKeyError::OutsideSubgroup));
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
        assert_eq!(x25519_from_ed25519(&ED25519_BASEPOINT_POINT.compress().to_bytes()), Ok(nine));
    }
}
