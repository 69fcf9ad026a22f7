//! The primitives of Noise_NNpsk0_25519_ChaChaPoly_SHA256, from the libraries that the rest of the project uses.

use std::sync::Mutex;

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce, Tag};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use snow::Error;
use snow::params::{CipherChoice, DHChoice, HashChoice};
use snow::resolvers::CryptoResolver;
use snow::types::{Cipher, Dh, Hash, Random};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

const TAG_LEN: usize = 16;
const HASH_LEN: usize = 32;
const HASH_BLOCK_LEN: usize = 64;

/// Gives one handshake its primitives; its randomness follows from a seed that serves no other.
pub(crate) struct Primitives(Mutex<ChaCha20Rng>);

impl Primitives {
    pub(crate) fn new(seed: &Zeroizing<[u8; 32]>) -> Self {
        Self(Mutex::new(ChaCha20Rng::from_seed(**seed)))
    }
}

impl CryptoResolver for Primitives {
    fn resolve_rng(&self) -> Option<Box<dyn Random>> {
        let mut seed = Zeroizing::new([0; 32]);
        self.0.lock().ok()?.fill_bytes(seed.as_mut_slice());
        Some(Box::new(Randomness(ChaCha20Rng::from_seed(*seed))))
    }

    fn resolve_dh(&self, choice: &DHChoice) -> Option<Box<dyn Dh>> {
        matches!(choice, DHChoice::Curve25519).then(|| Box::new(X25519::default()) as Box<dyn Dh>)
    }

    fn resolve_hash(&self, choice: &HashChoice) -> Option<Box<dyn Hash>> {
        matches!(choice, HashChoice::SHA256).then(|| Box::new(Hash256::default()) as Box<dyn Hash>)
    }

    fn resolve_cipher(&self, choice: &CipherChoice) -> Option<Box<dyn Cipher>> {
        matches!(choice, CipherChoice::ChaChaPoly).then(|| Box::new(ChaChaPoly::default()) as Box<dyn Cipher>)
    }
}

struct Randomness(ChaCha20Rng);

impl Random for Randomness {
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Error> {
        self.0.fill_bytes(out);
        Ok(())
    }
}

/// X25519 (RFC 7748).
#[derive(Default)]
struct X25519 {
    secret: Zeroizing<[u8; 32]>,
    public: [u8; 32],
}

impl Dh for X25519 {
    fn name(&self) -> &'static str {
        "25519"
    }

    fn pub_len(&self) -> usize {
        self.public.len()
    }

    fn priv_len(&self) -> usize {
        self.secret.len()
    }

    fn set(&mut self, secret: &[u8]) {
        for (to, from) in self.secret.iter_mut().zip(secret) {
            *to = *from;
        }
        self.public = PublicKey::from(&StaticSecret::from(*self.secret)).to_bytes();
    }

    fn generate(&mut self, rng: &mut dyn Random) -> Result<(), Error> {
        let mut secret = Zeroizing::new([0; 32]);
        rng.try_fill_bytes(secret.as_mut_slice())?;
        self.set(secret.as_slice());
        Ok(())
    }

    fn pubkey(&self) -> &[u8] {
        &self.public
    }

    fn privkey(&self) -> &[u8] {
        self.secret.as_slice()
    }

    fn dh(&self, public: &[u8], out: &mut [u8]) -> Result<(), Error> {
        // The buffer has room for keys of longer curves.
        let public: [u8; 32] = *public.first_chunk().ok_or(Error::Dh)?;
        let shared = StaticSecret::from(*self.secret).diffie_hellman(&PublicKey::from(public));
        let out: &mut [u8; 32] = out.first_chunk_mut().ok_or(Error::Dh)?;
        if !shared.was_contributory() {
            return Err(Error::Dh);
        }
        *out = shared.to_bytes();
        Ok(())
    }
}

/// ChaCha20-Poly1305 (RFC 8439); the nonce is `zeros (4) || number (8, little-endian)`.
#[derive(Default)]
struct ChaChaPoly(Option<ChaCha20Poly1305>);

fn nonce(number: u64) -> Nonce {
    let mut nonce = [0; 12];
    for (to, from) in nonce.iter_mut().skip(4).zip(number.to_le_bytes()) {
        *to = from;
    }
    nonce.into()
}

impl Cipher for ChaChaPoly {
    fn name(&self) -> &'static str {
        "ChaChaPoly"
    }

    fn set(&mut self, key: &[u8; 32]) {
        self.0 = Some(ChaCha20Poly1305::new(key.into()));
    }

    fn encrypt(&self, number: u64, associated: &[u8], plain: &[u8], out: &mut [u8]) -> usize {
        let cipher = self.0.as_ref().expect("a key is set before anything is sealed");
        let (text, rest) = out
            .split_at_mut_checked(plain.len())
            .expect("the buffer was measured for text and tag");
        text.copy_from_slice(plain);
        let tag = cipher
            .encrypt_inout_detached(&nonce(number), associated, text.into())
            .expect("no message is longer than the cipher allows");
        let (place, _) = rest
            .split_first_chunk_mut::<TAG_LEN>()
            .expect("the buffer was measured for text and tag");
        *place = tag.into();
        plain.len().saturating_add(TAG_LEN)
    }

    fn decrypt(&self, number: u64, associated: &[u8], sealed: &[u8], out: &mut [u8]) -> Result<usize, Error> {
        let cipher = self.0.as_ref().ok_or(Error::Decrypt)?;
        let (text, tag) = sealed.split_last_chunk::<TAG_LEN>().ok_or(Error::Decrypt)?;
        let out = out.get_mut(..text.len()).ok_or(Error::Decrypt)?;
        out.copy_from_slice(text);
        cipher
            .decrypt_inout_detached(&nonce(number), associated, out.into(), &Tag::from(*tag))
            .map_err(|_| Error::Decrypt)?;
        Ok(text.len())
    }
}

#[derive(Default)]
struct Hash256(Sha256);

impl Hash for Hash256 {
    fn name(&self) -> &'static str {
        "SHA256"
    }

    fn block_len(&self) -> usize {
        HASH_BLOCK_LEN
    }

    fn hash_len(&self) -> usize {
        HASH_LEN
    }

    fn reset(&mut self) {
        self.0 = Sha256::default();
    }

    fn input(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn result(&mut self, out: &mut [u8]) {
        let digest: [u8; HASH_LEN] = self.0.finalize_reset().into();
        for (to, from) in out.iter_mut().zip(digest) {
            *to = from;
        }
    }
}
