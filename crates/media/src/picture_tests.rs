use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;

use super::*;

fn photo(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, 90]));
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90)
        .encode_image(&picture)
        .unwrap();
    bytes
}

/// A JPEG that says: turn me by 90 degrees; taken at a place.
fn photo_with_exif(width: u32, height: u32) -> Vec<u8> {
    let plain = photo(width, height);
    let tiff: &[u8] = &[
        b'M', b'M', 0, 42, 0, 0, 0, 8, 0, 1, // one entry
        0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, // orientation 6
        0, 0, 0, 0, // no more
    ];
    let mut segment = b"Exif\0\0".to_vec();
    segment.extend_from_slice(tiff);
    segment.extend_from_slice(b"52.5163N 13.3777E");
    let mut bytes = plain[..2].to_vec();
    bytes.extend_from_slice(&[0xff, 0xe1]);
    bytes.extend_from_slice(&u16::try_from(segment.len() + 2).unwrap().to_be_bytes());
    bytes.extend_from_slice(&segment);
    bytes.extend_from_slice(&plain[2..]);
    bytes
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_photo_is_turned_upright_and_says_nothing_of_its_place() {
    let bytes = photo_with_exif(40, 20);
    assert!(contains(&bytes, b"13.3777E"));
    let picture = decode(&bytes).unwrap();
    assert_eq!(picture.size(), (20, 40));
    let sent = encode(&picture, Fidelity::Usual).unwrap();
    assert_eq!(
        (sent.width, sent.height, sent.content_type),
        (20, 40, "image/jpeg")
    );
    assert!(!contains(&sent.bytes, b"Exif") && !contains(&sent.bytes, b"13.3777E"));
    assert_eq!(decode(&sent.bytes).unwrap().size(), (20, 40));
}

#[test]
fn fidelity_is_what_is_kept_of_the_pixels() {
    let noise = RgbImage::from_fn(60, 40, |x, y| {
        let grain = (x * 7_919 + y * 104_729).to_le_bytes();
        Rgb([grain[0], grain[1], grain[2]])
    });
    let picture = Picture(DynamicImage::ImageRgb8(noise));
    let [usual, fine, lossless] = [Fidelity::Usual, Fidelity::Fine, Fidelity::Lossless]
        .map(|fidelity| encode(&picture, fidelity).unwrap());
    assert_eq!(
        (usual.content_type, fine.content_type),
        ("image/jpeg", "image/jpeg")
    );
    assert!(fine.bytes.len() > usual.bytes.len());
    assert_eq!(lossless.content_type, "image/webp");
    assert_eq!(decode(&lossless.bytes).unwrap().0, picture.0);
}

#[test]
fn shrinking_keeps_the_proportions_and_never_enlarges() {
    let picture = decode(&photo(400, 100)).unwrap();
    assert_eq!(picture.shrink(Shrink::Fit(200)).unwrap().size(), (200, 50));
    assert_eq!(picture.shrink(Shrink::Fit(4_000)).unwrap().size(), (400, 100));
    assert_eq!(picture.shrink(Shrink::Fit(1)).unwrap().size(), (1, 1));
    assert_eq!(picture.shrink(Shrink::Square(64)).unwrap().size(), (64, 64));
    assert_eq!(picture.shrink(Shrink::Square(640)).unwrap().size(), (100, 100));
    assert_eq!(picture.shrink(Shrink::Fit(0)).unwrap().size(), (1, 1));
    assert_eq!(picture.shrink(Shrink::Square(0)).unwrap().size(), (1, 1));
}

#[test]
fn what_can_be_seen_through_stays_so() {
    let mut pixels = RgbaImage::from_pixel(8, 8, Rgba([1, 2, 3, 255]));
    pixels.put_pixel(0, 0, Rgba([0, 0, 0, 0]));
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes)
        .write_image(&pixels, 8, 8, ExtendedColorType::Rgba8)
        .unwrap();
    let sent = encode(&decode(&bytes).unwrap(), Fidelity::Usual).unwrap();
    assert_eq!(sent.content_type, "image/webp");
    assert!(!is_opaque(&decode(&sent.bytes).unwrap().0));
}

/// A small PNG whose head claims another size.
fn claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes)
        .write_image(&[0; 3], 1, 1, ExtendedColorType::Rgb8)
        .unwrap();
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32fast::hash(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

#[test]
fn a_few_bytes_that_claim_billions_of_pixels_are_refused_by_their_head() {
    for (width, height) in [(50_000, 50_000), (8_000, 8_000), (40_000, 1)] {
        assert_eq!(decode(&claiming(width, height)).unwrap_err(), PictureError::Size);
    }
    assert_eq!(
        decode(&claiming(4_000, 4_000)).unwrap_err(),
        PictureError::Damaged
    );
    assert_eq!(decode(&claiming(1, 1)).unwrap().size(), (1, 1));
}

#[test]
fn what_is_no_picture_is_told_apart_from_a_damaged_one() {
    assert_eq!(decode(b"<svg/>").unwrap_err(), PictureError::Unknown);
    assert_eq!(decode(b"").unwrap_err(), PictureError::Unknown);
    let whole = photo(64, 64);
    assert_eq!(decode(&whole[..20]).unwrap_err(), PictureError::Damaged);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_mutation_of_a_picture_panics(at in 0_usize..2_000, byte: u8, cut in 0_usize..2_000) {
        let mut bytes = photo_with_exif(24, 24);
        let at = at % bytes.len();
        bytes[at] = byte;
        bytes.truncate(bytes.len().saturating_sub(cut % 50));
        if let Ok(picture) = decode(&bytes) {
            encode(&picture.shrink(Shrink::Fit(16)).unwrap(), Fidelity::Usual).unwrap();
        }
    }
}

#[test]
fn a_square_is_cut_where_it_is_asked_for_and_never_beyond_the_edge() {
    let picture = decode(&photo(40, 20)).unwrap();
    let corner = |cut: &Picture| {
        let pixels = cut.0.to_rgb8();
        (cut.size(), pixels.get_pixel(0, 0).0)
    };
    let (size, [red, green, _]) = corner(&picture.cut(30, 5, 10));
    assert_eq!(size, (10, 10));
    assert!(red.abs_diff(30) < 6 && green.abs_diff(5) < 6, "{red} {green}");
    for (x, y, side) in [(u32::MAX, u32::MAX, 10), (0, 0, u32::MAX), (5, 5, 0)] {
        let (width, height) = picture.cut(x, y, side).size();
        assert!(width == height && (1..=20).contains(&width), "{width} x {height}");
    }
}

#[test]
fn fewer_pixels_may_be_asked_for() {
    let photo = photo(40, 20);
    assert!(decode_within(&photo, 800).is_ok());
    assert_eq!(decode_within(&photo, 799).unwrap_err(), PictureError::Size);
}
