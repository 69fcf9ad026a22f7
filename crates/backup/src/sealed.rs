//! Bytes sealed in chunks, so that a file of any size passes through the memory of one chunk.
//!
//! Behind the head stand chunks of 65,536 bytes, the last one shorter or as long, each sealed by XChaCha20-Poly1305 under
//! the key of the file and followed by its tag of 16 bytes. The nonce of 24 bytes is `zeros (15) || number of the chunk (8,
//! big-endian, from 0) || 1 for the last chunk, else 0 (1)`: a chunk that was left out, moved or taken for the last is no
//! longer opened by its nonce, and no two chunks share one. A file has at least one chunk; only a lone chunk may be empty.

use std::io::{Read, Write};

use chacha20poly1305::aead::Aead;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::{Zeroize, Zeroizing};

use crate::{BackupKey, Header, OpenError};

/// Bytes of a chunk in the clear.
pub(crate) const CHUNK: usize = 65_536;
const TAG: usize = 16;
/// A sealed chunk and one byte more, which tells whether another chunk follows.
const READ_AHEAD: usize = CHUNK + TAG + 1;

/// Seals what is written into it. Without [`SealedWriter::finish`] what was written is no backup.
pub struct SealedWriter<W> {
    out: W,
    cipher: XChaCha20Poly1305,
    chunk: Zeroizing<Vec<u8>>,
    number: u64,
}

impl<W: Write> SealedWriter<W> {
    /// Begins a file: writes its head.
    ///
    /// # Errors
    /// The writer's failure.
    pub fn new(mut out: W, key: &BackupKey, header: &Header) -> std::io::Result<Self> {
        let file_key = key
            .of_file(header)
            .ok_or_else(|| std::io::Error::other("the key of the file cannot be made"))?;
        out.write_all(&header.to_bytes())?;
        Ok(Self {
            out,
            cipher: cipher(&file_key),
            chunk: Zeroizing::new(Vec::with_capacity(CHUNK)),
            number: 0,
        })
    }

    /// Seals the last chunk and answers the writer.
    ///
    /// # Errors
    /// The writer's failure.
    pub fn finish(mut self) -> std::io::Result<W> {
        self.seal(true)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn seal(&mut self, last: bool) -> std::io::Result<()> {
        let sealed = self
            .cipher
            .encrypt(&nonce(self.number, last), self.chunk.as_slice())
            .map_err(|_| std::io::Error::other("a chunk cannot be sealed"))?;
        self.chunk.zeroize();
        self.number = self
            .number
            .checked_add(1)
            .ok_or_else(|| std::io::Error::other("too many chunks"))?;
        self.out.write_all(&sealed)
    }
}

impl<W: Write> Write for SealedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // A full chunk is sealed only when more comes: it may be the last.
        if self.chunk.len() == CHUNK && !bytes.is_empty() {
            self.seal(false)?;
        }
        let room = CHUNK.saturating_sub(self.chunk.len());
        let taken = bytes.get(..room).unwrap_or(bytes);
        self.chunk.extend_from_slice(taken);
        Ok(taken.len())
    }

    /// Does nothing: a chunk cannot be sealed before it is known whether it is the last.
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Opens what a [`SealedWriter`] sealed. Every byte that it gives was verified; whether the file is whole is known when it
/// has given the last one.
pub struct SealedReader<R> {
    input: R,
    cipher: XChaCha20Poly1305,
    /// Read and not yet opened: the byte that followed the last opened chunk.
    ahead: Vec<u8>,
    open: Zeroizing<Vec<u8>>,
    given: usize,
    number: u64,
    ended: bool,
}

impl<R: Read> SealedReader<R> {
    /// Goes on behind the head of a file.
    ///
    /// # Errors
    /// [`OpenError::WrongKeyOrDamaged`] when the key's length is none.
    pub fn new(input: R, key: &BackupKey, header: &Header) -> Result<Self, OpenError> {
        let file_key = key.of_file(header).ok_or(OpenError::WrongKeyOrDamaged)?;
        Ok(Self {
            input,
            cipher: cipher(&file_key),
            ahead: Vec::with_capacity(READ_AHEAD),
            open: Zeroizing::new(Vec::new()),
            given: 0,
            number: 0,
            ended: false,
        })
    }

    /// Fills `to` as far as there are bytes; fewer only at the end of the file.
    ///
    /// # Errors
    /// [`OpenError::WrongKeyOrDamaged`], or the reader's failure.
    pub fn fill(&mut self, mut to: &mut [u8]) -> Result<usize, OpenError> {
        let wanted = to.len();
        while !to.is_empty() {
            let rest = self.open.get(self.given..).unwrap_or_default();
            if rest.is_empty() {
                if self.ended {
                    break;
                }
                self.next_chunk()?;
                continue;
            }
            let len = rest.len().min(to.len());
            let (now, later) = to.split_at_mut(len);
            now.copy_from_slice(rest.get(..len).unwrap_or_default());
            self.given = self.given.saturating_add(len);
            to = later;
        }
        Ok(wanted.saturating_sub(to.len()))
    }

    fn next_chunk(&mut self) -> Result<(), OpenError> {
        let wanted = READ_AHEAD.saturating_sub(self.ahead.len());
        let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
        self.input.by_ref().take(wanted).read_to_end(&mut self.ahead)?;
        let last = self.ahead.len() < READ_AHEAD;
        let len = self.ahead.len().min(CHUNK + TAG);
        let sealed = self.ahead.get(..len).unwrap_or_default();
        let opened = self
            .cipher
            .decrypt(&nonce(self.number, last), sealed)
            .map_err(|_| OpenError::WrongKeyOrDamaged)?;
        // Only a writer of another kind would end with an empty chunk behind a full one.
        if opened.is_empty() && self.number > 0 {
            return Err(OpenError::WrongKeyOrDamaged);
        }
        self.open = Zeroizing::new(opened);
        self.given = 0;
        self.ahead.drain(..len);
        self.number = self.number.checked_add(1).ok_or(OpenError::WrongKeyOrDamaged)?;
        self.ended = last;
        Ok(())
    }
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}

fn nonce(number: u64, last: bool) -> XNonce {
    let mut nonce = [0; 24];
    let parts = number.to_be_bytes().into_iter().chain([u8::from(last)]);
    for (to, from) in nonce.iter_mut().skip(15).zip(parts) {
        *to = from;
    }
    nonce.into()
}

#[cfg(test)]
#[path = "sealed_tests.rs"]
mod tests;
