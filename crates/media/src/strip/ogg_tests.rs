use proptest::prelude::*;

use super::*;

fn page(stream: u32, flags: u8, segments: &[u8], content: &[u8]) -> Vec<u8> {
    let mut page = [
        b"OggS\0",
        &[flags][..],
        &[0; 8],
        &stream.to_le_bytes(),
        &[0; 8],
        &[u8::try_from(segments.len()).unwrap()],
        segments,
        content,
    ]
    .concat();
    seal(&mut page);
    page
}

/// Comments so long that they go on on a second page, and sound behind them on the same.
fn sound(head: &[u8], mark: &[u8]) -> Vec<u8> {
    let comments = [
        mark,
        &9_u32.to_le_bytes(),
        b"MyEncoder",
        &1_u32.to_le_bytes(),
        &[b'M'; 400],
    ]
    .concat();
    let (first, second) = comments.split_at(255);
    [
        page(7, 2, &[u8::try_from(head.len()).unwrap()], head),
        page(7, 0, &[255], first),
        page(
            7,
            1,
            &[u8::try_from(second.len()).unwrap(), 5],
            &[second, b"sound"].concat(),
        ),
        page(7, 4, &[5], b"Music"),
    ]
    .concat()
}

#[test]
fn the_checksum_is_that_of_ogg() {
    assert_eq!(CHECKSUM.checksum(b"123456789"), 0x89a1_897f);
}

#[test]
fn comments_go_and_nothing_moves() {
    for (head, mark) in [
        (&b"OpusHead\x01\x02"[..], &b"OpusTags"[..]),
        (b"\x01vorbis\0\0\0\0", b"\x03vorbis"),
    ] {
        let before = sound(head, mark);
        let mut bytes = before.clone();
        strip(&mut bytes).unwrap();
        assert_eq!(bytes.len(), before.len());
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains("MyEncoder") && !text.contains("MMM"));
        assert!(text.contains("sound") && text.contains("Music"));
        let comments = bytes
            .windows(mark.len())
            .position(|window| window == mark)
            .unwrap()
            + mark.len();
        assert_eq!(
            bytes[comments..comments + 9],
            [0, 0, 0, 0, 0, 0, 0, 0, 1],
            "nobody, nothing, the last bit"
        );
        // Every page's checksum is right: making it again changes nothing.
        let mut rest = bytes.as_mut_slice();
        while !rest.is_empty() {
            let len = Page::parse(rest).unwrap().len;
            let (page, after) = rest.split_at_mut(len);
            let sealed = page.to_vec();
            seal(page);
            assert_eq!(page, sealed);
            rest = after;
        }
    }
}

#[test]
fn other_codings_and_damaged_ones_are_refused() {
    assert_eq!(strip(&mut page(1, 2, &[4], b"\x80the")), Err(StripError::Unknown));
    assert_eq!(
        strip(&mut sound(b"OpusHead", b"OtherTag")),
        Err(StripError::Damaged)
    );
    assert_eq!(strip(&mut page(1, 0, &[4], b"Opus")), Err(StripError::Damaged));
    let whole = sound(b"OpusHead", b"OpusTags");
    let mut head = whole[..page(7, 2, &[8], b"OpusHead").len()].to_vec();
    assert_eq!(strip(&mut head), Err(StripError::Damaged), "no comments at all");
}

proptest! {
    #[test]
    fn no_mutation_panics(at: prop::sample::Index, byte: u8) {
        let mut bytes = sound(b"OpusHead", b"OpusTags");
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = strip(&mut bytes);
    }
}
