use proptest::prelude::*;

use super::*;
use crate::key::tests::{key, rng};

fn seal(bytes: &[u8]) -> Vec<u8> {
    let key = key();
    let mut writer = SealedWriter::new(Vec::new(), &key, &key.header(&mut rng())).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn open_with(key: &BackupKey, mut file: &[u8]) -> Result<Vec<u8>, OpenError> {
    let header = Header::read(&mut file)?;
    let mut reader = SealedReader::new(file, key, &header)?;
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 50_000];
        let len = reader.fill(&mut piece)?;
        bytes.extend_from_slice(&piece[..len]);
        if len < piece.len() {
            return Ok(bytes);
        }
    }
}

fn open(file: &[u8]) -> Result<Vec<u8>, OpenError> {
    open_with(&key(), file)
}

#[track_caller]
fn assert_refused(file: &[u8]) {
    let refused = matches!(
        open(file),
        Err(OpenError::WrongKeyOrDamaged | OpenError::NotABackup | OpenError::TooNew(_) | OpenError::Cost)
    );
    assert!(refused, "it was opened");
}

/// Bytes that say where they stand.
fn text(len: usize) -> Vec<u8> {
    (0..len)
        .map(|at| (at % 251) as u8 ^ (at / 65_536) as u8)
        .collect()
}

#[test]
fn lengths_around_chunks_come_back_whole() {
    for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5] {
        let sealed = seal(&text(len));
        let chunks = len.div_ceil(CHUNK).max(1);
        assert_eq!(sealed.len(), Header::LEN + len + chunks * TAG, "{len}");
        assert_eq!(open(&sealed).unwrap(), text(len), "{len}");
    }
}

#[test]
fn another_key_opens_nothing() {
    let passphrase = crate::Passphrase::parse("another one").unwrap();
    let other = BackupKey::create(&passphrase, crate::key::tests::CHEAP, &mut rng()).unwrap();
    let refused = open_with(&other, &seal(b"mine"));
    assert!(matches!(refused, Err(OpenError::WrongKeyOrDamaged)));
}

#[test]
fn every_truncation_is_noticed() {
    let small = seal(&text(300));
    for len in 0..small.len() {
        assert_refused(&small[..len]);
    }
    let large = seal(&text(3 * CHUNK));
    for chunk in 0..3 {
        let end = Header::LEN + chunk * (CHUNK + TAG);
        for len in [end, end + 1, end + TAG, end + CHUNK] {
            assert_refused(&large[..len]);
        }
    }
}

#[test]
fn every_flipped_bit_is_noticed() {
    let sealed = seal(&text(300));
    for at in 0..sealed.len() {
        for bit in 0..8 {
            let mut changed = sealed.clone();
            changed[at] ^= 1 << bit;
            assert_refused(&changed);
        }
    }
}

#[test]
fn chunks_that_are_moved_repeated_left_out_or_added_are_noticed() {
    let sealed = seal(&text(4 * CHUNK));
    let (head, body) = sealed.split_at(Header::LEN);
    let chunks: Vec<&[u8]> = body.chunks(CHUNK + TAG).collect();
    let with = |order: &[usize]| {
        let mut file = head.to_vec();
        for number in order {
            file.extend_from_slice(chunks[*number]);
        }
        file
    };
    assert!(open(&with(&[0, 1, 2, 3])).is_ok());
    for order in [
        &[1, 0, 2, 3][..],
        &[0, 2, 1, 3],
        &[3, 1, 2, 0],
        &[0, 0, 1, 2, 3],
        &[0, 1, 2, 3, 3],
        &[0, 2, 3],
        &[0, 1, 2],
        &[1, 2, 3],
        &[3],
        &[],
    ] {
        assert_refused(&with(order));
    }
    let mut longer = sealed.clone();
    longer.push(0);
    assert_refused(&longer);
}

#[test]
fn chunks_of_another_file_of_the_same_passphrase_are_noticed() {
    let key = key();
    let mut generator = rng();
    let mut write = |bytes: &[u8]| {
        let header = key.header(&mut generator);
        let mut writer = SealedWriter::new(Vec::new(), &key, &header).unwrap();
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    };
    let (first, second) = (write(&text(2 * CHUNK)), write(&text(2 * CHUNK)));
    let cut = Header::LEN + CHUNK + TAG;
    let spliced = [&first[..cut], &second[cut..]].concat();
    assert!(open(&first).is_ok() && open(&second).is_ok());
    assert_refused(&spliced);
    let foreign_head = [&second[..Header::LEN], &first[Header::LEN..]].concat();
    assert_refused(&foreign_head);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_the_pieces_what_was_written_is_read(
        pieces in proptest::collection::vec(0_usize..90_000, 0..6),
        step in 1_usize..100_000,
    ) {
        let key = key();
        let header = key.header(&mut rng());
        let mut writer = SealedWriter::new(Vec::new(), &key, &header).unwrap();
        let mut all = Vec::new();
        for (number, len) in pieces.into_iter().enumerate() {
            let piece = vec![number as u8; len];
            writer.write_all(&piece).unwrap();
            all.extend_from_slice(&piece);
        }
        let file = writer.finish().unwrap();
        let mut input = file.as_slice();
        let header = Header::read(&mut input).unwrap();
        let mut reader = SealedReader::new(input, &key, &header).unwrap();
        let mut read = Vec::new();
        loop {
            let mut piece = vec![0; step];
            let len = reader.fill(&mut piece).unwrap();
            read.extend_from_slice(&piece[..len]);
            if len < step { break; }
        }
        prop_assert_eq!(read, all);
    }
}
