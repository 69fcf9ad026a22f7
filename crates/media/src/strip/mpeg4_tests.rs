use proptest::prelude::*;

use super::*;

fn a_box(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8).unwrap();
    [&length.to_be_bytes(), kind.as_slice(), content].concat()
}

fn handler(kind: &[u8; 4], name: &str) -> Vec<u8> {
    a_box(
        b"hdlr",
        &[
            &[0; 8],
            kind.as_slice(),
            b"appl\0\0\0\0\0\0\0\0",
            name.as_bytes(),
            &[0],
        ]
        .concat(),
    )
}

fn table(kind: &[u8; 4], numbers: &[u32]) -> Vec<u8> {
    let numbers: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
    a_box(kind, &[&[0; 4], numbers.as_slice()].concat())
}

/// A track of samples of 5, 6 and 7 bytes: two in a first chunk, one in a second.
fn track(kind: &[u8; 4], chunks: [u32; 2]) -> Vec<u8> {
    let entry = a_box(
        b"avc1",
        &[
            &[0; 12],
            b"MAKR".as_slice(),
            &[0; 26],
            b"\x10MyPhone encoder ",
            &[0; 15],
            &[7; 4],
        ]
        .concat(),
    );
    let stbl = [
        a_box(b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1], entry.as_slice()].concat()),
        table(b"stsc", &[2, 1, 2, 1, 2, 1, 1]),
        table(b"stsz", &[0, 3, 5, 6, 7]),
        table(b"stco", &[2, chunks[0], chunks[1]]),
        a_box(b"udta", b"hidden"),
    ];
    let minf = a_box(b"minf", &a_box(b"stbl", &stbl.concat()));
    a_box(
        b"trak",
        &a_box(b"mdia", &[handler(kind, "MyPhone track"), minf].concat()),
    )
}

/// Two tracks, of pictures and of what `kind` says; their samples lie one behind the other.
fn two_tracks(kind: &[u8; 4]) -> Vec<u8> {
    let ftyp = a_box(b"ftyp", b"isom\0\0\0\0");
    let moov = |at: u32| {
        let tracks = [track(b"vide", [at, at + 22]), track(kind, [at + 11, at + 29])];
        a_box(b"moov", &tracks.concat())
    };
    let at = u32::try_from(ftyp.len() + moov(0).len() + 8).unwrap();
    let mdat = a_box(b"mdat", b"VVVVVVVVVVVgggggggggggVVVVVVVggggggg");
    [ftyp, moov(at), mdat].concat()
}

fn film() -> Vec<u8> {
    let mvhd = a_box(b"mvhd", &[&[0; 4][..], b"DATEDATE", &[7; 20]].concat());
    let udta = a_box(b"udta", b"+52.5163+013.3777/");
    let mdhd = a_box(b"mdhd", &[&[1, 0, 0, 0][..], &[9; 16], &[7; 8]].concat());
    let trak = a_box(
        b"trak",
        &a_box(
            b"mdia",
            &[
                mdhd,
                handler(b"vide", "MyPhone AVC"),
                a_box(b"meta", b"MyPhone 9"),
            ]
            .concat(),
        ),
    );
    let moov = a_box(b"moov", &[mvhd, udta, trak].concat());
    [
        a_box(b"ftyp", b"isom\0\0\0\0"),
        moov,
        a_box(b"mdat", b"pictures and sound"),
    ]
    .concat()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn places_devices_and_dates_go_and_nothing_moves() {
    let mut stripped = film();
    strip(&mut stripped).unwrap();
    assert_eq!(stripped.len(), film().len());
    for secret in [&b"+52.5163"[..], b"MyPhone", b"DATE", &[9; 16], b"udta", b"meta"] {
        assert!(contains(&film(), secret) && !contains(&stripped, secret));
    }
    assert!(stripped.ends_with(b"pictures and sound"));
    let mut twice = stripped.clone();
    strip(&mut twice).unwrap();
    assert_eq!(twice, stripped);
}

#[test]
fn what_is_no_film_or_a_damaged_one_is_refused() {
    assert_eq!(strip(&mut b"abc".to_vec()), Err(StripError::Damaged));
    let mut cut = film();
    cut.truncate(cut.len() - 1);
    assert_eq!(strip(&mut cut), Err(StripError::Damaged));
    let mut deep = a_box(b"moov", b"");
    for _ in 0..20 {
        deep = a_box(b"moov", &deep);
    }
    let mut deep = [a_box(b"ftyp", b"isom"), deep].concat();
    assert_eq!(strip(&mut deep), Err(StripError::Damaged));
}

proptest! {
    #[test]
    fn no_mutation_panics(at: prop::sample::Index, byte: u8) {
        let mut bytes = film();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = strip(&mut bytes);
    }
}

#[test]
fn tracks_that_nobody_sees_go_with_their_samples() {
    for kind in [b"meta", b"tmcd", b"camm", b"hint"] {
        let mut bytes = two_tracks(kind);
        let before = bytes.clone();
        strip(&mut bytes).unwrap();
        assert_eq!(bytes.len(), before.len());
        assert!(bytes.ends_with(b"VVVVVVVVVVV\0\0\0\0\0\0\0\0\0\0\0VVVVVVV\0\0\0\0\0\0\0"));
        for secret in [&b"MyPhone"[..], b"MAKR", b"appl", b"hidden", kind] {
            assert!(
                contains(&before, secret) && !contains(&bytes, secret),
                "{secret:?}"
            );
        }
    }
    for kind in [b"soun", b"text", b"sbtl"] {
        let mut bytes = two_tracks(kind);
        strip(&mut bytes).unwrap();
        assert!(bytes.ends_with(b"VVVVVVVVVVVgggggggggggVVVVVVVggggggg"));
        assert!(contains(&bytes, kind) && !contains(&bytes, b"MyPhone"));
    }
}

#[test]
fn a_hidden_track_that_cannot_be_found_is_refused() {
    let fragment = a_box(b"moof", b"");
    let mut fragmented = [two_tracks(b"meta"), fragment.clone()].concat();
    assert_eq!(strip(&mut fragmented), Err(StripError::HiddenTrack));
    let mut shown = [two_tracks(b"soun"), fragment].concat();
    assert_eq!(strip(&mut shown), Ok(()));
    // Samples that lie outside of what holds samples.
    let mut outside = [
        a_box(b"ftyp", b"isom"),
        a_box(b"moov", &track(b"meta", [0, 8])),
        a_box(b"mdat", b"x"),
    ]
    .concat();
    assert_eq!(strip(&mut outside), Err(StripError::Damaged));
}

proptest! {
    #[test]
    fn no_mutation_of_tables_panics(at: prop::sample::Index, byte: u8) {
        let mut bytes = two_tracks(b"meta");
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = strip(&mut bytes);
    }
}
