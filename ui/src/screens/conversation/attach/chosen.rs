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
    /// How many times files are being read.
    readings: RwSignal<u32>,
    /// How often `original` was changed.
    turns: StoredValue<u32>,
    /// Pictures keep all their pixels.
    pub(super) original: RwSignal<bool>,
    /// Why the last file was not taken.
    pub(super) refused: RwSignal<Option<Failure>>,
}

impl Chosen {
    /// Nothing yet.
    pub(super) fn new(ui: Ui) -> Self {
        Self {
            ui,
            files: RwSignal::new_local(None),
            readings: RwSignal::new(0),
            turns: StoredValue::new(0),
            original: RwSignal::new(false),
            refused: RwSignal::new(None),
        }
    }

    /// Whether there is something to be looked at.
    pub(super) fn is_open(self) -> bool {
        self.files.with(Option::is_some)
    }

    /// Whether files are being read.
    pub(super) fn is_reading(self) -> bool {
        self.readings.get() > 0
    }

    /// The files, in the order in which they were chosen.
    pub(super) fn views(self) -> Vec<AttachmentView> {
        let views =
            |files: &Option<Vec<Staged>>| files.iter().flatten().map(|file| file.view.clone()).collect();
        self.files.with(views)
    }

    /// Whether there is a picture that may go as large as it is.
    pub(super) fn has_pictures(self) -> bool {
        self.files
            .with(|files| files.iter().flatten().any(|file| file.picture().is_some()))
    }

    /// Begins with files that were shared into the app, if there are some.
    pub(super) fn take_shared(self, shared: Vec<AttachmentView>) {
        if !shared.is_empty() {
            let staged = shared.into_iter().map(|view| Staged { view, source: None });
            self.files.set(Some(staged.collect()));
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
        self.read(async move {
            for file in files {
                let original = self.original.try_get_untracked() == Some(true);
                match self.stage(&file, original).await {
                    Ok(view) if self.is_still_open() => self.push(view, file),
                    Ok(view) => return self.discard(view.id),
                    Err(failure) => drop(self.refused.try_set(Some(failure))),
                }
            }
        });
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

    /// Lets go of one file.
    pub(super) fn remove(self, id: AttachmentId) {
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
        for file in self.files.get_untracked().unwrap_or_default() {
            self.discard(file.view.id);
        }
        self.end();
    }

    /// All files are the message's from now on.
    pub(super) fn end(self) {
        self.files.set(None);
        self.original.set(false);
    }

    /// Cleans all pictures once more, with all their pixels or as usual. When one of them cannot go so, none does.
    pub(super) fn keep_pixels(self, original: bool) {
        self.original.set(original);
        let turn = self.turns.try_update_value(|turns| {
            *turns += 1;
            *turns
        });
        let is_last = move || self.turns.try_get_value() == turn;
        self.read(async move {
            let mut anew = Vec::new();
            for file in self.files.get_untracked().unwrap_or_default() {
                let Some(source) = file.picture() else { continue };
                match self.stage(&source, original).await {
                    Ok(view) => anew.push((file.view.id, view)),
                    Err(failure) => {
                        anew.drain(..).for_each(|(_, view)| self.discard(view.id));
                        if is_last() {
                            let _ = self.refused.try_set(Some(failure));
                            let _ = self.original.try_set(!original);
                        }
                        break;
                    }
                }
            }
            for (earlier, view) in anew {
                let unwanted = match is_last() && self.replace(earlier, &view) {
                    true => earlier,
                    false => view.id,
                };
                self.discard(unwanted);
            }
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

    fn is_still_open(self) -> bool {
        self.files.try_with_untracked(Option::is_some) == Some(true)
    }

    fn push(self, view: AttachmentView, source: web_sys::File) {
        let source = Some(source);
        let _ = self.files.try_update(|files| {
            if let Some(files) = files {
                files.push(Staged { view, source });
            }
        });
    }

    /// Puts one file in the place of another; `false` when that is not wanted any more.
    fn replace(self, earlier: AttachmentId, by: &AttachmentView) -> bool {
        let replaced = self.files.try_update(|files| {
            let mut files = files.iter_mut().flatten();
            let file = files.find(|file| file.view.id == earlier)?;
            file.view = by.clone();
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
