use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::*;
use crate::account::Seed;
use crate::file_server::{FileId, FileServer};

const URL: &str = "http://filev2.getsession.org/file/abc";

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(5)
}

fn key() -> PictureKey {
    PictureKey::from_bytes(&[3; 32]).unwrap()
}

fn profile(url: Option<&str>) -> Profile {
    Profile {
        profile_picture: url.map(str::to_owned),
        ..Profile::default()
    }
}

#[test]
fn att_41_a_picture_keeps_its_key_but_never_its_nonce() {
    let mut rng = rng();
    let first = encrypt(&mut rng, &key(), b"face");
    let second = encrypt(&mut rng, &key(), b"face");
    assert_ne!(first[..NONCE_LEN], second[..NONCE_LEN]);
    assert_eq!(decrypt(&key(), first), decrypt(&key(), second));
}

#[test]
fn att_42_every_bit_and_byte_counts() {
    let encrypted = encrypt(&mut rng(), &key(), b"face");
    for bit in 0..encrypted.len() * 8 {
        let mut altered = encrypted.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(decrypt(&key(), altered), Err(DecryptError::Altered), "bit {bit}");
    }
    for len in 0..encrypted.len() {
        let error = if len < 29 {
            DecryptError::Truncated
        } else {
            DecryptError::Altered
        };
        assert_eq!(decrypt(&key(), encrypted[..len].to_vec()), Err(error), "{len}");
    }
    let other = PictureKey::from_bytes(&[4; 32]).unwrap();
    assert_eq!(decrypt(&other, encrypted), Err(DecryptError::Altered));
}

#[test]
fn att_43_the_url_says_how_a_picture_is_encrypted() {
    let seed = Seed::from_bytes(&[9; 16]).unwrap();
    let (streamed, stream_key) = stream::encrypt(&seed, stream::Use::ProfilePicture, b"face");
    let id = || FileId::parse("abc").unwrap();
    let new_key = PictureKey::from(stream_key);
    let url = FileServer::main().url(id(), FileEncryption::Stream);
    let new = ProfilePicture::new(url, new_key.clone()).unwrap();
    assert_eq!(new.url().to_string(), format!("{URL}#d"));
    assert_eq!(new.decrypt(streamed.clone()), Ok(b"face".to_vec()));
    let old = ProfilePicture::parse(URL, new_key.expose_secret()).unwrap();
    assert_eq!(old.decrypt(streamed), Err(DecryptError::Altered));
    let old_file = encrypt(&mut rng(), &new_key, b"face");
    assert_eq!(old.decrypt(old_file.clone()), Ok(b"face".to_vec()));
    assert!(new.decrypt(old_file).is_err());
}

#[test]
fn att_44_urls_and_keys_of_other_lengths_are_refused() {
    let long = format!("{URL}#{}", "x".repeat(LONGEST_PICTURE_URL));
    assert_eq!(
        ProfilePicture::parse(&long, &[1; 32]),
        Err(ProfilePictureError::TooLong)
    );
    for len in [0, 16, 31, 33, 64] {
        assert_eq!(
            ProfilePicture::parse(URL, &vec![1; len]),
            Err(ProfilePictureError::Key)
        );
    }
    assert_eq!(
        ProfilePicture::parse("https://example.org/face.jpg", &[1; 32]),
        Err(ProfilePictureError::Url(FileUrlError::Path))
    );
    let host = format!("http://{}.example/", "a".repeat(150));
    let server = FileServer::parse(&host, crate::file_server::DEFAULT_SERVER_ED25519).unwrap();
    let url = server.url(FileId::parse(&"b".repeat(60)).unwrap(), FileEncryption::Stream);
    assert_eq!(ProfilePicture::new(url, key()), Err(ProfilePictureError::TooLong));
}

#[test]
fn att_45_what_a_profile_says_about_the_picture() {
    let picture = ProfilePicture::parse(URL, &[3; 32]).unwrap();
    let change = |url, key| PictureChange::of_profile(&profile(url), key);
    assert_eq!(change(Some(URL), Some(&[3; 32])), PictureChange::Set(picture));
    assert_eq!(change(None, None), PictureChange::Remove);
    assert_eq!(change(Some(""), Some(&[])), PictureChange::Remove);
    assert_eq!(change(Some(URL), None), PictureChange::Remove);
    assert_eq!(change(None, Some(&[3; 32])), PictureChange::Remove);
    assert_eq!(change(Some(URL), Some(&[3; 16])), PictureChange::Keep);
    assert_eq!(change(Some("nonsense"), Some(&[3; 32])), PictureChange::Keep);
}

#[test]
fn debug_does_not_show_the_key() {
    let picture = ProfilePicture::parse(URL, &[3; 32]).unwrap();
    assert!(format!("{picture:?}").contains("PictureKey(redacted)"));
}

proptest! {
    #[test]
    fn what_is_encrypted_is_decrypted(picture in proptest::collection::vec(any::<u8>(), 1..500), seed: u64) {
        let encrypted = encrypt(&mut ChaCha20Rng::seed_from_u64(seed), &key(), &picture);
        prop_assert_eq!(decrypt(&key(), encrypted), Ok(picture));
    }
}
