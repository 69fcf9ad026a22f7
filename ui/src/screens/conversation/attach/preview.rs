//! What is about to be sent, with its caption.

use contract::{AttachmentKind, AttachmentView, SendFiles};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::chosen::Chosen;
use crate::components::dialog::{Modal, Place};
use crate::components::icon::{CLOSE, FILE, Glyph};
use crate::components::switch::Switch;
use crate::locale::{isolate, t};
use crate::screens::conversation::files::{media_url, size_word};
use crate::screens::conversation::thread::Thread;

/// The files, each of which may still be removed.
#[component]
pub(super) fn Preview(thread: Thread, chosen: Chosen) -> impl IntoView {
    let caption = NodeRef::<html::Textarea>::new();
    let send = move |_| {
        let sending = SendFiles {
            conversation: thread.id(),
            files: untrack(|| chosen.views()).iter().map(|file| file.id).collect(),
            text: caption
                .get_untracked()
                .map(|field| field.value().trim().to_owned())
                .unwrap_or_default(),
            reply_to: thread.reply.get_untracked().map(|row| row.id),
        };
        chosen.sending.set(true);
        spawn_local(async move {
            match thread.ui.core.ask(sending).await {
                Ok(sent) => {
                    thread.reply.set(None);
                    chosen.end();
                    thread.refresh_head();
                    thread.show_sent(sent.message_id);
                }
                // The preview stays, so that the caption can be shortened or the files sent again.
                Err(failure) => {
                    chosen.sending.set(false);
                    thread.ui.show_failure(&failure);
                }
            }
        });
    };
    view! {
        <Modal title=t!("att-preview") testid="att-preview" place=Place::Foot on_close=Callback::new(move |()| chosen.close())>
            <ul class="chosen-list">
                {move || chosen.views().into_iter().map(|file| view! { <Item file chosen/> }).collect_view()}
            </ul>
            <Show when=move || chosen.is_reading()>
                <p class="file-state" role="status">{t!("att-reading")}</p>
            </Show>
            <Show when=move || chosen.has_pictures() && !chosen.sending.get()>
                <Switch
                    name=t!("att-original")
                    help=t!("att-original-help")
                    testid="att-original"
                    on=chosen.original.into()
                    on_change=Callback::new(move |on| chosen.keep_pixels(on))
                />
            </Show>
            <textarea class="composer-input" rows="2" dir="auto" data-testid="att-caption" aria-label=t!("att-caption") placeholder=t!("att-caption") node_ref=caption></textarea>
            <div class="modal-buttons">
                <button class="button primary" data-testid="att-send" disabled=move || chosen.is_busy() on:click=send>{t!("comp-send")}</button>
                <button class="button plain" data-testid="att-cancel-all" on:click=move |_| chosen.close()>{t!("common-cancel")}</button>
            </div>
        </Modal>
    }
}

#[component]
fn Item(file: AttachmentView, chosen: Chosen) -> impl IntoView {
    let id = file.id;
    let name = isolate(&file.file_name);
    let shown = match file.kind {
        AttachmentKind::Image => {
            view! { <img class="chosen-image" src=media_url(id, Some(320)) alt=""/> }.into_any()
        }
        _ => view! { <span class="file-icon"><Glyph icon=FILE/></span> }.into_any(),
    };
    view! {
        <li class="chosen" data-testid="att-chosen">
            {shown}
            <span class="file-words">
                <bdi class="file-name">{file.file_name}</bdi>
                <span class="file-size">{size_word(file.size)}</span>
            </span>
            <button class="icon-button" aria-label=t!("att-remove", name = name) data-testid="att-remove" on:click=move |_| chosen.remove(id)>
                <Glyph icon=CLOSE/>
            </button>
        </li>
    }
}
