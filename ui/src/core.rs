//! The one client of the contract: commands out, replies and events in.
//!
//! The UI asks with typed requests ([`Core::ask`]) and listens with [`Core::on_event`]; what carries them is a
//! [`Transport`]: the app's bridge, or in debug builds a stand-in with canned data.

#[cfg(debug_assertions)]
pub(crate) mod fake;
mod reading;
mod tauri;
mod transport;

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use contract::{
    AccountView, AttachmentId, AttachmentView, ConversationView, ErrorCode, Event, Failure, LinkParts,
    Request, VoiceProgress, VoiceSource,
};
use leptos::prelude::*;
use serde::de::DeserializeOwned;

pub(crate) use self::transport::{Answer, Bytes, ChosenFile, PlaceKind, Transport};

type Listener = Rc<dyn Fn(&Event)>;

struct Inner {
    transport: Box<dyn Transport>,
    listeners: RefCell<(u64, Vec<(u64, Listener)>)>,
}

/// Handle to the engine, passed around by copy.
#[derive(Clone, Copy)]
pub(crate) struct Core(StoredValue<Rc<Inner>, LocalStorage>);

impl Core {
    /// The engine behind the app's bridge.
    pub(crate) fn connect() -> Self {
        #[cfg(debug_assertions)]
        if let Some(scene) = crate::browser::query_value("fake") {
            return Self::over(Box::new(fake::Fake::new(&scene)));
        }
        Self::over(Box::new(tauri::Bridge))
    }

    /// The engine behind any transport.
    pub(crate) fn over(transport: Box<dyn Transport>) -> Self {
        let inner = Rc::new(Inner {
            transport,
            listeners: RefCell::default(),
        });
        let weak = Rc::downgrade(&inner);
        inner.transport.subscribe(Rc::new(move |event| {
            if let Some(inner) = weak.upgrade() {
                // Copied first: a listener may add or remove listeners.
                let listeners = inner.listeners.borrow().1.clone();
                for (_, listener) in listeners {
                    listener(&event);
                }
            }
        }));
        Self(StoredValue::new_local(inner))
    }

    fn inner(self) -> Result<Rc<Inner>, Failure> {
        self.0.try_get_value().ok_or_else(|| broken("closed"))
    }

    /// Sends one request and waits for its reply.
    ///
    /// # Errors
    /// The engine's failure; `E-UNKNOWN` when the answer cannot be read.
    pub(crate) fn ask<R: Request>(
        self,
        request: R,
    ) -> impl Future<Output = Result<R::Reply, Failure>> + use<R> {
        self.ask_written(written(request))
    }

    /// The part of [`Core::ask`] that is the same for all requests with the same reply.
    async fn ask_written<T: DeserializeOwned>(self, command: Result<String, Failure>) -> Result<T, Failure> {
        read(&self.call(command).await?)
    }

    async fn call(self, command: Result<String, Failure>) -> Result<String, Failure> {
        self.inner()?.transport.call(command?).await
    }

    /// Takes a file that is to be sent.
    ///
    /// # Errors
    /// `E-ATT-TYPE`, `E-ATT-SIZE`, `E-ATT-META`.
    pub(crate) async fn stage(self, file: ChosenFile) -> Result<AttachmentView, Failure> {
        read(&self.inner()?.transport.stage(file).await?)
    }

    /// Writes a whole file into the user's downloads and answers with the name it got there.
    ///
    /// # Errors
    /// `E-ATT-SAVE`.
    pub(crate) async fn save(self, attachment: AttachmentId) -> Result<String, Failure> {
        read(&self.inner()?.transport.save(attachment).await?)
    }

    /// Hands an address, which the user has read and agreed to, to the system's browser.
    ///
    /// # Errors
    /// `E-BAD-COMMAND` for what is no web address; `E-UNKNOWN` when no browser opens it.
    pub(crate) async fn open_link(self, url: String) -> Result<(), Failure> {
        self.inner()?.transport.open_link(url).await.map(drop)
    }

    /// Takes the files that were shared into the app, once.
    ///
    /// # Errors
    /// `E-SHARE-NOACC`, `E-SHARE-TYPES`, and why a file cannot be sent.
    pub(crate) async fn take_shared(self) -> Result<Vec<AttachmentView>, Failure> {
        read(&self.inner()?.transport.take_shared().await?)
    }

    /// How an address will be opened, to be read before it is.
    ///
    /// # Errors
    /// `E-BAD-COMMAND` for what will not be opened.
    pub(crate) async fn read_link(self, url: String) -> Result<LinkParts, Failure> {
        read(&self.inner()?.transport.read_link(url).await?)
    }

    /// Opens the shell's microphone, if it has one, and has `tell` told what happens.
    ///
    /// # Errors
    /// `E-MIC-DENIED`, `E-VOICE-REC`.
    pub(crate) async fn start_voice(self, tell: Rc<dyn Fn(VoiceProgress)>) -> Result<VoiceSource, Failure> {
        read(&self.inner()?.transport.start_voice(tell).await?)
    }

    /// Closes the shell's microphone and stages what it heard.
    ///
    /// # Errors
    /// `E-VOICE-REC`.
    pub(crate) async fn finish_voice(self) -> Result<AttachmentView, Failure> {
        read(&self.inner()?.transport.finish_voice().await?)
    }

    /// All bytes of a sound or a film.
    ///
    /// # Errors
    /// `E-NOT-FOUND` for what is not whole here or cannot be played.
    pub(crate) async fn sound(self, attachment: AttachmentId) -> Result<js_sys::ArrayBuffer, Failure> {
        self.inner()?.transport.sound(attachment).await
    }

    /// Closes the shell's microphone and forgets what it heard.
    ///
    /// # Errors
    /// When the shell does not answer.
    pub(crate) async fn forget_voice(self) -> Result<(), Failure> {
        self.inner()?.transport.forget_voice().await.map(drop)
    }

    /// Has the system take no pictures of the screen, or lets it again.
    ///
    /// # Errors
    /// Where the system cannot.
    pub(crate) async fn protect_screen(self, on: bool) -> Result<(), Failure> {
        self.inner()?.transport.protect_screen(on).await.map(drop)
    }

    /// Restores the account whose recovery phrase is in a picture as a code; `None` when no code is in it.
    ///
    /// # Errors
    /// `E-QR-NOT-PHRASE`
    pub(crate) async fn scan_phrase(
        self,
        picture: js_sys::Uint8Array,
    ) -> Result<Option<AccountView>, Failure> {
        read(&self.inner()?.transport.scan_phrase(picture).await?)
    }

    /// The conversation with the person whose Account ID is in a picture; `None` when no code is in it.
    ///
    /// # Errors
    /// `E-QR-NOT-ID`
    pub(crate) async fn scan_id(
        self,
        picture: js_sys::Uint8Array,
    ) -> Result<Option<ConversationView>, Failure> {
        read(&self.inner()?.transport.scan_id(picture).await?)
    }

    /// What went on since the start, as [`Core::save_logs`] would write it.
    ///
    /// # Errors
    /// When the shell does not answer.
    pub(crate) async fn logs(self) -> Result<String, Failure> {
        read(&self.inner()?.transport.logs().await?)
    }

    /// Writes the log into the user's downloads and answers with the name it got there.
    ///
    /// # Errors
    /// `E-ATT-SAVE`.
    pub(crate) async fn save_logs(self) -> Result<String, Failure> {
        read(&self.inner()?.transport.save_logs().await?)
    }

    /// Shows what the phone lets the app do, where a camera can be allowed that was forbidden.
    ///
    /// # Errors
    /// Where there is no such page, as on computers.
    pub(crate) async fn open_settings(self) -> Result<(), Failure> {
        self.inner()?.transport.open_settings().await.map(drop)
    }

    /// Shows the phone's sheet of apps to which a text can go.
    ///
    /// # Errors
    /// Where the shell has no such sheet.
    pub(crate) async fn share_text(self, text: &str) -> Result<(), Failure> {
        self.inner()?.transport.share_text(text).await.map(drop)
    }

    /// Erases the store that does not open, so that the app begins anew.
    ///
    /// # Errors
    /// `E-BAD-COMMAND` for one that opens; `E-STORE` and `E-DISK` when the files cannot be removed.
    pub(crate) async fn erase_unopened(self) -> Result<(), Failure> {
        self.inner()?.transport.erase_unopened().await.map(drop)
    }

    /// Opens the store of a device without a keychain with its passphrase, a new one where there is none yet.
    ///
    /// # Errors
    /// What keeps the store closed.
    pub(crate) async fn unlock(self, passphrase: String) -> Result<(), Failure> {
        self.inner()?.transport.unlock(passphrase).await.map(drop)
    }

    /// Has the user choose a place outside the app, and answers with its name; `None` when they did not.
    ///
    /// # Errors
    /// When the shell has no way to ask.
    pub(crate) async fn choose_place(self, kind: PlaceKind) -> Result<Option<String>, Failure> {
        read(&self.inner()?.transport.choose_place(kind).await?)
    }

    /// Sends a request about the place that the user chose last: the shell knows the path. `reason` is what a phone says
    /// when it asks for its owner first.
    ///
    /// # Errors
    /// As [`Core::ask`].
    pub(crate) async fn ask_at_place<R: Request>(
        self,
        request: R,
        reason: &str,
    ) -> Result<R::Reply, Failure> {
        read(
            &self
                .inner()?
                .transport
                .call_at_place(written(request)?, reason)
                .await?,
        )
    }

    /// Calls `listener` for every event until the surrounding component is removed.
    pub(crate) fn on_event(self, listener: impl Fn(&Event) + 'static) {
        let id = self.0.with_value(|inner| {
            let mut listeners = inner.listeners.borrow_mut();
            listeners.0 += 1;
            let id = listeners.0;
            listeners.1.push((id, Rc::new(listener)));
            id
        });
        on_cleanup(move || {
            let _ = self.0.try_with_value(|inner| {
                inner.listeners.borrow_mut().1.retain(|(known, _)| *known != id);
            });
        });
    }
}

#[cfg(test)]
#[path = "core_tests.rs"]
mod tests;

/// A request as [`contract::Command`] has it in JSON. Written around the parameters alone: the code that writes any command
/// out of the one type for all is 35 kB larger.
fn written<R: Request>(request: R) -> Result<String, Failure> {
    let mut json = opened(R::NAME);
    let done = request.serialize(&mut serde_json::Serializer::new(&mut json));
    closed(json, done.is_ok())
}

fn opened(name: &str) -> Vec<u8> {
    // A name is in snake_case: nothing in it needs escaping.
    format!(r#"{{"method":"{name}","params":"#).into_bytes()
}

fn closed(mut json: Vec<u8>, is_whole: bool) -> Result<String, Failure> {
    json.push(b'}');
    let text = String::from_utf8(json).ok().filter(|_| is_whole);
    text.ok_or_else(|| broken("request"))
}

fn read<T: DeserializeOwned>(reply: &str) -> Result<T, Failure> {
    reading::from_json(reply).map_err(|_| broken("reply"))
}

/// What failed within the way to the engine.
fn broken(code: &str) -> Failure {
    Failure::new(ErrorCode::Unknown).with("code", code)
}
