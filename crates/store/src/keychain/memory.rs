//! Keys in memory only.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Keychain, KeychainError};
use crate::StoreKey;

/// Keeps keys as long as the value lives.
#[derive(Debug, Default)]
pub struct MemoryKeychain {
    keys: Mutex<BTreeMap<String, StoreKey>>,
}

impl MemoryKeychain {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, StoreKey>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keychain for MemoryKeychain {
    fn load(&self, name: &str) -> Result<Option<StoreKey>, KeychainError> {
        Ok(self.lock().get(name).cloned())
    }

    fn save(&self, name: &str, key: &StoreKey) -> Result<(), KeychainError> {
        self.lock().insert(name.to_owned(), key.clone());
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), KeychainError> {
        self.lock().remove(name);
        Ok(())
    }
}
