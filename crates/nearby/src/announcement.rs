//! What a giving device says aloud in the local network: that it is there, in a way that only the account's devices read.

use rand_core::CryptoRng;
use subtle::ConstantTimeEq;

use crate::Secret;
use crate::handshake::{MAGIC, VERSION};

const NONCE_LEN: usize = 16;
const TAG_LEN: usize = 16;
const SIGNED_LEN: usize = 8 + 1 + NONCE_LEN + 2;

/// One announcement: a random number and the port at which the device waits. Its sender is where the datagram came from.
///
/// `"TERNMOVE" (8) || version (1) || random number (16) || port (2, big-endian) || tag (16)`, the tag being the first half
/// of HMAC-SHA256 under the account's key of announcements of all before it. Who lacks that key learns that some device
/// offers its history, and neither whose it is nor whether it is the one of yesterday. Spec: history-transfer, Finding each other
/// (MOV-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Tells it from all others.
    pub(crate) number: [u8; NONCE_LEN],
    /// Where the device waits.
    pub port: u16,
}

impl Announcement {
    /// Bytes of an announcement.
    pub const LEN: usize = SIGNED_LEN + TAG_LEN;

    pub(crate) fn new(port: u16, rng: &mut impl CryptoRng) -> Self {
        let mut number = [0; NONCE_LEN];
        rng.fill_bytes(&mut number);
        Self { number, port }
    }

    /// The datagram.
    pub fn encode(&self, secret: &Secret) -> [u8; Self::LEN] {
        let signed = self.signed();
        let mut bytes = [0; Self::LEN];
        let tag = secret.tag(&signed);
        for (to, from) in bytes.iter_mut().zip(signed.iter().chain(&tag)) {
            *to = *from;
        }
        bytes
    }

    /// Reads a datagram; `None` for one of another account, of another version, or of something else.
    pub fn open(datagram: &[u8], secret: &Secret) -> Option<Self> {
        let rest = datagram.strip_prefix(MAGIC)?;
        let (version, rest) = rest.split_first()?;
        let (number, rest) = rest.split_first_chunk()?;
        let (port, tag) = rest.split_first_chunk()?;
        if *version != VERSION {
            return None;
        }
        let announcement = Self {
            number: *number,
            port: u16::from_be_bytes(*port),
        };
        let expected = secret.tag(&announcement.signed());
        let same: bool = expected.get(..TAG_LEN)?.ct_eq(tag).into();
        same.then_some(announcement)
    }

    fn signed(&self) -> [u8; SIGNED_LEN] {
        let mut bytes = [0; SIGNED_LEN];
        let parts = MAGIC.iter().chain(&[VERSION]).chain(&self.number).copied();
        let parts = parts.chain(self.port.to_be_bytes());
        for (to, from) in bytes.iter_mut().zip(parts) {
            *to = from;
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    #[test]
    fn mov_02_an_announcement_is_read_by_the_same_account_only() {
        let (mine, theirs) = (Secret::derive(&[1; 32]), Secret::derive(&[2; 32]));
        let mut rng = ChaCha20Rng::from_seed([3; 32]);
        let announcement = Announcement::new(40_000, &mut rng);
        let datagram = announcement.encode(&mine);
        assert_eq!(Announcement::open(&datagram, &mine), Some(announcement));
        assert_eq!(Announcement::open(&datagram, &theirs), None);
        let next = Announcement::new(40_000, &mut rng).encode(&mine);
        let same = next
            .iter()
            .zip(&datagram)
            .filter(|(one, other)| one == other)
            .count();
        assert!(same < 20, "two announcements share what is public and the port");
    }

    #[test]
    fn mov_02_a_changed_a_short_and_a_long_announcement_are_refused() {
        let secret = Secret::derive(&[1; 32]);
        let datagram = Announcement::new(1, &mut ChaCha20Rng::from_seed([3; 32])).encode(&secret);
        for at in 0..datagram.len() {
            let mut changed = datagram;
            changed[at] ^= 1;
            assert_eq!(Announcement::open(&changed, &secret), None, "byte {at}");
            assert_eq!(Announcement::open(&datagram[..at], &secret), None, "{at} bytes");
        }
        let long = [&datagram[..], &[0]].concat();
        assert_eq!(Announcement::open(&long, &secret), None);
    }
}
