//! Erasing: nothing is left, whenever the process ends in the middle.

use super::*;
use crate::data_dir::tests::{Shared, folder, has_account, passphrase, silent};
use crate::story::{NOW, new_account};

/// A folder with an account whose key `system` keeps, and a sealed file.
fn kept_by(system: &Shared) -> (tempfile::TempDir, DataDir, Store) {
    let (folder, data) = folder();
    let (store, _) = data.open_store_with(|| system.answers(), None).unwrap();
    store.write(|w| w.create_account(&new_account())).unwrap();
    store.files().write(b"a picture").unwrap();
    (folder, data, store)
}

fn left(data: &DataDir) -> Vec<String> {
    let entries = fs::read_dir(data.path()).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn erase(data: &DataDir, system: &Shared) -> bool {
    DataDir::erase_condemned_with(data.path(), || system.answers()).unwrap()
}

#[test]
fn erasing_leaves_neither_key_nor_files() {
    let system = Shared::default();
    let (_folder, data, store) = kept_by(&system);
    drop(store);
    DataDir::erase_with(data.path(), || system.answers()).unwrap();
    assert!(system.load(&data.key_name()).unwrap().is_none());
    assert_eq!(left(&data), [""; 0]);
    DataDir::erase_with(data.path(), || system.answers()).unwrap();
    let data = DataDir::prepare(data.path()).unwrap();
    let (store, _) = data.open_store_with(|| system.answers(), None).unwrap();
    assert!(!has_account(&store));
}

#[test]
fn a_store_that_does_not_open_goes_without_a_keychain_too() {
    let system = Shared::default();
    let (_folder, data, store) = kept_by(&system);
    drop(store);
    fs::write(data.database(), "damaged").unwrap();
    assert!(data.open_store_with(|| system.answers(), None).is_err());
    DataDir::erase_with(data.path(), silent).unwrap();
    let data = DataDir::prepare(data.path()).unwrap();
    let (store, _) = data.open_store_with(|| system.answers(), None).unwrap();
    assert!(!has_account(&store));
}

#[test]
fn a_condemned_store_is_erased_once_it_is_closed() {
    let system = Shared::default();
    let (_folder, data, store) = kept_by(&system);
    assert!(!erase(&data, &system), "nothing is condemned");
    store.condemn().unwrap();
    store.condemn().unwrap();
    assert!(has_account(&store), "until it is closed");
    store.close();
    assert!(erase(&data, &system));
    assert!(system.load(&data.key_name()).unwrap().is_none());
    assert_eq!(left(&data), [""; 0]);
    assert!(!erase(&data, &system));
}

#[test]
fn a_store_that_is_open_elsewhere_is_erased_by_the_last_who_closes_it() {
    let system = Shared::default();
    let (_folder, data, store) = kept_by(&system);
    let (elsewhere, _) = data.open_store_with(|| system.answers(), None).unwrap();
    store.condemn().unwrap();
    store.close();
    assert!(!erase(&data, &system), "it is open elsewhere");
    assert!(
        system.load(&data.key_name()).unwrap().is_none(),
        "nobody opens it any more"
    );
    assert!(has_account(&elsewhere));
    elsewhere.write(|w| w.set_display_name("Alice", NOW)).unwrap();
    let busy = |opened: Result<(), OpenError>| matches!(opened, Err(OpenError::Store(StoreError::Busy)));
    assert!(busy(data.open_store_with(|| system.answers(), None).map(|_| ())));
    assert!(busy(DataDir::erase_with(data.path(), || system.answers())));
    elsewhere.close();
    assert!(erase(&data, &system));
    assert_eq!(left(&data), [""; 0]);
    assert!(
        busy(data.open_store_with(|| system.answers(), None).map(|_| ())),
        "gone since it was prepared"
    );
}

#[test]
fn the_key_in_a_passphrases_file_goes_without_the_passphrase_and_without_a_keychain() {
    let (_folder, data) = folder();
    let (store, _) = data.open_store_with(silent, passphrase("right")).unwrap();
    store.condemn().unwrap();
    store.close();
    let nobody = || -> Result<Box<dyn Keychain>, KeychainError> { panic!("no keychain is asked") };
    assert!(DataDir::erase_condemned_with(data.path(), nobody).unwrap());
    assert_eq!(left(&data), [""; 0]);
}

#[test]
fn what_a_killed_process_has_not_erased_goes_with_the_next_opening() {
    let system = Shared::default();
    for gone in [&[][..], &["tern.db"], &["tern.db", "files"]] {
        let (_folder, data, store) = kept_by(&system);
        store.condemn().unwrap();
        store.close();
        system.delete(&data.key_name()).unwrap();
        for name in gone {
            let path = data.path().join(name);
            match path.is_dir() {
                true => fs::remove_dir_all(path).unwrap(),
                false => fs::remove_file(path).unwrap(),
            }
        }
        assert!(erase(&data, &system));
        assert_eq!(left(&data), [""; 0], "{gone:?} had gone");
    }
}

#[test]
fn a_silent_keychain_keeps_no_file_and_its_key_goes_later() {
    let system = Shared::default();
    let (_folder, data, store) = kept_by(&system);
    store.condemn().unwrap();
    store.close();
    assert!(DataDir::erase_condemned_with(data.path(), silent).unwrap());
    assert_eq!(left(&data), [MARK]);

    // The folder is used anew before the keychain answers.
    let anew = DataDir::prepare(data.path()).unwrap();
    let (store, _) = anew.open_store_with(|| system.answers(), None).unwrap();
    store.write(|w| w.create_account(&new_account())).unwrap();
    assert!(!erase(&anew, &system), "this store was not condemned");
    assert!(has_account(&store));
    assert!(system.load(&data.key_name()).unwrap().is_none());
    assert!(system.load(&anew.key_name()).unwrap().is_some());
    assert!(!left(&anew).contains(&MARK.to_owned()));
}

#[test]
fn half_a_mark_condemns_nothing() {
    let system = Shared::default();
    let (_folder, data, store) = kept_by(&system);
    store.close();
    for mark in ["", "0123", "../../etc\n"] {
        fs::write(data.path().join(MARK), mark).unwrap();
        assert!(!erase(&data, &system));
        assert!(!data.path().join(MARK).exists());
    }
    let (store, _) = data.open_store_with(|| system.answers(), None).unwrap();
    assert!(has_account(&store));
}

#[test]
fn a_store_in_memory_has_nothing_to_erase() {
    Store::in_memory().unwrap().condemn().unwrap();
}
