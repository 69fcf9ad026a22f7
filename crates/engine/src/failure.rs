//! From what went wrong inside to the codes that shells know.

use contract::{ErrorCode, Failure};
use network::{ProfileError, RequestError};
use protocol::account::recovery_phrase::{PhraseError, WORDS};
use store::keychain::KeychainError;
use store::{OpenError, StoreError};

/// Why an operation inside the engine failed; only its [`Failure`] leaves.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stopped {
    /// A refusal with a code of its own.
    #[error("{0}")]
    Refused(Failure),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A blocking task did not end well: a bug of ours.
    #[error("a task ended early")]
    Task,
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

impl From<ErrorCode> for Stopped {
    fn from(code: ErrorCode) -> Self {
        Self::Refused(code.into())
    }
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Refused(failure) => failure,
            Stopped::Store(error) => of_store(&error),
            Stopped::Task => {
                tracing::error!("a task inside the engine ended early");
                Self::new(ErrorCode::Unknown).with("code", "task")
            }
        }
    }
}

/// The failure of a store that could not be opened or written.
pub(crate) fn of_store(error: &StoreError) -> Failure {
    match error {
        StoreError::NotFound => ErrorCode::NotFound.into(),
        StoreError::AccountExists => ErrorCode::AccountExists.into(),
        StoreError::DiskFull => ErrorCode::Disk.into(),
        _ => {
            tracing::warn!(%error, "the store failed");
            ErrorCode::Store.into()
        }
    }
}

/// The failure of a data folder whose store could not be opened. The value `lost` says that it never will be: anything else
/// has lost nothing, and trying again, an update or a prompt of the keychain may open it.
pub(crate) fn of_opening(error: &OpenError) -> Failure {
    let lost = |code: ErrorCode| Failure::new(code).with("lost", "yes");
    // A passphrase is asked for, and what the store says is told by `of_store`.
    let told = matches!(
        error,
        OpenError::PassphraseNeeded | OpenError::PassphraseWrong | OpenError::Store(_)
    );
    if !told {
        tracing::warn!(%error, "the store does not open");
    }
    match error {
        OpenError::KeyLost => lost(ErrorCode::Keyring),
        OpenError::PassphraseNeeded => ErrorCode::PassphraseNeeded.into(),
        OpenError::PassphraseWrong => ErrorCode::PassphraseWrong.into(),
        OpenError::Keychain(KeychainError::DiskFull) => ErrorCode::Disk.into(),
        OpenError::Keychain(KeychainError::Damaged) => lost(ErrorCode::Keyring),
        OpenError::Store(error @ (StoreError::WrongKey | StoreError::Damaged)) => {
            of_store(error).with("lost", "yes")
        }
        // One that is locked or does not answer has lost nothing: trying again helps, restoring would only cost history.
        OpenError::Keychain(_) => ErrorCode::Store.into(),
        OpenError::Store(error) => of_store(error),
        _ => ErrorCode::Store.into(),
    }
}

/// The failure of a network profile that could not be read.
pub(crate) fn of_profile(error: &ProfileError) -> Failure {
    Failure::new(ErrorCode::Profile).with("reason", error)
}

/// What is said of a recovery phrase that is not one.
pub(crate) fn of_phrase(error: &PhraseError) -> Failure {
    match error {
        PhraseError::TooShort(words) => Failure::new(ErrorCode::PhraseShort).with("n", words),
        PhraseError::UnknownWord { word, guess } => Failure::new(ErrorCode::PhraseWord)
            .with("word", word)
            .with("guess", guess),
        PhraseError::IsAccountId => ErrorCode::PhraseIsId.into(),
        PhraseError::TooLong(words) => Failure::new(ErrorCode::PhraseCheck).with("n", words.max(&WORDS)),
        _ => ErrorCode::PhraseCheck.into(),
    }
}

/// Why a message was not sent, or waits.
pub(crate) fn of_sending(error: &RequestError) -> Failure {
    match error {
        RequestError::Offline => ErrorCode::SendNet.into(),
        RequestError::NoPath => ErrorCode::SendPath.into(),
        RequestError::Refused { reason, .. } => Failure::new(ErrorCode::SendRefused).with("reason", reason),
        _ => ErrorCode::SendSwarm.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_never_opens_again_is_called_lost() {
        let lost = |error: OpenError| of_opening(&error).values.contains_key("lost");
        for error in [
            OpenError::KeyLost,
            KeychainError::Damaged.into(),
            StoreError::WrongKey.into(),
            StoreError::Damaged.into(),
        ] {
            assert!(lost(error));
        }
        for error in [
            KeychainError::Unavailable.into(),
            KeychainError::DiskFull.into(),
            StoreError::Busy.into(),
            StoreError::TooNew.into(),
            StoreError::DiskFull.into(),
            StoreError::Closed.into(),
            OpenError::PassphraseWrong,
        ] {
            assert!(!lost(error));
        }
    }
}
