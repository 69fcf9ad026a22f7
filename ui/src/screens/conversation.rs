//! One conversation: header, messages, composer.

mod attach;
mod bubble;
mod composer;
mod count;
mod delete;
mod emoji;
pub(crate) mod files;
pub(crate) mod film;
mod footer;
mod layout;
pub(crate) mod link;
mod list;
mod message_info;
mod message_menu;
pub(crate) mod notice;
mod pages;
mod press;
mod preview;
mod quote;
mod reactions;
mod run;
mod scroll;
mod seek;
mod selection;
pub(crate) mod status;
pub(crate) mod text;
mod thread;
mod timer;
pub(crate) mod viewer;
mod voice;
mod zoom;

use contract::{ConversationId, ConversationKind, MarkAllRead};
use leptos::prelude::*;

use self::composer::Composer;
use self::footer::{BlockedBar, PendingHint, RequestFooter};
use self::list::MessageList;
use self::quote::ReplyBar;
use self::selection::SelectionBar;
use self::thread::Thread;
use self::timer::{FollowBanner, Subtitle};
use self::voice::Audio;
use crate::app::{Route, ui};
use crate::browser;
use crate::components::avatar::Avatar;
use crate::components::icon::{BACK, Glyph};
use crate::locale::{isolate, t};
use crate::screens::mute_menu::mute_words;

/// The conversation with somebody, or with oneself.
#[component]
pub(crate) fn Conversation(
    /// Which one.
    id: ConversationId,
) -> impl IntoView {
    let ui = ui();
    let thread = Thread::open(ui, id.clone());
    let note = Signal::derive(move || {
        thread
            .head
            .with(|h| h.as_ref().is_some_and(|h| h.kind == ConversationKind::NoteToSelf))
    });
    let name = Signal::derive(move || thread.name());
    let picture = Memo::new(move |_| thread.head.with(|h| h.as_ref().and_then(|h| h.picture.clone())));
    let blocked = Memo::new(move |_| thread.head.with(|h| h.as_ref().is_some_and(|h| h.blocked)));
    let muted = move || mute_words(thread.head.with(|head| head.as_ref().and_then(|head| head.muted)));
    let details = move || ui.nav.open(Route::Details(thread.id()));
    // Opening a conversation takes a mark as unread back; what is really unread is marked when it is seen.
    Effect::new(move |done: Option<bool>| {
        let head = thread.head.get();
        let first = head.is_some() && done != Some(true);
        if first && head.is_some_and(|head| head.marked_unread && head.unread == 0) {
            ui.order(MarkAllRead {
                conversation: thread.id(),
            });
        }
        first || done == Some(true)
    });
    let heading = NodeRef::<leptos::html::H1>::new();
    heading.on_load(|element| {
        // With a keyboard the composer takes the focus instead.
        if !browser::has_keyboard() {
            browser::before_paint(move || browser::focus(&element));
        }
    });
    view! {
        <div class="conversation" class:selecting=move || thread.selected.with(Option::is_some)>
            <Show when=move || thread.selected.with(Option::is_some)>
                <SelectionBar thread/>
            </Show>
            <header class="bar conversation-bar">
                <button class="icon-button back" aria-label=t!("common-back") data-testid="back" on:click=move |_| ui.nav.back()>
                    <Glyph icon=BACK/>
                </button>
                <button
                    class="avatar-button"
                    data-testid="conv-avatar"
                    aria-label=move || t!("conv-details", name = isolate(&name.get()))
                    on:click=move |_| details()
                >
                    <Avatar id=id.0 name note picture/>
                </button>
                <div class="conversation-title">
                    <h1 class="conversation-name" tabindex="-1" node_ref=heading data-testid="conv-name" on:click=move |_| details()>
                        <bdi>{move || name.get()}</bdi>
                    </h1>
                    <Subtitle thread/>
                    {move || muted().map(|line| view! { <span class="conversation-line" data-testid="conv-muted">{line}</span> })}
                </div>
            </header>
            <FollowBanner thread/>
            <main class="conversation-main">
                <MessageList thread/>
                <Audio thread/>
            </main>
            <footer class="conversation-foot">
                <RequestFooter thread/>
                {move || {
                    if blocked.get() {
                        view! { <BlockedBar thread/> }.into_any()
                    } else {
                        view! {
                            <PendingHint thread/>
                            <ReplyBar thread/>
                            <Composer thread/>
                        }
                            .into_any()
                    }
                }}
            </footer>
        </div>
    }
}
