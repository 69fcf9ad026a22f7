//! Who uses a folder's store: every process that has it open, so that none erases it under another.
//!
//! The lock is on the file `store-id`, which goes last when a store is erased: whoever holds it knows which store it is.
//! Where the file system knows no locks, nobody is kept from anything.

use std::fs::{self, File, TryLockError};
use std::io;

use super::{DataDir, OpenError, STORE_ID};
use crate::StoreError;

/// Held while a store is open, or while it is erased.
#[derive(Debug)]
pub(crate) struct InUse {
    _lock: File,
}

impl DataDir {
    /// Says that this process uses the store, as others may too.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the store is being erased, or is condemned and still open elsewhere.
    pub(super) fn claim(&self) -> Result<InUse, OpenError> {
        let id = File::open(self.path.join(STORE_ID)).map_err(gone_is_busy)?;
        match id.try_lock_shared() {
            Err(TryLockError::WouldBlock) => return Err(StoreError::Busy.into()),
            Err(TryLockError::Error(error)) if error.kind() != io::ErrorKind::Unsupported => {
                return Err(error.into());
            }
            _ => {}
        }
        // It may have gone, and another may have come, before the lock was had.
        match Self::at(&self.path).as_ref() == Some(self) && !self.is_condemned() {
            true => Ok(InUse { _lock: id }),
            false => Err(StoreError::Busy.into()),
        }
    }

    /// Says that nobody uses the store and nobody may; `None` when somebody does.
    ///
    /// # Errors
    /// When the file system fails.
    pub(super) fn claim_alone(&self) -> Result<Option<InUse>, OpenError> {
        let id = File::open(self.path.join(STORE_ID))?;
        match id.try_lock() {
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) if error.kind() != io::ErrorKind::Unsupported => {
                Err(error.into())
            }
            _ => Ok(Some(InUse { _lock: id })),
        }
    }

    fn is_condemned(&self) -> bool {
        let mark = fs::read_to_string(self.path.join(super::erasing::MARK)).unwrap_or_default();
        mark.lines().next() == Some(&self.store_id)
    }
}

/// Who opens a store and finds it gone came while it was erased.
fn gone_is_busy(error: io::Error) -> OpenError {
    match error.kind() {
        io::ErrorKind::NotFound => StoreError::Busy.into(),
        _ => error.into(),
    }
}
