//! The system's microphone.

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{ErrorKind, FromSample, I24, Sample, SampleFormat, SizedSample, StreamConfig};

use crate::VoiceError;

/// What a microphone says.
pub(crate) enum Heard {
    /// One channel of samples between -1 and 1.
    Samples(Vec<f32>),
    /// It is gone.
    Gone,
}

/// Takes what a microphone says; called on a thread of the system's, so it does little.
pub(crate) type Listener = Box<dyn FnMut(Heard) + Send>;

/// An open microphone; it is closed when this is dropped.
pub(crate) struct Microphone {
    /// Samples a second.
    pub(crate) rate: u32,
    /// Keeps it open.
    pub(crate) _stream: Box<dyn std::any::Any>,
}

/// Opens the microphone that the system calls its usual one, in the form that it has.
pub(crate) fn open(listener: Listener) -> Result<Microphone, VoiceError> {
    let microphone = cpal::default_host()
        .default_input_device()
        .ok_or(VoiceError::NoMicrophone)?;
    let form = microphone.default_input_config().map_err(refused)?;
    let config = form.config();
    let open = match form.sample_format() {
        SampleFormat::I8 => listen::<i8>,
        SampleFormat::U8 => listen::<u8>,
        SampleFormat::I16 => listen::<i16>,
        SampleFormat::U16 => listen::<u16>,
        SampleFormat::I24 => listen::<I24>,
        SampleFormat::I32 => listen::<i32>,
        SampleFormat::U32 => listen::<u32>,
        SampleFormat::F32 => listen::<f32>,
        SampleFormat::F64 => listen::<f64>,
        _ => return Err(VoiceError::Failed),
    };
    let stream = open(&microphone, config, listener).map_err(refused)?;
    stream.play().map_err(refused)?;
    Ok(Microphone {
        rate: config.sample_rate,
        _stream: Box::new(stream),
    })
}

fn listen<T>(
    microphone: &cpal::Device,
    config: StreamConfig,
    listener: Listener,
) -> Result<cpal::Stream, cpal::Error>
where
    T: SizedSample,
    f32: FromSample<T>,
{
    let channels = usize::from(config.channels.max(1));
    let listener = std::sync::Arc::new(std::sync::Mutex::new(listener));
    let on_error = std::sync::Arc::clone(&listener);
    let tell = |listener: &std::sync::Mutex<Listener>, heard| {
        if let Ok(mut listener) = listener.lock() {
            listener(heard);
        }
    };
    microphone.build_input_stream(
        config,
        move |samples: &[T], _| tell(&listener, Heard::Samples(one_channel(samples, channels))),
        move |error| match error.kind() {
            // It goes on.
            ErrorKind::Xrun | ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied => {}
            kind => {
                tracing::info!(?kind, "the microphone is gone");
                tell(&on_error, Heard::Gone);
            }
        },
        None,
    )
}

/// The mean of all channels.
fn one_channel<T: Sample>(samples: &[T], channels: usize) -> Vec<f32>
where
    f32: FromSample<T>,
{
    let mean = |frame: &[T]| {
        let sum: f32 = frame.iter().map(|sample| f32::from_sample(*sample)).sum();
        sum / frame.len() as f32
    };
    samples.chunks_exact(channels).map(mean).collect()
}

/// A microphone that is used by somebody else, or for which the system has nothing left, may be there another time.
fn refused(error: cpal::Error) -> VoiceError {
    tracing::info!(kind = ?error.kind(), "the microphone cannot be opened");
    match error.kind() {
        ErrorKind::DeviceBusy | ErrorKind::ResourceExhausted | ErrorKind::StreamInvalidated => {
            VoiceError::Failed
        }
        _ => VoiceError::NoMicrophone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_become_one() {
        assert_eq!(one_channel(&[0.5_f32, -0.5, 1.0, 0.5], 2), [0.0, 0.75]);
        assert_eq!(one_channel(&[i16::MIN, 0], 1), [-1.0, 0.0]);
        assert_eq!(one_channel(&[0_u8, 0, 128], 1), [-1.0, -1.0, 0.0]);
        assert_eq!(
            one_channel(&[1.0_f32, 1.0, 1.0], 2),
            [1.0],
            "half a frame is none"
        );
    }
}
