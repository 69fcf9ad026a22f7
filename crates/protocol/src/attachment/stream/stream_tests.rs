use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

use super::*;
use crate::attachment::LengthMismatch;

fn seed() -> Seed {
    Seed::from_hex("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef").unwrap()
}

fn file(len: usize) -> Vec<u8> {
    (0..len).map(|index| (index * 7) as u8).collect()
}

fn sealed(file: &[u8]) -> (Vec<u8>, Key) {
    encrypt(&seed(), Use::Attachment, file)
}

/// What pieces of `piece_len` bytes decrypt to, and how it ends.
fn in_pieces(
    key: &Key,
    size: Option<usize>,
    encrypted: &[u8],
    piece_len: usize,
) -> Result<Vec<u8>, DecryptError> {
    let mut decryptor = Decryptor::new(key.clone(), size);
    let mut out = Vec::new();
    for piece in encrypted.chunks(piece_len) {
        decryptor.update(piece, &mut out)?;
    }
    let Complete { len } = decryptor.finish(&mut out)?;
    assert_eq!(len, out.len() as u64);
    Ok(out)
}

#[track_caller]
fn assert_refused(key: &Key, size: Option<usize>, encrypted: &[u8], error: DecryptError) {
    assert_eq!(in_pieces(key, size, encrypted, 1_000), Err(error), "in pieces");
    assert_eq!(decrypt(key, size, encrypted.to_vec()), Err(error), "whole");
}

/// A file with chunks of these texts; each is tagged as given.
fn forged(chunks: &[(&[u8], Tag)]) -> (Vec<u8>, Key) {
    let (key, header) = (Key([5; 32]), [6; HEADER_LEN]);
    let mut stream = SecretStream::new(&key.0, &header);
    let mut file = vec![MARK];
    file.extend_from_slice(&header);
    for (text, tag) in chunks {
        let mut text = text.to_vec();
        let (tag, mac) = stream.push(&mut text, *tag);
        file.push(tag);
        file.extend_from_slice(&text);
        file.extend_from_slice(&mac);
    }
    (file, key)
}

#[test]
fn att_30_the_same_file_gives_the_same_bytes() {
    assert_eq!(sealed(b"photo"), sealed(b"photo"));
    assert_ne!(sealed(b"photo").1, sealed(b"photO").1);
}

#[test]
fn att_31_another_use_or_account_has_another_key() {
    let (_, attachment) = sealed(b"photo");
    let (_, picture) = encrypt(&seed(), Use::ProfilePicture, b"photo");
    let (_, other) = encrypt(&Seed::from_bytes(&[1; 16]).unwrap(), Use::Attachment, b"photo");
    assert_ne!(attachment, picture);
    assert_ne!(attachment, other);
}

#[test]
fn att_32_pieces_encrypt_like_the_whole() {
    let file = file(70_001);
    let (whole, key) = sealed(&file);
    for piece_len in [1, 1_000, 32_768, 70_001] {
        let mut hasher = SecretsHasher::new(&seed(), Use::Attachment);
        file.chunks(piece_len).for_each(|piece| hasher.update(piece));
        let mut out = Vec::new();
        let mut encryptor = Encryptor::new(&hasher.finish(), file.len(), &mut out);
        file.chunks(piece_len)
            .for_each(|piece| encryptor.update(piece, &mut out));
        assert_eq!(encryptor.finish(&mut out), Ok(key.clone()));
        assert_eq!(out, whole, "{piece_len}");
    }
}

#[test]
fn a_file_of_another_length_than_announced_is_not_finished() {
    let secrets = SecretsHasher::new(&seed(), Use::Attachment).finish();
    for (announced, given) in [(10, 9), (10, 11), (0, 1), (1, 0), (40_000, 50_000)] {
        let mut out = Vec::new();
        let mut encryptor = Encryptor::new(&secrets, announced, &mut out);
        encryptor.update(&file(given), &mut out);
        assert_eq!(encryptor.finish(&mut out), Err(LengthMismatch));
    }
}

#[test]
fn att_34_lengths_are_rounded_up_by_a_32nd_at_most() {
    let lens = [0, 4_053, 4_054, 33_333, 261_982, 261_983, 10_000_000, 10_218_286];
    assert_eq!(
        lens.map(encrypted_len),
        [
            4_096, 4_096, 8_192, 36_864, 262_144, 270_336, 10_223_616, 10_223_616
        ]
    );
    assert_eq!([0, 8_149, 33_333].map(padding_len), [4_054, 1, 3_472]);
}

#[test]
fn att_35_the_first_byte_names_the_format() {
    let (mut encrypted, key) = sealed(b"photo");
    encrypted[0] = 0x54;
    assert_refused(&key, None, &encrypted, DecryptError::Format);
    assert_refused(&key, None, b"x", DecryptError::Format);
}

#[test]
fn att_36_every_bit_counts() {
    let (encrypted, key) = forged(&[(b"\0\0\x01photo", Tag::Final)]);
    for bit in 8..encrypted.len() * 8 {
        let mut altered = encrypted.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert_refused(&key, None, &altered, DecryptError::Altered);
    }
    let (encrypted, _) = sealed(b"photo");
    let (_, other) = sealed(b"photO");
    assert_refused(&other, None, &encrypted, DecryptError::Altered);
    for len in [0, 31, 33, 64] {
        assert_eq!(Key::from_bytes(&vec![1; len]), None);
    }
}

#[test]
fn att_37_a_file_that_is_cut_or_continued_is_refused() {
    let (encrypted, key) = sealed(&file(70_000));
    for len in [0, 1, 24, 25, 26, 41] {
        assert_refused(&key, None, &encrypted[..len], DecryptError::Truncated);
    }
    for len in [42, 32_809, 32_900, encrypted.len() - 1] {
        assert_refused(&key, None, &encrypted[..len], DecryptError::Altered);
    }
    for chunks in 1..3 {
        let cut = &encrypted[..PREFIX_LEN + chunks * CHUNK_LEN];
        assert_refused(&key, None, cut, DecryptError::Truncated);
    }
    let exact = vec![0; TEXT_LEN - 1];
    let (mut whole, key) = forged(&[(&[&exact[..], &[1]].concat(), Tag::Final)]);
    assert_eq!(decrypt(&key, None, whole.clone()), Ok(Vec::new()));
    whole.push(0);
    assert_refused(&key, None, &whole, DecryptError::TrailingBytes);
    let (short, key) = forged(&[(&[1], Tag::Message)]);
    assert_refused(&key, None, &short, DecryptError::Truncated);
}

#[test]
fn att_37_chunks_that_change_places_are_refused() {
    let (encrypted, key) = sealed(&file(100_000));
    let (first, second) = (
        PREFIX_LEN..PREFIX_LEN + CHUNK_LEN,
        PREFIX_LEN + CHUNK_LEN..PREFIX_LEN + 2 * CHUNK_LEN,
    );
    let mut swapped = encrypted.clone();
    swapped[first.clone()].copy_from_slice(&encrypted[second.clone()]);
    swapped[second.clone()].copy_from_slice(&encrypted[first]);
    assert_refused(&key, None, &swapped, DecryptError::Altered);
    let mut without = encrypted;
    without.drain(second);
    assert_refused(&key, None, &without, DecryptError::Altered);
}

#[test]
fn att_38_padding_is_zeros_and_a_one() {
    let zeros = vec![0; TEXT_LEN];
    let long = forged(&[
        (&zeros, Tag::Message),
        (&zeros, Tag::Message),
        (b"\0\x01hi", Tag::Final),
    ]);
    assert_eq!(decrypt(&long.1, None, long.0.clone()), Ok(b"hi".to_vec()));
    assert_eq!(in_pieces(&long.1, None, &long.0, 7), Ok(b"hi".to_vec()));
    let later_zeros = forged(&[(b"\x01\0\0\x01", Tag::Final)]);
    assert_eq!(
        decrypt(&later_zeros.1, None, later_zeros.0),
        Ok(b"\0\0\x01".to_vec())
    );
    for text in [&b""[..], b"\0\0", b"\x02", b"\0\x80hi", b"\xff\x01"] {
        let (encrypted, key) = forged(&[(text, Tag::Final)]);
        assert_refused(&key, None, &encrypted, DecryptError::Padding);
    }
}

#[test]
fn att_39_the_size_cuts_but_never_lengthens() {
    let (encrypted, key) = sealed(&file(70_000));
    for size in [0, 1, 40_000, 69_999, 70_000] {
        let expected = Ok(file(70_000)[..size].to_vec());
        assert_eq!(in_pieces(&key, Some(size), &encrypted, 500), expected, "{size}");
        assert_eq!(decrypt(&key, Some(size), encrypted.clone()), expected, "{size}");
    }
    for size in [70_001, usize::MAX] {
        assert_refused(&key, Some(size), &encrypted, DecryptError::Size);
    }
}

#[test]
fn a_whole_file_is_decrypted_where_it_lies() {
    let (encrypted, key) = sealed(&file(100_000));
    let place = encrypted.as_ptr();
    let decrypted = decrypt(&key, None, encrypted).unwrap();
    assert_eq!(decrypted.as_ptr(), place);
    assert_eq!(decrypted, file(100_000));
}

#[test]
fn ten_thousand_mutations_never_open() {
    let (encrypted, key) = forged(&[(&[&[0; 40], &[1][..], &file(60)].concat(), Tag::Final)]);
    let mut rng = ChaCha20Rng::seed_from_u64(0x57e4);
    let mut below = |limit: usize| rng.next_u32() as usize % limit.max(1);
    for round in 0..10_000 {
        let mut bytes = encrypted.clone();
        for _ in 0..=below(3) {
            let at = below(bytes.len());
            match below(5) {
                0 if !bytes.is_empty() => bytes[at] ^= 1 << below(8),
                1 => bytes.truncate(at),
                2 => bytes.insert(at, below(256) as u8),
                3 if !bytes.is_empty() => drop(bytes.remove(at)),
                _ => bytes.extend_from_within(at..),
            }
        }
        let piece_len = below(200) + 1;
        let outcome = in_pieces(&key, None, &bytes, piece_len);
        assert_eq!(outcome.is_ok(), bytes == encrypted, "round {round}");
        assert_eq!(decrypt(&key, None, bytes), outcome, "round {round}");
    }
}

#[test]
fn debug_does_not_show_the_key() {
    let secrets = SecretsHasher::new(&seed(), Use::Attachment).finish();
    assert!(format!("{secrets:?}").contains("Key(redacted)"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_is_encrypted_is_decrypted(len in 0_usize..100_000, piece_len in 1_usize..70_000) {
        let file = file(len);
        let (encrypted, key) = sealed(&file);
        prop_assert_eq!(encrypted.len(), encrypted_len(len));
        prop_assert_eq!(in_pieces(&key, None, &encrypted, piece_len), Ok(file.clone()));
        prop_assert_eq!(decrypt(&key, None, encrypted), Ok(file));
    }

    #[test]
    fn att_34_the_encrypted_length_holds_the_file_and_is_round(len in 0_usize..30_000_000) {
        let total = encrypted_len(len);
        prop_assert!(padding_len(len) >= 1);
        prop_assert_eq!(total % 4_096, 0);
        prop_assert!(total >= len + 43);
        let least = len + 26 + 17 * len.div_ceil(TEXT_LEN);
        prop_assert!(total - least < least.max(131_072) / 32);
    }
}
