//! What can be done with a row: by long press, right click, or its "More" button; by swiping, too.

use contract::{ConversationKind, ConversationRow};
use leptos::prelude::*;

use super::row::row_name;
use super::row_actions::{pin, read, unmute};
use crate::app::{Route, ui};
use crate::components::dialog::{Modal, Place};
use crate::components::icon::{
    BAN, BELL, BELL_OFF, COPY, EYE_OFF, Glyph, INFO, Icon, MAIL, MAIL_OPEN, PERSON_OFF, PIN, TRASH,
};
use crate::locale::t;
use crate::screens::mute_menu::MuteMenu;
use crate::screens::questions::{Ask, Question};

/// What the menu has led to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// The menu itself.
    Menu,
    /// For how long to mute.
    Mute,
    /// A question.
    Ask(Question),
}

/// The menu of one row.
#[component]
pub(crate) fn RowMenu(
    row: ConversationRow,
    requests: bool,
    /// Where to begin: a swipe leads on at once.
    first: Next,
    on_close: Callback<()>,
) -> impl IntoView {
    let next = RwSignal::new(first);
    let name = row_name(&row);
    let shown = StoredValue::new(row);
    view! {
        {move || match next.get() {
            Next::Menu => view! { <Items row=shown.get_value() requests next on_close/> }.into_any(),
            Next::Mute => {
                let row = shown.get_value();
                view! { <MuteMenu conversation=row.id muted=row.muted on_close/> }.into_any()
            }
            Next::Ask(question) => {
                let conversation = shown.with_value(|row| row.id.clone());
                let on_done = Callback::new(move |_| on_close.run(()));
                view! { <Ask question conversation name=name.clone() on_done on_close/> }.into_any()
            }
        }}
    }
}

#[component]
fn Items(
    row: ConversationRow,
    requests: bool,
    next: RwSignal<Next>,
    on_close: Callback<()>,
) -> impl IntoView {
    let ui = ui();
    let direct = row.kind == ConversationKind::Direct;
    let unread = row.unread > 0 || row.marked_unread;
    let (pinned, muted) = (row.pinned, row.muted);
    let id = StoredValue::new(row.id.clone());
    let shown = StoredValue::new(row.clone());
    let act = move |what: fn(crate::app::Ui, &ConversationRow)| {
        shown.with_value(|row| what(ui, row));
        on_close.run(());
    };
    let details = move |_| {
        on_close.run(());
        ui.nav.open(Route::Details(id.get_value()));
    };
    let copy = move |_| {
        ui.copy(&id.get_value().0);
        on_close.run(());
    };
    let ask = move |question| next.set(Next::Ask(question));
    let item = |icon: Icon, text: String, testid: &'static str, act: Box<dyn Fn()>| {
        view! {
            <button class="menu-row" data-testid=testid on:click=move |_| act()>
                <Glyph icon/>
                {text}
            </button>
        }
    };
    let danger = move |icon: Icon, text: String, testid: &'static str, question| {
        view! {
            <button class="menu-row menu-danger" data-testid=testid on:click=move |_| ask(question)>
                <Glyph icon/>
                {text}
            </button>
        }
    };
    let read_item = if unread {
        item(
            MAIL_OPEN,
            t!("row-menu-read"),
            "row-read",
            Box::new(move || act(read)),
        )
    } else {
        item(
            MAIL,
            t!("row-menu-unread"),
            "row-read",
            Box::new(move || act(read)),
        )
    };
    let mute_item = if muted {
        item(
            BELL,
            t!("row-menu-unmute"),
            "row-mute",
            Box::new(move || act(unmute)),
        )
    } else {
        item(
            BELL_OFF,
            t!("row-menu-mute"),
            "row-mute",
            Box::new(move || next.set(Next::Mute)),
        )
    };
    let pin_text = if pinned {
        t!("row-menu-unpin")
    } else {
        t!("row-menu-pin")
    };
    let pin_item = item(PIN, pin_text, "row-pin", Box::new(move || act(pin)));
    view! {
        <Modal title=row_name(&row) testid="row-menu" place=Place::Foot on_close>
            {(!requests).then(|| view! {
                {read_item}
                {direct.then_some(mute_item)}
                {pin_item}
                <button class="menu-row" data-testid="row-details" on:click=details>
                    <Glyph icon=INFO/>
                    {t!("row-menu-details")}
                </button>
            })}
            <button class="menu-row" data-testid="row-copy-id" on:click=copy>
                <Glyph icon=COPY/>
                {t!("row-menu-copy-id")}
            </button>
            {(!direct).then(|| view! {
                <button class="menu-row" data-testid="row-hide" on:click=move |_| ask(Question::HideNotes)>
                    <Glyph icon=EYE_OFF/>
                    {t!("row-menu-hide")}
                </button>
            })}
            {direct.then(|| danger(BAN, t!("row-menu-block"), if requests { "req-block" } else { "row-block" }, Question::Block))}
            {requests.then(|| danger(TRASH, t!("common-delete"), "req-delete", Question::DeleteRequest))}
            {(direct && !requests).then(|| view! {
                {danger(TRASH, t!("row-menu-delete"), "row-delete", Question::DeleteConversation)}
                {danger(PERSON_OFF, t!("row-menu-delete-contact"), "row-delcontact", Question::DeleteContact)}
            })}
        </Modal>
    }
}
