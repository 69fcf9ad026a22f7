//! One message: a bubble with its text, its time and its state; or a line about the conversation.

use std::sync::Arc;

use contract::{MessageBody, MessageId, MessageStatus};
use leptos::html;
use leptos::prelude::*;

use super::files::Files;
use super::layout::Item;
use super::link::LinkDialog;
use super::message_menu::MessageMenu;
use super::notice::notice_text;
use super::press::{LongPress, is_swipe_to_start};
use super::preview::PreviewCard;
use super::quote::{QuoteBlock, excerpt};
use super::reactions::Reactions;
use super::status::{status_icon, status_word};
use super::text::{Piece, is_few_emoji, may_be_long, pieces};
use super::thread::Thread;
use super::timer::TimerIcon;
use crate::browser;
use crate::components::icon::{Glyph, MORE};
use crate::locale::{failure_text, isolate, t, without_controls};

/// Draws one row.
#[component]
pub(crate) fn Bubble(thread: Thread, item: Memo<Option<Arc<Item>>>) -> impl IntoView {
    let body = Memo::new(move |_| item.with(|item| item.as_ref().map(|item| item.row.body.clone())));
    move || match body.get() {
        Some(MessageBody::Text { text }) => {
            view! { <Turn thread item><TextBubble thread item text/></Turn> }.into_any()
        }
        Some(MessageBody::Deleted) => view! { <Turn thread item><DeletedBubble/></Turn> }.into_any(),
        Some(body) => {
            let mine = item.with_untracked(|item| item.as_ref().is_some_and(|item| item.row.mine));
            let line = move || {
                notice_text(&body, mine, &isolate(&thread.name())).unwrap_or_else(|| t!("msg-unsupported"))
            };
            view! { <p class="control" data-testid="ctrl">{line}</p> }.into_any()
        }
        None => ().into_any(),
    }
}

/// A bubble in its place, with its menu and what stands below it.
#[component]
fn Turn(thread: Thread, item: Memo<Option<Arc<Item>>>, children: Children) -> impl IntoView {
    let menu = RwSignal::new(false);
    let is =
        move |question: fn(&Item) -> bool| item.with(|item| item.as_ref().is_some_and(|item| question(item)));
    let mine = Memo::new(move |_| is(|item| item.row.mine));
    let id = Memo::new(move |_| item.with(|item| item.as_ref().map(|item| item.row.id)));
    let press = LongPress::new(move || menu.set(true));
    let begun = StoredValue::new(None::<(f64, f64)>);
    let touch = move |event: web_sys::TouchEvent| {
        begun.set_value(place_of(&event.touches()));
        press.begin();
    };
    let lift = move |event: web_sys::TouchEvent| {
        press.end();
        let way = begun.get_value().zip(place_of(&event.changed_touches()));
        let way = way.map(|(from, to)| (to.0 - from.0, to.1 - from.1));
        if way.is_some_and(|way| is_swipe_to_start(way, browser::is_right_to_left())) && thread.can_write() {
            let row = item.with_untracked(|item| item.as_ref().map(|item| Arc::clone(&item.row)));
            if row
                .as_ref()
                .is_some_and(|row| matches!(row.body, MessageBody::Text { .. }))
            {
                thread.reply.set(row);
            }
        }
    };
    let label = move || item.with(|item| item.as_ref().map(|item| spoken(thread, item)));
    let reactions = Memo::new(move |_| {
        item.with(|item| {
            item.as_ref()
                .map(|item| item.row.reactions.clone())
                .unwrap_or_default()
        })
    });
    view! {
        <div
            class="bubble-row"
            class:bubble-mine=move || mine.get()
            class:joins-above=move || is(|item| item.joins_above)
            class:joins-below=move || is(|item| item.joins_below)
            class:flash=move || id.get().is_some() && thread.flash.get() == id.get()
            role="group"
            aria-label=label
            data-testid="msg"
            data-mine=move || mine.get().to_string()
            on:contextmenu=move |event| {
                event.prevent_default();
                menu.set(true);
            }
            on:touchstart=touch
            on:touchend=lift
            on:touchmove=move |_| press.end()
            on:touchcancel=move |_| press.end()
        >
            {children()}
            <button class="icon-button bubble-more" aria-label=t!("msg-actions") data-testid="msg-actions" on:click=move |_| menu.set(true)>
                <Glyph icon=MORE/>
            </button>
            {move || id.get().filter(|_| thread.selected.with(Option::is_some)).map(|id| view! { <Mark thread id/> })}
        </div>
        {move || id.get().map(|message| view! { <Reactions thread message reactions mine/> })}
        <Meta item menu/>
        {move || {
            let row = item.with(|item| item.as_ref().map(|item| Arc::clone(&item.row)))?;
            menu.get().then(|| view! { <MessageMenu thread row on_close=Callback::new(move |()| menu.set(false))/> })
        }}
    }
}

/// Where the first of some fingers is, in CSS pixels.
fn place_of(touches: &web_sys::TouchList) -> Option<(f64, f64)> {
    let touch = touches.get(0)?;
    Some((f64::from(touch.client_x()), f64::from(touch.client_y())))
}

/// Covers a row while messages are selected: a tap selects it, or lets it go.
#[component]
fn Mark(thread: Thread, id: MessageId) -> impl IntoView {
    let is_selected = Memo::new(move |_| {
        thread
            .selected
            .with(|ids| ids.as_ref().is_some_and(|ids| ids.contains(&id)))
    });
    let toggle = move |_| {
        thread.selected.update(|ids| {
            if let Some(ids) = ids
                && !ids.remove(&id)
            {
                ids.insert(id);
            }
        });
    };
    view! {
        <button
            class="select-mark"
            class:selected=move || is_selected.get()
            role="checkbox"
            aria-checked=move || is_selected.get().to_string()
            aria-label=t!("select-mark")
            data-testid="select-mark"
            on:click=toggle
        ></button>
    }
}

/// What is left of a message that was taken back.
#[component]
fn DeletedBubble() -> impl IntoView {
    view! {
        <div class="bubble bubble-deleted">
            <p class="bubble-text" data-testid="msg-text">{t!("msg-deleted")}</p>
        </div>
    }
}

#[component]
fn TextBubble(thread: Thread, item: Memo<Option<Arc<Item>>>, text: String) -> impl IntoView {
    let link = RwSignal::new(None::<String>);
    let expanded = RwSignal::new(false);
    let cut = RwSignal::new(false);
    let quote = Memo::new(move |_| item.with(|item| item.as_ref().and_then(|item| item.row.quote.clone())));
    let files = Memo::new(move |_| {
        item.with(|item| {
            item.as_ref()
                .map(|item| item.row.attachments.clone())
                .unwrap_or_default()
        })
    });
    let preview =
        Memo::new(move |_| item.with(|item| item.as_ref().and_then(|item| item.row.preview.clone())));
    let mine = Memo::new(move |_| item.with(|item| item.as_ref().is_some_and(|item| item.row.mine)));
    let is_empty = text.is_empty();
    let large =
        is_few_emoji(&text) && files.with_untracked(Vec::is_empty) && quote.with_untracked(Option::is_none);
    let body = NodeRef::<html::P>::new();
    if may_be_long(&text) {
        body.on_load(move |element| {
            browser::before_paint(move || {
                let _ = cut.try_set(element.scroll_height() > element.client_height() + 2);
            });
        });
    }
    view! {
        <div class="bubble" class:bubble-large=large>
            {move || quote.get().map(|quote| view! { <QuoteBlock thread quote/> })}
            {move || {
                let files = files.get();
                (!files.is_empty()).then(|| view! { <Files thread files mine=mine.get_untracked()/> })
            }}
            <p class="bubble-text" class:bubble-empty=is_empty class:bubble-open=move || expanded.get() dir="auto" node_ref=body data-testid="msg-text">
                {pieces(&without_controls(&text)).into_iter().map(|piece| piece_view(piece, link)).collect_view()}
            </p>
            {move || preview.get().map(|preview| view! { <PreviewCard thread preview mine=mine.get_untracked() link/> })}
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
                .filter(|_| {
                    row.status == Some(MessageStatus::Failed) || matches!(row.body, MessageBody::Deleted)
                })
                .map(failure_text)
        })
    });
    let mine = Memo::new(move |_| item.with(|item| item.as_ref().is_some_and(|item| item.row.mine)));
    let expiry = Memo::new(move |_| item.with(|item| item.as_ref().and_then(|item| item.row.expiry)));
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
                {move || expiry.get().map(|expiry| view! { <TimerIcon expiry/> })}
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
fn spoken(thread: Thread, item: &Item) -> String {
    let author = if item.row.mine {
        t!("conv-you")
    } else {
        thread.name()
    };
    let text = match &item.row.body {
        MessageBody::Text { text } => text.clone(),
        body => excerpt(body),
    };
    let status = item.row.status.map(status_word);
    let parts = [Some(author), Some(text), Some(item.at.time()), status];
    parts.into_iter().flatten().collect::<Vec<_>>().join(". ")
}
