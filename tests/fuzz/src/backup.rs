//! Backups: heads, sealed chunks and the records inside.

use std::io::Write;

use backup::{BackupKey, Header, Item, Reader, SealedReader, SealedWriter, Writer};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// A key that costs nothing to have.
fn key() -> Option<BackupKey> {
    let mut bytes = [7; BackupKey::LEN];
    // Salt and costs as a cheap key has them.
    for (index, number) in [8_u32, 1, 1].into_iter().enumerate() {
        let at = BackupKey::LEN - 12 + index * 4;
        bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
    }
    BackupKey::from_bytes(&bytes)
}

/// A file as a stranger made it: the head is read, and nothing behind it opens.
pub(crate) fn file(data: &[u8]) {
    let mut input = data;
    let (Ok(header), Some(key)) = (Header::read(&mut input), key()) else {
        return;
    };
    let reader = SealedReader::new(input, &key, &header).expect("the key has its length");
    assert!(
        Reader::new(reader).is_err(),
        "a file was opened by a key that did not seal it"
    );
}

/// Records as somebody with the passphrase made them: whatever they are, they are read or refused, and what was read is
/// written and read the same again.
pub(crate) fn records(data: &[u8]) {
    let Some(key) = key() else { return };
    let sealed = seal(&key, |out| out.write_all(data).expect("memory takes all"));
    let Some((head, items)) = read(&key, &sealed) else {
        return;
    };
    let mut rng = ChaCha20Rng::from_seed([2; 32]);
    let out = SealedWriter::new(Vec::new(), &key, &key.header(&mut rng)).expect("memory takes all");
    let mut writer = Writer::new(out, &head).expect("memory takes all");
    for item in &items {
        writer.item(item).expect("what was read can be written");
    }
    let (written, _) = writer.finish().expect("memory takes all");
    assert_eq!(read(&key, &written), Some((head, items)));
}

fn seal(key: &BackupKey, write: impl FnOnce(&mut SealedWriter<Vec<u8>>)) -> Vec<u8> {
    let mut rng = ChaCha20Rng::from_seed([1; 32]);
    let mut out = SealedWriter::new(Vec::new(), key, &key.header(&mut rng)).expect("memory takes all");
    write(&mut out);
    out.finish().expect("memory takes all")
}

fn read(key: &BackupKey, mut file: &[u8]) -> Option<(backup::Head, Vec<Item>)> {
    let header = Header::read(&mut file).ok()?;
    let mut reader = Reader::new(SealedReader::new(file, key, &header).ok()?).ok()?;
    let mut items = Vec::new();
    while let Some(item) = reader.next_item().ok()? {
        items.push(item);
    }
    Some((reader.head().clone(), items))
}
