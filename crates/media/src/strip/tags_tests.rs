use proptest::prelude::*;

use super::*;
use crate::strip;

const FRAMES: &[u8] = b"\xff\xfb\x90\0 sound sound";

fn id3(text: &[u8]) -> Vec<u8> {
    let len = u8::try_from(text.len()).unwrap();
    [b"ID3\x04\0\0\0\0\0", &[len][..], text].concat()
}

fn ape(text: &[u8], has_header: bool) -> Vec<u8> {
    let flags: u32 = if has_header { 0x8000_0000 } else { 0 };
    let len = u32::try_from(text.len() + 32).unwrap();
    let footer = [
        &b"APETAGEX\xd0\x07\0\0"[..],
        &len.to_le_bytes(),
        &1_u32.to_le_bytes(),
        &flags.to_le_bytes(),
        &[0; 8],
    ]
    .concat();
    let header = if has_header { footer.clone() } else { Vec::new() };
    [header, text.to_vec(), footer].concat()
}

#[test]
fn frames_lose_their_tags_on_both_sides() {
    let id3_v1 = [b"TAG".as_slice(), &[b'M'; 125]].concat();
    let enhanced = [b"TAG+".as_slice(), &[b'M'; 223]].concat();
    for tagged in [
        FRAMES.to_vec(),
        [&id3(b"MyPlace"), FRAMES].concat(),
        [&id3(b"MyPlace"), &id3(b"MyOther"), FRAMES, &id3_v1].concat(),
        [FRAMES, &enhanced, &id3_v1].concat(),
        [FRAMES, &ape(b"MyTag", true), &id3_v1].concat(),
        [FRAMES, &ape(b"MyTag", false)].concat(),
    ] {
        assert_eq!(strip(tagged).unwrap(), FRAMES);
    }
    assert_eq!(
        strip([&id3(b"MyPlace"), &b"more of a tag"[..]].concat()),
        Err(StripError::Unknown)
    );
    assert_eq!(strip(id3(b"MyPlace")[..12].to_vec()), Err(StripError::Damaged));
}

#[test]
fn flac_keeps_what_plays() {
    let block =
        |kind: u8, content: &[u8]| [&[kind, 0, 0, u8::try_from(content.len()).unwrap()], content].concat();
    let flac = [
        b"fLaC".to_vec(),
        block(0, &[7; 34]),
        block(4, b"MyComment"),
        block(3, b"table"),
        block(0x86, b"MyPicture"),
        b"\xff\xf8frames".to_vec(),
    ]
    .concat();
    let kept = [
        b"fLaC".to_vec(),
        block(0, &[7; 34]),
        block(0x83, b"table"),
        b"\xff\xf8frames".to_vec(),
    ]
    .concat();
    assert_eq!(strip(flac.clone()).unwrap(), kept);
    assert_eq!(strip(kept.clone()).unwrap(), kept);
    assert_eq!(strip(flac[..50].to_vec()), Err(StripError::Damaged));
    assert_eq!(strip(b"fLaC".to_vec()), Err(StripError::Damaged));
}

#[test]
fn wav_keeps_what_plays() {
    let chunk = |name: &[u8], content: &[u8]| {
        let len = u32::try_from(content.len()).unwrap().to_le_bytes();
        let fill = if content.len() % 2 == 1 { &[0][..] } else { &[] };
        [name, &len, content, fill].concat()
    };
    let wav = |chunks: &[Vec<u8>]| {
        let chunks = chunks.concat();
        let len = u32::try_from(chunks.len() + 4).unwrap().to_le_bytes();
        [b"RIFF", &len[..], b"WAVE", &chunks].concat()
    };
    let (format, data) = (chunk(b"fmt ", &[1; 16]), chunk(b"data", b"sound"));
    let tagged = wav(&[
        chunk(b"bext", b"MyPlace"),
        format.clone(),
        chunk(b"LIST", b"MyName"),
        data.clone(),
        chunk(b"id3 ", b"MyId"),
    ]);
    let clean = wav(&[format, data]);
    assert_eq!(strip(tagged).unwrap(), clean);
    assert_eq!(strip(clean.clone()).unwrap(), clean);
}

proptest! {
    #[test]
    fn no_bytes_panic(start in prop::sample::select(vec![&b"ID3"[..], b"fLaC", b"RIFF\0\0\0\0WAVE", b"\xff\xfb"]), rest: Vec<u8>) {
        let _ = strip([start, &rest].concat());
    }
}
