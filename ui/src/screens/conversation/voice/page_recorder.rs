//! Recording by what the web view has. Phones have no other way to the microphone than to ask through their web view.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use contract::{ErrorCode, Failure, LONGEST_VOICE_MS, VoiceProgress};
use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobEvent, MediaRecorder, MediaRecorderOptions, MediaStream, MediaStreamConstraints,
    MediaStreamTrack, RecordingState,
};

use crate::browser;
use crate::core::ChosenFile;

/// Forms in the order in which they are wished for, with the ending of a file's name. Every client plays AAC; what it cannot
/// be is sent as what it is.
const FORMS: [(&str, &str); 5] = [
    ("audio/mp4;codecs=mp4a.40.2", "m4a"),
    ("audio/mp4", "m4a"),
    ("audio/ogg;codecs=opus", "ogg"),
    ("audio/webm;codecs=opus", "webm"),
    ("audio/webm", "webm"),
];
const BITS_A_SECOND: u32 = 64_000;
/// How often what was heard is handed over by the web view, and how often it is told how much that is.
const PIECE_MS: i32 = 1_000;
const TOLD_MS: i32 = 100;

/// A recording that is under way; the microphone is closed when it is dropped.
pub(super) struct PageRecorder {
    heard: Rc<Heard>,
    ending: &'static str,
    /// Live as long as the recorder calls them.
    _listeners: Listeners,
}

struct Heard {
    stream: MediaStream,
    recorder: MediaRecorder,
    pieces: RefCell<Vec<Blob>>,
    since: f64,
    ended: Cell<bool>,
    tell: Rc<dyn Fn(VoiceProgress)>,
}

struct Listeners {
    _data: Closure<dyn Fn(BlobEvent)>,
    _gone: Closure<dyn Fn()>,
}

impl PageRecorder {
    /// Asks for the microphone and opens it.
    ///
    /// # Errors
    /// `E-MIC-DENIED`, `E-VOICE-REC`.
    pub(super) async fn start(tell: Rc<dyn Fn(VoiceProgress)>) -> Result<Self, Failure> {
        let stream = microphone().await?;
        let (form, ending) = FORMS
            .into_iter()
            .find(|(form, _)| MediaRecorder::is_type_supported(form))
            .ok_or(ErrorCode::VoiceRecord)?;
        let options = MediaRecorderOptions::new();
        options.set_mime_type(form);
        options.set_audio_bits_per_second(BITS_A_SECOND);
        let recorder = MediaRecorder::new_with_media_stream_and_media_recorder_options(&stream, &options)
            .map_err(|_| ErrorCode::VoiceRecord)?;
        let heard = Rc::new(Heard {
            stream,
            recorder,
            pieces: RefCell::default(),
            since: js_sys::Date::now(),
            ended: Cell::new(false),
            tell,
        });
        let listeners = heard.listen();
        heard
            .recorder
            .start_with_time_slice(PIECE_MS)
            .map_err(|_| ErrorCode::VoiceRecord)?;
        count(Rc::downgrade(&heard));
        Ok(Self {
            heard,
            ending,
            _listeners: listeners,
        })
    }

    /// Closes the microphone and hands over what it heard.
    ///
    /// # Errors
    /// `E-VOICE-REC`
    pub(super) async fn finish(self) -> Result<ChosenFile, Failure> {
        let heard = &self.heard;
        heard.end();
        if heard.recorder.state() != RecordingState::Inactive {
            // The last piece comes before it says that it has stopped.
            let stopped = Promise::new(&mut |resolve, _| heard.recorder.set_onstop(Some(&resolve)));
            heard.recorder.stop().map_err(|_| ErrorCode::VoiceRecord)?;
            JsFuture::from(stopped)
                .await
                .map_err(|_| ErrorCode::VoiceRecord)?;
        }
        heard.close();
        let pieces: Array = heard.pieces.take().into_iter().map(JsValue::from).collect();
        let whole = Blob::new_with_blob_sequence(&pieces).map_err(|_| ErrorCode::VoiceRecord)?;
        let bytes = JsFuture::from(whole.array_buffer())
            .await
            .map_err(|_| ErrorCode::VoiceRecord)?;
        Ok(ChosenFile {
            name: format!("voice.{}", self.ending),
            bytes: Uint8Array::new(&bytes),
            voice: true,
            original: false,
        })
    }
}

impl Drop for PageRecorder {
    fn drop(&mut self) {
        self.heard.end();
        self.heard.recorder.set_ondataavailable(None);
        self.heard.recorder.set_onerror(None);
        if self.heard.recorder.state() != RecordingState::Inactive {
            let _ = self.heard.recorder.stop();
        }
        self.heard.close();
    }
}

impl Heard {
    fn listen(self: &Rc<Self>) -> Listeners {
        let weak = Rc::downgrade(self);
        let data = Closure::<dyn Fn(BlobEvent)>::new(move |event: BlobEvent| {
            if let (Some(heard), Some(piece)) = (weak.upgrade(), event.data()) {
                heard.pieces.borrow_mut().push(piece);
            }
        });
        let weak = Rc::downgrade(self);
        let gone = Closure::<dyn Fn()>::new(move || {
            if let Some(heard) = weak.upgrade()
                && !heard.end()
            {
                (heard.tell)(VoiceProgress::Gone);
            }
        });
        self.recorder
            .set_ondataavailable(Some(data.as_ref().unchecked_ref()));
        self.recorder.set_onerror(Some(gone.as_ref().unchecked_ref()));
        for track in self.tracks() {
            track.set_onended(Some(gone.as_ref().unchecked_ref()));
        }
        Listeners {
            _data: data,
            _gone: gone,
        }
    }

    fn tracks(&self) -> impl Iterator<Item = MediaStreamTrack> {
        self.stream.get_tracks().into_iter().map(JsCast::unchecked_into)
    }

    /// Nothing more is told. Answers whether that was so already.
    fn end(&self) -> bool {
        self.ended.replace(true)
    }

    fn close(&self) {
        for track in self.tracks() {
            track.set_onended(None);
            track.stop();
        }
    }
}

/// Tells how much was heard, until it has ended.
fn count(heard: Weak<Heard>) {
    browser::after(TOLD_MS, move || {
        let Some(now) = heard.upgrade().filter(|heard| !heard.ended.get()) else {
            return;
        };
        let ms = (js_sys::Date::now() - now.since).max(0.0) as u32;
        if ms >= LONGEST_VOICE_MS {
            now.end();
            let _ = now.recorder.pause();
            (now.tell)(VoiceProgress::Full);
        } else {
            (now.tell)(VoiceProgress::Heard { ms });
            count(heard);
        }
    });
}

async fn microphone() -> Result<MediaStream, Failure> {
    let devices = browser::window()
        .navigator()
        .media_devices()
        .map_err(|_| ErrorCode::MicDenied)?;
    // A page without a secure origin has none.
    if devices.is_undefined() {
        return Err(ErrorCode::MicDenied.into());
    }
    let wish = MediaStreamConstraints::new();
    wish.set_audio(&JsValue::TRUE);
    let asked = devices
        .get_user_media_with_constraints(&wish)
        .map_err(|_| ErrorCode::MicDenied)?;
    match JsFuture::from(asked).await {
        Ok(stream) => Ok(stream.unchecked_into()),
        Err(error) => {
            let name = js_sys::Reflect::get(&error, &"name".into());
            let name = name.ok().and_then(|name| name.as_string()).unwrap_or_default();
            Err(refused(&name).into())
        }
    }
}

/// What the web view's reason means.
fn refused(name: &str) -> ErrorCode {
    match name {
        "NotAllowedError" | "SecurityError" | "NotFoundError" | "OverconstrainedError" => {
            ErrorCode::MicDenied
        }
        _ => ErrorCode::VoiceRecord,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_permission_and_no_microphone_are_told_apart_from_a_broken_one() {
        assert_eq!(refused("NotAllowedError"), ErrorCode::MicDenied);
        assert_eq!(refused("NotFoundError"), ErrorCode::MicDenied);
        assert_eq!(refused("NotReadableError"), ErrorCode::VoiceRecord);
        assert_eq!(refused(""), ErrorCode::VoiceRecord);
    }
}
