//! What all devices of one account know and nobody else does, as far as devices nearby need it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes of each key.
pub(crate) const KEY_LEN: usize = 32;

const OF_HANDSHAKES: &[u8] = b"tern history transfer handshake 1";
const OF_ANNOUNCEMENTS: &[u8] = b"tern history transfer announcement 1";

/// The keys that follow from an account's seed, one for handshakes and one for announcements. Erased when dropped.
///
/// Spec: history-transfer, Keys (MOV-01).
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Secret {
    handshakes: [u8; KEY_LEN],
    announcements: [u8; KEY_LEN],
}

impl Secret {
    /// Derives both keys. `seed`: the 32 bytes from which the account's Ed25519 key pair is made.
    pub fn derive(seed: &[u8; 32]) -> Self {
        Self {
            handshakes: keyed(seed, &[OF_HANDSHAKES]),
            announcements: keyed(seed, &[OF_ANNOUNCEMENTS]),
        }
    }

    pub(crate) const fn of_handshakes(&self) -> &[u8; KEY_LEN] {
        &self.handshakes
    }

    /// HMAC-SHA256 under the key of announcements.
    pub(crate) fn tag(&self, announced: &[u8]) -> [u8; 32] {
        keyed(&self.announcements, &[announced])
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

fn keyed(key: &[u8; KEY_LEN], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
