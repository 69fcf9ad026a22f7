//! Codes as phones and screens show them, and pictures that hold none.

use image::{DynamicImage, GenericImageView, GrayImage, Luma};
use proptest::prelude::*;
use qrcode::{Color, EcLevel, QrCode};

use super::*;
use crate::Fidelity;
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
    let stored = encode(&drawn, Fidelity::Usual).unwrap();
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

/// A page of seven by seven modules that look like the corners of codes, as many as there is room for.
fn finders(side: u32, module: u32) -> GrayImage {
    let step = 8 * module;
    GrayImage::from_fn(side, side, |x, y| {
        let (x, y) = (x % step / module, y % step / module);
        let from_middle = x.abs_diff(3).max(y.abs_diff(3));
        Luma([if matches!(from_middle, 0 | 1 | 3) { 10 } else { 245 }])
    })
}

#[test]
fn a_page_of_finder_patterns_ends_as_soon_as_there_are_too_many() {
    for (side, module) in [(900, 1), (900, 2), (2_400, 1), (2_400, 3), (2_400, 20)] {
        let page = finders(side, module);
        let work = Work::on(&page);
        assert_eq!(texts(Counted::new(page, &work)), [""; 0]);
        assert_eq!(work.finders(), 49, "{side} px with modules of {module}");
        let (done, most) = work.done_of();
        assert!(done < most / 2, "{done} of {most}");
    }
    let page = DynamicImage::ImageLuma8(finders(2_400, 3)).into_rgb8();
    assert_eq!(qr_texts(&Picture(DynamicImage::ImageRgb8(page))), [""; 0]);
}

#[test]
fn few_finder_patterns_that_belong_together_in_no_way_end_within_the_bound() {
    for module in [60, 48] {
        let page = finders(2_400, module);
        let work = Work::on(&page);
        assert_eq!(texts(Counted::new(page, &work)), [""; 0]);
        assert!((9..=48).contains(&work.finders()), "{}", work.finders());
        let (done, most) = work.done_of();
        assert!(done <= most + 2_400 * 2_400);
    }
}

#[test]
fn a_reader_that_never_ends_is_ended() {
    let endless: [fn(&Counted); 3] = [
        |page| _ = page.get_pixel(0, 0),
        |page| _ = page.dimensions(),
        |page| drop(page.clone()),
    ];
    for asks in endless {
        let work = Work::on(&GrayImage::new(200, 200));
        let page = Counted::new(GrayImage::new(200, 200), &work);
        let ended = catch_unwind(AssertUnwindSafe(|| {
            loop {
                asks(&page);
            }
        }));
        let (done, most) = work.done_of();
        assert!(ended.is_err() && done > most);
    }
}

#[test]
fn what_a_picture_as_people_have_it_takes_is_far_from_the_bound() {
    let code = picture(TEXT, 12, 2_400, (500, 700)).0.to_luma8();
    let mut seed = 1_u32;
    let noise = GrayImage::from_fn(2_400, 2_400, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Luma([(seed >> 24) as u8])
    });
    for (page, expected) in [(code, vec![TEXT]), (noise, Vec::new())] {
        let work = Work::on(&page);
        assert_eq!(texts(Counted::new(page, &work)), expected);
        let (done, most) = work.done_of();
        assert!(done < most / 2, "{done} of {most}");
    }
}

#[test]
fn a_code_that_lies_at_an_angle_is_read() {
    let straight = picture(TEXT, 8, 900, (200, 200)).0.to_luma8();
    for degrees in [7.0_f64, 30.0, 135.0, 200.0] {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let turned = GrayImage::from_fn(900, 900, |x, y| {
            let (x, y) = (f64::from(x) - 450.0, f64::from(y) - 450.0);
            let from = |at: f64| (at + 450.0).clamp(0.0, 899.0) as u32;
            *straight.get_pixel(from(x * cos - y * sin), from(x * sin + y * cos))
        });
        let page = DynamicImage::ImageLuma8(turned).into_rgb8();
        assert_eq!(
            qr_texts(&Picture(DynamicImage::ImageRgb8(page))),
            [TEXT],
            "{degrees}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Bars and boxes anywhere, also such as make three corners of no code.
    #[test]
    fn whatever_is_drawn_ends_within_the_bound(
        boxes in prop::collection::vec((0_u32..600, 0_u32..600, 1_u32..16, 1_u32..9, 0_u32..4), 3..40),
    ) {
        let mut page = GrayImage::from_pixel(600, 600, Luma([245]));
        for (left, top, module, skew, missing) in boxes {
            for (row, column) in (0..7 * module).flat_map(|row| (0..7 * module).map(move |column| (row, column))) {
                let (x, y) = (column / module, row / module);
                let dark = matches!(x.abs_diff(3).max(y.abs_diff(3)), 0 | 1 | 3) && (missing == 0 || x != missing + 3);
                let at = (left + column + row / skew, top + row);
                if dark && at.0 < 600 && at.1 < 600 {
                    page.put_pixel(at.0, at.1, Luma([10]));
                }
            }
        }
        let work = Work::on(&page);
        texts(Counted::new(page, &work));
        let (done, most) = work.done_of();
        prop_assert!(done <= most + 600 * 600);
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
