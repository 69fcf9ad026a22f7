//! The key pairs of one's own account.

use curve25519_dalek::scalar::clamp_integer;
use ed25519_dalek::{Signer, SigningKey};
use x25519_dalek::StaticSecret;
use zeroize::Zeroizing;

use super::{AccountId, Seed};

/// The Ed25519 and X25519 key pairs of one account.
///
/// The Ed25519 pair comes from the seed by RFC 8032 and signs; the X25519 pair is the same key on the Montgomery curve
/// and opens sealed boxes. Erased when dropped. Spec: identity §1 (IDN-03, IDN-04).
pub struct AccountKeys {
    signing: SigningKey,
    agreement: StaticSecret,
    account_id: AccountId,
}

impl AccountKeys {
    /// Derives both pairs.
    pub fn from_seed(seed: &Seed) -> Self {
        let signing = SigningKey::from_bytes(seed.expose_seed32());
        // libsodium hands out the clamped form; the library keeps the raw one.
        let scalar = Zeroizing::new(clamp_integer(signing.to_scalar_bytes()));
        let agreement = StaticSecret::from(*scalar);
        let account_id = AccountId::account(signing.verifying_key().to_montgomery().to_bytes());
        Self {
            signing,
            agreement,
            account_id,
        }
    }

    /// The account's id.
    pub const fn account_id(&self) -> AccountId {
        self.account_id
    }

    /// The Ed25519 public key, 32 bytes.
    pub fn ed25519_public(&self) -> [u8; 32] {
        self.signing.verifying_key().to_bytes()
    }

    /// The X25519 public key, 32 bytes: the key of the account's id.
    pub const fn x25519_public(&self) -> &[u8; 32] {
        self.account_id.key()
    }

    /// Signs with Ed25519 (RFC 8032, deterministic); 64 bytes.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signing.sign(message).to_bytes()
    }

    /// The X25519 secret key, clamped, 32 bytes.
    pub fn expose_x25519_secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.agreement.to_bytes())
    }

    /// The Ed25519 secret key as libsodium keeps it, 64 bytes: `seed32 || public key`.
    pub fn expose_ed25519_secret(&self) -> Zeroizing<[u8; 64]> {
        Zeroizing::new(self.signing.to_keypair_bytes())
    }

    /// The X25519 shared secret with a public key; all zero when that key is of small order.
    pub(crate) fn shared_secret(&self, x25519_public: &[u8; 32]) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.agreement.diffie_hellman(&(*x25519_public).into()).to_bytes())
    }
}

impl std::fmt::Debug for AccountKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccountKeys(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::verify_signature;

    fn keys() -> AccountKeys {
        AccountKeys::from_seed(&Seed::from_hex("0123456789abcdef0123456789abcdef").unwrap())
    }

    #[test]
    fn idn_04_the_x25519_secret_belongs_to_the_public_key() {
        let keys = keys();
        let secret = keys.expose_x25519_secret();
        assert_eq!(
            x25519_dalek::x25519(*secret, x25519_dalek::X25519_BASEPOINT_BYTES),
            *keys.x25519_public()
        );
        assert_eq!(secret[0] & 7, 0, "clamped");
        assert_eq!(secret[31] & 0xc0, 0x40, "clamped");
    }

    #[test]
    fn idn_08_signatures_verify_and_break_with_any_changed_bit() {
        let keys = keys();
        let signature = keys.sign(b"text");
        assert!(verify_signature(&keys.ed25519_public(), b"text", &signature));
        assert!(!verify_signature(&keys.ed25519_public(), b"texT", &signature));
        for bit in 0..512 {
            let mut changed = signature;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(
                !verify_signature(&keys.ed25519_public(), b"text", &changed),
                "bit {bit}"
            );
        }
    }
}
