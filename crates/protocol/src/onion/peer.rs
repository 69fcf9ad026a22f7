//! The form in which one node hands a layer to the next.
//!
//! A bencoded dictionary, keys sorted: `data` the ciphertext, `enc_type` its cipher's name, `ephemeral_key` 32 bytes,
//! `hop_no` how many relays handled the request. Spec: onion §6 (ONI-12)

use super::cipher::EncType;
use super::layer::{HOP_LIMIT, clamp_hop_no};
use crate::bencode::{self, Limits, Value};

/// A layer on its way from one node to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerRequest {
    /// For the receiver's key.
    pub ciphertext: Vec<u8>,
    /// The client's public key of this layer.
    pub ephemeral_key: [u8; 32],
    /// The cipher of `ciphertext`.
    pub enc_type: EncType,
    /// How many relays handled the request so far, at least 1.
    pub hop_no: u32,
}

/// Why a node refuses what another node handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeerRequestError {
    /// Not a dictionary, or a field is missing or malformed.
    #[error("not an onion request between nodes")]
    Malformed,
    /// More relays than [`HOP_LIMIT`] handled it. The text is what the network answers.
    #[error("onion request max path length exceeded")]
    TooManyHops,
}

impl PeerRequest {
    /// The layer to send on after `hop_no` relays, this one not counted. Spec: onion §6 (ONI-11)
    pub fn forward(ciphertext: &[u8], ephemeral_key: [u8; 32], enc_type: EncType, hop_no: u32) -> Self {
        Self {
            ciphertext: ciphertext.to_vec(),
            ephemeral_key,
            enc_type,
            hop_no: hop_no.saturating_add(1),
        }
    }

    /// Writes the dictionary.
    pub fn encode(&self) -> Vec<u8> {
        Value::dict()
            .with("data", self.ciphertext.as_slice())
            .with("enc_type", self.enc_type.name())
            .with("ephemeral_key", &self.ephemeral_key)
            .with("hop_no", self.hop_no)
            .to_bytes()
    }

    /// Reads the dictionary; a count below 1 is read as 1, an absent cipher as AES-GCM.
    ///
    /// # Errors
    /// [`PeerRequestError`]
    pub fn parse(bytes: &[u8]) -> Result<Self, PeerRequestError> {
        let limits = Limits {
            max_depth: 2,
            ..Limits::default()
        };
        let dict = bencode::parse(bytes, limits).map_err(|_| PeerRequestError::Malformed)?;
        let request = Self::from_dict(&dict).ok_or(PeerRequestError::Malformed)?;
        if request.hop_no > HOP_LIMIT {
            Err(PeerRequestError::TooManyHops)
        } else {
            Ok(request)
        }
    }

    fn from_dict(dict: &Value<'_>) -> Option<Self> {
        let enc_type = match dict.get("enc_type") {
            None => EncType::AesGcm,
            Some(name) => EncType::parse(name.as_text()?)?,
        };
        let hop_no = match dict.get("hop_no") {
            None => 1,
            Some(count) => clamp_hop_no(count.as_integer()?).max(1),
        };
        Some(Self {
            ciphertext: dict.get("data")?.as_bytes()?.to_vec(),
            ephemeral_key: dict.get("ephemeral_key")?.as_array()?,
            enc_type,
            hop_no,
        })
    }
}
