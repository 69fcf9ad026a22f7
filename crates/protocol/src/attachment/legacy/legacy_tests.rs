use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

use super::*;
use crate::attachment::{Complete, LengthMismatch};

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(3)
}

fn file(len: usize) -> Vec<u8> {
    (0..len).map(|index| (index * 7) as u8).collect()
}

/// What pieces of `piece_len` bytes decrypt to, and how it ends.
fn in_pieces(
    secrets: &Secrets,
    size: usize,
    encrypted: &[u8],
    piece_len: usize,
) -> Result<Vec<u8>, DecryptError> {
    let mut decryptor = Decryptor::new(secrets.clone(), size);
    let mut out = Vec::new();
    for piece in encrypted.chunks(piece_len) {
        decryptor.update(piece, &mut out);
    }
    let Complete { len } = decryptor.finish(&mut out)?;
    assert_eq!(len, out.len() as u64);
    Ok(out)
}

/// A file with a MAC and digest that fit, whatever is inside.
fn forged(key: &Key, iv_and_text: &[u8]) -> (Vec<u8>, Secrets) {
    let mac = key.mac().chain_update(iv_and_text).finalize().into_bytes();
    let file = [iv_and_text, &mac].concat();
    let digest = Sha256::digest(&file).into();
    let key = key.clone();
    (file, Secrets { key, digest })
}

#[test]
fn att_21_lengths_are_rounded_up_in_steps_of_five_percent() {
    let padded = [
        0, 1, 540, 541, 542, 568, 40_000, 9_999_999, 10_000_000, 10_000_001,
    ]
    .map(padded_len);
    assert_eq!(
        padded,
        [
            541, 541, 541, 541, 568, 568, 41_616, 10_000_000, 10_000_000, 10_000_001
        ]
    );
    assert_eq!([0, 541, 40_000].map(encrypted_len), [592, 592, 41_680]);
}

#[test]
fn att_22_every_file_has_its_own_key_and_iv() {
    let mut rng = rng();
    let (first, first_secrets) = encrypt(&mut rng, b"same");
    let (second, second_secrets) = encrypt(&mut rng, b"same");
    assert_ne!(first_secrets.key, second_secrets.key);
    assert_ne!(first[..IV_LEN], second[..IV_LEN]);
}

#[test]
fn att_23_pieces_encrypt_like_the_whole() {
    let file = file(70_001);
    let (whole, secrets) = encrypt(&mut rng(), &file);
    assert_eq!(whole.len(), encrypted_len(file.len()));
    for piece_len in [1, 15, 16, 17, 4_096, 70_001] {
        let mut out = Vec::new();
        let mut encryptor = Encryptor::new(&mut rng(), file.len(), &mut out);
        for piece in file.chunks(piece_len) {
            encryptor.update(piece, &mut out);
        }
        assert_eq!(encryptor.finish(&mut out), Ok(secrets.clone()));
        assert_eq!(out, whole, "{piece_len}");
    }
}

#[test]
fn a_file_of_another_length_than_announced_is_not_finished() {
    for (announced, given) in [(10, 9), (10, 11), (0, 1), (1, 0)] {
        let mut out = Vec::new();
        let mut encryptor = Encryptor::new(&mut rng(), announced, &mut out);
        encryptor.update(&file(given), &mut out);
        assert_eq!(encryptor.finish(&mut out), Err(LengthMismatch));
    }
}

#[test]
fn att_24_every_bit_of_the_file_counts() {
    let (encrypted, secrets) = encrypt(&mut rng(), b"photo");
    for bit in 0..encrypted.len() * 8 {
        let mut altered = encrypted.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(
            in_pieces(&secrets, 5, &altered, 33),
            Err(DecryptError::Altered),
            "bit {bit}"
        );
        assert_eq!(
            decrypt(&secrets, 5, altered),
            Err(DecryptError::Altered),
            "bit {bit}"
        );
    }
}

#[test]
fn att_24_another_key_does_not_open() {
    let (encrypted, secrets) = encrypt(&mut rng(), b"photo");
    let mut bytes = *secrets.key.expose_secret();
    bytes[63] ^= 1;
    let other_mac_key = Secrets {
        key: Key(bytes),
        digest: secrets.digest,
    };
    assert_eq!(
        decrypt(&other_mac_key, 5, encrypted.clone()),
        Err(DecryptError::Altered)
    );
    for len in [0, 32, 63, 65] {
        assert_eq!(Key::from_bytes(&vec![1; len]), None);
    }
}

#[test]
fn att_25_the_digest_names_the_file() {
    let (encrypted, mut secrets) = encrypt(&mut rng(), b"photo");
    secrets.digest[31] ^= 1;
    assert_eq!(in_pieces(&secrets, 5, &encrypted, 100), Err(DecryptError::Digest));
    assert_eq!(decrypt(&secrets, 5, encrypted), Err(DecryptError::Digest));
}

#[test]
fn att_26_short_files_are_refused() {
    let (encrypted, secrets) = encrypt(&mut rng(), b"photo");
    for len in 0..encrypted.len() {
        let cut = encrypted[..len].to_vec();
        let error = if len < SHORTEST {
            DecryptError::Truncated
        } else {
            DecryptError::Altered
        };
        assert_eq!(in_pieces(&secrets, 5, &cut, 50), Err(error), "{len}");
        assert_eq!(decrypt(&secrets, 5, cut), Err(error), "{len}");
    }
}

#[test]
fn att_27_padding_by_a_malicious_sender_is_refused() {
    let key = Key::generate(&mut rng());
    let mut cases: Vec<Vec<u8>> = vec![file(IV_LEN + BLOCK_LEN), file(IV_LEN + BLOCK_LEN + 1)];
    cases.push(file(IV_LEN + 10 * BLOCK_LEN + 15));
    for text in cases {
        let (encrypted, secrets) = forged(&key, &text);
        assert_eq!(in_pieces(&secrets, 0, &encrypted, 7), Err(DecryptError::Padding));
        assert_eq!(decrypt(&secrets, 0, encrypted), Err(DecryptError::Padding));
    }
}

#[test]
fn att_28_a_file_shorter_than_announced_is_refused() {
    let (encrypted, secrets) = encrypt(&mut rng(), b"photo");
    for size in [542, 10_000, usize::MAX] {
        assert_eq!(in_pieces(&secrets, size, &encrypted, 64), Err(DecryptError::Size));
        assert_eq!(
            decrypt(&secrets, size, encrypted.clone()),
            Err(DecryptError::Size)
        );
    }
    assert_eq!(decrypt(&secrets, 541, encrypted).map(|file| file.len()), Ok(541));
}

#[test]
fn att_28_files_of_clients_that_do_not_pad_are_read() {
    let key = Key::generate(&mut rng());
    let iv = [4; IV_LEN];
    let mut padded = b"photo".to_vec();
    padded.extend_from_slice(&[11; 11]);
    let mut cbc = cbc::Encryptor::<aes::Aes256>::new_from_slices(key.aes(), &iv).unwrap();
    let (blocks, _) = aes::cipher::Array::slice_as_chunks_mut(&mut padded);
    aes::cipher::BlockModeEncrypt::encrypt_blocks(&mut cbc, blocks);
    let (encrypted, secrets) = forged(&key, &[&iv[..], &padded].concat());
    assert_eq!(in_pieces(&secrets, 5, &encrypted, 1), Ok(b"photo".to_vec()));
    assert_eq!(decrypt(&secrets, 5, encrypted), Ok(b"photo".to_vec()));
}

#[test]
fn a_whole_file_is_decrypted_where_it_lies() {
    let (encrypted, secrets) = encrypt(&mut rng(), &file(100_000));
    let place = encrypted.as_ptr();
    let decrypted = decrypt(&secrets, 100_000, encrypted).unwrap();
    assert_eq!(decrypted.as_ptr(), place);
    assert_eq!(decrypted, file(100_000));
}

#[test]
fn ten_thousand_mutations_never_open() {
    let (encrypted, secrets) = encrypt(&mut rng(), &file(600));
    let mut rng = ChaCha20Rng::seed_from_u64(0xfe11);
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
        let piece_len = below(100) + 1;
        let outcome = in_pieces(&secrets, 600, &bytes, piece_len);
        assert_eq!(outcome.is_ok(), bytes == encrypted, "round {round}");
        assert_eq!(decrypt(&secrets, 600, bytes), outcome, "round {round}");
    }
}

#[test]
fn debug_does_not_show_the_key() {
    let (_, secrets) = encrypt(&mut rng(), b"x");
    assert!(format!("{secrets:?}").contains("Key(redacted)"));
}

proptest! {
    #[test]
    fn what_is_encrypted_is_decrypted(len in 1_usize..5_000, piece_len in 1_usize..1_000, seed: u64) {
        let file = file(len);
        let (encrypted, secrets) = encrypt(&mut ChaCha20Rng::seed_from_u64(seed), &file);
        prop_assert_eq!(encrypted.len(), encrypted_len(len));
        prop_assert_eq!(in_pieces(&secrets, len, &encrypted, piece_len), Ok(file.clone()));
        prop_assert_eq!(decrypt(&secrets, len, encrypted), Ok(file));
    }

    #[test]
    fn att_21_the_padded_length_holds_the_file_and_never_falls(len in 0_usize..10_300_000) {
        prop_assert!(padded_len(len) >= len);
        prop_assert!(padded_len(len + 1) >= padded_len(len));
    }
}
