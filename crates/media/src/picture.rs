//! Decoding, shrinking and encoding of pictures.

use std::io::Cursor;

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};

/// Pictures with more pixels are refused before anything is decoded.
pub const MOST_PIXELS: u64 = 50_000_000;

/// No side of a picture is longer, in pixels.
pub const LONGEST_SIDE: u32 = 32_768;

/// Memory that decoding may take, in bytes.
const MOST_MEMORY: u64 = 300 * 1024 * 1024;

/// Quality of JPEG, 1 to 100.
const QUALITY: u8 = 85;

/// The same where nobody should see a difference.
const FINE_QUALITY: u8 = 93;

/// Why bytes cannot be used as a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// Not JPEG, PNG, WebP or GIF.
    #[error("not a picture of a known kind")]
    Unknown,
    /// More than [`MOST_PIXELS`], a side longer than [`LONGEST_SIDE`], or nothing.
    #[error("the picture's size is out of bounds")]
    Size,
    /// Damaged, or made to look like a picture.
    #[error("the picture is damaged")]
    Damaged,
}

/// A decoded picture, upright.
#[derive(Clone, Debug)]
pub struct Picture(pub(crate) DynamicImage);

/// A picture as bytes again, with nothing but pixels in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Their media type.
    pub content_type: &'static str,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// How much of a picture is kept when it becomes bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fidelity {
    /// What is enough on a screen.
    Usual,
    /// As of a camera.
    Fine,
    /// Every pixel.
    Lossless,
}

/// How a picture is made smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shrink {
    /// Until no side is longer than this; its proportions stay.
    Fit(u32),
    /// To a square of at most this side, cut from the middle.
    Square(u32),
}

/// Decodes JPEG, PNG, WebP or the first frame of a GIF, and turns it as its metadata says.
///
/// # Errors
/// [`PictureError`]
pub fn decode(bytes: &[u8]) -> Result<Picture, PictureError> {
    decode_within(bytes, MOST_PIXELS)
}

/// Whether bytes are a picture of at most `most_pixels`, by what its head says; nothing is decoded.
pub fn is_within(bytes: &[u8], most_pixels: u64) -> bool {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let size = reader.ok().and_then(|reader| reader.into_dimensions().ok());
    size.is_some_and(|(width, height)| u64::from(width).saturating_mul(u64::from(height)) <= most_pixels)
}

/// As [`decode`], of at most `most_pixels`; those are counted before anything is decoded.
///
/// # Errors
/// [`PictureError`]
pub fn decode_within(bytes: &[u8], most_pixels: u64) -> Result<Picture, PictureError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| PictureError::Unknown)?;
    if reader.format().is_none() {
        return Err(PictureError::Unknown);
    }
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(of_image)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width).saturating_mul(u64::from(height));
    if pixels == 0 || pixels > most_pixels.min(MOST_PIXELS) || decoder.total_bytes() > MOST_MEMORY {
        return Err(PictureError::Size);
    }
    let orientation = decoder.orientation().map_err(of_image)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(of_image)?;
    picture.apply_orientation(orientation);
    // Sixteen bits a channel, greys and palettes are more than a screen shows and a codec takes.
    Ok(Picture(match picture.color().has_alpha() {
        true => DynamicImage::ImageRgba8(picture.into_rgba8()),
        false => DynamicImage::ImageRgb8(picture.into_rgb8()),
    }))
}

/// Makes bytes of a picture: JPEG, or lossless WebP when something of it can be seen through or nothing may be lost.
///
/// # Errors
/// [`PictureError::Damaged`] when the codec refuses, as of a lossless one with a side of more than 16,384 pixels.
pub fn encode(picture: &Picture, fidelity: Fidelity) -> Result<Encoded, PictureError> {
    let Picture(picture) = picture;
    let (width, height) = (picture.width(), picture.height());
    let mut bytes = Vec::new();
    let quality = match fidelity {
        Fidelity::Usual => Some(QUALITY),
        Fidelity::Fine => Some(FINE_QUALITY),
        Fidelity::Lossless => None,
    };
    let content_type = if let Some(quality) = quality.filter(|_| is_opaque(picture)) {
        let opaque = DynamicImage::ImageRgb8(picture.to_rgb8());
        opaque
            .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))
            .map_err(of_image)?;
        "image/jpeg"
    } else {
        picture
            .write_with_encoder(WebPEncoder::new_lossless(&mut bytes))
            .map_err(of_image)?;
        "image/webp"
    };
    Ok(Encoded {
        bytes,
        content_type,
        width,
        height,
    })
}

impl Picture {
    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.0.width(), self.0.height())
    }

    /// A square of it, with sides of at most `side` pixels and at least one; moved to where the picture is.
    #[must_use]
    pub fn cut(&self, x: u32, y: u32, side: u32) -> Self {
        let (width, height) = self.size();
        let side = side.clamp(1, width.min(height).max(1));
        let (x, y) = (
            x.min(width.saturating_sub(side)),
            y.min(height.saturating_sub(side)),
        );
        Self(self.0.crop_imm(x, y, side, side))
    }

    /// A smaller picture; one that is small enough already is copied.
    ///
    /// # Errors
    /// [`PictureError::Damaged`] when the resizer refuses, though none is expected.
    pub fn shrink(&self, to: Shrink) -> Result<Self, PictureError> {
        let (width, height) = self.size();
        let (target_width, target_height, options) = match to {
            Shrink::Fit(side) => {
                let (width, height) = fit(width, height, side);
                (width, height, ResizeOptions::new())
            }
            Shrink::Square(side) => {
                let side = side.max(1).min(width).min(height);
                let middle = ResizeOptions::new().fit_into_destination(None);
                (side, side, middle)
            }
        };
        if (target_width, target_height) == (width, height) {
            return Ok(self.clone());
        }
        let mut smaller = DynamicImage::new(target_width, target_height, self.0.color());
        let filter = ResizeAlg::Convolution(FilterType::CatmullRom);
        Resizer::new()
            .resize(&self.0, &mut smaller, &options.resize_alg(filter))
            .map_err(|_| PictureError::Damaged)?;
        Ok(Self(smaller))
    }
}

/// The largest size with the same proportions whose sides are not longer than `side`; never larger than the original.
fn fit(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= side || longest == 0 {
        return (width, height);
    }
    let scaled = |length: u32| {
        let scaled = u64::from(length)
            .saturating_mul(u64::from(side))
            .checked_div(u64::from(longest));
        scaled.map_or(1, |scaled| u32::try_from(scaled.max(1)).unwrap_or(side))
    };
    (scaled(width), scaled(height))
}

fn is_opaque(picture: &DynamicImage) -> bool {
    match picture {
        DynamicImage::ImageRgba8(pixels) => pixels.pixels().all(|pixel| pixel.0[3] == u8::MAX),
        other => !other.color().has_alpha(),
    }
}

fn of_image(error: ImageError) -> PictureError {
    match error {
        ImageError::Unsupported(_) => PictureError::Unknown,
        ImageError::Limits(_) => PictureError::Size,
        _ => PictureError::Damaged,
    }
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
