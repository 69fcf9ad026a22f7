use proptest::prelude::*;

use super::*;

fn element(id: &[u8], content: &[u8]) -> Vec<u8> {
    let len = u16::try_from(content.len()).unwrap() | 0x4000;
    [id, &len.to_be_bytes(), content].concat()
}

fn track(kind: u8) -> Vec<u8> {
    let track = [
        element(&[0x83], &[kind]),
        element(&[0x53, 0x6e], b"MyPhone"),
        element(&[0x86], b"A_OPUS"),
    ];
    element(&[0x16, 0x54, 0xae, 0x6b], &element(&[0xae], &track.concat()))
}

fn film_of(kind: u8) -> Vec<u8> {
    let info = [
        element(&[0x2a, 0xd7, 0xb1], &[0x0f, 0x42, 0x40]),
        element(&[0x7b, 0xa9], b"MyTitle"),
        element(&[0x44, 0x61], b"MyDate!!"),
        element(&[0x4d, 0x80], b"MyMuxer"),
        element(&[0x57, 0x41], b"MyWriter"),
    ];
    let tag = element(&[0x12, 0x54, 0xc3, 0x67], b"MyPlace");
    let attached = element(&[0x19, 0x41, 0xa4, 0x69], b"MyFile");
    let block = element(&[0xa3], b"\x81\0\0\0sound");
    let known = element(
        &[0x1f, 0x43, 0xb6, 0x75],
        &[element(&[0xe7], &[0]), block.clone()].concat(),
    );
    let unknown = [
        &[0x1f, 0x43, 0xb6, 0x75, 0xff][..],
        &element(&[0xe7], &[1]),
        &block,
    ]
    .concat();
    let parts = [
        element(&[0x15, 0x49, 0xa9, 0x66], &info.concat()),
        track(kind),
        known,
        unknown,
        attached,
        tag,
    ];
    [
        element(&[0x1a, 0x45, 0xdf, 0xa3], b"\x42\x82\x84webm"),
        [
            &[
                0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            ][..],
            &parts.concat(),
        ]
        .concat(),
    ]
    .concat()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn what_tells_of_the_maker_goes_and_nothing_moves() {
    let before = film_of(2);
    let mut bytes = before.clone();
    strip(&mut bytes).unwrap();
    assert_eq!(bytes.len(), before.len());
    assert!(contains(&before, b"My") && !contains(&bytes, b"My"));
    assert_eq!(bytes.windows(5).filter(|window| window == b"sound").count(), 2);
    assert!(contains(&bytes, b"A_OPUS"));
    let mut twice = bytes.clone();
    strip(&mut twice).unwrap();
    assert_eq!(twice, bytes);
}

#[test]
fn tracks_that_nobody_sees_are_refused() {
    assert_eq!(strip(&mut film_of(0x21)), Err(StripError::HiddenTrack));
    assert_eq!(strip(&mut film_of(1)), Ok(()));
}

#[test]
fn damaged_ones_are_refused() {
    let whole = film_of(2);
    for len in 1..whole.len() {
        // What goes to the end may end between two elements.
        let mut cut = whole[..len].to_vec();
        if strip(&mut cut).is_ok() {
            assert!(!contains(&cut, b"My"), "{len}");
        }
    }
    assert_eq!(strip(&mut element(&[0x42, 0x86], b"x")), Err(StripError::Unknown));
}

proptest! {
    #[test]
    fn no_mutation_panics(at: prop::sample::Index, byte: u8) {
        let mut bytes = film_of(2);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = strip(&mut bytes);
    }
}
