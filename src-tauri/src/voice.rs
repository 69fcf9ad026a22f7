//! The recording of a voice message on a computer. What the microphone hears lies in memory until it is staged, sealed, in the
//! store. On phones the page records itself.

use std::sync::{Mutex, PoisonError};

use contract::{AttachmentId, AttachmentView, ErrorCode, Failure, VoiceProgress, VoiceSource};
use tauri::State;
use tauri::ipc::{Channel, Response};

use crate::shell::Shell;

#[cfg(desktop)]
use desktop::Recording;

/// The one recording that may be under way.
#[derive(Default)]
pub(crate) struct Voice(Mutex<Option<Recording>>);

impl Voice {
    /// Closes the microphone and forgets what it heard.
    pub(crate) fn forget(&self) {
        drop(self.take());
    }

    fn take(&self) -> Option<Recording> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn keep(&self, recording: Recording) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some(recording);
    }
}

/// `invoke("start_voice", {progress})`: opens the microphone, or says that the page is to record by itself. An earlier
/// recording is forgotten. `progress` is told [`VoiceProgress`].
///
/// # Errors
/// `E-MIC-DENIED`, `E-VOICE-REC`.
#[tauri::command]
pub(crate) async fn start_voice(
    voice: State<'_, Voice>,
    progress: Channel<VoiceProgress>,
) -> Result<VoiceSource, Failure> {
    voice.forget();
    let Some(recording) = Recording::start(progress).await? else {
        return Ok(VoiceSource::Page);
    };
    voice.keep(recording);
    Ok(VoiceSource::Shell)
}

/// `invoke("finish_voice")`: closes the microphone and stages what it heard as a voice message.
///
/// # Errors
/// `E-VOICE-REC`; `E-NOT-FOUND` when nothing is recorded.
#[tauri::command]
pub(crate) async fn finish_voice(
    shell: State<'_, Shell>,
    voice: State<'_, Voice>,
) -> Result<AttachmentView, Failure> {
    let recording = voice.take().ok_or(ErrorCode::NotFound)?;
    let file = recording.finish().await?;
    shell.stage(file).await
}

/// `invoke("sound", {attachment})`: all bytes of a sound or a film, checked by the engine, as they are. Players of WebKit for Linux know
/// no schemes of an app's own, so that the media scheme does not reach them.
///
/// # Errors
/// `E-NOT-FOUND` for what is not whole here or cannot be played.
#[tauri::command]
pub(crate) async fn sound(shell: State<'_, Shell>, attachment: AttachmentId) -> Result<Response, Failure> {
    let media = shell.media(attachment, None).await?;
    Ok(Response::new(media.bytes))
}

/// `invoke("forget_voice")`: closes the microphone and forgets what it heard.
#[tauri::command]
pub(crate) fn forget_voice(voice: State<'_, Voice>) {
    voice.forget();
}

#[cfg(desktop)]
mod desktop {
    use engine::NewFile;
    use tokio::task::spawn_blocking;
    use voice::{Progress, VoiceError};

    use super::*;

    /// What every voice message is called: nothing of when and by whom.
    const NAME: &str = "voice.mp3";

    pub(super) struct Recording(voice::Recording);

    impl Recording {
        pub(super) async fn start(progress: Channel<VoiceProgress>) -> Result<Option<Self>, Failure> {
            let tell = move |it| {
                // A page that is gone has nobody to tell; the next one forgets the recording.
                let _ = progress.send(told(it));
            };
            let started = spawn_blocking(|| voice::Recording::start(tell)).await;
            let recording = started.map_err(|_| ErrorCode::VoiceRecord)?.map_err(refused)?;
            Ok(Some(Self(recording)))
        }

        pub(super) async fn finish(self) -> Result<NewFile, Failure> {
            let finished = spawn_blocking(|| self.0.finish()).await;
            let clip = finished.map_err(|_| ErrorCode::VoiceRecord)?.map_err(refused)?;
            Ok(NewFile {
                name: NAME.to_owned(),
                bytes: clip.bytes,
                voice: true,
                original: false,
            })
        }
    }

    fn told(progress: Progress) -> VoiceProgress {
        match progress {
            Progress::Heard(heard) => VoiceProgress::Heard {
                ms: u32::try_from(heard.as_millis()).unwrap_or(u32::MAX),
            },
            Progress::Full => VoiceProgress::Full,
            Progress::Gone => VoiceProgress::Gone,
        }
    }

    fn refused(error: VoiceError) -> Failure {
        match error {
            VoiceError::NoMicrophone => ErrorCode::MicDenied.into(),
            _ => ErrorCode::VoiceRecord.into(),
        }
    }

    #[cfg(test)]
    mod tests {
        use std::time::Duration;

        use super::*;

        #[test]
        fn the_page_and_the_microphone_agree_on_the_longest() {
            let longest = Duration::from_millis(contract::LONGEST_VOICE_MS.into());
            assert_eq!(voice::LONGEST, longest);
            let heard = Progress::Heard(Duration::from_millis(1_500));
            assert_eq!(told(heard), VoiceProgress::Heard { ms: 1_500 });
            assert_eq!(refused(VoiceError::NoMicrophone).code, ErrorCode::MicDenied);
            assert_eq!(refused(VoiceError::Failed).code, ErrorCode::VoiceRecord);
        }
    }
}

/// There is none: phones record in their page.
#[cfg(mobile)]
enum Recording {}

#[cfg(mobile)]
impl Recording {
    async fn start(_progress: Channel<VoiceProgress>) -> Result<Option<Self>, Failure> {
        Ok(None)
    }

    async fn finish(self) -> Result<engine::NewFile, Failure> {
        match self {}
    }
}
