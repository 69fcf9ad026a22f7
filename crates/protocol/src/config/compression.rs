//! `z || zstd`: a config's plain text made shorter. Spec: config §5 (CFG-20)

/// What marks compressed text; plain text begins with `d`.
pub(super) const MARK: u8 = b'z';

/// Level that all clients use, so that the same config gives the same bytes.
const LEVEL: i32 = 1;

/// Most bytes that a config may have when unpacked.
const MAX_LEN_BYTES: usize = 10_000_000;

/// Compresses, unless that makes it longer. The result begins with `z` when it is compressed.
pub fn compress(text: &[u8]) -> Vec<u8> {
    compress_at(text, LEVEL)
}

fn compress_at(text: &[u8], level: i32) -> Vec<u8> {
    let Ok(packed) = zstd::bulk::compress(text, level) else {
        return text.to_vec();
    };
    if packed.len().saturating_add(1) >= text.len() {
        return text.to_vec();
    }
    let mut out = Vec::with_capacity(packed.len().saturating_add(1));
    out.push(MARK);
    out.extend_from_slice(&packed);
    out
}

/// Undoes [`compress`] for text that begins with `z`; `None` when it is damaged or more than 10 MB.
pub fn decompress(packed: &[u8]) -> Option<Vec<u8>> {
    let frame = packed.strip_prefix(&[MARK])?;
    // Grows as it unpacks: the length that a frame claims is not believed.
    let mut reader = std::io::Read::take(
        zstd::stream::read::Decoder::new(frame).ok()?,
        u64::try_from(MAX_LEN_BYTES).ok()?.saturating_add(1),
    );
    let mut text = Vec::new();
    std::io::Read::read_to_end(&mut reader, &mut text).ok()?;
    (text.len() <= MAX_LEN_BYTES).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cfg_20_compression_is_undone_and_never_makes_longer() {
        for text in [
            b"d1:#i0e1:&de1:<le1:=dee".to_vec(),
            vec![b'a'; 81],
            vec![7; 100_000],
        ] {
            let packed = compress(&text);
            assert!(packed.len() <= text.len());
            if packed.first() == Some(&MARK) {
                assert_eq!(decompress(&packed), Some(text));
            } else {
                assert_eq!(packed, text);
            }
        }
    }

    #[test]
    fn cfg_20_levels_give_the_bytes_of_other_clients() {
        let packed = |level| data_encoding::HEXLOWER.encode(&compress_at(&[0xaa; 81], level));
        assert_eq!(packed(1), "7a28b52ffd205145000010aaaa01008c022c");
        assert_eq!(packed(5), "7a28b52ffd20513d000008aa01000dea84");
    }

    #[test]
    fn cfg_20_a_bomb_and_garbage_are_refused() {
        let bomb = compress(&vec![0; MAX_LEN_BYTES + 1]);
        assert!(bomb.len() < 2_000);
        assert_eq!(decompress(&bomb), None);
        assert_eq!(decompress(b"z"), None);
        assert_eq!(decompress(b"zgarbage"), None);
        assert_eq!(decompress(b"d1:#i0ee"), None);
    }
}
