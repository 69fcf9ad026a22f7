//! How much a reader of codes may do with one picture.
//!
//! The reader itself knows no bounds: it tries all groups of three finder patterns, copies the picture for each, and looks
//! for a fourth mark in a spiral whose size the picture decides. Whatever it does, it asks for pixels, for the size of the
//! picture, or for a copy; here that is counted, and the reader is unwound when it has had enough.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::rc::Rc;

use image::{GenericImage, GenericImageView, GrayImage, Luma};

/// Finder patterns of one picture: those of sixteen codes.
const MOST_FINDERS: u32 = 48;
/// Requests for each pixel of a picture. Noise takes six or seven, and so does a page with a code.
const PER_PIXEL: u64 = 40;
/// Requests beside those: the geometry of sixteen codes of the largest kind.
const BESIDES: u64 = 50_000_000;
/// Bytes that are copied in the time of one request, about.
const COPIED_AT_ONCE: u64 = 16;

/// What the reader writes where it measures a finder pattern, and afterwards where it has found one: the one after the other
/// makes one pattern.
const MEASURED: u8 = 4;
const FOUND: u8 = 2;

/// What a reader has done and may do; shared by all copies of a picture.
#[derive(Debug)]
pub(super) struct Work {
    done: Cell<u64>,
    most: u64,
    finders: Cell<u32>,
}

/// Unwinds the reader. Nobody sees it.
struct Enough;

impl Work {
    pub(super) fn on(picture: &GrayImage) -> Rc<Self> {
        let pixels = u64::from(picture.width()).saturating_mul(u64::from(picture.height()));
        Rc::new(Self {
            done: Cell::new(0),
            most: pixels.saturating_mul(PER_PIXEL).saturating_add(BESIDES),
            finders: Cell::new(0),
        })
    }

    fn add(&self, requests: u64) {
        let done = self.done.get().saturating_add(requests);
        self.done.set(done);
        if done > self.most {
            resume_unwind(Box::new(Enough));
        }
    }

    fn add_finder(&self) {
        let finders = self.finders.get().saturating_add(1);
        self.finders.set(finders);
        if finders > MOST_FINDERS {
            resume_unwind(Box::new(Enough));
        }
    }

    /// Requests until now and as many as there may be.
    #[cfg(test)]
    pub(super) fn done_of(&self) -> (u64, u64) {
        (self.done.get(), self.most)
    }

    /// Finder patterns until now.
    #[cfg(test)]
    pub(super) fn finders(&self) -> u32 {
        self.finders.get()
    }
}

/// A picture that counts what is asked of it.
pub(super) struct Counted {
    pixels: GrayImage,
    /// What was written last.
    written: u8,
    work: Rc<Work>,
}

impl Counted {
    pub(super) fn new(pixels: GrayImage, work: &Rc<Work>) -> Self {
        Self {
            pixels,
            written: 0,
            work: Rc::clone(work),
        }
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        let bytes = u64::try_from(self.pixels.len()).unwrap_or(u64::MAX);
        self.work.add(bytes / COPIED_AT_ONCE);
        Self {
            pixels: self.pixels.clone(),
            written: self.written,
            work: Rc::clone(&self.work),
        }
    }
}

impl GenericImageView for Counted {
    type Pixel = Luma<u8>;

    fn dimensions(&self) -> (u32, u32) {
        self.work.add(1);
        self.pixels.dimensions()
    }

    fn get_pixel(&self, x: u32, y: u32) -> Luma<u8> {
        self.work.add(1);
        *self.pixels.get_pixel(x, y)
    }
}

impl GenericImage for Counted {
    fn get_pixel_mut(&mut self, x: u32, y: u32) -> &mut Luma<u8> {
        self.work.add(1);
        self.pixels.get_pixel_mut(x, y)
    }

    fn put_pixel(&mut self, x: u32, y: u32, pixel: Luma<u8>) {
        self.work.add(1);
        let Luma([value]) = pixel;
        let before = std::mem::replace(&mut self.written, value);
        if (before, value) == (MEASURED, FOUND) {
            self.work.add_finder();
        }
        self.pixels.put_pixel(x, y, pixel);
    }

    fn blend_pixel(&mut self, x: u32, y: u32, pixel: Luma<u8>) {
        self.put_pixel(x, y, pixel);
    }
}
