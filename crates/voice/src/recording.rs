//! One recording: from the press on the microphone until it is handed over or forgotten.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::VoiceError;
use crate::encoder::Encoder;
use crate::microphone::{self, Heard, Listener, Microphone};

/// Longest voice message.
pub const LONGEST: Duration = Duration::from_secs(5 * 60);

/// How often it is told how much was heard.
const TOLD: Duration = Duration::from_millis(100);
/// A microphone that says nothing for so long is gone, whatever the system says.
const SILENT: Duration = Duration::from_secs(3);
/// Pieces of sound on their way to the encoder; more than a second of them.
const PIECES: usize = 256;

/// What happens while it is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So much was heard.
    Heard(Duration),
    /// The longest was reached. The microphone is closed; the clip can be had.
    Full,
    /// The microphone is gone. What was heard before can be had.
    Gone,
}

/// What was recorded.
#[derive(Clone, PartialEq, Eq)]
pub struct Clip {
    /// MP3, frames only.
    pub bytes: Vec<u8>,
    /// How much was heard.
    pub heard: Duration,
}

impl std::fmt::Debug for Clip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clip")
            .field("heard", &self.heard)
            .finish_non_exhaustive()
    }
}

/// What reaches the thread that encodes.
enum Input {
    Heard(Heard),
    /// No more is wanted.
    Finish,
    /// Nothing of it is wanted.
    Forget,
}

/// A recording that is under way. When it is dropped, the microphone is closed and nothing is left of what it heard.
pub struct Recording {
    input: SyncSender<Input>,
    /// `None` once it was handed over.
    encoding: Option<JoinHandle<Result<Clip, VoiceError>>>,
}

impl Recording {
    /// Opens the microphone and returns when it listens. `tell` is called on a thread of the recording's.
    ///
    /// # Errors
    /// [`VoiceError::NoMicrophone`] and [`VoiceError::Failed`].
    pub fn start(tell: impl FnMut(Progress) + Send + 'static) -> Result<Self, VoiceError> {
        Self::over(microphone::open, tell)
    }

    fn over(
        open: impl FnOnce(Listener) -> Result<Microphone, VoiceError> + Send + 'static,
        tell: impl FnMut(Progress) + Send + 'static,
    ) -> Result<Self, VoiceError> {
        let (input, inputs) = mpsc::sync_channel(PIECES);
        let (opened, is_open) = mpsc::sync_channel(1);
        let heard = input.clone();
        let encoding = std::thread::Builder::new()
            .name("voice".to_owned())
            .spawn(move || {
                // The microphone is opened here, because on some systems it must be closed where it was opened.
                let listener = Box::new(move |it| {
                    // A machine that is too slow to encode loses a piece, never its memory.
                    let _ = heard.try_send(Input::Heard(it));
                });
                let open = open(listener).and_then(|microphone| {
                    let encoder = Encoder::new(microphone.rate)?;
                    Ok((microphone, encoder))
                });
                let told = open.as_ref().map(drop).map_err(|error| *error);
                if opened.send(told).is_err() {
                    return Err(VoiceError::Failed);
                }
                let (microphone, encoder) = open?;
                encode(microphone, encoder, &inputs, tell)
            })
            .map_err(|_| VoiceError::Failed)?;
        is_open.recv().map_err(|_| VoiceError::Failed)??;
        Ok(Self {
            input,
            encoding: Some(encoding),
        })
    }

    /// Closes the microphone and hands over what it heard. Takes a moment.
    ///
    /// # Errors
    /// [`VoiceError::Failed`]
    pub fn finish(mut self) -> Result<Clip, VoiceError> {
        // When nobody takes it the encoding has ended already.
        let _ = self.input.send(Input::Finish);
        let encoding = self.encoding.take().ok_or(VoiceError::Failed)?;
        encoding.join().map_err(|_| VoiceError::Failed)?
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        if self.encoding.is_some() {
            let _ = self.input.send(Input::Forget);
        }
    }
}

/// Encodes until somebody asks for the clip, or nobody can any more.
fn encode(
    microphone: Microphone,
    mut encoder: Encoder,
    inputs: &Receiver<Input>,
    mut tell: impl FnMut(Progress),
) -> Result<Clip, VoiceError> {
    let mut microphone = Some(microphone);
    let mut told = Duration::ZERO;
    loop {
        match inputs.recv_timeout(SILENT) {
            Ok(Input::Heard(Heard::Samples(samples))) if microphone.is_some() => {
                encoder.push(&samples)?;
                let heard = encoder.heard();
                if heard >= LONGEST {
                    microphone = None;
                    tell(Progress::Full);
                } else if heard >= told + TOLD {
                    told = heard;
                    tell(Progress::Heard(heard));
                }
            }
            Ok(Input::Heard(Heard::Gone)) | Err(RecvTimeoutError::Timeout) if microphone.is_some() => {
                microphone = None;
                tell(Progress::Gone);
            }
            Ok(Input::Heard(_)) | Err(RecvTimeoutError::Timeout) => {}
            Ok(Input::Finish) => break,
            Ok(Input::Forget) | Err(RecvTimeoutError::Disconnected) => return Err(VoiceError::Failed),
        }
    }
    drop(microphone);
    let heard = encoder.heard();
    Ok(Clip {
        bytes: encoder.finish()?,
        heard,
    })
}

#[cfg(test)]
#[path = "recording_tests.rs"]
mod tests;
