//! A node's keys.

use std::fmt;
use std::path::Path;

use aws_lc_rs::signature::Ed25519KeyPair;
use data_encoding::HEXLOWER;
use protocol::account::{AccountKeys, Seed};
use protocol::onion::HopSecret;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::secret_file;

/// The three key pairs of a node.
///
/// The Ed25519 pair comes from a 32-byte seed; the X25519 pair is its conversion, as clients that know the Ed25519 key
/// only rely on. The legacy pair is independent of both and serves as a name. Erased when dropped; written to a file as two
/// lines of 64 hex digits, the Ed25519 seed and the legacy seed.
pub struct NodeIdentity {
    keys: AccountKeys,
    /// The Ed25519 pair of `keys`, in the library that signs quickest: a node signs every answer.
    signer: Ed25519KeyPair,
    layers: HopSecret,
    legacy: [u8; 32],
    seeds: [Seed; 2],
}

/// Why a file is no identity.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// The file cannot be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The text is not two lines of 64 hex digits.
    #[error("an identity is two lines of 64 hex digits")]
    Form,
}

impl NodeIdentity {
    /// Draws a new identity.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut draw = || {
            let mut seed = Zeroizing::new([0; 32]);
            rng.fill_bytes(seed.as_mut_slice());
            Seed::from_bytes(seed.as_slice()).expect("32 bytes are a seed")
        };
        Self::from_seeds([draw(), draw()])
    }

    fn from_seeds(seeds: [Seed; 2]) -> Self {
        let [own, legacy] = &seeds;
        // The keys of a node relate to each other as those of an account do.
        let keys = AccountKeys::from_seed(own);
        let signer =
            Ed25519KeyPair::from_seed_unchecked(own.expose_seed32()).expect("32 bytes are an Ed25519 seed");
        let layers = HopSecret::from_bytes(*keys.expose_x25519_secret());
        let legacy = AccountKeys::from_seed(legacy).ed25519_public();
        Self {
            keys,
            signer,
            layers,
            legacy,
            seeds,
        }
    }

    /// Reads the identity from a file, or draws one and writes it there, readable by its owner only.
    ///
    /// # Errors
    /// [`IdentityError`]
    pub fn load_or_create(path: &Path, rng: &mut impl CryptoRng) -> Result<Self, IdentityError> {
        if let Some(text) = secret_file::read(path)? {
            return Self::parse(&text).ok_or(IdentityError::Form);
        }
        let identity = Self::generate(rng);
        secret_file::write(path, &identity.expose_text())?;
        Ok(identity)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text
            .lines()
            .map(|line| (line.len() == 64).then(|| Seed::from_hex(line).ok())?);
        let seeds = [lines.next()??, lines.next()??];
        lines.next().is_none().then(|| Self::from_seeds(seeds))
    }

    fn expose_text(&self) -> Zeroizing<String> {
        let [own, legacy] = self
            .seeds
            .each_ref()
            .map(|seed| Zeroizing::new(HEXLOWER.encode(seed.expose_seed32())));
        Zeroizing::new(format!("{}\n{}\n", *own, *legacy))
    }

    /// The legacy public key, 32 bytes.
    pub const fn legacy(&self) -> &[u8; 32] {
        &self.legacy
    }

    /// The Ed25519 public key, 32 bytes.
    pub fn ed25519(&self) -> [u8; 32] {
        self.keys.ed25519_public()
    }

    /// The X25519 public key, 32 bytes.
    pub const fn x25519(&self) -> &[u8; 32] {
        self.keys.x25519_public()
    }

    /// Signs with the Ed25519 key (RFC 8032, deterministic); 64 bytes.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let signature = self.signer.sign(message);
        signature
            .as_ref()
            .try_into()
            .expect("an Ed25519 signature has 64 bytes")
    }

    /// Opens this node's onion layers.
    pub const fn layer_secret(&self) -> &HopSecret {
        &self.layers
    }

    /// The Ed25519 seed, 32 bytes.
    pub(crate) fn expose_seed(&self) -> &[u8; 32] {
        let [own, _] = &self.seeds;
        own.expose_seed32()
    }
}

impl fmt::Debug for NodeIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NodeIdentity(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use protocol::account::verify_signature;
    use protocol::onion::Hop;

    use super::*;
    use crate::random;

    #[test]
    fn the_x25519_key_is_the_converted_ed25519_key() {
        let identity = NodeIdentity::generate(&mut random::rng());
        assert_eq!(
            Hop::from_ed25519(identity.ed25519()).unwrap().x25519,
            *identity.x25519()
        );
        assert_eq!(identity.layer_secret().public(), identity.x25519());
        assert_ne!(identity.legacy(), &identity.ed25519());
    }

    #[test]
    fn a_node_signs_as_an_account_with_its_seed_does() {
        let identity = NodeIdentity::generate(&mut random::rng());
        for len in [0, 1, 43, 111, 112, 1_000] {
            let message = vec![7; len];
            assert_eq!(
                identity.sign(&message),
                identity.keys.sign(&message),
                "{len} bytes"
            );
        }
    }

    #[test]
    fn an_identity_survives_in_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("identity");
        let made = NodeIdentity::load_or_create(&path, &mut random::rng()).unwrap();
        let read = NodeIdentity::load_or_create(&path, &mut random::rng()).unwrap();
        assert_eq!((made.ed25519(), made.legacy()), (read.ed25519(), read.legacy()));
        assert!(verify_signature(&made.ed25519(), b"text", &read.sign(b"text")));
    }

    #[test]
    fn a_broken_file_is_refused_rather_than_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("identity");
        for text in [
            "",
            "00\n",
            &"0".repeat(64),
            &format!("{0}\n{0}\n{0}\n", "0".repeat(64)),
            &"é".repeat(64),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = NodeIdentity::load_or_create(&path, &mut random::rng()).unwrap_err();
            assert!(matches!(error, IdentityError::Form), "{text:?}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }
}
