//! Memory that strangers can make a node use, counted.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes that one permit stands for.
const PERMIT_BYTES: usize = 1024;

/// So many bytes for all requests together.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    permits: Arc<Semaphore>,
}

/// A part of a [`Memory`], given back when dropped.
#[derive(Debug)]
pub(crate) struct Share {
    _permit: OwnedSemaphorePermit,
}

struct Held {
    bytes: Bytes,
    _share: Share,
}

impl Memory {
    pub(crate) fn new(len_bytes: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(len_bytes.div_ceil(PERMIT_BYTES))),
        }
    }

    /// Takes a share for so many bytes; `None` where not enough is left.
    pub(crate) fn take(&self, len_bytes: usize) -> Option<Share> {
        let permits = u32::try_from(len_bytes.div_ceil(PERMIT_BYTES)).ok()?;
        let permit = self.permits.clone().try_acquire_many_owned(permits).ok()?;
        Some(Share { _permit: permit })
    }

    /// Counts bytes from here on until the last of their holders drops them; `None` where not enough is left.
    pub(crate) fn hold(&self, bytes: Bytes) -> Option<Bytes> {
        self.take(bytes.len()).map(|share| share.hold(bytes))
    }
}

impl Share {
    /// Gives the share back when the last holder of `bytes` drops them.
    pub(crate) fn hold(self, bytes: Bytes) -> Bytes {
        Bytes::from_owner(Held { bytes, _share: self })
    }
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_count_until_their_last_holder_is_gone() {
        let memory = Memory::new(4096);
        let held = memory.hold(Bytes::from(vec![7; 3000])).unwrap();
        assert_eq!(&held[..3], &[7; 3]);
        assert!(memory.take(2048).is_none());
        let part = held.slice(..10);
        drop(held);
        assert!(memory.take(2048).is_none(), "a part holds the whole");
        drop(part);
        assert!(memory.take(4096).is_some());
        assert!(memory.take(4097).is_none());
        assert!(memory.take(usize::MAX).is_none());
    }
}
