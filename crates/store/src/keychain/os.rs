//! The operating system's keychain: Secret Service on Linux, Keystore on Android, Keychain on Apple systems.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use data_encoding::HEXLOWER;
use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroizing;

use super::{Keychain, KeychainError};
use crate::StoreKey;

/// The name under which the system's own tools list our keys.
const SERVICE: &str = "tern";
/// How long the service may take to say that it is there.
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
/// How long a call may take: a person may have to type the password of the keychain.
const CALL_DEADLINE: Duration = Duration::from_secs(120);

/// Keeps keys in the operating system's keychain, as 64 hex digits: some keychains take text only.
#[derive(Clone, Debug)]
pub struct OsKeychain {
    store: Arc<CredentialStore>,
}

impl OsKeychain {
    /// Connects to this platform's keychain.
    ///
    /// # Errors
    /// [`KeychainError::Unavailable`] when the platform has none or it does not answer within a few seconds.
    pub fn connect() -> Result<Self, KeychainError> {
        on_own_thread(CONNECT_DEADLINE, platform_store).map(|store| Self { store })
    }

    /// A keychain over another credential store.
    #[cfg(test)]
    pub(crate) fn over(store: Arc<CredentialStore>) -> Self {
        Self { store }
    }

    fn on_entry<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let (store, name) = (Arc::clone(&self.store), name.to_owned());
        on_own_thread(CALL_DEADLINE, move || work(&store.build(SERVICE, &name, None)?))
    }
}

impl Keychain for OsKeychain {
    fn load(&self, name: &str) -> Result<Option<StoreKey>, KeychainError> {
        let secret = self.on_entry(name, |entry| match entry.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })?;
        let Some(secret) = secret else { return Ok(None) };
        let bytes = Zeroizing::new(HEXLOWER.decode(&secret).map_err(|_| KeychainError::Damaged)?);
        StoreKey::from_slice(&bytes)
            .map(Some)
            .ok_or(KeychainError::Damaged)
    }

    fn save(&self, name: &str, key: &StoreKey) -> Result<(), KeychainError> {
        let secret = Zeroizing::new(HEXLOWER.encode(key.expose_secret()));
        self.on_entry(name, move |entry| entry.set_secret(secret.as_bytes()))
    }

    fn delete(&self, name: &str) -> Result<(), KeychainError> {
        self.on_entry(name, |entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }
}

/// Runs a call away from the caller's thread: the platforms' clients may start an async runtime of their own, which must
/// not happen inside another one, and may wait for a service that never answers.
fn on_own_thread<T: Send + 'static>(
    deadline: Duration,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, KeychainError> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let thread = std::thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(move || {
            // The receiver is gone when the deadline has passed; the answer is of no use then.
            let _ = sender.send(work());
        });
    thread?;
    match receiver.recv_timeout(deadline) {
        Ok(result) => result.map_err(classify),
        Err(RecvTimeoutError::Timeout) => Err(KeychainError::Locked),
        Err(RecvTimeoutError::Disconnected) => Err(KeychainError::Unavailable),
    }
}

/// What an error of the platform means. Its text may hold names of items, so it goes no further.
fn classify(error: Error) -> KeychainError {
    match error {
        Error::NoStorageAccess(_) => KeychainError::Locked,
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::Ambiguous(_) => KeychainError::Damaged,
        _ => KeychainError::Unavailable,
    }
}

#[cfg(all(unix, not(any(target_os = "android", target_os = "macos", target_os = "ios"))))]
fn platform_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "android")]
fn platform_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(android_native_keyring_store::Store::new()?)
}

#[cfg(any(target_os = "macos", target_os = "ios"))]
fn platform_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(apple_native_keyring_store::protected::Store::new()?)
}

#[cfg(not(unix))]
fn platform_store() -> Result<Arc<CredentialStore>, Error> {
    Err(Error::NoDefaultStore)
}
