//! Randomness: from the operating system, or repeatable for tests.

use std::sync::{Mutex, PoisonError};

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use zeroize::Zeroizing;

/// Where secrets come from.
pub trait Entropy: Send + Sync + 'static {
    /// Fills bytes with randomness fit for keys.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // Nothing safe can be done without randomness, and no supported system runs out of it after it has started.
        getrandom::fill(bytes).expect("the operating system gives randomness");
    }
}

/// The same bytes for the same seed; only for tests.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<ChaCha20Rng>);

impl SeededEntropy {
    /// Starts from a number.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(bytes);
    }
}

/// A generator for one operation, started from fresh randomness.
pub(crate) fn generator(entropy: &dyn Entropy) -> ChaCha20Rng {
    let mut seed = Zeroizing::new([0; 32]);
    entropy.fill(&mut *seed);
    ChaCha20Rng::from_seed(*seed)
}
