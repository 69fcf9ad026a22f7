//! A file of messages that are not in the tables yet.
//!
//! Layout: `generation (8, little-endian)`, then one record after the other:
//!
//! ```text
//! len (4, little-endian)        of body
//! checksum (4, little-endian)   CRC-32 of generation (8) || body
//! body                          hash (43, base64) || account (33) || namespace (2) || timestamp (8) || expiry (8) || data,
//!                               numbers little-endian, times in ms since 1970
//! ```
//!
//! The file is written from its start again and again, which costs the system less than files that grow and shrink. What
//! is left of an earlier generation behind the last record has another checksum.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::{MessageHash, Namespace};

use super::NewMessage;

/// Bytes of a record before its body.
const RECORD_HEAD_LEN: usize = 8;

/// The file, locked for as long as this lives, and what was written to it since its generation began.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    generation: i64,
    /// As in the file, the generation included.
    content: Vec<u8>,
    /// Where the file is written next; `None` after a write that failed. It is seldom elsewhere than at the end of `content`.
    position: Option<usize>,
    is_ours: bool,
}

impl Journal {
    /// Opens or makes the file and reads what is there.
    ///
    /// # Errors
    /// When the file cannot be opened or read.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        let is_ours = file.try_lock().is_ok();
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        let generation = content
            .first_chunk()
            .map_or(0, |generation| i64::from_le_bytes(*generation));
        Ok(Self {
            file,
            generation,
            position: Some(content.len()),
            content,
            is_ours,
        })
    }

    /// Whether nobody else has the file open, so that it may be written.
    pub(super) const fn is_ours(&self) -> bool {
        self.is_ours
    }

    /// Which messages these are; later ones have higher numbers.
    pub(super) const fn generation(&self) -> i64 {
        self.generation
    }

    /// How many bytes the messages take.
    pub(super) const fn len(&self) -> usize {
        self.content.len()
    }

    /// Forgets all messages.
    pub(super) fn begin(&mut self, generation: i64) {
        self.generation = generation;
        self.content.clear();
    }

    /// Writes a message behind the others. With success it survives the end of the process.
    ///
    /// # Errors
    /// When the system does not take it; the message then counts as not written.
    pub(super) fn append(&mut self, message: &NewMessage<'_>) -> io::Result<()> {
        let start = self.content.len();
        if start == 0 {
            self.content.extend(self.generation.to_le_bytes());
        }
        let written = self.encode(message).and_then(|()| self.write_from(start));
        if written.is_err() {
            self.content.truncate(start);
        }
        written
    }

    /// Writes `content` from `start` on.
    fn write_from(&mut self, start: usize) -> io::Result<()> {
        if self.position.take() != Some(start) {
            self.file.seek(io::SeekFrom::Start(start as u64))?;
        }
        self.file
            .write_all(self.content.get(start..).unwrap_or_default())?;
        self.position = Some(self.content.len());
        Ok(())
    }

    fn encode(&mut self, message: &NewMessage<'_>) -> io::Result<()> {
        let head = self.content.len();
        let body = head.saturating_add(RECORD_HEAD_LEN);
        self.content.extend([0; RECORD_HEAD_LEN]);
        self.content.extend(message.hash.as_bytes());
        self.content.extend(message.account.to_bytes());
        self.content.extend(message.namespace.0.to_le_bytes());
        self.content.extend(message.timestamp.0.to_le_bytes());
        self.content.extend(message.expiry.0.to_le_bytes());
        self.content.extend(message.data);
        let body = self.content.get(body..).unwrap_or_default();
        let len = u32::try_from(body.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
        let mut record_head = [0; RECORD_HEAD_LEN];
        let (len_bytes, checksum_bytes) = record_head.split_at_mut(4);
        len_bytes.copy_from_slice(&len.to_le_bytes());
        checksum_bytes.copy_from_slice(&checksum(self.generation, body).to_le_bytes());
        if let Some(place) = self.content.get_mut(head..).and_then(<[u8]>::first_chunk_mut) {
            *place = record_head;
        }
        Ok(())
    }

    /// The messages in the order in which they were written, up to the first that is not whole.
    pub(super) fn messages(&self) -> impl Iterator<Item = NewMessage<'_>> {
        let mut rest = self.content.get(8..).unwrap_or_default();
        std::iter::from_fn(move || {
            let (len, after_len) = rest.split_first_chunk()?;
            let (expected, after_head) = after_len.split_first_chunk()?;
            let len = usize::try_from(u32::from_le_bytes(*len)).ok()?;
            let (body, after) = after_head.split_at_checked(len)?;
            if checksum(self.generation, body) != u32::from_le_bytes(*expected) {
                return None;
            }
            rest = after;
            decode(body)
        })
    }
}

fn checksum(generation: i64, body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&generation.to_le_bytes());
    hasher.update(body);
    hasher.finalize()
}

fn decode(body: &[u8]) -> Option<NewMessage<'_>> {
    let (hash, rest) = body.split_first_chunk::<43>()?;
    let (account, rest) = rest.split_first_chunk::<33>()?;
    let (namespace, rest) = rest.split_first_chunk()?;
    let (timestamp, rest) = rest.split_first_chunk()?;
    let (expiry, data) = rest.split_first_chunk()?;
    Some(NewMessage {
        account: AccountId::from_bytes(*account),
        namespace: Namespace(i16::from_le_bytes(*namespace)),
        hash: MessageHash::parse(hash)?,
        timestamp: TimestampMs(i64::from_le_bytes(*timestamp)),
        expiry: TimestampMs(i64::from_le_bytes(*expiry)),
        data,
    })
}
