//! One conversation: header, messages, composer.

mod bubble;
mod composer;
mod count;
mod footer;
mod layout;
pub(crate) mod link;
mod list;
mod message_menu;
mod run;
mod scroll;
pub(crate) mod status;
mod text;
mod thread;

use contract::{ConversationId, ConversationKind};
use leptos::prelude::*;

use self::composer::Composer;
use self::footer::{BlockedBar, PendingHint, RequestFooter};
use self::list::MessageList;
use self::thread::Thread;
use crate::app::ui;
use crate::browser;
use crate::components::avatar::Avatar;
use crate::components::icon::{BACK, Glyph};
use crate::locale::t;

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
    let blocked = Memo::new(move |_| thread.head.with(|h| h.as_ref().is_some_and(|h| h.blocked)));
    let heading = NodeRef::<leptos::html::H1>::new();
    heading.on_load(|element| {
        // With a keyboard the composer takes the focus instead.
        if !browser::has_keyboard() {
            browser::before_paint(move || browser::focus(&element));
        }
    });
    view! {
        <div class="conversation">
            <header class="bar conversation-bar">
                <button class="icon-button back" aria-label=t!("common-back") data-testid="back" on:click=move |_| ui.nav.back()>
                    <Glyph icon=BACK/>
                </button>
                <span data-testid="conv-avatar">
                    <Avatar id=id.0 name note/>
                </span>
                <h1 class="conversation-name" tabindex="-1" node_ref=heading data-testid="conv-name">
                    <bdi>{move || name.get()}</bdi>
                </h1>
            </header>
            <main class="conversation-main">
                <MessageList thread/>
            </main>
            <footer class="conversation-foot">
                <RequestFooter thread/>
                {move || {
                    if blocked.get() {
                        view! { <BlockedBar thread/> }.into_any()
                    } else {
                        view! {
                            <PendingHint thread/>
                            <Composer thread/>
                        }
                            .into_any()
                    }
                }}
            </footer>
        </div>
    }
}
