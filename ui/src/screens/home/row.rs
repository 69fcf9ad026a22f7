//! One row of a conversation list.

use contract::{
    AttachmentKind, ConversationId, ConversationKind, ConversationRow, MessageBody, MessageStatus, Snippet,
    SnippetAttachment,
};
use leptos::prelude::*;

use super::list::HomeList;
use super::row_actions;
use super::row_menu::{Next, RowMenu};
use super::swipe::{Swipe, Swiping};
use crate::app::{Route, ui};
use crate::clock;
use crate::components::avatar::Avatar;
use crate::components::icon::{BELL_OFF, Glyph, MORE, PIN, TIMER};
use crate::locale::{isolate, t};
use crate::screens::conversation::files::kind_word;
use crate::screens::conversation::notice::notice_text;
use crate::screens::conversation::status::StatusIcon;

/// Unread counts above this show as "999+".
const COUNTED: u32 = 999;

/// The row of one conversation; empty when it has just left the window.
#[component]
pub(crate) fn Row(list: HomeList, id: ConversationId, row_rem: f64) -> impl IntoView {
    let ui = ui();
    let key = id.clone();
    let found = Memo::new(move |_| list.row(&key));
    let index = move || found.with(|found| found.as_ref().map_or(0, |found| found.0));
    let row = Memo::new(move |_| found.get().map(|found| found.1));
    let menu = RwSignal::new(None::<Next>);
    let swiping = Swiping::new();
    let target = StoredValue::new(id.clone());
    let open = move || ui.nav.open(Route::Conversation(target.get_value()));
    let current = {
        let id = id.clone();
        move || ui.nav.current() == Route::Conversation(id.clone())
    };
    let name = Signal::derive(move || row.with(|row| row.as_ref().map(row_name).unwrap_or_default()));
    let note = Signal::derive(move || {
        row.with(|row| {
            row.as_ref()
                .is_some_and(|r| r.kind == ConversationKind::NoteToSelf)
        })
    });
    let picture = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.picture.clone())));
    let unread = Memo::new(move |_| row.with(|row| row.as_ref().map_or(0, |row| row.unread)));
    let marked = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.marked_unread)));
    let muted = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.muted)));
    let timer = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.disappearing)));
    let has_unread = move || unread.get() > 0 || marked.get();
    let time = Memo::new(move |_| {
        row.with(|row| row.as_ref().and_then(|row| row.last_activity_ms))
            .map(|at| clock::local(at).in_list(clock::now()))
    });
    let snippet = Memo::new(move |_| row.with(|row| row.as_ref().map(snippet_text).unwrap_or_default()));
    let pinned = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.pinned)));
    let status =
        Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| pending_status(row.snippet.as_ref()))));
    let label = move || {
        spoken(
            &name.get(),
            unread.get(),
            &snippet.get(),
            time.get().as_deref(),
            &[
                marked.get().then(|| t!("row-marked-unread")),
                pinned.get().then(|| t!("row-pinned")),
                muted.get().then(|| t!("row-muted")),
                timer.get().then(|| t!("row-disappearing")),
            ],
        )
    };
    let end_swipe = move || match swiping.end() {
        Some(Swipe::FromStart) => {
            row.with_untracked(|row| {
                if let Some(row) = row.as_ref().filter(|_| !list.is_requests()) {
                    row_actions::read(ui, row);
                }
            });
        }
        Some(Swipe::FromEnd) => menu.set(Some(Next::Menu)),
        None => {}
    };
    view! {
        <li
            class="row"
            class:row-unread=has_unread
            style:inset-block-start=move || format!("{}rem", f64::from(index()) * row_rem)
            aria-setsize=move || list.page.with(|page| page.as_ref().map_or(0, |page| page.total)).to_string()
            aria-posinset=move || (index() + 1).to_string()
        >
            <button
                class="row-open"
                data-testid="home-row"
                data-conversation=id.0.clone()
                aria-label=label
                aria-current=move || current().then_some("true")
                style:transform=move || match swiping.moved.get() {
                    0.0 => String::new(),
                    moved => format!("translateX({moved}px)"),
                }
                on:touchstart=move |event| swiping.begin(&event)
                on:touchmove=move |event| swiping.go_on(&event)
                on:touchend=move |_| end_swipe()
                on:touchcancel=move |_| {
                    swiping.end();
                }
                on:click=move |_| open()
                on:contextmenu=move |event| {
                    event.prevent_default();
                    menu.set(Some(Next::Menu));
                }
            >
                <Avatar id=id.0.clone() name note picture/>
                <span class="row-text">
                    <span class="row-top">
                        <bdi class="row-name">{move || name.get()}</bdi>
                        {move || timer.get().then(|| view! { <Glyph icon=TIMER/> })}
                        {move || muted.get().then(|| view! { <Glyph icon=BELL_OFF/> })}
                        {move || pinned.get().then(|| view! { <Glyph icon=PIN/> })}
                        <time class="row-time">{move || time.get()}</time>
                    </span>
                    <span class="row-low">
                        {move || status.get().map(|status| view! { <StatusIcon status/> })}
                        <span class="row-snippet" dir="auto">{move || snippet.get()}</span>
                        {move || (unread.get() > 0).then(|| view! { <span class="badge" data-testid="row-unread">{badge(unread.get())}</span> })}
                        {move || (unread.get() == 0 && marked.get()).then(|| view! { <span class="badge badge-mark" data-testid="row-marked"></span> })}
                    </span>
                </span>
            </button>
            <button
                class="icon-button row-more"
                data-testid="row-more"
                aria-label=move || t!("row-more", name = isolate(&name.get()))
                on:click=move |_| menu.set(Some(Next::Menu))
            >
                <Glyph icon=MORE/>
            </button>
            {move || {
                let first = menu.get()?;
                let row = row.get_untracked()?;
                Some(view! { <RowMenu row requests=list.is_requests() first on_close=Callback::new(move |()| menu.set(None))/> })
            }}
        </li>
    }
}

/// The name of a row; Note to Self is worded here.
pub(crate) fn row_name(row: &ConversationRow) -> String {
    match row.kind {
        ConversationKind::NoteToSelf => t!("common-note-to-self"),
        ConversationKind::Direct => row.name.clone(),
    }
}

fn snippet_text(row: &ConversationRow) -> String {
    if row.typing {
        return t!("conv-typing");
    }
    if let Some(draft) = row.draft.as_ref().filter(|draft| !draft.trim().is_empty()) {
        return t!("row-draft", text = one_line(draft));
    }
    let Some(snippet) = &row.snippet else {
        return String::new();
    };
    let name = || isolate(&row_name(row));
    let text = match &snippet.body {
        MessageBody::Text { text } if !text.trim().is_empty() => one_line(text),
        MessageBody::Text { .. } => snippet.attachment.as_ref().map(file_text).unwrap_or_default(),
        MessageBody::Deleted => t!("msg-deleted"),
        body => notice_text(body, snippet.mine, &name()).unwrap_or_else(|| t!("row-unsupported")),
    };
    if snippet.status == Some(MessageStatus::Failed) {
        t!("row-not-sent", text = text)
    } else {
        text
    }
}

/// A message that is only files, in one line.
fn file_text(file: &SnippetAttachment) -> String {
    match file.kind {
        AttachmentKind::File if !file.file_name.is_empty() => {
            t!("snippet-file", name = isolate(&file.file_name))
        }
        kind => kind_word(kind),
    }
}

/// A message in one line of at most 200 characters, which no screen can show in a row.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(200).collect()
}

/// The state of my newest message while it is not plainly sent.
fn pending_status(snippet: Option<&Snippet>) -> Option<MessageStatus> {
    snippet
        .filter(|s| s.mine)
        .and_then(|s| s.status)
        .filter(|s| !matches!(s, MessageStatus::Sent | MessageStatus::Read))
}

fn badge(unread: u32) -> String {
    if unread > COUNTED {
        format!("{COUNTED}+")
    } else {
        unread.to_string()
    }
}

fn spoken(name: &str, unread: u32, snippet: &str, time: Option<&str>, marks: &[Option<String>]) -> String {
    let mut parts = vec![name.to_owned()];
    if unread > 0 {
        parts.push(t!("row-unread", n = unread));
    }
    parts.extend(
        [snippet, time.unwrap_or_default()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(str::to_owned),
    );
    parts.extend(marks.iter().flatten().cloned());
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(body: MessageBody, status: Option<MessageStatus>, draft: Option<&str>) -> ConversationRow {
        ConversationRow {
            id: ConversationId("05".into()),
            kind: ConversationKind::Direct,
            name: "Mira".into(),
            last_activity_ms: None,
            snippet: Some(Snippet {
                body,
                mine: status.is_some(),
                status,
                attachment: None,
            }),
            unread: 0,
            pinned: false,
            draft: draft.map(str::to_owned),
            muted: false,
            marked_unread: false,
            typing: false,
            disappearing: false,
            picture: None,
        }
    }

    #[test]
    fn a_snippet_is_one_line_and_a_draft_goes_first() {
        let text = || MessageBody::Text {
            text: "one\n\n two".into(),
        };
        assert_eq!(snippet_text(&row(text(), None, None)), "one two");
        assert_eq!(snippet_text(&row(text(), None, Some(" \n"))), "one two");
        assert_eq!(snippet_text(&row(text(), None, Some("later"))), "Draft: later");
        assert_eq!(
            snippet_text(&row(text(), Some(MessageStatus::Failed), None)),
            "Not sent: one two"
        );
        assert_eq!(
            snippet_text(&row(MessageBody::RequestAcceptedByThem, None, None)),
            "Mira accepted your request."
        );
    }

    #[test]
    fn a_row_is_read_in_the_order_name_unread_snippet_time() {
        assert_eq!(
            spoken(
                "Mira",
                2,
                "hello",
                Some("14:05"),
                &[Some(t!("row-pinned")), None, Some(t!("row-muted"))]
            ),
            "Mira, 2 unread, hello, 14:05, pinned, muted"
        );
        assert_eq!(spoken("Mira", 0, "", None, &[]), "Mira");
    }

    #[test]
    fn counts_end_at_999() {
        assert_eq!((badge(999), badge(1_000)), ("999".to_owned(), "999+".to_owned()));
    }
}
