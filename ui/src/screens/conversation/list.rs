//! The messages: a scrolling run of rows that loads more before an edge is reached and keeps its place.

mod blocks;
mod view;

use std::sync::Arc;

use contract::{ConversationKind, MessageId};
use leptos::prelude::*;

use self::blocks::{Block, regroup};
use self::view::View;
use super::bubble::Bubble;
use super::layout::{Item, arrange};
use super::scroll::Anchor;
use super::thread::Thread;
use crate::browser;
use crate::clock;
use crate::components::icon::{DOWN, Glyph};
use crate::locale::{isolate, t};

/// Share of the view that is kept above the divider when a conversation opens.
const ABOVE_DIVIDER: f64 = 0.2;

/// Element id of a row.
pub(crate) fn element_id(id: MessageId) -> String {
    format!("m{}", id.0)
}

/// The list with its buttons.
#[component]
pub(crate) fn MessageList(thread: Thread) -> impl IntoView {
    let view = View::new(thread);
    let items = Memo::new(move |_| {
        thread
            .rows
            .with(|rows| arrange(rows, thread.divider.get(), clock::local))
    });
    let blocks = Memo::new(move |before: Option<&Vec<Block>>| {
        let ids: Vec<_> = items.with(|items| items.iter().map(|item| item.row.id).collect());
        regroup(before.map_or(&[], Vec::as_slice), &ids)
    });
    let block_keys = move || blocks.with(|blocks| blocks.iter().map(|block| block.key).collect::<Vec<_>>());
    let ids = move |key| {
        blocks.with(|blocks| {
            let block = blocks.iter().find(|block| block.key == key);
            block.map(|block| block.ids.clone()).unwrap_or_default()
        })
    };
    Effect::new(move |opened: Option<bool>| {
        let loaded = thread.loaded.get();
        if loaded && opened != Some(true) {
            browser::before_paint(move || view.open());
        }
        loaded
    });
    Effect::new(move |_| {
        if thread.jump.get() > 0 {
            view.go_to(Anchor::End);
        }
    });
    Effect::new(move |_| {
        if let Some(id) = thread.seek.get() {
            view.go_to(Anchor::Row {
                id: element_id(id),
                distance: view.height() * ABOVE_DIVIDER,
            });
        }
    });
    // Home and End lead to the ends of the conversation, not only of what is loaded of it.
    let keys = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Home" => {
            event.prevent_default();
            thread.show_oldest();
        }
        "End" => {
            event.prevent_default();
            view.show_newest();
        }
        _ => {}
    };
    let is_empty =
        move || thread.loaded.get() && thread.rows.with(Vec::is_empty) && !thread.more_before.get();
    let empty_text = move || {
        let note = thread.head.with(|head| {
            head.as_ref()
                .is_some_and(|h| h.kind == ConversationKind::NoteToSelf)
        });
        if note {
            t!("conv-empty-note")
        } else {
            t!("conv-empty", name = isolate(&thread.name()))
        }
    };
    view! {
        <div
            class="messages"
            node_ref=view.scroller
            on:scroll=move |_| view.scrolled()
            on:keydown=keys
            tabindex="0"
            role="region"
            aria-label=t!("conv-list")
        >
            <div class="messages-inner">
                <Show when=move || thread.failed.get()>
                    <p class="banner" role="status">
                        {t!("conv-retry-load")}
                        <button class="button soft small" on:click=move |_| thread.load_first()>
                            {t!("common-try-again")}
                        </button>
                    </p>
                </Show>
                <Show when=is_empty>
                    <p class="conversation-empty">{empty_text}</p>
                </Show>
                <ol class="message-list" node_ref=view.list data-testid="conv-list" aria-label=t!("conv-list")>
                    <For each=block_keys key=|key| *key let:key>
                        <For each=move || ids(key) key=|id| *id let:id>
                            <MessageItem thread items id/>
                        </For>
                    </For>
                </ol>
            </div>
        </div>
        <Late thread view/>
        <Jump thread view/>
    }
}

#[component]
fn MessageItem(thread: Thread, items: Memo<Vec<Item>>, id: MessageId) -> impl IntoView {
    let item = Memo::new(move |before: Option<&Option<Arc<Item>>>| {
        items
            .with(|items| items.iter().find(|item| item.row.id == id).cloned().map(Arc::new))
            // Leaving the list: as it was, until the element is gone.
            .or_else(|| before.cloned().flatten())
    });
    let chip = move || {
        item.with(|item| {
            item.as_ref()
                .filter(|item| item.chip)
                .map(|item| item.at.with_day(clock::now()))
        })
    };
    let divider = move || item.with(|item| item.as_ref().is_some_and(|item| item.divider));
    view! {
        <li id=element_id(id) class="message-item">
            {move || chip().map(|day| view! { <p class="day">{day}</p> })}
            {move || divider().then(|| view! { <p class="divider" data-testid="conv-unread"><span>{t!("conv-unread")}</span></p> })}
            <Bubble thread item/>
        </li>
    }
}

#[component]
fn Late(thread: Thread, view: View) -> impl IntoView {
    let go = move |id| {
        thread.late.set(None);
        view.go_to(Anchor::Row {
            id: element_id(id),
            distance: view.height() * ABOVE_DIVIDER,
        });
    };
    view! {
        {move || thread.late.get().map(|(count, id)| view! {
            <button class="late" data-testid="conv-late" on:click=move |_| go(id)>
                {t!("conv-late", n = count)}
            </button>
        })}
    }
}

#[component]
fn Jump(thread: Thread, view: View) -> impl IntoView {
    let away = Memo::new(move |_| view.away.get() || thread.more_after.get());
    let name = move || match thread.unread.get() {
        0 => t!("conv-bottom"),
        unread => t!("conv-bottom-unread", n = unread),
    };
    let jump = move |_| view.show_newest();
    view! {
        <Show when=move || away.get()>
            <button class="jump" data-testid="conv-bottom" aria-label=name on:click=jump>
                <Glyph icon=DOWN/>
                {move || (thread.unread.get() > 0).then(|| view! { <span class="badge">{thread.unread.get()}</span> })}
            </button>
        </Show>
    }
}
