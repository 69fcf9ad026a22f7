//! A microphone that hears a tone, for as long as somebody listens.
//!
//! The app reaches microphones through ALSA, whose configuration is a file: here one that reads a pipe, into which the tone
//! is written at the pace of time. The app runs as it is.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::ensure;
use tokio::net::unix::pipe::{OpenOptions, Sender};
use tokio::task::JoinHandle;
use tokio::time::interval;

/// Samples a second, and how often some are written.
const RATE: u16 = 48_000;
const PIECE: Duration = Duration::from_millis(10);
const SAMPLES: u16 = RATE / 100;
/// Of the tone: whole waves fit into a piece.
const WAVES_A_PIECE: f64 = 4.0;

/// A microphone in somebody's device; it is gone when this is dropped.
pub struct Microphone(JoinHandle<()>);

impl Microphone {
    /// Makes pipe and configuration in a folder.
    pub(crate) fn plug_in(folder: &Path, config: &Path) -> anyhow::Result<Self> {
        let pipe = folder.join("microphone");
        let made = Command::new("mkfifo").arg(&pipe).status()?;
        ensure!(made.success(), "no pipe could be made");
        std::fs::write(config, configuration(&pipe))?;
        Ok(Self(tokio::spawn(speak(pipe))))
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The usual microphone is the pipe, in the form in which the tone is written into it.
fn configuration(pipe: &Path) -> String {
    format!(
        "pcm.!default {{ type plug slave {{ pcm pipe format S16_LE rate {RATE} channels 1 }} }}\n\
         pcm.pipe {{ type file format raw file \"/dev/null\" infile \"{}\" slave.pcm nothing }}\n\
         pcm.nothing {{ type null }}\n",
        pipe.display()
    )
}

/// Writes whenever somebody reads. What nobody takes in time is lost, as sound is.
async fn speak(pipe: PathBuf) {
    let tone = tone();
    let mut pace = interval(PIECE);
    let mut listener = None::<Sender>;
    loop {
        pace.tick().await;
        // Without a reader a pipe cannot be opened.
        listener = listener.or_else(|| OpenOptions::new().open_sender(&pipe).ok());
        let Some(open) = &listener else { continue };
        match open.try_write(&tone) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => listener = None,
            _ => {}
        }
    }
}

fn tone() -> Vec<u8> {
    let sample = |n: u16| {
        let turn = f64::from(n) / f64::from(SAMPLES) * WAVES_A_PIECE * std::f64::consts::TAU;
        (turn.sin() * f64::from(i16::MAX / 4)) as i16
    };
    (0..SAMPLES).flat_map(|n| sample(n).to_le_bytes()).collect()
}
