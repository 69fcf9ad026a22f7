//! Decrypts a file that arrives in pieces.

use std::ops::Range;

use zeroize::Zeroizing;

use super::{
    CHUNK_LEN, Key, PADDING_END, PREFIX_LEN, SecretStream, Tag, open_chunk, open_prefix, prefix_error,
};
use crate::attachment::{Complete, DecryptError};

/// Decrypts a file in pieces; see [`crate::attachment::Decryptor`] for what must not be done with what it writes.
///
/// What is written was verified, chunk by chunk; but only [`Decryptor::finish`] knows that none is missing.
pub struct Decryptor {
    key: Key,
    stream: Option<SecretStream>,
    held: Zeroizing<Vec<u8>>,
    unpadder: Unpadder,
    ended: bool,
}

impl Decryptor {
    /// Begins a file; with `size`, what follows that many bytes is cut.
    pub fn new(key: Key, size: Option<usize>) -> Self {
        Self {
            key,
            stream: None,
            held: Zeroizing::new(Vec::new()),
            unpadder: Unpadder::new(size),
            ended: false,
        }
    }

    /// Decrypts the chunks that the next piece completes and appends them to `out`.
    ///
    /// # Errors
    /// [`DecryptError`]
    pub fn update(&mut self, mut piece: &[u8], out: &mut Vec<u8>) -> Result<(), DecryptError> {
        while !piece.is_empty() {
            let wanted = match self.stream {
                None => PREFIX_LEN,
                Some(_) if self.ended => return Err(DecryptError::TrailingBytes),
                Some(_) => CHUNK_LEN,
            };
            let room = wanted.saturating_sub(self.held.len());
            let (now, later) = piece.split_at(room.min(piece.len()));
            self.held.extend_from_slice(now);
            piece = later;
            if self.held.len() < wanted {
                break;
            }
            match self.stream {
                None => self.stream = Some(open_prefix(&self.key, &self.held)?),
                Some(_) => self.open_held(out)?,
            }
            self.held.clear();
        }
        Ok(())
    }

    /// Opens what is left as the last chunk, and verifies that it is.
    ///
    /// # Errors
    /// [`DecryptError`]
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<Complete, DecryptError> {
        if self.stream.is_none() {
            return Err(prefix_error(&self.held));
        }
        if !self.ended {
            self.open_held(out)?;
        }
        match self.ended {
            true => self.unpadder.finish(),
            false => Err(DecryptError::Truncated),
        }
    }

    fn open_held(&mut self, out: &mut Vec<u8>) -> Result<(), DecryptError> {
        let stream = self.stream.as_mut().ok_or(DecryptError::Truncated)?;
        let (tag, text) = open_chunk(stream, &mut self.held)?;
        let wanted = self.unpadder.take(text)?;
        out.extend_from_slice(text.get(wanted).unwrap_or_default());
        self.ended = tag == Tag::Final;
        Ok(())
    }
}

impl std::fmt::Debug for Decryptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Decryptor(..)")
    }
}

/// Finds the data behind the padding, over several chunks. Spec: attachments §6 (ATT-38)
pub(super) struct Unpadder {
    in_padding: bool,
    size: Option<usize>,
    len: usize,
}

impl Unpadder {
    pub(super) fn new(size: Option<usize>) -> Self {
        Self {
            in_padding: true,
            size,
            len: 0,
        }
    }

    /// Which part of the next chunk's text belongs to the file.
    pub(super) fn take(&mut self, text: &[u8]) -> Result<Range<usize>, DecryptError> {
        let mut start = 0;
        if self.in_padding {
            start = text.iter().take_while(|byte| **byte == 0).count();
            match text.get(start) {
                None => return Ok(start..start),
                Some(&PADDING_END) => start = start.saturating_add(1),
                Some(_) => return Err(DecryptError::Padding),
            }
            self.in_padding = false;
        }
        let available = text.len().saturating_sub(start);
        let wanted = match self.size {
            Some(size) => available.min(size.saturating_sub(self.len)),
            None => available,
        };
        self.len = self.len.saturating_add(wanted);
        Ok(start..start.saturating_add(wanted))
    }

    /// Says that no text follows.
    pub(super) fn finish(&self) -> Result<Complete, DecryptError> {
        if self.in_padding {
            return Err(DecryptError::Padding);
        }
        if self.size.is_some_and(|size| self.len < size) {
            return Err(DecryptError::Size);
        }
        Ok(Complete {
            len: u64::try_from(self.len).unwrap_or(u64::MAX),
        })
    }
}
