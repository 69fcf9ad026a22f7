//! Why a folder was not opened.

use contract::{ErrorCode, Failure};
use network::ProfileError;
use store::{OpenError, StoreError};

use crate::failure;

/// Why a folder was not opened; its [`Failure`] has the code that shells word.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpeningError {
    /// The network profile cannot be used.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// There is no account, and none was to be made.
    #[error("there is no account in the folder")]
    NoAccount,
    /// The key is sealed with a passphrase, or would have to be, and none was given.
    #[error("a passphrase is needed")]
    PassphraseNeeded {
        /// None protects the folder yet: the next one given is the one from then on.
        first: bool,
    },
    /// The folder, its key or its database.
    #[error(transparent)]
    Folder(#[from] OpenError),
    /// The engine refused to start.
    #[error("the engine did not start: {0}")]
    Engine(Failure),
    /// A blocking task did not end well: a bug of ours.
    #[error("a task ended early")]
    Task,
}

impl From<StoreError> for OpeningError {
    fn from(error: StoreError) -> Self {
        Self::Folder(error.into())
    }
}

impl From<OpeningError> for Failure {
    fn from(error: OpeningError) -> Self {
        match error {
            OpeningError::Profile(error) => failure::of_profile(&error),
            OpeningError::NoAccount => ErrorCode::NoAccount.into(),
            OpeningError::PassphraseNeeded { first: false } => ErrorCode::PassphraseNeeded.into(),
            OpeningError::PassphraseNeeded { first: true } => {
                Self::new(ErrorCode::PassphraseNeeded).with("first", "yes")
            }
            OpeningError::Folder(error) => failure::of_opening(&error),
            OpeningError::Engine(failure) => failure,
            OpeningError::Task => {
                tracing::error!("the opening of a folder ended early");
                Self::new(ErrorCode::Unknown).with("code", "task")
            }
        }
    }
}
