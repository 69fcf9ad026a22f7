//! Randomness that a case prescribes.

use std::collections::VecDeque;
use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use serde_json::Value;

use crate::vectors::field::hex;

/// Gives out the bytes of a case in place of random ones.
pub(super) struct Scripted(VecDeque<u8>);

impl Scripted {
    /// Gives out these bytes, then zeros.
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self(bytes.iter().copied().collect())
    }

    /// The secrets and nonces of a path's layers, from the destination outwards.
    pub(super) fn of_keys(case: &Value) -> Result<Self, String> {
        let layers = case["ephemeral_keys_destination_first"]
            .as_array()
            .ok_or("no list of keys")?;
        let mut script = Vec::new();
        for layer in layers {
            script.extend(hex(layer, "seckey")?);
            script.extend(hex(layer, "nonce")?);
        }
        Ok(Self::new(&script))
    }
}

impl TryRng for Scripted {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut word = [0; 4];
        self.try_fill_bytes(&mut word)?;
        Ok(u32::from_le_bytes(word))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut word = [0; 8];
        self.try_fill_bytes(&mut word)?;
        Ok(u64::from_le_bytes(word))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for byte in out {
            *byte = self.0.pop_front().unwrap_or_default();
        }
        Ok(())
    }
}

impl TryCryptoRng for Scripted {}
