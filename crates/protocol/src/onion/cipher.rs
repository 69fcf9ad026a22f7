//! The ciphers of one layer and the keys that both ends of it derive.
//!
//! Both ends compute `S = X25519(own secret, other public)`; the cipher decides what becomes of it. Never builds frames.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use aes_gcm::Aes256Gcm;
use blake2::Blake2b256;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{AeadInOut, KeyInit};
use hmac::{Hmac, Mac};
use rand_core::CryptoRng;
use sha2::Sha256;
use sha2::digest::Digest;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize, Zeroizing};

const TAG_LEN: usize = 16;
const CBC_BLOCK_LEN: usize = 16;
/// The HMAC key that the network uses to turn a shared secret into an AES-GCM key.
const GCM_SALT: &[u8] = b"LOKI";

/// A cipher that a client may send with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cipher {
    /// AES-256-GCM; the default where no name is sent.
    AesGcm,
    /// XChaCha20-Poly1305.
    XChaCha20,
}

/// A cipher that a request may name in its `enc_type`; wider than [`Cipher`], as nodes still answer an old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncType {
    /// AES-256-GCM: `iv[12] ‖ ciphertext ‖ tag[16]`, key = HMAC-SHA256(key `LOKI`, S).
    AesGcm,
    /// XChaCha20-Poly1305: `nonce[24] ‖ ciphertext ‖ tag[16]`, key = BLAKE2b-256(S ‖ client key ‖ node key).
    XChaCha20,
    /// AES-256-CBC with PKCS#7: `iv[16] ‖ ciphertext`, key = S. Unauthenticated; answered by nodes, never sent.
    AesCbc,
}

impl From<Cipher> for EncType {
    fn from(cipher: Cipher) -> Self {
        match cipher {
            Cipher::AesGcm => Self::AesGcm,
            Cipher::XChaCha20 => Self::XChaCha20,
        }
    }
}

impl EncType {
    /// Parses a wire name or one of its aliases, in lower case only. Spec: onion §2 (ONI-02)
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "aes-gcm" | "gcm" => Some(Self::AesGcm),
            "xchacha20" | "xchacha20-poly1305" => Some(Self::XChaCha20),
            "aes-cbc" | "cbc" => Some(Self::AesCbc),
            _ => None,
        }
    }

    /// The name to send.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AesGcm => "aes-gcm",
            Self::XChaCha20 => "xchacha20",
            Self::AesCbc => "aes-cbc",
        }
    }

    /// Length in bytes of the nonce or IV in front of a ciphertext.
    pub const fn nonce_len(self) -> usize {
        match self {
            Self::AesGcm => 12,
            Self::XChaCha20 => 24,
            Self::AesCbc => 16,
        }
    }

    /// Length in bytes of the shortest ciphertext, nonce included: 28, 40 or 32. Spec: onion §2 (ONI-04)
    pub const fn min_len(self) -> usize {
        match self {
            Self::AesGcm => 28,
            Self::XChaCha20 => 40,
            Self::AesCbc => 32,
        }
    }
}

/// The X25519 secret key of whoever opens a layer: a node or a server.
pub struct HopSecret {
    secret: StaticSecret,
    public: [u8; 32],
}

impl HopSecret {
    /// Takes a 32-byte X25519 secret key, clamped or not.
    pub fn from_bytes(mut secret: [u8; 32]) -> Self {
        let key = StaticSecret::from(secret);
        secret.zeroize();
        let public = PublicKey::from(&key).to_bytes();
        Self { secret: key, public }
    }

    /// The public key that clients use for this hop.
    pub fn public(&self) -> &[u8; 32] {
        &self.public
    }

    pub(super) fn derive_key(&self, enc_type: EncType, client: &[u8; 32]) -> Result<LayerKey, UnusableKey> {
        let shared = agree(&self.secret, client)?;
        Ok(LayerKey::derive(enc_type, &shared, client, &self.public))
    }
}

impl std::fmt::Debug for HopSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HopSecret(..)")
    }
}

/// A public key with which no shared secret can be made (a point of small order). Spec: onion §2 (ONI-19)
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the public key yields no shared secret")]
pub struct UnusableKey;

/// A ciphertext that does not open: too short, altered, or made for another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ciphertext does not open")]
pub struct OpenFailed;

/// The client's end of one layer: a fresh key pair and what it shares with the hop.
pub(super) struct ClientEnd {
    /// The ephemeral public key that travels beside the ciphertext.
    pub(super) public: [u8; 32],
    shared: SharedSecret,
    hop: [u8; 32],
}

impl ClientEnd {
    /// Draws 32 bytes from `rng` as the ephemeral secret and agrees with `hop`, an X25519 public key.
    pub(super) fn generate(rng: &mut impl CryptoRng, hop: &[u8; 32]) -> Result<Self, UnusableKey> {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(bytes.as_mut_slice());
        Self::from_secret(&StaticSecret::from(*bytes), hop)
    }

    pub(super) fn from_secret(secret: &StaticSecret, hop: &[u8; 32]) -> Result<Self, UnusableKey> {
        let shared = agree(secret, hop)?;
        Ok(Self {
            public: PublicKey::from(secret).to_bytes(),
            shared,
            hop: *hop,
        })
    }

    /// The key of this layer under a cipher; the same for the request and the reply.
    pub(super) fn key(&self, enc_type: EncType) -> LayerKey {
        LayerKey::derive(enc_type, &self.shared, &self.public, &self.hop)
    }
}

type SharedSecret = Zeroizing<[u8; 32]>;

fn agree(secret: &StaticSecret, public: &[u8; 32]) -> Result<SharedSecret, UnusableKey> {
    let shared = secret.diffie_hellman(&PublicKey::from(*public));
    if shared.was_contributory() {
        Ok(Zeroizing::new(shared.to_bytes()))
    } else {
        Err(UnusableKey)
    }
}

/// The symmetric key of one layer.
pub(super) struct LayerKey {
    enc_type: EncType,
    key: Zeroizing<[u8; 32]>,
}

impl LayerKey {
    /// Derives the key; the client's public key goes first in both directions. Spec: onion §2 (ONI-03)
    fn derive(enc_type: EncType, shared: &SharedSecret, client: &[u8; 32], hop: &[u8; 32]) -> Self {
        let key = match enc_type {
            EncType::AesGcm => {
                let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(GCM_SALT)
                    .expect("HMAC takes keys of any length");
                mac.update(shared.as_slice());
                mac.finalize().into_bytes().into()
            }
            EncType::XChaCha20 => {
                let hash = Blake2b256::new();
                hash.chain_update(shared.as_slice())
                    .chain_update(client)
                    .chain_update(hop)
                    .finalize()
                    .into()
            }
            EncType::AesCbc => **shared,
        };
        Self {
            enc_type,
            key: Zeroizing::new(key),
        }
    }

    pub(super) fn enc_type(&self) -> EncType {
        self.enc_type
    }

    /// Encrypts `text` where it lies and returns the tag that must follow it.
    ///
    /// `nonce`: [`Cipher`]'s nonce length.
    pub(super) fn seal_in_place(&self, nonce: &[u8], text: &mut [u8]) -> Result<[u8; TAG_LEN], OpenFailed> {
        match self.enc_type {
            EncType::AesGcm => seal_with(&Aes256Gcm::new((&*self.key).into()), nonce, text),
            EncType::XChaCha20 => seal_with(&XChaCha20Poly1305::new((&*self.key).into()), nonce, text),
            EncType::AesCbc => Err(OpenFailed),
        }
    }

    /// Encrypts `plaintext` under a nonce drawn from `rng`: `nonce ‖ ciphertext ‖ tag`.
    pub(super) fn seal(&self, rng: &mut impl CryptoRng, plaintext: &[u8]) -> Vec<u8> {
        let nonce_len = self.enc_type.nonce_len();
        let mut nonce = [0; 24];
        let nonce = nonce.get_mut(..nonce_len).expect("24 is the longest nonce");
        rng.fill_bytes(nonce);
        let mut sealed = Vec::with_capacity(
            plaintext
                .len()
                .saturating_add(nonce_len)
                .saturating_add(CBC_BLOCK_LEN),
        );
        sealed.extend_from_slice(nonce);
        if self.enc_type == EncType::AesCbc {
            let cbc = cbc::Encryptor::<aes::Aes256>::new_from_slices(self.key.as_slice(), nonce)
                .expect("the lengths are those of AES-256");
            sealed.extend_from_slice(&cbc.encrypt_padded_vec::<Pkcs7>(plaintext));
            return sealed;
        }
        sealed.extend_from_slice(plaintext);
        let text = sealed.get_mut(nonce_len..).expect("the nonce was written");
        let tag = self
            .seal_in_place(nonce, text)
            .expect("the nonce has this cipher's length");
        sealed.extend_from_slice(&tag);
        sealed
    }

    /// Opens `nonce ‖ ciphertext ‖ tag`.
    ///
    /// # Errors
    /// [`OpenFailed`] where the text is shorter than [`EncType::min_len`], altered, or for another key.
    pub(super) fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, OpenFailed> {
        if sealed.len() < self.enc_type.min_len() {
            return Err(OpenFailed);
        }
        let (nonce, rest) = sealed
            .split_at_checked(self.enc_type.nonce_len())
            .ok_or(OpenFailed)?;
        match self.enc_type {
            EncType::AesGcm => open_with(&Aes256Gcm::new((&*self.key).into()), nonce, rest),
            EncType::XChaCha20 => open_with(&XChaCha20Poly1305::new((&*self.key).into()), nonce, rest),
            EncType::AesCbc => cbc::Decryptor::<aes::Aes256>::new_from_slices(self.key.as_slice(), nonce)
                .map_err(|_| OpenFailed)?
                .decrypt_padded_vec::<Pkcs7>(rest)
                .map_err(|_| OpenFailed),
        }
    }
}

impl std::fmt::Debug for LayerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LayerKey")
            .field("enc_type", &self.enc_type)
            .finish_non_exhaustive()
    }
}

fn seal_with<A: AeadInOut>(aead: &A, nonce: &[u8], text: &mut [u8]) -> Result<[u8; TAG_LEN], OpenFailed> {
    let nonce = nonce.try_into().map_err(|_| OpenFailed)?;
    let tag = aead
        .encrypt_inout_detached(nonce, &[], text.into())
        .map_err(|_| OpenFailed)?;
    tag.as_slice().try_into().map_err(|_| OpenFailed)
}

fn open_with<A: AeadInOut>(aead: &A, nonce: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenFailed> {
    let nonce = nonce.try_into().map_err(|_| OpenFailed)?;
    let (text, tag) = sealed.split_last_chunk::<TAG_LEN>().ok_or(OpenFailed)?;
    let tag = tag.as_slice().try_into().map_err(|_| OpenFailed)?;
    let mut text = text.to_vec();
    aead.decrypt_inout_detached(nonce, &[], text.as_mut_slice().into(), tag)
        .map_err(|_| OpenFailed)?;
    Ok(text)
}
