//! How many connections one address has.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counts connections by address.
#[derive(Clone, Debug)]
pub(crate) struct Callers {
    most: usize,
    counts: Arc<Mutex<HashMap<Ipv4Addr, usize>>>,
}

/// One connection; no longer counted when dropped.
#[derive(Debug)]
pub(crate) struct Caller {
    callers: Callers,
    address: Ipv4Addr,
}

impl Callers {
    /// `most`: connections of one address at once.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            counts: Arc::default(),
        }
    }

    /// Counts a connection; `None` where the address has too many.
    pub(crate) fn admit(&self, address: Ipv4Addr) -> Option<Caller> {
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
    fn nde_09_one_address_cannot_take_all_connections() {
        let callers = Callers::new(2);
        let [one, other] = [1, 2].map(|last| Ipv4Addr::new(192, 0, 2, last));
        let first = callers.admit(one).unwrap();
        let _second = callers.admit(one).unwrap();
        assert!(callers.admit(one).is_none());
        assert!(callers.admit(other).is_some());
        drop(first);
        assert!(callers.admit(one).is_some(), "one has ended");
        assert_eq!(callers.counts().len(), 1, "who is gone is forgotten");
    }
}
