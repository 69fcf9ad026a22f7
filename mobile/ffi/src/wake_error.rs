//! Why a visit in the background came to nothing.

use contract::{ErrorCode, Failure};

/// A flat list for Kotlin and Swift. None of them carries content; `Display` is the stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
#[uniffi(flat_error)]
#[non_exhaustive]
pub enum WakeError {
    /// There is no account on this device: stop waking.
    #[error("E-NO-ACCOUNT")]
    NoAccount,
    /// The keychain has lost the key of the store.
    #[error("E-KEYRING")]
    Keyring,
    /// The store is under a passphrase, and none was given.
    #[error("E-PASSPHRASE-NEEDED")]
    PassphraseNeeded,
    /// The passphrase is wrong.
    #[error("E-PASSPHRASE-WRONG")]
    PassphraseWrong,
    /// The network profile cannot be used.
    #[error("E-PROFILE")]
    Profile,
    /// The disk is full.
    #[error("E-DISK")]
    Disk,
    /// The store cannot be opened at the moment, for instance because the keychain is locked: after a restart phones lock
    /// it until they are unlocked once.
    #[error("E-STORE")]
    Store,
    /// A bug of ours.
    #[error("E-UNKNOWN")]
    Unknown,
}

impl From<Failure> for WakeError {
    fn from(failure: Failure) -> Self {
        match failure.code {
            ErrorCode::NoAccount => Self::NoAccount,
            ErrorCode::Keyring => Self::Keyring,
            ErrorCode::PassphraseNeeded => Self::PassphraseNeeded,
            ErrorCode::PassphraseWrong => Self::PassphraseWrong,
            ErrorCode::Profile => Self::Profile,
            ErrorCode::Disk => Self::Disk,
            ErrorCode::Store => Self::Store,
            // No other code is expected of a visit.
            code => {
                tracing::error!(code = code.as_str(), "a visit ended with an unexpected code");
                Self::Unknown
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_contracts() {
        for (code, error) in [
            (ErrorCode::NoAccount, WakeError::NoAccount),
            (ErrorCode::Keyring, WakeError::Keyring),
            (ErrorCode::PassphraseNeeded, WakeError::PassphraseNeeded),
            (ErrorCode::PassphraseWrong, WakeError::PassphraseWrong),
            (ErrorCode::Profile, WakeError::Profile),
            (ErrorCode::Disk, WakeError::Disk),
            (ErrorCode::Store, WakeError::Store),
            (ErrorCode::Unknown, WakeError::Unknown),
        ] {
            assert_eq!(WakeError::from(Failure::new(code)), error);
            assert_eq!(error.to_string(), code.as_str());
        }
        assert_eq!(
            WakeError::from(Failure::new(ErrorCode::TextLong)),
            WakeError::Unknown
        );
    }
}
