//! Which keychain a store gets, and what is said when its key is gone.

use super::*;
use crate::keychain::MemoryKeychain;
use crate::story::new_account;

/// A system keychain that several openings share.
#[derive(Clone, Default)]
pub(super) struct Shared(std::sync::Arc<MemoryKeychain>);

impl Keychain for Shared {
    fn load(&self, name: &str) -> Result<Option<StoreKey>, KeychainError> {
        self.0.load(name)
    }

    fn save(&self, name: &str, key: &StoreKey) -> Result<(), KeychainError> {
        self.0.save(name, key)
    }

    fn delete(&self, name: &str) -> Result<(), KeychainError> {
        self.0.delete(name)
    }
}

impl Shared {
    pub(super) fn answers(&self) -> Result<Box<dyn Keychain>, KeychainError> {
        Ok(Box::new(self.clone()))
    }
}

pub(super) fn silent() -> Result<Box<dyn Keychain>, KeychainError> {
    Err(KeychainError::Unavailable)
}

pub(super) fn passphrase(text: &str) -> Option<Passphrase> {
    Passphrase::new(text.to_owned())
}

pub(super) fn folder() -> (tempfile::TempDir, DataDir) {
    let folder = tempfile::tempdir().unwrap();
    let data = DataDir::prepare(&folder.path().join("deep/data")).unwrap();
    (folder, data)
}

pub(super) fn has_account(store: &Store) -> bool {
    store.read::<_, StoreError>(|r| r.account()).unwrap().is_some()
}

#[test]
fn the_store_id_stays() {
    let (_folder, data) = folder();
    assert!(!DataDir::holds_store(data.path()));
    assert_eq!(DataDir::prepare(data.path()).unwrap(), data);
    assert_eq!(data.key_name().len(), "tern:".len() + 32);
}

#[test]
fn the_keychain_is_used_where_one_answers() {
    let (_folder, data) = folder();
    let system = Shared::default();
    let (store, custody) = data
        .open_store_with(|| system.answers(), passphrase("not needed"))
        .unwrap();
    assert_eq!(custody, Custody::Keychain);
    assert!(DataDir::holds_store(data.path()));
    store.write(|w| w.create_account(&new_account())).unwrap();
    drop(store);
    let (store, _) = data.open_store_with(|| system.answers(), None).unwrap();
    assert!(has_account(&store));
}

#[test]
fn a_passphrase_is_used_where_no_keychain_answers() {
    let (_folder, data) = folder();
    assert!(matches!(
        data.open_store_with(silent, None),
        Err(OpenError::PassphraseNeeded)
    ));
    let (store, custody) = data.open_store_with(silent, passphrase("right")).unwrap();
    assert_eq!(custody, Custody::Passphrase);
    store.write(|w| w.create_account(&new_account())).unwrap();
    drop(store);
    assert!(matches!(
        data.open_store_with(silent, passphrase("wrong")),
        Err(OpenError::PassphraseWrong)
    ));
    assert!(matches!(
        data.open_store_with(silent, None),
        Err(OpenError::PassphraseNeeded)
    ));
    // A keychain that turns up later has no say.
    let (store, custody) = data
        .open_store_with(|| Shared::default().answers(), passphrase("right"))
        .unwrap();
    assert_eq!((custody, has_account(&store)), (Custody::Passphrase, true));
}

#[test]
fn a_lost_key_is_told_apart_from_a_silent_keychain() {
    let (_folder, data) = folder();
    let system = Shared::default();
    drop(data.open_store_with(|| system.answers(), None).unwrap());
    assert!(matches!(
        data.open_store_with(silent, passphrase("x")),
        Err(OpenError::Keychain(_))
    ));
    system.delete(&data.key_name()).unwrap();
    assert!(matches!(
        data.open_store_with(|| system.answers(), None),
        Err(OpenError::KeyLost)
    ));
}

#[test]
fn a_lost_store_id_is_a_lost_key() {
    let (_folder, data) = folder();
    let system = Shared::default();
    drop(data.open_store_with(|| system.answers(), None).unwrap());
    fs::write(data.path().join(STORE_ID), "short").unwrap();
    let data = DataDir::prepare(data.path()).unwrap();
    assert!(matches!(
        data.open_store_with(|| system.answers(), None),
        Err(OpenError::KeyLost)
    ));
}

#[cfg(unix)]
mod rights {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_data_folder_that_others_may_read_is_closed_to_them() {
        let (_folder, data) = folder();
        assert_eq!(mode(data.path()), 0o700);
        set_mode(data.path(), 0o755);
        DataDir::prepare(data.path()).unwrap();
        assert_eq!(mode(data.path()), 0o700);
    }

    #[test]
    fn a_folder_that_is_shared_on_purpose_or_not_yet_ours_keeps_its_rights() {
        let (_folder, data) = folder();
        set_mode(data.path(), 0o1777);
        DataDir::prepare(data.path()).unwrap();
        assert_eq!(mode(data.path()), 0o1777);

        let other = tempfile::tempdir().unwrap();
        set_mode(other.path(), 0o755);
        DataDir::prepare(other.path()).unwrap();
        assert_eq!(mode(other.path()), 0o755);
    }

    #[test]
    fn a_file_is_open_when_anybody_but_its_owner_may_touch_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("passphrase");
        fs::write(&file, "x").unwrap();
        set_mode(folder.path(), 0o755);
        for (rights, open) in [
            (0o600, false),
            (0o400, false),
            (0o640, true),
            (0o604, true),
            (0o620, true),
        ] {
            set_mode(&file, rights);
            assert_eq!(is_open_to_others(&file), open, "{rights:o}");
        }
        assert!(!is_open_to_others(&folder.path().join("none")));
        assert!(!is_open_to_others(folder.path()), "not a file");
        set_mode(folder.path(), 0o700);
        assert!(!is_open_to_others(&file), "nobody comes that far");
    }
}
