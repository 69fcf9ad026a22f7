//! One message: a bubble with its text, its time and its state; or a line about the conversation.

use std::sync::Arc;

use contract::{MessageBody, MessageStatus};
use leptos::html;
use leptos::prelude::*;

use super::layout::Item;
use super::link::LinkDialog;
use super::message_menu::MessageMenu;
use super::status::{status_icon, status_word};
use super::text::{Piece, is_few_emoji, may_be_long, pieces};
use super::thread::Thread;
use crate::browser;
use crate::components::icon::{Glyph, MORE};
use crate::locale::{failure_text, isolate, t, without_controls};

/// How long a press must last to open the menu.
const LONG_PRESS_MS: i32 = 500;

/// Draws one row.
#[component]
pub(crate) fn Bubble(thread: Thread, item: Memo<Option<Arc<Item>>>) -> impl IntoView {
    let body = Memo::new(move |_| item.with(|item| item.as_ref().map(|item| item.row.body.clone())));
    move || {
        match body.get() {
        Some(MessageBody::Text { text }) => view! { <TextBubble thread item text/> }.into_any(),
        Some(MessageBody::RequestAcceptedByMe) => {
            view! { <p class="control" data-testid="ctrl">{move || t!("msg-accepted-by-me", name = isolate(&thread.name()))}</p> }.into_any()
        }
        Some(MessageBody::RequestAcceptedByThem) => {
            view! { <p class="control" data-testid="ctrl">{move || t!("msg-accepted-by-them", name = isolate(&thread.name()))}</p> }.into_any()
        }
        Some(_) => view! { <p class="control" data-testid="ctrl">{t!("msg-unsupported")}</p> }.into_any(),
        None => ().into_any(),
    }
    }
}

#[component]
fn TextBubble(thread: Thread, item: Memo<Option<Arc<Item>>>, text: String) -> impl IntoView {
    let menu = RwSignal::new(false);
    let link = RwSignal::new(None::<String>);
    let expanded = RwSignal::new(false);
    let cut = RwSignal::new(false);
    let pressed = StoredValue::new(0_u64);
    let large = is_few_emoji(&text);
    let body = NodeRef::<html::P>::new();
    if may_be_long(&text) {
        body.on_load(move |element| {
            browser::before_paint(move || {
                let _ = cut.try_set(element.scroll_height() > element.client_height() + 2);
            });
        });
    }
    let is =
        move |question: fn(&Item) -> bool| item.with(|item| item.as_ref().is_some_and(|item| question(item)));
    let mine = Memo::new(move |_| is(|item| item.row.mine));
    let press = move |_| {
        let number = pressed.get_value() + 1;
        pressed.set_value(number);
        browser::after(LONG_PRESS_MS, move || {
            if pressed.try_get_value() == Some(number) {
                menu.set(true);
            }
        });
    };
    let release = move || pressed.update_value(|number| *number += 1);
    let label = {
        let text = text.clone();
        move || item.with(|item| item.as_ref().map(|item| spoken(thread, item, &text)))
    };
    let copied = text.clone();
    view! {
        <div
            class="bubble-row"
            class:bubble-mine=move || mine.get()
            class:joins-above=move || is(|item| item.joins_above)
            class:joins-below=move || is(|item| item.joins_below)
            role="group"
            aria-label=label
            data-testid="msg"
            data-mine=move || mine.get().to_string()
            on:contextmenu=move |event| {
                event.prevent_default();
                menu.set(true);
            }
            on:touchstart=press
            on:touchend=move |_| release()
            on:touchmove=move |_| release()
            on:touchcancel=move |_| release()
        >
            <div class="bubble" class:bubble-large=large>
                <p class="bubble-text" class:bubble-open=move || expanded.get() dir="auto" node_ref=body data-testid="msg-text">
                    {pieces(&without_controls(&text)).into_iter().map(|piece| piece_view(piece, link)).collect_view()}
                </p>
                <Show when=move || cut.get()>
                    <button
                        class="read-more"
                        data-testid="msg-more"
                        aria-expanded=move || expanded.get().to_string()
                        on:click=move |_| expanded.update(|open| *open = !*open)
                    >
                        {move || if expanded.get() { t!("msg-less") } else { t!("msg-more") }}
                    </button>
                </Show>
            </div>
            <button class="icon-button bubble-more" aria-label=t!("msg-actions") data-testid="msg-actions" on:click=move |_| menu.set(true)>
                <Glyph icon=MORE/>
            </button>
        </div>
        <Meta item menu/>
        {move || {
            let row = item.with(|item| item.as_ref().map(|item| Arc::clone(&item.row)))?;
            menu.get().then(|| view! { <MessageMenu thread row text=copied.clone() on_close=Callback::new(move |()| menu.set(false))/> })
        }}
        {move || link.get().map(|url| view! { <LinkDialog url on_close=Callback::new(move |()| link.set(None))/> })}
    }
}

fn piece_view(piece: Piece, link: RwSignal<Option<String>>) -> AnyView {
    match piece {
        Piece::Text(text) => text.into_any(),
        Piece::Link(url) => {
            let (target, address) = (url.clone(), url.clone());
            let open = move |event: web_sys::MouseEvent| {
                event.prevent_default();
                link.set(Some(target.clone()));
            };
            let name = t!("msg-link", url = url.as_str());
            view! {
                <a class="link" dir="ltr" href=address aria-label=name on:click=open>
                    {url}
                </a>
            }
            .into_any()
        }
    }
}

/// Time and state below a bubble.
#[component]
fn Meta(item: Memo<Option<Arc<Item>>>, menu: RwSignal<bool>) -> impl IntoView {
    let time =
        Memo::new(move |_| item.with(|item| item.as_ref().filter(|i| i.shows_time).map(|i| i.at.time())));
    let status = Memo::new(move |_| {
        item.with(|item| {
            item.as_ref()
                .filter(|i| i.shows_status)
                .and_then(|i| i.row.status)
        })
    });
    let reason = Memo::new(move |_| {
        item.with(|item| {
            let row = &item.as_ref().filter(|item| item.shows_status)?.row;
            row.failure
                .as_ref()
                .filter(|_| row.status == Some(MessageStatus::Failed))
                .map(failure_text)
        })
    });
    let mine = Memo::new(move |_| item.with(|item| item.as_ref().is_some_and(|item| item.row.mine)));
    let state = move || {
        status.get().map(|status| match status {
            MessageStatus::Failed => {
                view! {
                    <button class="status status-failed" data-testid="msg-status" data-status="failed" on:click=move |_| menu.set(true)>
                        <Glyph icon=status_icon(status)/>
                        {status_word(status)}
                    </button>
                }
                .into_any()
            }
            _ => {
                view! {
                    <span class="status" data-testid="msg-status" data-status=status_key(status)>
                        <Glyph icon=status_icon(status)/>
                        {status_word(status)}
                    </span>
                }
                .into_any()
            }
        })
    };
    view! {
        <Show when=move || time.get().is_some() || status.get().is_some()>
            <div class="meta" class:meta-mine=move || mine.get()>
                {move || time.get().map(|time| view! { <time>{time}</time> })}
                {state}
            </div>
            {move || reason.get().map(|reason| view! { <p class="meta meta-mine meta-reason" data-testid="msg-reason">{reason}</p> })}
        </Show>
    }
}

fn status_key(status: MessageStatus) -> &'static str {
    match status {
        MessageStatus::Sending => "sending",
        MessageStatus::Sent => "sent",
        MessageStatus::Read => "read",
        MessageStatus::Failed => "failed",
        MessageStatus::SyncFailed => "sync-failed",
        _ => "queued",
    }
}

/// A message as one stop of a screen reader: author, text, time, state.
fn spoken(thread: Thread, item: &Item, text: &str) -> String {
    let author = if item.row.mine {
        t!("conv-you")
    } else {
        thread.name()
    };
    let status = item.row.status.map(status_word);
    let parts = [Some(author), Some(text.to_owned()), Some(item.at.time()), status];
    parts.into_iter().flatten().collect::<Vec<_>>().join(". ")
}
