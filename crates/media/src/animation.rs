//! Removing from GIFs what is neither picture nor motion. Its blocks are copied one by one; see the GIF89a specification.

/// Blocks that are copied: how long a frame shows, and how often all of them do.
const GRAPHIC_CONTROL: u8 = 0xf9;
const APPLICATION: u8 = 0xff;
const LOOPS: [&[u8]; 2] = [b"NETSCAPE2.0", b"ANIMEXTS1.0"];

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2c;
const END: u8 = 0x3b;

/// Where the screen's descriptor ends.
const HEAD_LEN: usize = 13;

/// A GIF without comments, texts and foreign data; `None` when its blocks do not fit into each other.
pub fn strip_gif(bytes: &[u8]) -> Option<Vec<u8>> {
    let colours = colour_table_len(*bytes.get(10)?);
    let (head, mut rest) = bytes.split_at_checked(HEAD_LEN.checked_add(colours)?)?;
    let mut kept = head.to_vec();
    loop {
        let length = match *rest.first()? {
            END => {
                kept.push(END);
                return Some(kept);
            }
            EXTENSION => 2_usize.checked_add(sub_blocks_len(rest.get(2..)?)?)?,
            IMAGE => {
                let colours = colour_table_len(*rest.get(9)?);
                // Descriptor, colours, one byte of code size, then the picture.
                let picture = 11_usize.checked_add(colours)?;
                picture.checked_add(sub_blocks_len(rest.get(picture..)?)?)?
            }
            _ => return None,
        };
        let (block, after) = rest.split_at_checked(length)?;
        if is_kept(block) {
            kept.extend_from_slice(block);
        }
        rest = after;
    }
}

fn is_kept(block: &[u8]) -> bool {
    match block {
        [IMAGE, ..] | [EXTENSION, GRAPHIC_CONTROL, ..] => true,
        [EXTENSION, APPLICATION, length, name @ ..] => LOOPS
            .iter()
            .any(|known| usize::from(*length) == known.len() && name.starts_with(known)),
        _ => false,
    }
}

/// Bytes of the table of colours that a descriptor's flags announce.
fn colour_table_len(flags: u8) -> usize {
    match flags & 0x80 {
        0 => 0,
        _ => 3_usize.saturating_mul(2_usize.saturating_pow(u32::from(flags & 7).saturating_add(1))),
    }
}

/// Length of a chain of sub-blocks, its empty last one included.
fn sub_blocks_len(bytes: &[u8]) -> Option<usize> {
    let mut length = 0_usize;
    loop {
        let block = usize::from(*bytes.get(length)?);
        length = length.checked_add(block)?.checked_add(1)?;
        if block == 0 {
            return Some(length);
        }
    }
}

#[cfg(test)]
mod tests {
    use image::codecs::gif::{GifEncoder, Repeat};
    use image::{Delay, Frame, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    fn two_frames() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new(&mut bytes);
        encoder.set_repeat(Repeat::Infinite).unwrap();
        for shade in [0, 200] {
            let picture = RgbaImage::from_pixel(4, 4, image::Rgba([shade, 0, 0, 255]));
            let delay = Delay::from_numer_denom_ms(100, 1);
            encoder
                .encode_frame(Frame::from_parts(picture, 0, 0, delay))
                .unwrap();
        }
        drop(encoder);
        bytes
    }

    fn with_comment(gif: &[u8]) -> Vec<u8> {
        let at = HEAD_LEN + colour_table_len(gif[10]);
        let comment = b"\x21\xfe\x0452.5\0";
        let foreign = b"\x21\xff\x0bXMP DataXMP\x03abc\0";
        [&gif[..at], comment, foreign, &gif[at..]].concat()
    }

    #[test]
    fn comments_and_foreign_data_go_and_frames_stay() {
        let plain = two_frames();
        assert_eq!(strip_gif(&plain).unwrap(), plain);
        assert_eq!(strip_gif(&with_comment(&plain)).unwrap(), plain);
    }

    #[test]
    fn what_is_cut_is_refused() {
        let gif = two_frames();
        for length in 0..gif.len() {
            assert_eq!(strip_gif(&gif[..length]), None);
        }
    }

    proptest! {
        #[test]
        fn no_mutation_panics(at: prop::sample::Index, byte: u8) {
            let mut bytes = with_comment(&two_frames());
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let _ = strip_gif(&bytes);
        }
    }
}
