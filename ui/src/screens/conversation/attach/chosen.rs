//! The files that stand between being chosen and being sent.

use contract::{AttachmentId, AttachmentKind, AttachmentView, DiscardFile, ErrorCode, Failure};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use crate::app::Ui;
use crate::core::ChosenFile;

/// Most files of one message.
const MOST: usize = 32;

/// One file as the engine has cleaned it.
#[derive(Clone)]
struct Staged {
    view: AttachmentView,
    /// What it was made of, where the page has that: files that were shared into the app it has not.
    source: Option<web_sys::File>,
    /// It kept all its pixels, if it is a picture.
    original: bool,
}

impl Staged {
    /// A picture that can be cleaned once more, in another size.
    fn picture(&self) -> Option<web_sys::File> {
        let source = self.source.clone();
        source.filter(|_| self.view.kind == AttachmentKind::Image)
    }
}

/// All chosen files.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    ui: Ui,
    /// `None` while nothing is being chosen.
    files: RwSignal<Option<Vec<Staged>>, LocalStorage>,
    /// How many times something was chosen: what is still read for an earlier time is not wanted any more.
    times: StoredValue<u32>,
    /// How many times files are being read.
    readings: RwSignal<u32>,
    /// Pictures are being cleaned once more.
    recleaning: StoredValue<bool>,
    /// Pictures are to keep all their pixels.
    pub(super) original: RwSignal<bool>,
    /// They are being sent: nothing of them changes any more.
    pub(super) sending: RwSignal<bool>,
    /// Why the last file was not taken.
    pub(super) refused: RwSignal<Option<Failure>>,
}

impl Chosen {
    /// Nothing yet.
    pub(super) fn new(ui: Ui) -> Self {
        Self {
            ui,
            files: RwSignal::new_local(None),
            times: StoredValue::new(0),
            readings: RwSignal::new(0),
            recleaning: StoredValue::new(false),
            original: RwSignal::new(false),
            sending: RwSignal::new(false),
            refused: RwSignal::new(None),
        }
    }

    /// Whether there is something to be looked at.
    pub(super) fn is_open(self) -> bool {
        self.files.with(Option::is_some)
    }

    /// Whether files are being read or sent.
    pub(super) fn is_busy(self) -> bool {
        self.is_reading() || self.sending.get()
    }

    /// Whether files are being read.
    pub(super) fn is_reading(self) -> bool {
        self.readings.get() > 0
    }

    /// The files, in the order in which they were chosen.
    pub(super) fn views(self) -> Vec<AttachmentView> {
        let view = |file: &Staged| file.view.clone();
        self.files
            .with(|files| files.iter().flatten().map(view).collect())
    }

    /// Whether there is a picture that may go as large as it is.
    pub(super) fn has_pictures(self) -> bool {
        self.files
            .with(|files| files.iter().flatten().any(|file| file.picture().is_some()))
    }

    /// Begins with files that were shared into the app, if there are some.
    pub(super) fn take_shared(self, shared: Vec<AttachmentView>) {
        let staged = |view| Staged {
            view,
            source: None,
            original: false,
        };
        if !shared.is_empty() {
            self.files.set(Some(shared.into_iter().map(staged).collect()));
        }
    }

    /// Hands files to the engine, one after another; each that is refused is told.
    pub(super) fn add(self, files: Vec<web_sys::File>) {
        if files.is_empty() {
            return;
        }
        let before = self
            .files
            .with_untracked(|files| files.as_ref().map_or(0, Vec::len));
        if before + files.len() > MOST {
            self.refused.set(Some(ErrorCode::AttachmentCount.into()));
            return;
        }
        self.files.update(|files| {
            let _ = files.get_or_insert_default();
        });
        let time = self.times.get_value();
        self.read(async move {
            for source in files {
                let original = self.original.try_get_untracked() == Some(true);
                match self.stage(&source, original).await {
                    Ok(view) if self.is_wanted(time) => self.push(view, source, original),
                    Ok(view) => return self.discard(view.id),
                    Err(failure) => drop(self.refused.try_set(Some(failure))),
                }
            }
            // The switch may have been turned meanwhile.
            self.reclean().await;
        });
    }

    /// Lets go of one file.
    pub(super) fn remove(self, id: AttachmentId) {
        if self.sending.get_untracked() {
            return;
        }
        self.discard(id);
        self.files.update(|files| {
            if let Some(files) = files {
                files.retain(|file| file.view.id != id);
            }
        });
        self.close_if_empty();
    }

    /// Lets go of all files.
    pub(super) fn close(self) {
        if self.sending.get_untracked() {
            return;
        }
        for file in self.files.get_untracked().unwrap_or_default() {
            self.discard(file.view.id);
        }
        self.end();
    }

    /// All files are the message's from now on.
    pub(super) fn end(self) {
        self.times.update_value(|times| *times += 1);
        self.files.set(None);
        self.original.set(false);
        self.sending.set(false);
    }

    /// Pictures go with all their pixels, or as usual. When one of them cannot go so, none does.
    pub(super) fn keep_pixels(self, original: bool) {
        self.original.set(original);
        self.read(self.reclean());
    }

    /// Cleans pictures once more until all are as the switch says.
    async fn reclean(self) {
        if self.recleaning.try_get_value() != Some(false) {
            return;
        }
        self.recleaning.set_value(true);
        let mut refused = false;
        while let Some((id, source, original)) = self.unlike_the_switch() {
            match self.stage(&source, original).await {
                Ok(view) => {
                    let unwanted = match self.replace(id, &view, original) {
                        true => id,
                        false => view.id,
                    };
                    self.discard(unwanted);
                }
                Err(failure) => {
                    let _ = self.refused.try_set(Some(failure));
                    let _ = self.original.try_set(!original);
                    // What went one way goes that way again, unless its source is gone.
                    if std::mem::replace(&mut refused, true) {
                        break;
                    }
                }
            }
        }
        let _ = self.recleaning.try_set_value(false);
    }

    /// A picture that is not as the switch says, and how it should be.
    fn unlike_the_switch(self) -> Option<(AttachmentId, web_sys::File, bool)> {
        let original = self.original.try_get_untracked()?;
        self.files.try_with_untracked(|files| {
            let mut unlike = files.iter().flatten().filter(|file| file.original != original);
            unlike.find_map(|file| Some((file.view.id, file.picture()?, original)))
        })?
    }

    /// Does it, and says meanwhile that files are being read.
    fn read(self, reading: impl Future<Output = ()> + 'static) {
        self.readings.update(|readings| *readings += 1);
        spawn_local(async move {
            reading.await;
            let _ = self.readings.try_update(|readings| *readings -= 1);
            self.close_if_empty();
        });
    }

    async fn stage(self, file: &web_sys::File, original: bool) -> Result<AttachmentView, Failure> {
        let buffer = JsFuture::from(file.array_buffer())
            .await
            .map_err(|_| ErrorCode::AttachmentType)?;
        let chosen = ChosenFile {
            name: file.name(),
            bytes: js_sys::Uint8Array::new(&buffer),
            voice: false,
            original,
        };
        self.ui.core.stage(chosen).await
    }

    fn is_wanted(self, time: u32) -> bool {
        self.times.try_get_value() == Some(time)
            && self.files.try_with_untracked(Option::is_some) == Some(true)
    }

    fn push(self, view: AttachmentView, source: web_sys::File, original: bool) {
        let source = Some(source);
        let _ = self.files.try_update(|files| {
            if let Some(files) = files {
                files.push(Staged {
                    view,
                    source,
                    original,
                });
            }
        });
    }

    /// Puts one file in the place of another; `false` when that is not wanted any more.
    fn replace(self, earlier: AttachmentId, by: &AttachmentView, original: bool) -> bool {
        let replaced = self.files.try_update(|files| {
            let mut files = files.iter_mut().flatten();
            let file = files.find(|file| file.view.id == earlier)?;
            file.view = by.clone();
            file.original = original;
            Some(())
        });
        replaced.flatten().is_some()
    }

    fn close_if_empty(self) {
        let empty = |files: &Option<Vec<Staged>>| files.as_ref().is_some_and(Vec::is_empty);
        if self.readings.try_get_untracked() == Some(0) && self.files.try_with_untracked(empty) == Some(true)
        {
            self.end();
        }
    }

    fn discard(self, attachment: AttachmentId) {
        self.ui.order(DiscardFile { attachment });
    }
}
