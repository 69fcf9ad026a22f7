//! The sealed file and its bounds.

use super::*;

const NAME: &str = "tern:0123";

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned()).unwrap()
}

fn sealed() -> (tempfile::TempDir, StoreKey, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let key = StoreKey::generate().unwrap();
    PassphraseKeychain::new(folder.path(), passphrase("right"))
        .save(NAME, &key)
        .unwrap();
    let file = fs::read(folder.path().join("tern-0123.key")).unwrap();
    (folder, key, file)
}

#[test]
fn the_file_has_the_documented_layout() {
    let (folder, key, file) = sealed();
    assert_eq!(file.len(), 108);
    assert_eq!(&file[..8], b"ternkey1");
    assert_eq!(file[8..20], [0, 0, 1, 0, 3, 0, 0, 0, 4, 0, 0, 0]);
    assert!(!file.windows(32).any(|window| window == key.expose_secret()));
    assert!(PassphraseKeychain::holds(folder.path(), NAME));
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "no draft is left behind"
    );
}

#[test]
fn another_passphrase_does_not_open_it() {
    let (folder, ..) = sealed();
    let wrong = PassphraseKeychain::new(folder.path(), passphrase("wrong"));
    assert!(matches!(wrong.load(NAME), Err(KeychainError::WrongPassphrase)));
}

#[test]
fn a_changed_passphrase_seals_the_same_key() {
    let (folder, key, old_file) = sealed();
    let mut keychain = PassphraseKeychain::new(folder.path(), passphrase("right"));
    keychain.change_passphrase(NAME, passphrase("better")).unwrap();
    let opened = |text| PassphraseKeychain::new(folder.path(), passphrase(text)).load(NAME);
    assert_eq!(
        opened("better").unwrap().unwrap().expose_secret(),
        key.expose_secret()
    );
    assert!(matches!(opened("right"), Err(KeychainError::WrongPassphrase)));
    assert_ne!(fs::read(folder.path().join("tern-0123.key")).unwrap(), old_file);
    let mut stranger = PassphraseKeychain::new(folder.path(), passphrase("right"));
    assert!(matches!(
        stranger.change_passphrase(NAME, passphrase("mine now")),
        Err(KeychainError::WrongPassphrase)
    ));
    assert!(opened("better").is_ok());
}

#[test]
fn short_long_and_foreign_files_are_damaged() {
    let (_folder, _key, file) = sealed();
    let mut foreign = file.clone();
    foreign[0] = b'T';
    let longer = [&file[..], &[0]].concat();
    for bytes in [&[][..], &file[..59], &file[..107], &longer, &foreign] {
        assert!(
            matches!(open(&passphrase("right"), bytes), Err(KeychainError::Damaged)),
            "{} bytes",
            bytes.len()
        );
    }
}

#[test]
fn every_part_of_the_file_is_authenticated() {
    let (_folder, _key, file) = sealed();
    // A byte of the salt, of the nonce, of the sealed key and of its tag.
    for index in [20, 36, 60, 107] {
        let mut changed = file.clone();
        changed[index] ^= 1;
        assert!(
            matches!(
                open(&passphrase("right"), &changed),
                Err(KeychainError::WrongPassphrase)
            ),
            "byte {index}"
        );
    }
}

#[test]
fn costs_beyond_reason_are_refused_before_they_are_paid() {
    let (_folder, _key, file) = sealed();
    for (at, number) in [(8, u32::MAX), (12, 17), (12, 0), (16, 17), (16, 0), (8, 1)] {
        let mut greedy = file.clone();
        greedy[at..at + 4].copy_from_slice(&number.to_le_bytes());
        assert!(
            matches!(open(&passphrase("right"), &greedy), Err(KeychainError::Damaged)),
            "{number} at {at}"
        );
    }
}

#[test]
fn line_breaks_at_the_end_do_not_belong_to_a_passphrase() {
    assert!(Passphrase::new("\r\n".to_owned()).is_none());
    assert_eq!(passphrase("two words \n").0, "two words ");
    assert_eq!(format!("{:?}", passphrase("x")), "Passphrase(redacted)");
}
