//! A sequence of authenticated chunks under one key, as libsodium's `secretstream_xchacha20poly1305` makes it.
//!
//! Setup from `key[32]` and `header[24]`: subkey = HChaCha20(key, header[0..16]); nonce = LE32 1 ‖ header[16..24]. With
//! the subkey's ChaCha20 (IETF) key stream under that nonce, one chunk is
//!
//! ```text
//! block 0     its first 32 bytes key Poly1305
//! block 1     encrypts T = tag ‖ 63 zero bytes
//! block 2..   encrypt the text
//! mac         Poly1305(T encrypted ‖ text encrypted ‖ (text length mod 16) zero bytes ‖ LE64 0 ‖ LE64 (64 + text length))
//! chunk       first byte of T encrypted ‖ text encrypted ‖ mac[16]
//! ```
//!
//! After a chunk the nonce's last eight bytes are combined by exclusive or with mac[0..8] and its counter grows by one.
//! Owns this arithmetic only; which tags and lengths are right is the caller's affair. Associated data and change of
//! keys are left out, as files use neither. Spec: attachments §6 (ATT-33)

use chacha20::cipher::{KeyIvInit, StreamCipher};
use chacha20::{ChaCha20, R20, hchacha};
use poly1305::Poly1305;
use poly1305::universal_hash::{KeyInit, UniversalHash};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Length of a stream's header in bytes.
pub(super) const HEADER_LEN: usize = 24;
/// Length of the byte in front of a chunk that says what it is.
pub(super) const TAG_LEN: usize = 1;
/// Length of the code behind a chunk.
pub(super) const MAC_LEN: usize = 16;
/// What a chunk is longer than its text.
pub(super) const OVERHEAD: usize = TAG_LEN + MAC_LEN;

const BLOCK_LEN: usize = 64;

/// What a chunk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// Others follow.
    Message,
    /// The last one.
    Final,
}

impl Tag {
    const fn to_byte(self) -> u8 {
        match self {
            Self::Message => 0,
            Self::Final => 3,
        }
    }

    const fn of_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Message),
            3 => Some(Self::Final),
            _ => None,
        }
    }
}

/// A chunk that was altered, stands in another place, is of another stream, or has a tag that files do not use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadChunk;

/// The state of one stream, at either end.
pub(super) struct SecretStream {
    key: Zeroizing<[u8; 32]>,
    counter: u32,
    nonce: [u8; 8],
}

impl SecretStream {
    /// Begins a stream; both ends begin alike.
    pub(super) fn new(key: &[u8; 32], header: &[u8; HEADER_LEN]) -> Self {
        let mut input = [0; 16];
        let mut nonce = [0; 8];
        let (front, back) = header.split_at(input.len());
        input.copy_from_slice(front);
        nonce.copy_from_slice(back);
        Self {
            key: Zeroizing::new(hchacha::<R20>(key.into(), (&input).into()).into()),
            counter: 1,
            nonce,
        }
    }

    /// Encrypts a chunk's text where it lies; gives the byte in front of it and the code behind it.
    pub(super) fn push(&mut self, text: &mut [u8], tag: Tag) -> (u8, [u8; MAC_LEN]) {
        let mut cipher = self.cipher();
        let mac = mac_key(&mut cipher);
        let mut block = [0; BLOCK_LEN];
        block[0] = tag.to_byte();
        cipher.apply_keystream(&mut block);
        cipher.apply_keystream(text);
        let mac = authenticate(mac, &block, text);
        self.advance(&mac);
        (block[0], mac)
    }

    /// Verifies a chunk, then decrypts its text where it lies. On failure the text is unchanged.
    pub(super) fn pull(
        &mut self,
        tag_byte: u8,
        text: &mut [u8],
        mac: &[u8; MAC_LEN],
    ) -> Result<Tag, BadChunk> {
        let mut cipher = self.cipher();
        let expected = mac_key(&mut cipher);
        let mut block = [0; BLOCK_LEN];
        block[0] = tag_byte;
        cipher.apply_keystream(&mut block);
        let tag = std::mem::replace(&mut block[0], tag_byte);
        let expected = authenticate(expected, &block, text);
        if !bool::from(expected.ct_eq(mac)) {
            return Err(BadChunk);
        }
        let tag = Tag::of_byte(tag).ok_or(BadChunk)?;
        cipher.apply_keystream(text);
        self.advance(mac);
        Ok(tag)
    }

    fn cipher(&self) -> ChaCha20 {
        let mut nonce = [0; 12];
        let (counter, rest) = nonce.split_at_mut(4);
        counter.copy_from_slice(&self.counter.to_le_bytes());
        rest.copy_from_slice(&self.nonce);
        ChaCha20::new((&*self.key).into(), (&nonce).into())
    }

    fn advance(&mut self, mac: &[u8; MAC_LEN]) {
        for (byte, change) in self.nonce.iter_mut().zip(mac) {
            *byte ^= change;
        }
        // 2^32 chunks are 128 TiB; the nonce's other part changes with every chunk anyway.
        self.counter = self.counter.wrapping_add(1);
    }
}

/// Takes block 0 of the key stream.
fn mac_key(cipher: &mut ChaCha20) -> Poly1305 {
    let mut block = Zeroizing::new([0; BLOCK_LEN]);
    cipher.apply_keystream(block.as_mut_slice());
    let (key, _) = block.split_at(32);
    Poly1305::new_from_slice(key).expect("the key has 32 bytes")
}

fn authenticate(mut mac: Poly1305, block: &[u8; BLOCK_LEN], text: &[u8]) -> [u8; MAC_LEN] {
    mac.update_padded(block);
    let odd_len = text.len() & 15;
    let (whole, odd) = text.split_at(text.len().saturating_sub(odd_len));
    mac.update_padded(whole);
    let mut end = Vec::with_capacity(3 * MAC_LEN);
    end.extend_from_slice(odd);
    end.resize(odd_len.saturating_mul(2), 0);
    end.extend_from_slice(&0_u64.to_le_bytes());
    let len = u64::try_from(text.len()).unwrap_or(u64::MAX).saturating_add(64);
    end.extend_from_slice(&len.to_le_bytes());
    mac.compute_unpadded(&end).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];
    const HEADER: [u8; HEADER_LEN] = [9; HEADER_LEN];

    fn ends() -> (SecretStream, SecretStream) {
        (SecretStream::new(&KEY, &HEADER), SecretStream::new(&KEY, &HEADER))
    }

    #[test]
    fn att_33_chunks_open_in_their_order_only() {
        let (mut writer, mut reader) = ends();
        let mut first = *b"first";
        let mut second = *b"second";
        let (first_tag, first_mac) = writer.push(&mut first, Tag::Message);
        let (second_tag, second_mac) = writer.push(&mut second, Tag::Final);
        assert_eq!(reader.pull(second_tag, &mut second, &second_mac), Err(BadChunk));
        assert_eq!(reader.pull(first_tag, &mut first, &first_mac), Ok(Tag::Message));
        assert_eq!(
            reader.pull(first_tag, &mut first.clone(), &first_mac),
            Err(BadChunk)
        );
        assert_eq!(reader.pull(second_tag, &mut second, &second_mac), Ok(Tag::Final));
        assert_eq!((&first, &second), (b"first", b"second"));
    }

    #[test]
    fn att_33_every_bit_of_a_chunk_counts() {
        let (mut writer, _) = ends();
        let mut text = *b"0123456789abcdefX";
        let (tag, mac) = writer.push(&mut text, Tag::Final);
        let chunk: Vec<u8> = [&[tag], &text[..], &mac].concat();
        for bit in 0..chunk.len() * 8 {
            let mut altered = chunk.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            let (front, mac) = altered.split_at_mut(1 + text.len());
            let (_, mut reader) = ends();
            let sealed = front[1..].to_vec();
            let outcome = reader.pull(front[0], &mut front[1..], (&*mac).try_into().unwrap());
            assert_eq!(outcome, Err(BadChunk), "bit {bit}");
            assert_eq!(front[1..], sealed, "nothing was decrypted");
        }
    }

    #[test]
    fn att_33_tags_of_other_uses_are_refused() {
        for tag in [1, 2, 4, 255] {
            assert_eq!(Tag::of_byte(tag), None, "{tag}");
        }
    }
}
