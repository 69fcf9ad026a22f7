//! One thing in a gallery: a picture, a film, another file, a link.

use contract::{AttachmentId, AttachmentKind, ConversationId, GalleryItem, MessageId};
use leptos::prelude::*;

use super::loaded::Entry;
use crate::app::{Route, Ui, ui};
use crate::clock;
use crate::components::icon::{DOWN, FILE, Glyph, LINK, MESSAGE, PLAY};
use crate::locale::{isolate, t, without_controls};
use crate::screens::conversation::files::{keep_files, kind_word, media_url, size_word};

/// Side of a small picture, in pixels at most.
const SMALL_SIDE: u32 = 320;

#[component]
pub(super) fn Item(
    entry: Entry,
    /// Which picture or film is shown large.
    viewing: RwSignal<Option<AttachmentId>>,
    /// Which link is asked about.
    link: RwSignal<Option<String>>,
) -> impl IntoView {
    match entry {
        Entry::File(item) => match item.attachment.kind {
            AttachmentKind::Image | AttachmentKind::Video => view! { <Cell item=*item viewing/> }.into_any(),
            _ => view! { <FileRow item=*item/> }.into_any(),
        },
        Entry::Link {
            url,
            message,
            conversation,
            sent_at_ms,
        } => {
            let (target, day) = (url.clone(), day_of(sent_at_ms));
            view! {
                <li class="gallery-line" data-testid="gallery-link">
                    <button class="gallery-main" on:click=move |_| link.set(Some(target.clone()))>
                        <span class="file-icon"><Glyph icon=LINK/></span>
                        <span class="file-words">
                            <span class="gallery-url" dir="ltr" translate="no">{without_controls(&url)}</span>
                            <span class="file-size">{day}</span>
                        </span>
                    </button>
                    {show_button(conversation, message)}
                </li>
            }
            .into_any()
        }
    }
}

#[component]
fn Cell(item: GalleryItem, viewing: RwSignal<Option<AttachmentId>>) -> impl IntoView {
    let ui = ui();
    let file = item.attachment;
    let (id, here, kind) = (file.id, file.here, file.kind);
    let (conversation, message) = (item.conversation, item.message);
    // What is not here can be fetched in its message.
    let open = move |_| match here {
        true => viewing.set(Some(id)),
        false => show_message(ui, conversation.clone(), message),
    };
    let day = day_of(item.sent_at_ms);
    let name = match here {
        true => t!("gallery-open", kind = kind_word(kind), day = day),
        false => t!("gallery-not-here", kind = kind_word(kind), day = day),
    };
    let shown = match (here, kind) {
        (true, AttachmentKind::Image) => {
            view! { <img src=media_url(id, Some(SMALL_SIDE)) alt="" loading="lazy" decoding="async"/> }
                .into_any()
        }
        (true, _) => view! { <Glyph icon=PLAY/> }.into_any(),
        (false, _) => view! { <Glyph icon=DOWN/> }.into_any(),
    };
    view! {
        <li class="gallery-cell">
            <button data-testid="gallery-item" aria-label=name on:click=open>{shown}</button>
        </li>
    }
}

#[component]
fn FileRow(item: GalleryItem) -> impl IntoView {
    let ui = ui();
    let file = item.attachment;
    let id = file.id;
    let name = match file.file_name.is_empty() {
        true => kind_word(file.kind),
        false => file.file_name.clone(),
    };
    let facts = t!(
        "gallery-facts",
        size = size_word(file.size),
        day = day_of(item.sent_at_ms)
    );
    let (conversation, message) = (item.conversation.clone(), item.message);
    let save = t!("gallery-save", name = isolate(&name));
    view! {
        <li class="gallery-line" data-testid="gallery-file">
            <button class="gallery-main" on:click=move |_| show_message(ui, item.conversation.clone(), message)>
                <span class="file-icon"><Glyph icon=FILE/></span>
                <span class="file-words">
                    <bdi class="gallery-name">{name}</bdi>
                    <span class="file-size">{facts}</span>
                </span>
            </button>
            {match file.here {
                true => view! {
                    <button class="icon-button" aria-label=save data-testid="gallery-save" on:click=move |_| keep_files(ui, vec![id])>
                        <Glyph icon=DOWN/>
                    </button>
                }.into_any(),
                false => show_button(conversation, message).into_any(),
            }}
        </li>
    }
}

fn show_button(conversation: ConversationId, message: MessageId) -> impl IntoView {
    let ui = ui();
    view! {
        <button class="icon-button" aria-label=t!("viewer-show") data-testid="gallery-show" on:click=move |_| show_message(ui, conversation.clone(), message)>
            <Glyph icon=MESSAGE/>
        </button>
    }
}

fn show_message(ui: Ui, conversation: ConversationId, message: MessageId) {
    ui.target.set_value(Some((conversation.clone(), message)));
    ui.nav.open(Route::Conversation(conversation));
}

fn day_of(at: contract::TimestampMs) -> String {
    clock::local(at).in_list(clock::now())
}
