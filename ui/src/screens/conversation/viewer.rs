//! Pictures and films of a conversation, one after another, as large as the window.

use std::sync::Arc;

use contract::{
    AttachmentId, AttachmentKind, AttachmentState, GalleryItem, GetMessage, GetNeighbours, MessageId,
    MessageRow, Neighbours,
};
use leptos::prelude::*;

use super::delete::DeleteDialog;
use super::files::{keep_files, kind_word, media_url};
use super::film::Projector;
use super::thread::Thread;
use super::zoom::{Zoom, swiped};
use crate::app::{Route, Ui};
use crate::browser;
use crate::components::dialog::{Modal, Place};
use crate::components::icon::{
    ANSWER, BACK, CLOSE, DOWN, FORWARD, Glyph, Icon, MESSAGE, MINUS, PLUS, SHARE, TRASH,
};
use crate::locale::t;
use crate::screens::forward::Forward;

/// Shows a picture or film until it is closed, and its neighbours.
#[component]
pub(crate) fn Viewer(
    ui: Ui,
    /// Which one is shown first.
    file: AttachmentId,
    /// The open conversation, where there is one: answers are written there.
    thread: Option<Thread>,
    on_close: Callback<()>,
) -> impl IntoView {
    let known = RwSignal::new(None::<Neighbours>);
    let zoom = Zoom::new();
    let go = move |attachment: AttachmentId| {
        zoom.reset();
        ui.ask(GetNeighbours { attachment }, move |found| {
            drop(known.try_set(Some(found)))
        });
    };
    go(file);
    let older = move || known.with_untracked(|known| Some(known.as_ref()?.older.as_ref()?.attachment.id));
    let newer = move || known.with_untracked(|known| Some(known.as_ref()?.newer.as_ref()?.attachment.id));
    // The conversation goes on to the end of the line.
    let turn = move |forward: bool| {
        let next = if forward { newer() } else { older() };
        if let Some(next) = next {
            go(next);
        }
    };
    let key = move |event: web_sys::KeyboardEvent| {
        let to_the_right = match event.key().as_str() {
            "ArrowRight" => true,
            "ArrowLeft" => false,
            "+" => return zoom.nearer(),
            "-" => return zoom.farther(),
            _ => return,
        };
        // A film's own keys move within the film.
        let within = browser::focused().is_some_and(|at| at.tag_name() == "VIDEO");
        if !within {
            turn(to_the_right != browser::is_right_to_left());
        }
    };
    let begun = StoredValue::new(None::<(f64, f64)>);
    let touch = move |event: web_sys::TouchEvent| {
        begun.set_value(zoom.fingers_down(&event.touches()));
    };
    let lift = move |event: web_sys::TouchEvent| {
        let to_the_left = begun
            .get_value()
            .and_then(|from| swiped(from, &event.changed_touches()))
            .filter(|_| zoom.is_whole());
        begun.set_value(None);
        if let Some(to_the_left) = to_the_left {
            turn(to_the_left != browser::is_right_to_left());
        }
    };
    let moves = move |event: web_sys::TouchEvent| {
        if zoom.fingers_moved(&event.touches()) {
            begun.set_value(None);
            event.prevent_default();
        }
    };
    let is = move |part: fn(&Neighbours) -> bool| known.with(|known| known.as_ref().is_some_and(part));
    view! {
        <Modal title=t!("att-viewer") testid="viewer" place=Place::Whole on_close>
            <div class="viewer-stage" data-testid="viewer-stage" on:keydown=key on:touchstart=touch on:touchend=lift on:touchmove=moves>
                {move || known.with(|known| known.as_ref().map(|known| view! { <Shown ui item=known.this.clone() zoom/> }))}
            </div>
            <div class="viewer-steps">
                <button class="icon-button" aria-label=t!("viewer-older") data-testid="viewer-older" disabled=move || !is(|known| known.older.is_some()) on:click=move |_| turn(false)>
                    <Glyph icon=BACK/>
                </button>
                <button class="icon-button" aria-label=t!("viewer-farther") data-testid="viewer-farther" disabled=move || zoom.is_whole() on:click=move |_| zoom.farther()>
                    <Glyph icon=MINUS/>
                </button>
                <button class="icon-button" aria-label=t!("viewer-nearer") data-testid="viewer-nearer" disabled=move || !is(|known| known.this.attachment.kind == AttachmentKind::Image) || zoom.is_nearest() on:click=move |_| zoom.nearer()>
                    <Glyph icon=PLUS/>
                </button>
                <button class="icon-button" aria-label=t!("viewer-newer") data-testid="viewer-newer" disabled=move || !is(|known| known.newer.is_some()) on:click=move |_| turn(true)>
                    <Glyph icon=FORWARD/>
                </button>
            </div>
            {move || known.with(|known| known.as_ref().map(|known| view! {
                <Actions ui item=known.this.clone() thread on_close/>
            }))}
            <p class="viewer-note">{t!("att-save-note")}</p>
        </Modal>
    }
}

#[component]
fn Shown(ui: Ui, item: GalleryItem, zoom: Zoom) -> impl IntoView {
    let file = item.attachment;
    match file.kind {
        AttachmentKind::Video => view! { <Projector ui id=file.id class="viewer-image"/> }.into_any(),
        kind => view! {
            <img
                class="viewer-image"
                src=media_url(file.id, None)
                alt=kind_word(kind)
                data-testid="viewer-image"
                data-attachment=file.id.0.to_string()
                class:viewer-near=move || !zoom.is_whole()
                style:inline-size=move || zoom.width()
                on:dblclick=move |_| zoom.toggle()
            />
        }
        .into_any(),
    }
}

/// What can be done with what is shown.
#[component]
fn Actions(ui: Ui, item: GalleryItem, thread: Option<Thread>, on_close: Callback<()>) -> impl IntoView {
    let (id, message, conversation) = (item.attachment.id, item.message, item.conversation);
    let forwarding = RwSignal::new(false);
    let deleting = RwSignal::new(None::<Arc<MessageRow>>);
    let show = move |_| {
        ui.target.set_value(Some((conversation.clone(), message)));
        on_close.run(());
        ui.nav.open(Route::Conversation(conversation.clone()));
    };
    view! {
        <div class="viewer-buttons">
            {button(DOWN, t!("att-save"), "viewer-save", move |_| keep_files(ui, vec![id]))}
            {matches!(item.attachment.state, AttachmentState::Done).then(|| {
                button(SHARE, t!("menu-forward"), "viewer-forward", move |_| forwarding.set(true))
            })}
            {match thread {
                Some(thread) => view! {
                    {thread.can_write().then(|| button(ANSWER, t!("menu-reply"), "viewer-reply", move |_| {
                        with_row(ui, message, move |row| {
                            thread.reply.set(Some(row));
                            on_close.run(());
                        });
                    }))}
                    {button(TRASH, t!("menu-delete"), "viewer-delete", move |_| with_row(ui, message, move |row| deleting.set(Some(row))))}
                }.into_any(),
                None => button(MESSAGE, t!("viewer-show"), "viewer-show", show).into_any(),
            }}
            {button(CLOSE, t!("common-close"), "viewer-close", move |_| on_close.run(()))}
        </div>
        {move || forwarding.get().then(|| view! {
            <Forward messages=vec![message] on_close=Callback::new(move |()| forwarding.set(false))/>
        })}
        {move || thread.zip(deleting.get()).map(|(thread, row)| view! {
            <DeleteDialog thread rows=vec![row] on_done=on_close on_close=Callback::new(move |()| deleting.set(None))/>
        })}
    }
}

fn button(
    icon: Icon,
    name: String,
    testid: &'static str,
    act: impl Fn(web_sys::MouseEvent) + 'static,
) -> impl IntoView {
    view! {
        <button class="viewer-button" data-testid=testid on:click=act>
            <Glyph icon/>
            <span>{name}</span>
        </button>
    }
}

fn with_row(ui: Ui, message: MessageId, then: impl FnOnce(Arc<MessageRow>) + 'static) {
    ui.ask(GetMessage { message }, move |row| then(Arc::new(row)));
}
