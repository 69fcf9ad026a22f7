//! Encrypts a file that is read in pieces.

use zeroize::Zeroizing;

use super::{Key, MARK, PADDING_END, SecretStream, Secrets, TEXT_LEN, Tag, padding_len};
use crate::attachment::LengthMismatch;

/// Zero bytes that are encrypted at a time.
const ZEROS: [u8; 4_096] = [0; 4_096];

/// Encrypts a file of known length in pieces, under secrets that were derived from the same bytes.
///
/// Each call appends to the same `out`, or to several that are joined in order. Nothing of the file is kept beyond one
/// chunk. Call [`Encryptor::update`] with each piece, then [`Encryptor::finish`].
pub struct Encryptor {
    stream: SecretStream,
    key: Key,
    held: Zeroizing<Vec<u8>>,
    file_left: usize,
    text_left: usize,
    excess: bool,
}

impl Encryptor {
    /// Begins a file of `len` bytes and appends its mark, header and padding.
    pub fn new(secrets: &Secrets, len: usize, out: &mut Vec<u8>) -> Self {
        out.push(MARK);
        out.extend_from_slice(&secrets.header);
        let padding_len = padding_len(len);
        let mut encryptor = Self {
            stream: SecretStream::new(&secrets.key.0, &secrets.header),
            key: secrets.key.clone(),
            held: Zeroizing::new(Vec::with_capacity(TEXT_LEN)),
            file_left: len,
            text_left: padding_len.saturating_add(len),
            excess: false,
        };
        let mut zeros_left = padding_len.saturating_sub(1);
        while let Some(zeros) = ZEROS
            .get(..zeros_left.min(ZEROS.len()))
            .filter(|zeros| !zeros.is_empty())
        {
            zeros_left = zeros_left.saturating_sub(zeros.len());
            encryptor.encrypt(zeros, out);
        }
        encryptor.encrypt(&[PADDING_END], out);
        encryptor
    }

    /// Encrypts the next piece of the file and appends the chunks that it fills to `out`.
    pub fn update(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        match self.file_left.checked_sub(piece.len()) {
            Some(left) => {
                self.file_left = left;
                self.encrypt(piece, out);
            }
            None => self.excess = true,
        }
    }

    /// Says that the file is at its end; gives the key that opens it. Everything was written by the calls before.
    ///
    /// # Errors
    /// [`LengthMismatch`] where the pieces did not have the announced length: what was written is worthless.
    pub fn finish(self, _out: &mut Vec<u8>) -> Result<Key, LengthMismatch> {
        match self.file_left {
            0 if !self.excess => Ok(self.key.clone()),
            _ => Err(LengthMismatch),
        }
    }

    fn encrypt(&mut self, mut piece: &[u8], out: &mut Vec<u8>) {
        while !piece.is_empty() {
            let room = TEXT_LEN.saturating_sub(self.held.len());
            let (now, later) = piece.split_at(room.min(piece.len()));
            self.held.extend_from_slice(now);
            self.text_left = self.text_left.saturating_sub(now.len());
            piece = later;
            match self.text_left {
                0 => self.seal(Tag::Final, out),
                _ if self.held.len() == TEXT_LEN => self.seal(Tag::Message, out),
                _ => {}
            }
        }
    }

    fn seal(&mut self, tag: Tag, out: &mut Vec<u8>) {
        let (tag, mac) = self.stream.push(&mut self.held, tag);
        out.push(tag);
        out.extend_from_slice(&self.held);
        out.extend_from_slice(&mac);
        self.held.clear();
    }
}

impl std::fmt::Debug for Encryptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Encryptor(..)")
    }
}
