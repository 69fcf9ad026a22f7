//! How much of something that is limited all addresses have, and each of them.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many places for all, and so many of them for one address.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    all: Arc<Semaphore>,
    callers: Callers,
}

/// One place, free again when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_caller: Caller,
}

impl Places {
    /// `most_of_one`: places of one address.
    pub(crate) fn new(most: usize, most_of_one: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(most)),
            callers: Callers::new(most_of_one),
        }
    }

    /// Takes a place; `None` where all are taken, or the address has its share.
    pub(crate) fn admit(&self, address: Ipv4Addr) -> Option<Place> {
        Some(Place {
            _of_all: self.all.clone().try_acquire_owned().ok()?,
            _of_caller: self.callers.admit(address)?,
        })
    }
}

/// Counts places by address.
#[derive(Clone, Debug)]
struct Callers {
    most: usize,
    counts: Arc<Mutex<HashMap<Ipv4Addr, usize>>>,
}

/// One place of an address; no longer counted when dropped.
#[derive(Debug)]
struct Caller {
    callers: Callers,
    address: Ipv4Addr,
}

impl Callers {
    /// `most`: places of one address at once.
    fn new(most: usize) -> Self {
        Self {
            most,
            counts: Arc::default(),
        }
    }

    /// Counts a place; `None` where the address has too many.
    fn admit(&self, address: Ipv4Addr) -> Option<Caller> {
        let mut counts = self.counts();
        let count = counts.get(&address).copied().unwrap_or(0);
        if count >= self.most {
            return None;
        }
        counts.insert(address, count.saturating_add(1));
        Some(Caller {
            callers: self.clone(),
            address,
        })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<Ipv4Addr, usize>> {
        // Nothing panics while it holds the lock.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        let mut counts = self.callers.counts();
        match counts.get_mut(&self.address) {
            Some(count) if *count > 1 => *count = count.saturating_sub(1),
            _ => {
                counts.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nde_09_one_address_cannot_take_all_places() {
        let places = Places::new(3, 2);
        let callers = &places.callers;
        let [one, other] = [1, 2].map(|last| Ipv4Addr::new(192, 0, 2, last));
        let first = places.admit(one).unwrap();
        let _second = places.admit(one).unwrap();
        assert!(places.admit(one).is_none());
        let third = places.admit(other).unwrap();
        assert!(places.admit(other).is_none(), "all are taken");
        drop(first);
        assert!(places.admit(one).is_some(), "one is free");
        drop(third);
        assert_eq!(callers.counts().len(), 1, "who is gone is forgotten");
    }
}
