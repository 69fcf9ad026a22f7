//! Choosing files, looking at them before they go, and sending them with a caption.

use contract::{AttachmentView, DiscardFile, ErrorCode, Failure, SendFiles};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::files::{media_url, size_word};
use super::thread::Thread;
use crate::browser;
use crate::components::dialog::{Modal, Place};
use crate::components::icon::{CLOSE, FILE, Glyph, PLUS};
use crate::core::ChosenFile;
use crate::locale::{failure_text, isolate, t};

/// Most files of one message.
const MOST: usize = 32;

/// What stands between choosing files and their being sent.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chosen {
    files: Vec<AttachmentView>,
    reading: bool,
}

/// The "+" of the composer.
#[component]
pub(super) fn Attach(
    thread: Thread,
    /// Files may be sent: they have accepted.
    allowed: Signal<bool>,
) -> impl IntoView {
    let sheet = RwSignal::new(false);
    let chosen = RwSignal::new(None::<Chosen>);
    let refused = RwSignal::new(None::<Failure>);
    let media = NodeRef::<html::Input>::new();
    let any = NodeRef::<html::Input>::new();
    let camera = NodeRef::<html::Input>::new();
    let shared = thread.ui.shared.take_for(&thread.id());
    if !shared.is_empty() {
        chosen.set(Some(Chosen {
            files: shared,
            reading: false,
        }));
    }
    let open = move |_| match allowed.get_untracked() {
        true => sheet.set(true),
        false => thread
            .ui
            .show_failure(&Failure::new(ErrorCode::RequestLimit).with("name", isolate(&thread.name()))),
    };
    let choose = move |input: NodeRef<html::Input>| {
        sheet.set(false);
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let take = move |input: NodeRef<html::Input>| {
        let Some(input) = input.get_untracked() else {
            return;
        };
        let files: Vec<web_sys::File> = input
            .files()
            .map(|list| (0..list.length()).filter_map(|n| list.get(n)).collect())
            .unwrap_or_default();
        // The same file can be chosen again.
        input.set_value("");
        read(thread, files, chosen, refused);
    };
    view! {
        <button
            class="icon-button"
            type="button"
            data-testid="comp-attach"
            aria-label=t!("comp-attach")
            aria-disabled=move || (!allowed.get()).to_string()
            on:click=open
        >
            <Glyph icon=PLUS/>
        </button>
        <input class="hidden-input" type="file" multiple accept="image/*,video/*" tabindex="-1" aria-hidden="true" data-testid="att-input-media" node_ref=media on:change=move |_| take(media)/>
        <input class="hidden-input" type="file" multiple tabindex="-1" aria-hidden="true" data-testid="att-input-file" node_ref=any on:change=move |_| take(any)/>
        {browser::takes_photos().then(|| view! {
            <input class="hidden-input" type="file" accept="image/*" capture="environment" tabindex="-1" aria-hidden="true" node_ref=camera on:change=move |_| take(camera)/>
        })}
        {move || sheet.get().then(|| view! {
            <Modal title=t!("comp-attach") testid="att-sheet" place=Place::Foot on_close=Callback::new(move |()| sheet.set(false))>
                <button class="menu-item" data-testid="att-media" on:click=move |_| choose(media)>{t!("att-media")}</button>
                {browser::takes_photos().then(|| view! {
                    <button class="menu-item" data-testid="att-camera" on:click=move |_| choose(camera)>{t!("att-camera")}</button>
                })}
                <button class="menu-item" data-testid="att-file" on:click=move |_| choose(any)>{t!("att-file")}</button>
            </Modal>
        })}
        {move || chosen.get().map(|now| view! { <Preview thread chosen now/> })}
        {move || refused.get().map(|failure| view! {
            <crate::components::dialog::Notice title=t!("att-refused") body=failure_text(&failure) on_close=Callback::new(move |()| refused.set(None))/>
        })}
    }
}

/// Hands the chosen files to the engine, one after another; the first that is refused is told.
fn read(
    thread: Thread,
    files: Vec<web_sys::File>,
    chosen: RwSignal<Option<Chosen>>,
    refused: RwSignal<Option<Failure>>,
) {
    if files.is_empty() {
        return;
    }
    let before = chosen.get_untracked().map_or(0, |chosen| chosen.files.len());
    if before + files.len() > MOST {
        refused.set(Some(ErrorCode::AttachmentCount.into()));
        return;
    }
    chosen.update(|chosen| {
        let files = chosen.take().map(|chosen| chosen.files).unwrap_or_default();
        *chosen = Some(Chosen { files, reading: true });
    });
    spawn_local(async move {
        for file in files {
            let staged = match JsFuture::from(file.array_buffer()).await {
                Ok(buffer) => {
                    let bytes = js_sys::Uint8Array::new(&buffer);
                    let file = ChosenFile {
                        name: file.name(),
                        bytes,
                        voice: false,
                    };
                    thread.ui.core.stage(file).await
                }
                Err(_) => Err(ErrorCode::AttachmentType.into()),
            };
            match staged {
                Ok(view) => {
                    let kept = chosen.try_update(|chosen| match chosen {
                        Some(chosen) => {
                            chosen.files.push(view.clone());
                            true
                        }
                        None => false,
                    });
                    if kept != Some(true) {
                        // Closed meanwhile.
                        thread.ui.order(DiscardFile { attachment: view.id });
                        return;
                    }
                }
                Err(failure) => {
                    let _ = refused.try_set(Some(failure));
                }
            }
        }
        let _ = chosen.try_update(|chosen| {
            if let Some(now) = chosen {
                now.reading = false;
            }
            if chosen.as_ref().is_some_and(|now| now.files.is_empty()) {
                *chosen = None;
            }
        });
    });
}

/// What is about to be sent.
#[component]
fn Preview(thread: Thread, chosen: RwSignal<Option<Chosen>>, now: Chosen) -> impl IntoView {
    let caption = NodeRef::<html::Textarea>::new();
    let close = move || {
        for file in chosen
            .get_untracked()
            .map(|chosen| chosen.files)
            .unwrap_or_default()
        {
            thread.ui.order(DiscardFile { attachment: file.id });
        }
        chosen.set(None);
    };
    let remove = move |id| {
        thread.ui.order(DiscardFile { attachment: id });
        chosen.update(|chosen| {
            if let Some(now) = chosen {
                now.files.retain(|file| file.id != id);
            }
            if chosen.as_ref().is_some_and(|now| now.files.is_empty()) {
                *chosen = None;
            }
        });
    };
    let send = move |_| {
        let Some(now) = chosen.get_untracked() else {
            return;
        };
        let sending = SendFiles {
            conversation: thread.id(),
            files: now.files.iter().map(|file| file.id).collect(),
            text: caption
                .get_untracked()
                .map(|field| field.value().trim().to_owned())
                .unwrap_or_default(),
            reply_to: thread.reply.get_untracked().map(|row| row.id),
        };
        thread.reply.set(None);
        spawn_local(async move {
            match thread.ui.core.ask(sending).await {
                Ok(sent) => {
                    chosen.set(None);
                    thread.refresh_head();
                    thread.show_sent(sent.message_id);
                }
                // The preview stays, so that the caption can be shortened or the files sent again.
                Err(failure) => thread.ui.show_failure(&failure),
            }
        });
    };
    let items = now
        .files
        .into_iter()
        .map(|file| {
            let id = file.id;
            let name = isolate(&file.file_name);
            view! {
                <li class="chosen" data-testid="att-chosen">
                    {match file.kind {
                        contract::AttachmentKind::Image => {
                            view! { <img class="chosen-image" src=media_url(id, Some(320)) alt=""/> }.into_any()
                        }
                        _ => view! { <span class="file-icon"><Glyph icon=FILE/></span> }.into_any(),
                    }}
                    <span class="file-words">
                        <bdi class="file-name">{file.file_name.clone()}</bdi>
                        <span class="file-size">{size_word(file.size)}</span>
                    </span>
                    <button class="icon-button" aria-label=t!("att-remove", name = name) data-testid="att-remove" on:click=move |_| remove(id)>
                        <Glyph icon=CLOSE/>
                    </button>
                </li>
            }
        })
        .collect_view();
    view! {
        <Modal title=t!("att-preview") testid="att-preview" place=Place::Foot on_close=Callback::new(move |()| close())>
            <ul class="chosen-list">{items}</ul>
            {now.reading.then(|| view! { <p class="file-state" role="status">{t!("att-reading")}</p> })}
            <textarea class="composer-input" rows="2" dir="auto" data-testid="att-caption" aria-label=t!("att-caption") placeholder=t!("att-caption") node_ref=caption></textarea>
            <div class="modal-buttons">
                <button class="button primary" data-testid="att-send" disabled=now.reading on:click=send>{t!("comp-send")}</button>
                <button class="button plain" data-testid="att-cancel-all" on:click=move |_| close()>{t!("common-cancel")}</button>
            </div>
        </Modal>
    }
}
