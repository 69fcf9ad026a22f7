//! What carries requests to the engine, and its answers and events back.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use contract::{AttachmentId, ErrorCode, Event, Failure, VoiceProgress, VoiceSource};

/// An answer on its way: the reply's JSON, or why there is none.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<String, Failure>>>>;

/// Bytes on their way.
pub(crate) type Bytes = Pin<Box<dyn Future<Output = Result<js_sys::ArrayBuffer, Failure>>>>;

/// Carries JSON to the engine and events back.
pub(crate) trait Transport {
    /// Sends one contract command as JSON.
    fn call(&self, command: String) -> Answer;
    /// Takes a file that the user chose; answered with a [`contract::AttachmentView`].
    fn stage(&self, _file: ChosenFile) -> Answer {
        Box::pin(async { Err(ErrorCode::AttachmentType.into()) })
    }
    /// Writes a whole file into the user's downloads; answered with the name it got there.
    fn save(&self, _attachment: AttachmentId) -> Answer {
        Box::pin(async { Err(ErrorCode::AttachmentSave.into()) })
    }
    /// Hands an address, which the user has read and agreed to, to the system's browser.
    fn open_link(&self, _url: String) -> Answer {
        Box::pin(async { Ok(String::new()) })
    }
    /// Takes the files that were shared into the app; answered with a list of [`contract::AttachmentView`]s.
    fn take_shared(&self) -> Answer {
        Box::pin(async { Ok("[]".to_owned()) })
    }
    /// Says how an address will be opened; answered with a [`contract::LinkParts`].
    fn read_link(&self, _url: String) -> Answer {
        Box::pin(async { Err(ErrorCode::BadCommand.into()) })
    }
    /// Opens the microphone; answered with a [`VoiceSource`].
    fn start_voice(&self, _tell: Rc<dyn Fn(VoiceProgress)>) -> Answer {
        Box::pin(async { serde_json::to_string(&VoiceSource::Page).map_err(|_| ErrorCode::Unknown.into()) })
    }
    /// Stages what the microphone heard; answered with a [`contract::AttachmentView`].
    fn finish_voice(&self) -> Answer {
        Box::pin(async { Err(ErrorCode::VoiceRecord.into()) })
    }
    /// All bytes of a sound or a film.
    fn sound(&self, _attachment: AttachmentId) -> Bytes {
        Box::pin(async { Err(ErrorCode::NotFound.into()) })
    }
    /// Forgets what the microphone heard. The answer's text means nothing.
    fn forget_voice(&self) -> Answer {
        Box::pin(async { Ok(String::new()) })
    }
    /// Has the system take no pictures of the screen, or lets it again. The answer's text means nothing.
    fn protect_screen(&self, _on: bool) -> Answer {
        Box::pin(async { Ok(String::new()) })
    }
    /// Restores the account whose recovery phrase is in a picture as a code; answered with a [`contract::AccountView`], or
    /// `null` when no code is in it.
    fn scan_phrase(&self, _picture: js_sys::Uint8Array) -> Answer {
        Box::pin(async { Err(ErrorCode::QrNotPhrase.into()) })
    }
    /// Looks for an Account ID in a picture as a code; answered with a [`contract::ConversationView`], or `null` when no code is
    /// in it.
    fn scan_id(&self, _picture: js_sys::Uint8Array) -> Answer {
        Box::pin(async { Err(ErrorCode::QrNotId.into()) })
    }
    /// Has the user choose a place outside the app; answered with its name, or `null`.
    fn choose_place(&self, _kind: PlaceKind) -> Answer {
        Box::pin(async { Ok("null".to_owned()) })
    }
    /// Sends a contract command about the place that the user chose last.
    fn call_at_place(&self, command: String, _reason: &str) -> Answer {
        self.call(command)
    }
    /// The log; answered with its text.
    fn logs(&self) -> Answer {
        Box::pin(async { Ok("\"Tern\"".to_owned()) })
    }
    /// Writes the log into the user's downloads; answered with the name it got there.
    fn save_logs(&self) -> Answer {
        Box::pin(async { Err(ErrorCode::AttachmentSave.into()) })
    }
    /// Shows what the phone lets the app do. The answer's text means nothing.
    fn open_settings(&self) -> Answer {
        Box::pin(async { Ok(String::new()) })
    }
    /// Shows the phone's sheet of apps to which a text can go. The answer's text means nothing.
    fn share_text(&self, _text: &str) -> Answer {
        Box::pin(async { Err(ErrorCode::Unknown.into()) })
    }
    /// Erases a store that does not open. The answer's text means nothing.
    fn erase_unopened(&self) -> Answer {
        Box::pin(async { Ok(String::new()) })
    }
    /// Opens a store that waits for its passphrase. The answer's text means nothing.
    fn unlock(&self, passphrase: String) -> Answer;
    /// Delivers every event from this moment on.
    fn subscribe(&self, deliver: Rc<dyn Fn(Event)>);
}

/// What kind of place the user is to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlaceKind {
    /// A folder to write into.
    Folder,
    /// A backup to be read.
    Backup,
}

/// A file as the user chose or recorded it.
pub(crate) struct ChosenFile {
    /// Its name, without folders.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) bytes: js_sys::Uint8Array,
    /// It was recorded as a voice message.
    pub(crate) voice: bool,
    /// A picture keeps all its pixels.
    pub(crate) original: bool,
}
