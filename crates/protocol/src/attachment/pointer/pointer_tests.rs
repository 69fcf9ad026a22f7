use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::*;
use crate::account::Seed;
use crate::attachment::Complete;
use crate::file_server::{FileId, FileServer};

fn url(id: &str) -> FileUrl {
    FileServer::main().url(FileId::parse(id).unwrap(), FileEncryption::Legacy)
}

fn legacy_file() -> (Vec<u8>, RemoteFile) {
    let (encrypted, secrets) = legacy::encrypt(&mut ChaCha20Rng::seed_from_u64(1), b"photo");
    (
        encrypted,
        RemoteFile::new(url("77"), FileSecret::Legacy { secrets, size: 5 }),
    )
}

fn stream_file() -> (Vec<u8>, RemoteFile) {
    let seed = Seed::from_bytes(&[1; 16]).unwrap();
    let (encrypted, key) = stream::encrypt(&seed, stream::Use::Attachment, b"photo");
    let secret = FileSecret::Stream { key, size: Some(5) };
    (encrypted, RemoteFile::new(url("abc"), secret))
}

fn pointer(file: &RemoteFile) -> AttachmentPointer {
    let mut pointer = AttachmentPointer {
        file_name: Some("a.jpg".to_owned()),
        ..AttachmentPointer::default()
    };
    file.write_to(&mut pointer);
    pointer
}

#[track_caller]
fn assert_refused(change: impl Fn(&mut AttachmentPointer), file: &RemoteFile, error: PointerError) {
    let mut pointer = pointer(file);
    change(&mut pointer);
    assert_eq!(RemoteFile::parse(&pointer), Err(error));
}

#[test]
fn att_47_a_pointer_is_read_as_it_is_written() {
    for (encrypted, file) in [legacy_file(), stream_file()] {
        let pointer = pointer(&file);
        assert_eq!(pointer.file_name.as_deref(), Some("a.jpg"));
        assert_eq!(RemoteFile::parse(&pointer).as_ref(), Ok(&file));
        assert_eq!(file.decrypt(encrypted.clone()), Ok(b"photo".to_vec()));
        let mut decryptor = file.decryptor();
        let mut out = Vec::new();
        encrypted
            .chunks(100)
            .for_each(|piece| decryptor.update(piece, &mut out).unwrap());
        assert_eq!(decryptor.finish(&mut out), Ok(Complete { len: 5 }));
        assert_eq!(out, b"photo");
    }
}

#[test]
fn att_47_fields_of_a_pointer() {
    let legacy = pointer(&legacy_file().1);
    assert_eq!((legacy.id, legacy.size), (Some(77), Some(5)));
    assert_eq!(legacy.key.map(|key| key.len()), Some(64));
    assert_eq!(legacy.digest.map(|digest| digest.len()), Some(32));
    let stream = pointer(&stream_file().1);
    assert_eq!((stream.id, stream.size, stream.digest), (Some(0), Some(5), None));
    assert_eq!(stream.key.map(|key| key.len()), Some(32));
    assert!(stream.url.unwrap().ends_with("/file/abc#d"));
}

#[test]
fn att_48_old_pointers_have_a_number_only() {
    let mut old = pointer(&legacy_file().1);
    old.url = None;
    assert_eq!(RemoteFile::parse(&old).as_ref(), Ok(&legacy_file().1));
    old.url = Some(String::new());
    assert_eq!(RemoteFile::parse(&old).as_ref(), Ok(&legacy_file().1));
    old.id = Some(0);
    assert_eq!(RemoteFile::parse(&old), Err(PointerError::NoFile));
    old.id = None;
    assert_eq!(RemoteFile::parse(&old), Err(PointerError::NoFile));
}

#[test]
fn att_49_pointers_that_cannot_be_opened_are_refused() {
    let (_, legacy) = legacy_file();
    let (_, stream) = stream_file();
    let bad_url = |pointer: &mut AttachmentPointer| pointer.url = Some("https://example.org/x".to_owned());
    assert_refused(bad_url, &legacy, PointerError::Url(FileUrlError::Path));
    for file in [&legacy, &stream] {
        for len in [0, 16, 31, 33, 63, 65] {
            assert_refused(
                |pointer| pointer.key = Some(vec![1; len]),
                file,
                PointerError::Key,
            );
        }
        assert_refused(|pointer| pointer.key = None, file, PointerError::Key);
        assert_refused(
            |pointer| pointer.size = Some(10_223_617),
            file,
            PointerError::TooLarge,
        );
    }
    assert_refused(
        |pointer| pointer.key = Some(vec![1; 32]),
        &legacy,
        PointerError::Key,
    );
    assert_refused(
        |pointer| pointer.key = Some(vec![1; 64]),
        &stream,
        PointerError::Key,
    );
    assert_refused(|pointer| pointer.digest = None, &legacy, PointerError::Digest);
    assert_refused(
        |pointer| pointer.digest = Some(vec![1; 31]),
        &legacy,
        PointerError::Digest,
    );
    assert_refused(|pointer| pointer.size = None, &legacy, PointerError::NoSize);
    assert_refused(|pointer| pointer.size = Some(0), &legacy, PointerError::NoSize);
    let mut without_size = pointer(&stream);
    without_size.size = None;
    assert_eq!(RemoteFile::parse(&without_size).map(|file| file.size()), Ok(None));
}

#[test]
fn att_69_the_size_said_bounds_what_is_fetched() {
    for (encrypted, file) in [legacy_file(), stream_file()] {
        let longest = file.longest_encrypted();
        assert!((encrypted.len()..100_000).contains(&longest), "{longest}");
    }
    let of_size = |size| {
        let (_, file) = stream_file();
        let mut pointer = pointer(&file);
        pointer.size = size;
        RemoteFile::parse(&pointer).unwrap().longest_encrypted()
    };
    assert_eq!(of_size(None), LARGEST_UPLOAD);
    assert_eq!(of_size(Some(LARGEST_SIZE)), LARGEST_UPLOAD);
    for size in [1_u32, 50_000, 1_000_000, 8_000_000] {
        let size_here = usize::try_from(size).unwrap();
        assert!(of_size(Some(size)) >= stream::encrypted_len(size_here));
        assert!(of_size(Some(size)) >= legacy::encrypted_len(size_here).min(LARGEST_UPLOAD));
    }
}
