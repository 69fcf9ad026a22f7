//! One suite for all keychains.

use std::sync::Arc;

use super::*;

/// What every keychain does, whatever keeps the keys.
fn conforms(keychain: &dyn Keychain) {
    let (first, second) = (StoreKey::generate().unwrap(), StoreKey::generate().unwrap());
    assert_eq!(load(keychain, "tern:a"), None);
    keychain.delete("tern:a").unwrap();
    keychain.save("tern:a", &first).unwrap();
    keychain.save("tern:b", &second).unwrap();
    assert_eq!(load(keychain, "tern:a"), Some(*first.expose_secret()));
    assert_eq!(load(keychain, "tern:b"), Some(*second.expose_secret()));
    keychain.save("tern:a", &second).unwrap();
    assert_eq!(load(keychain, "tern:a"), Some(*second.expose_secret()));
    keychain.delete("tern:a").unwrap();
    assert_eq!(load(keychain, "tern:a"), None);
    assert_eq!(load(keychain, "tern:b"), Some(*second.expose_secret()));
    keychain.delete("tern:b").unwrap();
}

fn load(keychain: &dyn Keychain, name: &str) -> Option<[u8; 32]> {
    keychain.load(name).unwrap().map(|key| *key.expose_secret())
}

#[test]
fn memory_conforms() {
    conforms(&MemoryKeychain::default());
}

#[test]
fn a_passphrase_conforms() {
    let folder = tempfile::tempdir().unwrap();
    conforms(&PassphraseKeychain::new(
        folder.path(),
        Passphrase::new("correct horse".to_owned()).unwrap(),
    ));
}

#[test]
fn the_systems_keychain_conforms() {
    conforms(&OsKeychain::over(keyring_core::mock::Store::new().unwrap()));
}

#[test]
fn a_key_that_is_not_one_of_ours_is_damaged() {
    let store: Arc<keyring_core::CredentialStore> = keyring_core::mock::Store::new().unwrap();
    store
        .build("tern", "tern:a", None)
        .unwrap()
        .set_secret(b"not a key")
        .unwrap();
    assert!(matches!(
        OsKeychain::over(store).load("tern:a"),
        Err(KeychainError::Damaged)
    ));
}
