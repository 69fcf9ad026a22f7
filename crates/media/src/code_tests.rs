//! Codes as phones and screens show them, and pictures that hold none.

use image::{DynamicImage, GrayImage, Luma};
use proptest::prelude::*;
use qrcode::{Color, EcLevel, QrCode};

use super::*;
use crate::{decode, encode};

const TEXT: &str = "vexed enjoy pigment films adept voted vexed enjoy pigment films adept voted adept";

/// A code with modules of so many pixels, at a place in a grey picture.
fn picture(text: &str, module: u32, side: u32, place: (u32, u32)) -> Picture {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
    let width = code.width() as u32;
    let colors = code.to_colors();
    let quiet = 4 * module;
    let mut drawn = GrayImage::from_pixel(side, side, Luma([200]));
    for (x, y, pixel) in drawn.enumerate_pixels_mut() {
        let (Some(x), Some(y)) = (x.checked_sub(place.0), y.checked_sub(place.1)) else {
            continue;
        };
        let end = width * module + 2 * quiet;
        if x >= end || y >= end {
            continue;
        }
        let module_at = |at: u32| {
            at.checked_sub(quiet)
                .map(|at| at / module)
                .filter(|at| *at < width)
        };
        let dark = module_at(x)
            .zip(module_at(y))
            .is_some_and(|(x, y)| colors[(y * width + x) as usize] == Color::Dark);
        *pixel = Luma([if dark { 10 } else { 245 }]);
    }
    Picture(DynamicImage::ImageRgb8(
        DynamicImage::ImageLuma8(drawn).into_rgb8(),
    ))
}

#[test]
fn a_code_is_read_from_a_picture_as_it_comes() {
    let drawn = picture(TEXT, 6, 700, (120, 80));
    let stored = encode(&drawn).unwrap();
    let read = decode(&stored.bytes).unwrap();
    assert_eq!(qr_texts(&read), [TEXT]);
}

#[test]
fn a_code_that_is_a_small_part_of_a_large_picture_is_read() {
    let drawn = picture(TEXT, 5, 3_000, (1_900, 2_300));
    assert_eq!(qr_texts(&drawn), [TEXT]);
}

#[test]
fn a_picture_without_a_code_gives_nothing() {
    for side in [1, 7, 64, 901] {
        let grey = GrayImage::from_fn(side, side, |x, y| Luma([(x * 7 + y * 13) as u8]));
        let picture = Picture(DynamicImage::ImageRgb8(
            DynamicImage::ImageLuma8(grey).into_rgb8(),
        ));
        assert_eq!(qr_texts(&picture), [""; 0]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Codes with parts painted over: read rightly or not at all.
    #[test]
    fn damaged_codes_give_the_text_or_nothing(spots in prop::collection::vec((0_u32..400, 0_u32..400, 1_u32..60, any::<u8>()), 0..12)) {
        let Picture(mut drawn) = picture(TEXT, 6, 400, (20, 20));
        let rgb = drawn.as_mut_rgb8().unwrap();
        for (left, top, size, shade) in spots {
            for x in left..(left + size).min(400) {
                for y in top..(top + size).min(400) {
                    rgb.put_pixel(x, y, image::Rgb([shade; 3]));
                }
            }
        }
        let found = qr_texts(&Picture(drawn));
        prop_assert!(found.is_empty() || found == [TEXT], "{:?}", found);
    }
}
