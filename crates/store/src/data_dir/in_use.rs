//! Who uses a folder's store: every process that has it open, so that none erases it under another.
//!
//! The lock is on the file `store-id`, which goes last when a store is erased: whoever holds it knows which store it is.
//! Where the file system knows no locks, nobody is kept from anything.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};

use super::{DataDir, OpenError, STORE_ID};
use crate::StoreError;

/// Held while a store is open, or while it is erased.
#[derive(Debug)]
pub(crate) struct InUse {
    _lock: File,
}

/// With whom a lock is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Share {
    /// With everybody who uses the store.
    Users,
    /// With nobody.
    Nobody,
}

impl DataDir {
    /// Says that this process uses the store, as others may too.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the store is being erased, or is condemned and still open elsewhere.
    pub(super) fn claim(&self) -> Result<InUse, OpenError> {
        match self.lock(Share::Users)? {
            Some(in_use) if !self.is_condemned() => Ok(in_use),
            _ => Err(StoreError::Busy.into()),
        }
    }

    /// Says that nobody uses the store and nobody may; `None` when somebody does, or has erased it.
    ///
    /// # Errors
    /// When the file system fails.
    pub(super) fn claim_alone(&self) -> Result<Option<InUse>, OpenError> {
        self.lock(Share::Nobody)
    }

    /// `None` when somebody else keeps this one out, and when the store has gone.
    fn lock(&self, share: Share) -> Result<Option<InUse>, OpenError> {
        let path = self.path.join(STORE_ID);
        // A lock for nobody else wants to be able to write on some file systems.
        let opened = OpenOptions::new().read(true).write(true).open(&path);
        let mut file = match opened {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        if !is_granted(&file, share) {
            return Ok(None);
        }
        // It may have gone, and another may have come, before the lock was had. What was opened is read, as there are
        // systems that keep everybody but the lock's holder from reading; that it is still there is asked besides.
        let mut id = String::new();
        file.read_to_string(&mut id)?;
        let same = id.trim() == self.store_id && is_at(&file, &path)?;
        Ok(same.then_some(InUse { _lock: file }))
    }

    fn is_condemned(&self) -> bool {
        let mark = fs::read_to_string(self.path.join(super::erasing::MARK)).unwrap_or_default();
        mark.lines().next() == Some(&self.store_id)
    }
}

/// Asks for a lock without waiting. Only "somebody else has it" is a no.
#[cfg(unix)]
fn is_granted(file: &File, share: Share) -> bool {
    use rustix::fs::{FlockOperation, flock};

    let operation = match share {
        Share::Users => FlockOperation::NonBlockingLockShared,
        Share::Nobody => FlockOperation::NonBlockingLockExclusive,
    };
    flock(file, operation) != Err(rustix::io::Errno::WOULDBLOCK)
}

/// Asks for a lock without waiting. Only "somebody else has it" is a no.
#[cfg(not(unix))]
fn is_granted(file: &File, share: Share) -> bool {
    let granted = match share {
        Share::Users => file.try_lock_shared(),
        Share::Nobody => file.try_lock(),
    };
    !matches!(granted, Err(fs::TryLockError::WouldBlock))
}

/// Whether a file that was opened is still the one of this name.
#[cfg(unix)]
fn is_at(file: &File, path: &std::path::Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;

    let here = file.metadata()?;
    match fs::metadata(path) {
        Ok(there) => Ok((here.dev(), here.ino()) == (there.dev(), there.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether a file that was opened is still the one of this name.
#[cfg(not(unix))]
fn is_at(_: &File, path: &std::path::Path) -> io::Result<bool> {
    path.try_exists()
}
