//! The dialog in which one changes one's picture and name.

use contract::{
    AttachmentKind, AttachmentView, DiscardFile, ErrorCode, Failure, RemovePicture, SetDisplayName,
    SetPicture,
};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use crate::app::{Ui, ui};
use crate::browser;
use crate::components::avatar::Avatar;
use crate::components::crop::{CropPicture, Frame};
use crate::components::dialog::{Modal, Place};
use crate::components::icon::{CAMERA, Glyph, IMAGE, TRASH};
use crate::components::name_field::{NameField, check_name};
use crate::core::ChosenFile;
use crate::locale::{failure_text, t};

/// What is to become of the picture.
#[derive(Clone, Debug, PartialEq)]
enum Change {
    /// It stays.
    None,
    /// A file is being read.
    Reading,
    /// A staged one, of which a part was chosen.
    New(AttachmentView),
    /// It goes.
    Remove,
}

/// What the dialog holds.
#[derive(Clone, Copy)]
struct Editing {
    ui: Ui,
    change: RwSignal<Change>,
    frame: RwSignal<Frame>,
    wrong: RwSignal<Option<Failure>>,
}

impl Editing {
    /// Reads what was chosen and shows it.
    fn take(self, file: web_sys::File) {
        self.drop_staged();
        self.wrong.set(None);
        self.change.set(Change::Reading);
        spawn_local(async move {
            let unusable = || Failure::from(ErrorCode::ProfilePicture);
            let staged = match JsFuture::from(file.array_buffer()).await {
                Ok(buffer) => {
                    let file = ChosenFile {
                        name: file.name(),
                        bytes: js_sys::Uint8Array::new(&buffer),
                        voice: false,
                        original: false,
                    };
                    self.ui.core.stage(file).await.map_err(|_| unusable())
                }
                Err(_) => Err(unusable()),
            };
            let shown = match staged {
                Ok(file) if file.kind == AttachmentKind::Image => self.show(file),
                Ok(other) => {
                    self.ui.order(DiscardFile { attachment: other.id });
                    self.fail(unusable())
                }
                Err(failure) => self.fail(failure),
            };
            if let Some(unwanted) = shown {
                // The dialog was closed meanwhile.
                self.ui.order(DiscardFile {
                    attachment: unwanted.id,
                });
            }
        });
    }

    /// Gives the file back when nobody looks any more.
    fn show(self, file: AttachmentView) -> Option<AttachmentView> {
        let frame = Frame::of(file.width.unwrap_or(1), file.height.unwrap_or(1));
        match self.frame.try_set(frame) {
            None => {
                let _ = self.change.try_set(Change::New(file));
                None
            }
            Some(_) => Some(file),
        }
    }

    fn fail(self, failure: Failure) -> Option<AttachmentView> {
        let _ = self.change.try_set(Change::None);
        let _ = self.wrong.try_set(Some(failure));
        None
    }

    fn drop_staged(self) {
        if let Some(Change::New(file)) = self.change.try_get_untracked() {
            self.ui.order(DiscardFile { attachment: file.id });
        }
    }

    /// Brings the picture to what was chosen.
    async fn save(self) -> Result<(), Failure> {
        let account = match self.change.get_untracked() {
            Change::None | Change::Reading => return Ok(()),
            Change::Remove => self.ui.core.ask(RemovePicture {}).await?,
            Change::New(file) => {
                let setting = SetPicture {
                    attachment: file.id,
                    crop: Some(self.frame.get_untracked().crop()),
                };
                self.ui.core.ask(setting).await?
            }
        };
        self.ui.account.set(Some(account));
        let _ = self.change.try_set(Change::None);
        Ok(())
    }
}

/// Changes picture and name.
#[component]
pub(super) fn EditProfile(on_close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let before = ui
        .account
        .with_untracked(|a| a.as_ref().map(|a| a.display_name.clone()).unwrap_or_default());
    let name = RwSignal::new(before.clone());
    let error = RwSignal::new(None);
    let saving = RwSignal::new(false);
    let editing = Editing {
        ui,
        change: RwSignal::new(Change::None),
        frame: RwSignal::new(Frame::of(1, 1)),
        wrong: RwSignal::new(None),
    };
    let renamed = Memo::new(move |_| name.with(|name| name.trim() != before));
    let changed = Memo::new(move |_| {
        let picture = editing
            .change
            .with(|change| matches!(change, Change::New(_) | Change::Remove));
        (renamed.get() || picture)
            && editing.change.with(|change| *change != Change::Reading)
            && !saving.get()
    });
    on_cleanup(move || editing.drop_staged());
    let save = Callback::new(move |()| {
        if !changed.get_untracked() {
            return;
        }
        let name = match check_name(&name.get_untracked()) {
            Ok(name) => name,
            Err(failure) => return error.set(Some(failure)),
        };
        saving.set(true);
        spawn_local(async move {
            let mut saved = true;
            if renamed.get_untracked() {
                match ui.core.ask(SetDisplayName { name }).await {
                    Ok(account) => ui.account.set(Some(account)),
                    Err(failure) => {
                        let _ = error.try_set(Some(failure));
                        saved = false;
                    }
                }
            }
            if let Err(failure) = editing.save().await {
                let _ = editing.wrong.try_set(Some(failure));
                saved = false;
            }
            let _ = saving.try_set(false);
            if saved {
                on_close.run(());
            }
        });
    });
    view! {
        <Modal title=t!("set-edit-title") testid="profile-edit" place=Place::Middle on_close>
            <PictureField editing name/>
            <NameField name error on_done=save/>
            <div class="modal-buttons">
                <button class="button primary" data-testid="profile-save" disabled=move || !changed.get() on:click=move |_| save.run(())>
                    {move || if saving.get() { t!("profile-saving") } else { t!("set-save") }}
                </button>
                <button class="button plain" data-testid="profile-cancel" on:click=move |_| on_close.run(())>
                    {t!("common-cancel")}
                </button>
            </div>
        </Modal>
    }
}

#[component]
fn PictureField(editing: Editing, name: RwSignal<String>) -> impl IntoView {
    let Editing {
        ui,
        change,
        frame,
        wrong,
    } = editing;
    let file = NodeRef::<html::Input>::new();
    let camera = NodeRef::<html::Input>::new();
    let open = move |input: NodeRef<html::Input>| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let take = move |input: NodeRef<html::Input>| {
        let Some(input) = input.get_untracked() else {
            return;
        };
        let chosen = input.files().and_then(|files| files.get(0));
        // The same file can be chosen again.
        input.set_value("");
        if let Some(chosen) = chosen {
            editing.take(chosen);
        }
    };
    let remove = move |_| {
        editing.drop_staged();
        wrong.set(None);
        // Without one before, what was chosen is only let go of.
        let next = match ui
            .account
            .with_untracked(|a| a.as_ref().is_some_and(|a| a.picture.is_some()))
        {
            true => Change::Remove,
            false => Change::None,
        };
        change.set(next);
    };
    let shown = move || match change.get() {
        Change::Remove | Change::Reading => None,
        _ => ui.picture(),
    };
    let has = Memo::new(move |_| change.with(|change| matches!(change, Change::New(_))) || shown().is_some());
    view! {
        <div class="picture-field" role="group" aria-label=t!("profile-picture")>
            {move || match change.get() {
                Change::New(file) => view! { <CropPicture picture=file.id frame/> }.into_any(),
                Change::Reading => view! {
                    <div class="crop crop-reading"><p role="status">{t!("profile-picture-reading")}</p></div>
                }
                    .into_any(),
                Change::None | Change::Remove => view! {
                    <Avatar id=ui.account_id() name picture=Signal::derive(shown)/>
                }
                    .into_any(),
            }}
            <div class="picture-buttons">
                <button class="button soft small" data-testid="profile-pic-choose" on:click=move |_| open(file)>
                    <Glyph icon=IMAGE/>
                    {move || if has.get() { t!("profile-picture-other") } else { t!("profile-picture-choose") }}
                </button>
                {browser::is_phone().then(|| view! {
                    <button class="button soft small" data-testid="profile-pic-camera" on:click=move |_| open(camera)>
                        <Glyph icon=CAMERA/>
                        {t!("profile-picture-camera")}
                    </button>
                })}
                <Show when=move || has.get()>
                    <button class="button plain small" data-testid="profile-pic-remove" on:click=remove>
                        <Glyph icon=TRASH/>
                        {t!("profile-picture-remove")}
                    </button>
                </Show>
            </div>
            <input class="hidden-input" type="file" accept="image/*" tabindex="-1" aria-hidden="true" data-testid="profile-pic-input" node_ref=file on:change=move |_| take(file)/>
            <input class="hidden-input" type="file" accept="image/*" capture="user" tabindex="-1" aria-hidden="true" node_ref=camera on:change=move |_| take(camera)/>
            <div role="alert">
                {move || wrong.get().map(|failure| view! {
                    <p class="error" data-testid="profile-pic-error">
                        {failure_text(&failure)}
                        <button class="button plain small" data-testid="profile-pic-retry" on:click=move |_| open(file)>{t!("common-try-again")}</button>
                    </p>
                })}
            </div>
            <p class="hint centred picture-help">{t!("profile-picture-help")}</p>
        </div>
    }
}
