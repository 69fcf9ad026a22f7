//! From samples to MP3.

use std::num::NonZeroU32;
use std::time::Duration;

use mp3lame_encoder::{Bitrate, Builder, FlushGap, Mode, MonoPcm, Quality, max_required_buffer_size};

use crate::VoiceError;

/// Half a megabyte a minute; speech at any rate that is written.
const BITRATE: Bitrate = Bitrate::Kbps64;
/// Rates that MP3 has, in samples a second; others are turned into the last one.
const RATES: [u32; 6] = [16_000, 22_050, 24_000, 32_000, 48_000, 44_100];
/// What the encoder asks for when it is emptied.
const LAST_BYTES: usize = 7_200;

/// Encodes one channel of samples between -1 and 1 as they come.
pub(crate) struct Encoder {
    lame: mp3lame_encoder::Encoder,
    bytes: Vec<u8>,
    samples: u64,
    rate: u32,
}

impl Encoder {
    /// For samples at `rate` a second.
    pub(crate) fn new(rate: u32) -> Result<Self, VoiceError> {
        let lame = lame(rate).ok_or(VoiceError::Failed)?;
        Ok(Self {
            lame,
            bytes: Vec::new(),
            samples: 0,
            rate,
        })
    }

    pub(crate) fn push(&mut self, samples: &[f32]) -> Result<(), VoiceError> {
        // Room for all of it, because an encoder without room writes beyond it.
        self.bytes.reserve(max_required_buffer_size(samples.len()));
        self.lame
            .encode_to_vec(MonoPcm(samples), &mut self.bytes)
            .map_err(|_| VoiceError::Failed)?;
        self.samples += samples.len() as u64;
        Ok(())
    }

    /// How much was put in.
    pub(crate) fn heard(&self) -> Duration {
        Duration::from_secs_f64(self.samples as f64 / f64::from(self.rate))
    }

    /// All of it as MP3.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, VoiceError> {
        self.bytes.reserve(LAST_BYTES);
        self.lame
            .flush_to_vec::<FlushGap>(&mut self.bytes)
            .map_err(|_| VoiceError::Failed)?;
        Ok(self.bytes)
    }
}

fn lame(rate: u32) -> Option<mp3lame_encoder::Encoder> {
    let rate = NonZeroU32::new(rate)?;
    let written = match RATES.contains(&rate.get()) {
        true => rate,
        false => NonZeroU32::new(*RATES.last()?)?,
    };
    Builder::new()?
        .with_num_channels(1)
        .and_then(|lame| lame.with_mode(Mode::Mono))
        .and_then(|lame| lame.with_sample_rate(rate.get()))
        .and_then(|lame| lame.with_output_sample_rate(Some(written)))
        .and_then(|lame| lame.with_brate(BITRATE))
        .and_then(|lame| lame.with_quality(Quality::Good))
        // The frame that names the encoder and its settings.
        .and_then(|lame| lame.with_to_write_vbr_tag(false))
        .and_then(Builder::build)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds of a tone at a rate.
    pub(crate) fn tone(rate: u32, seconds: f32) -> Vec<f32> {
        let samples = (rate as f32 * seconds) as u32;
        let turn = 440.0 * std::f32::consts::TAU / rate as f32;
        (0..samples).map(|n| (n as f32 * turn).sin() / 2.0).collect()
    }

    fn encoded(rate: u32, seconds: f32) -> Vec<u8> {
        let mut encoder = Encoder::new(rate).unwrap();
        for chunk in tone(rate, seconds).chunks(480) {
            encoder.push(chunk).unwrap();
        }
        encoder.finish().unwrap()
    }

    #[test]
    fn what_was_heard_lasts_as_long_in_mp3_at_every_rate_of_a_microphone() {
        for rate in [8_000, 16_000, 44_100, 48_000, 96_000, 192_000] {
            let bytes = encoded(rate, 2.0);
            assert_eq!(media::sniff(&bytes), (media::Kind::Sound, "audio/mpeg"));
            let ms = media::sound_duration_ms(&bytes).unwrap();
            // The encoder begins with a little silence and fills the last frame.
            assert!((2_000..2_150).contains(&ms), "{rate}: {ms} ms");
            assert!(bytes.len() < 20_000, "{rate}: {} bytes", bytes.len());
        }
    }

    #[test]
    fn nothing_but_frames_is_written() {
        let bytes = encoded(48_000, 1.0);
        // LAME fills what is left of a frame with its own name and version, which are the same for everybody.
        for tag in [&b"ID3"[..], b"TAG", b"Xing", b"Info", b"VBRI", b"APETAG"] {
            let at = bytes.windows(tag.len()).position(|window| window == tag);
            assert_eq!(at, None, "{tag:?}");
        }
        assert_eq!(
            bytes,
            encoded(48_000, 1.0),
            "two clips differ in their sound only"
        );
    }

    #[test]
    fn what_no_microphone_has_is_refused() {
        assert_eq!(Encoder::new(0).err(), Some(VoiceError::Failed));
    }
}
