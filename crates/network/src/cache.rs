//! What is found again after a restart: the relays, the guards, the swarms.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;

/// One of the things kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CachePart {
    /// The relays known, with their strikes.
    Pool,
    /// The entry relays in use.
    Guards,
    /// Which swarm keeps which account, where relays had to be asked.
    Swarms,
}

/// Keeps a few opaque values over restarts. A lost or refused value costs time only, so there are no errors; the bytes
/// come back as they were or not at all.
pub trait NetworkCache: Send + Sync + 'static {
    /// What was last saved.
    fn load(&self, part: CachePart) -> BoxFuture<'_, Option<Vec<u8>>>;

    /// Replaces what was saved.
    fn save(&self, part: CachePart, bytes: Vec<u8>) -> BoxFuture<'_, ()>;
}

/// Keeps values as long as it lives.
#[derive(Debug, Default)]
pub struct MemoryCache(Mutex<BTreeMap<CachePart, Vec<u8>>>);

impl NetworkCache for MemoryCache {
    fn load(&self, part: CachePart) -> BoxFuture<'_, Option<Vec<u8>>> {
        let bytes = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&part)
            .cloned();
        std::future::ready(bytes).boxed()
    }

    fn save(&self, part: CachePart, bytes: Vec<u8>) -> BoxFuture<'_, ()> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(part, bytes);
        std::future::ready(()).boxed()
    }
}
