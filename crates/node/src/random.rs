//! The node's source of randomness: the operating system's.

use getrandom::SysRng;
use rand_core::{CryptoRng, UnwrapErr};

/// A generator; making one costs nothing. Fails the task where the system has no randomness, as nothing safe can be done.
pub(crate) fn rng() -> impl CryptoRng {
    UnwrapErr(SysRng)
}
