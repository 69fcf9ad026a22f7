//! What is known of a conversation, and everything that can be done with it.

mod identity;
mod nickname;

use contract::{
    ConversationId, ConversationKind, ConversationView, Event, OpenConversation, PinConversation, QrView,
    SetAutoDownload,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::identity::Identity;
use self::nickname::NicknameDialog;
use crate::app::{Route, ui};
use crate::components::dialog::Notice;
use crate::components::icon::{
    BAN, BELL, BROOM, COPY, DOWN, EYE, EYE_OFF, FORWARD, Glyph, Icon, PERSON_OFF, PHOTO, PIN, SEARCH, TIMER,
    TRASH,
};
use crate::components::top_bar::TopBar;
use crate::duration;
use crate::locale::t;
use crate::screens::data::{ExportOne, Told};
use crate::screens::mute_menu::{MuteMenu, mute_words};
use crate::screens::questions::{Ask, Question};

/// The details screen.
#[component]
pub(crate) fn Details(
    /// Of which conversation.
    id: ConversationId,
) -> impl IntoView {
    let ui = ui();
    let place = StoredValue::new(id.clone());
    let head = RwSignal::new(None::<ConversationView>);
    let refresh = move || {
        let Some(conversation) = place.try_get_value() else {
            return;
        };
        spawn_local(async move {
            if let Ok(found) = ui.core.ask(OpenConversation { conversation }).await {
                // What is shown is built anew with it, so only for what is shown here.
                let found = Some(ConversationView {
                    unread: 0,
                    draft: String::new(),
                    marked_unread: false,
                    typing: false,
                    voice_draft: None,
                    ..found
                });
                if head.try_with_untracked(|head| *head != found) == Some(true) {
                    let _ = head.try_set(found);
                }
            }
        });
    };
    refresh();
    ui.core.on_event(move |event| match event {
        Event::ConversationChanged { conversation }
            if place.try_with_value(|id| id == conversation) == Some(true) =>
        {
            refresh();
        }
        Event::Lagged => refresh(),
        _ => {}
    });
    let naming = RwSignal::new(false);
    let code = RwSignal::new(None::<QrView>);
    let question = RwSignal::new(None::<Question>);
    let muting = RwSignal::new(false);
    let exporting = RwSignal::new(false);
    let told = RwSignal::new(None::<Told>);
    let done = Callback::new(move |asked: Question| {
        question.set(None);
        if asked.ends_conversation() {
            ui.enter_home();
        }
    });
    view! {
        <TopBar title=t!("details-title")/>
        <main class="page details" data-testid="details">
            {move || head.get().map(|head| view! {
                <Identity head=head.clone() naming code/>
                <Rows head question muting exporting/>
            })}
        </main>
        {move || naming.get().then(|| head.get_untracked()).flatten().map(|head| {
            let close = Callback::new(move |()| naming.set(false));
            view! { <NicknameDialog head on_close=close/> }
        })}
        {move || question.get().map(|asked| {
            let name = head.with_untracked(|head| head.as_ref().map(|head| head.name.clone()).unwrap_or_default());
            let close = Callback::new(move |()| question.set(None));
            view! { <Ask question=asked conversation=place.get_value() name on_done=done on_close=close/> }
        })}
        {move || muting.get().then(|| {
            let muted = head.with_untracked(|head| head.as_ref().is_some_and(|head| head.muted.is_some()));
            let close = Callback::new(move |()| muting.set(false));
            view! { <MuteMenu conversation=place.get_value() muted on_close=close/> }
        })}
        {move || exporting.get().then(|| {
            let name = head.with_untracked(|head| match head {
                Some(head) if head.kind == ConversationKind::Direct => head.name.clone(),
                _ => t!("common-note-to-self"),
            });
            let close = Callback::new(move |()| exporting.set(false));
            view! { <ExportOne conversation=place.get_value() name told on_close=close/> }
        })}
        {move || told.get().map(|message| {
            let close = Callback::new(move |()| told.set(None));
            view! { <Notice title=message.title body=message.body on_close=close/> }
        })}
    }
}

#[component]
fn Rows(
    head: ConversationView,
    question: RwSignal<Option<Question>>,
    muting: RwSignal<bool>,
    exporting: RwSignal<bool>,
) -> impl IntoView {
    let ui = ui();
    let direct = head.kind == ConversationKind::Direct;
    let id = StoredValue::new(head.id.clone());
    let pinned = head.pinned;
    let pin = move || {
        ui.order(PinConversation {
            conversation: id.get_value(),
            pinned: !pinned,
        });
    };
    let auto_download = head.auto_download;
    let fetch = move || {
        ui.order(SetAutoDownload {
            conversation: id.get_value(),
            on: !auto_download,
        });
    };
    let ask = move |asked| move || question.set(Some(asked));
    let timer = head
        .disappearing
        .map(duration::setting_line)
        .unwrap_or_else(|| t!("details-off"));
    let muted = mute_words(head.muted).unwrap_or_else(|| t!("mute-off"));
    let search = move || {
        ui.search.set_value((None, String::new()));
        ui.nav.open(Route::Search(Some(id.get_value())));
    };
    view! {
        <ul class="settings" aria-label=t!("details-title")>
            {row(SEARCH, t!("details-search"), "d-search", End::Lead(String::new()), search)}
            {row(TIMER, t!("dm-title"), "d-timer", End::Lead(timer), move || ui.nav.open(Route::Disappearing(id.get_value())))}
            {row(PIN, t!("details-pin"), "d-pin", End::Switch(pinned), pin)}
            {direct.then(|| row(BELL, t!("details-notif"), "d-notif", End::Lead(muted), move || muting.set(true)))}
            {row(PHOTO, t!("gallery-title"), "d-media", End::Lead(String::new()), move || ui.nav.open(Route::Gallery(id.get_value())))}
            {direct.then(|| row(DOWN, t!("details-auto"), "d-auto", End::Switch(auto_download), fetch))}
        </ul>
        <ul class="settings" aria-label=t!("details-more")>
            {row(COPY, t!("data-export-one"), "d-export", End::Empty, move || exporting.set(true))}
            {row(BROOM, t!("details-clear"), "d-clear", End::Empty, ask(Question::Clear))}
            {(!direct).then(|| match head.hidden {
                true => row(EYE, t!("details-show"), "d-show", End::Empty, ask(Question::ShowNotes)).into_any(),
                false => row(EYE_OFF, t!("details-hide"), "d-hide", End::Empty, ask(Question::HideNotes)).into_any(),
            })}
            {direct.then(|| view! {
                {match head.blocked {
                    true => row(BAN, t!("unblock-ok"), "d-block", End::Empty, ask(Question::Unblock)).into_any(),
                    false => danger(BAN, t!("block-ok"), "d-block", ask(Question::Block)).into_any(),
                }}
                {danger(TRASH, t!("details-delete"), "d-delete", ask(Question::DeleteConversation))}
                {danger(PERSON_OFF, t!("details-delcontact"), "d-delcontact", ask(Question::DeleteContact))}
            })}
        </ul>
    }
}

/// What stands at the end of a row.
enum End {
    /// Nothing: it asks before it does something.
    Empty,
    /// Its state; a touch changes that.
    Switch(bool),
    /// It leads on; and its state.
    Lead(String),
}

fn row(icon: Icon, name: String, testid: &'static str, end: End, act: impl Fn() + 'static) -> impl IntoView {
    let (state, pressed, leads_on) = match end {
        End::Empty => (String::new(), None, false),
        End::Switch(true) => (t!("details-on"), Some("true"), false),
        End::Switch(false) => (t!("details-off"), Some("false"), false),
        End::Lead(state) => (state, None, true),
    };
    view! {
        <li>
            <button class="setting" data-testid=testid aria-pressed=pressed on:click=move |_| act()>
                <Glyph icon/>
                <span class="setting-name">{name}</span>
                <span class="setting-state">{state}</span>
                {leads_on.then(|| view! { <Glyph icon=FORWARD/> })}
            </button>
        </li>
    }
}

fn danger(icon: Icon, name: String, testid: &'static str, act: impl Fn() + 'static) -> impl IntoView {
    view! {
        <li>
            <button class="setting setting-danger" data-testid=testid on:click=move |_| act()>
                <Glyph icon/>
                <span class="setting-name">{name}</span>
            </button>
        </li>
    }
}
