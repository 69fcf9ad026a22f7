//! Sealing a message and wrapping it for three relays, against the sum of its raw primitives.
//!
//! One side is what sending costs: writing, padding, signing and sealing the content, the envelope, the store request as
//! JSON, and four onion layers. The other calls, on buffers of the same lengths, only the primitives that this cannot do
//! without: two Ed25519 signatures and a key for one of them, the sealed box, and for each layer a key pair, an agreement,
//! a key derivation and an AEAD. Both run in turns, so that a busy machine slows them alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

use aes_gcm::Aes256Gcm;
use anyhow::{Context, ensure};
use blake2::digest::consts::U24;
use blake2::{Blake2b, Blake2b256, Digest};
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{AeadInOut, KeyInit};
use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, Mac};
use poly1305::Poly1305;
use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys, Seed};
use protocol::message::outgoing::{self, SenderProfile};
use protocol::onion::{self, Cipher, Destination, Hop, HopSecret, Layer};
use protocol::storage::{Namespace, Request, Store};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use salsa20::XSalsa20;
use salsa20::cipher::consts::U10;
use salsa20::cipher::{KeyIvInit, StreamCipher};
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};

/// Characters of the message.
const TEXT_LEN: usize = 1_000;
const ROUNDS: usize = 40;
const CALLS_PER_ROUND: usize = 25;
const RELAYS: usize = 3;

/// What was measured, for one cipher.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SealAndWrap {
    /// Sealing and wrapping one message.
    pub ours: Duration,
    /// Its primitives alone.
    pub primitives: Duration,
}

impl SealAndWrap {
    /// Ours as a multiple of the primitives.
    pub fn ratio(&self) -> f64 {
        self.ours.as_secs_f64() / self.primitives.as_secs_f64()
    }
}

/// Measures with the cipher that requests are sent with, and with the other one.
///
/// # Errors
/// When what was built does not open.
pub fn measure() -> anyhow::Result<[(&'static str, SealAndWrap); 2]> {
    Ok([
        ("aes-gcm", measure_cipher(Cipher::AesGcm)?),
        ("xchacha20", measure_cipher(Cipher::XChaCha20)?),
    ])
}

fn measure_cipher(cipher: Cipher) -> anyhow::Result<SealAndWrap> {
    let scene = Scene::new(cipher);
    let mut rng = ChaCha20Rng::from_seed([1; 32]);
    let lengths = scene.lengths(&mut rng)?;
    let (mut ours, mut primitives) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..CALLS_PER_ROUND {
            black_box(scene.seal_and_wrap(&mut rng)?);
        }
        ours.push(start.elapsed());
        let start = Instant::now();
        for _ in 0..CALLS_PER_ROUND {
            black_box(scene.primitives(&mut rng, &lengths)?);
        }
        primitives.push(start.elapsed());
    }
    Ok(SealAndWrap {
        ours: per_call(ours)?,
        primitives: per_call(primitives)?,
    })
}

/// The median round, for one call.
fn per_call(mut rounds: Vec<Duration>) -> anyhow::Result<Duration> {
    rounds.sort_unstable();
    let median = rounds.get(rounds.len() / 2).context("no rounds")?;
    Ok(*median / u32::try_from(CALLS_PER_ROUND)?)
}

/// Who writes to whom, through whom.
struct Scene {
    cipher: Cipher,
    author: AccountKeys,
    signing_key: SigningKey,
    recipient: AccountId,
    text: String,
    relays: [HopSecret; RELAYS],
    node: HopSecret,
}

/// Lengths of the buffers that primitives work on.
struct Lengths {
    signed: usize,
    boxed: usize,
    layers: Vec<usize>,
}

impl Scene {
    fn new(cipher: Cipher) -> Self {
        let seed = |byte: u8| Seed::from_bytes(&[byte; 16]).expect("16 bytes make a seed");
        let hop = |byte: u8| HopSecret::from_bytes([byte; 32]);
        Self {
            cipher,
            author: AccountKeys::from_seed(&seed(1)),
            signing_key: SigningKey::from_bytes(&[1; 32]),
            recipient: AccountKeys::from_seed(&seed(2)).account_id(),
            text: "x".repeat(TEXT_LEN),
            relays: [hop(11), hop(12), hop(13)],
            node: hop(14),
        }
    }

    fn path(&self) -> [Hop; RELAYS] {
        self.relays.each_ref().map(|relay| Hop {
            ed25519: *relay.public(),
            x25519: *relay.public(),
        })
    }

    /// The bytes that the guard gets for one message.
    fn seal_and_wrap(&self, rng: &mut ChaCha20Rng) -> anyhow::Result<Vec<u8>> {
        let now = TimestampMs(1_700_000_000_000);
        let profile = SenderProfile {
            display_name: "Alice".to_owned(),
            updated_s: 1_690_000_000,
            picture: None,
        };
        let content = outgoing::text(&self.text, &profile, None, now);
        let data = outgoing::seal(rng, &self.author, self.recipient, now, &content)?;
        let request = Request::Store(Store {
            account: self.recipient,
            namespace: Namespace(0),
            data,
            timestamp: now,
            expiry: TimestampMs(now.0 + 1_209_600_000),
            proof: None,
        });
        let payload = request.to_json().to_string();
        let node = Hop {
            ed25519: *self.node.public(),
            x25519: *self.node.public(),
        };
        let (body, key) = onion::build(
            rng,
            &self.path(),
            &Destination::Node(node),
            payload.as_bytes(),
            self.cipher,
        )?;
        black_box(key);
        Ok(body)
    }

    /// Opens a body relay by relay, to learn how long each layer is and that the other side did its work.
    fn lengths(&self, rng: &mut ChaCha20Rng) -> anyhow::Result<Lengths> {
        let body = self.seal_and_wrap(rng)?;
        let outer = onion::parse_outer(&body)?;
        let (mut ciphertext, mut key, enc_type) =
            (outer.ciphertext.to_vec(), outer.ephemeral_key, outer.enc_type);
        let mut layers = Vec::new();
        for hop in self.relays.iter().chain([&self.node]) {
            let opened = onion::open_layer(hop, enc_type, &key, &ciphertext)?;
            layers.push(opened.plaintext.len());
            match Layer::parse(&opened.plaintext)? {
                Layer::Forward {
                    ciphertext: inner,
                    ephemeral_key,
                    ..
                } => {
                    (ciphertext, key) = (inner.to_vec(), ephemeral_key);
                }
                Layer::Final { body, .. } => {
                    let Request::Store(store) = Request::parse(body)? else {
                        anyhow::bail!("the destination got another request")
                    };
                    // The signed box: a key, a tag and a text of at least the message's length.
                    ensure!(store.data.len() > TEXT_LEN, "the message is missing");
                }
                Layer::Server { .. } => anyhow::bail!("a server was named"),
            }
        }
        ensure!(layers.len() == RELAYS + 1, "a layer is missing");
        // Padding fills up to a multiple of 160 bytes; the author's key and the recipient's are signed with it.
        let padded = (TEXT_LEN + 160) / 160 * 160;
        Ok(Lengths {
            signed: padded + 64,
            boxed: padded + 96,
            layers,
        })
    }

    /// The primitives of one message, on zeros.
    fn primitives(&self, rng: &mut ChaCha20Rng, lengths: &Lengths) -> anyhow::Result<usize> {
        let signature = self.signing_key.sign(&vec![0; lengths.signed]);
        let mut text = vec![0; lengths.boxed];
        let (public, shared) = agree(rng, self.recipient.key());
        let nonce = Blake2b::<U24>::new()
            .chain_update(public)
            .chain_update(self.recipient.key())
            .finalize();
        let key = salsa20::hsalsa::<U10>(&shared.into(), &[0; 16].into());
        let mut cipher = XSalsa20::new(&key, &nonce);
        let mut block = [0; 32];
        cipher.apply_keystream(&mut block);
        cipher.apply_keystream(&mut text);
        let tag = Poly1305::new(&block.into()).compute_unpadded(&text);
        let mut throw_away = [0; 32];
        rng.fill_bytes(&mut throw_away);
        let decoy = SigningKey::from_bytes(&throw_away).sign(&text);
        let mut total =
            usize::from(signature.to_bytes()[0]) + usize::from(tag[0]) + usize::from(decoy.to_bytes()[0]);
        for (hop, len) in self
            .relays
            .iter()
            .chain([&self.node])
            .rev()
            .zip(lengths.layers.iter().rev())
        {
            let (public, shared) = agree(rng, hop.public());
            let mut layer = vec![0; *len];
            let tag = match self.cipher {
                Cipher::AesGcm => {
                    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(b"LOKI")?;
                    mac.update(&shared);
                    let key = mac.finalize().into_bytes();
                    let mut nonce = [0; 12];
                    rng.fill_bytes(&mut nonce);
                    seal_in_place(&Aes256Gcm::new(&key), &nonce, &mut layer)?
                }
                Cipher::XChaCha20 => {
                    let hash = Blake2b256::new().chain_update(shared).chain_update(public);
                    let key = hash.chain_update(hop.public()).finalize();
                    let mut nonce = [0; 24];
                    rng.fill_bytes(&mut nonce);
                    seal_in_place(&XChaCha20Poly1305::new(&key), &nonce, &mut layer)?
                }
            };
            total += usize::from(tag);
            black_box(layer);
        }
        Ok(total)
    }
}

fn agree(rng: &mut ChaCha20Rng, other: &[u8; 32]) -> ([u8; 32], [u8; 32]) {
    let mut secret = [0; 32];
    rng.fill_bytes(&mut secret);
    let secret = StaticSecret::from(secret);
    (
        PublicKey::from(&secret).to_bytes(),
        secret.diffie_hellman(&PublicKey::from(*other)).to_bytes(),
    )
}

/// Encrypts in place and gives back the tag's first byte.
fn seal_in_place<A: AeadInOut>(aead: &A, nonce: &[u8], text: &mut [u8]) -> anyhow::Result<u8> {
    let nonce = nonce.try_into().ok().context("a nonce of another length")?;
    let tag = aead
        .encrypt_inout_detached(nonce, &[], text.into())
        .ok()
        .context("too long a text")?;
    tag.first().copied().context("no tag")
}
