//! Where a message is written. What is not sent stays as a draft.

use contract::{Approval, CheckPhrase, ErrorCode, Failure, SendText, SetDraft, SetTyping};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::attach::Attach;
use super::count;
use super::preview::{Drafted, DraftedPreview};
use super::thread::Thread;
use super::voice::{Microphone, Recorder, VoiceBar};
use crate::browser;
use crate::components::dialog::{Confirm, Notice, Weight};
use crate::components::icon::{Glyph, SEND};
use crate::locale::{failure_text, t};

/// A draft is kept after this long without a keystroke.
const DRAFT_MS: i32 = 400;
/// Keys are told of once in this time.
const TYPING_MS: i64 = 1_000;
/// A recovery phrase has this many words.
const PHRASE_WORDS: usize = 13;

/// What a press on Send asks first.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Question {
    TooLong(Failure),
    IsPhrase,
}

/// The text field, its count and Send.
#[component]
pub(crate) fn Composer(thread: Thread) -> impl IntoView {
    let field = NodeRef::<html::Textarea>::new();
    let text = RwSignal::new(String::new());
    let typed = StoredValue::new(0_u64);
    let question = RwSignal::new(None::<Question>);
    let keyboard = browser::has_keyboard();

    let drafted = Drafted::follow(thread, text);
    fill_from_draft(thread, text, typed, field);
    field.on_load(move |element| {
        if keyboard {
            browser::before_paint(move || browser::focus(&element));
        }
    });
    let keep_draft = move || {
        let (Some(conversation), Some(text)) = (Some(thread.id()), text.try_get_untracked()) else {
            return;
        };
        spawn_local(async move {
            // A draft that could not be kept is still in the field.
            let _ = thread.ui.core.ask(SetDraft { conversation, text }).await;
        });
    };
    on_cleanup(move || {
        if typed.try_get_value().is_some_and(|typed| typed > 0) {
            keep_draft();
        }
    });
    let told_at = StoredValue::new(0_i64);
    let tell_typing = move |typing: bool| {
        let now = browser::now_ms();
        // Keys that follow each other closely tell nothing new.
        if typing && told_at.try_get_value().is_some_and(|told| now - told < TYPING_MS) {
            return;
        }
        let told = told_at.try_update_value(|told| std::mem::replace(told, if typing { now } else { 0 }));
        if typing || told.is_some_and(|told| told > 0) {
            let conversation = thread.id();
            spawn_local(async move {
                // Whether others are told is up to the engine; it is no news when they are not.
                let _ = thread.ui.core.ask(SetTyping { conversation, typing }).await;
            });
        }
    };
    let on_input = move |event| {
        text.set(event_target_value(&event));
        tell_typing(text.with_untracked(|text| !text.trim().is_empty()));
        grow(field);
        typed.update_value(|n| *n += 1);
        let number = typed.get_value();
        browser::after(DRAFT_MS, move || {
            if typed.try_get_value() == Some(number) {
                keep_draft();
            }
        });
    };
    let post = move || {
        let body = text.get_untracked().trim().to_owned();
        let conversation = thread.id();
        let answered = thread.reply.get_untracked();
        let preview = drafted.take(&body);
        thread.reply.set(None);
        text.set(String::new());
        typed.update_value(|n| *n += 1);
        browser::before_paint(move || grow(field));
        spawn_local(async move {
            match thread
                .ui
                .core
                .ask(SendText {
                    conversation,
                    text: body.clone(),
                    reply_to: answered.as_ref().map(|row| row.id),
                    preview,
                })
                .await
            {
                Ok(sent) => {
                    keep_draft();
                    thread.refresh_head();
                    thread.show_sent(sent.message_id);
                }
                Err(failure) => {
                    // What was written comes back, before what was typed since.
                    let _ = thread.reply.try_update(|now| *now = now.take().or(answered));
                    let _ = text.try_update(|now| {
                        *now = if now.is_empty() {
                            body
                        } else {
                            format!("{body}\n{now}")
                        }
                    });
                    thread.ui.show_failure(&failure);
                }
            }
        });
    };
    let send = move || {
        let body = text.get_untracked().trim().to_owned();
        let left = count::left(&body);
        if body.is_empty() {
            return;
        }
        if left < 0 {
            question.set(Some(Question::TooLong(
                Failure::new(ErrorCode::TextLong).with("n", -left),
            )));
        } else if body.split_whitespace().count() == PHRASE_WORDS {
            spawn_local(async move {
                let check = thread.ui.core.ask(CheckPhrase { text: body.into() }).await;
                if check.is_ok_and(|check| check.failure.is_none()) {
                    question.set(Some(Question::IsPhrase));
                } else {
                    post();
                }
            });
        } else {
            post();
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        // Enter sends where there is a hardware keyboard; Shift+Enter is always a new line.
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() && keyboard {
            event.prevent_default();
            send();
        }
    };
    let shown = Memo::new(move |_| text.with(|text| count::shown(text.trim())));
    let can_attach = Signal::derive(move || {
        thread.head.with(|head| {
            head.as_ref()
                .is_some_and(|head| head.approval == Approval::Accepted)
        })
    });
    let can_send = Memo::new(move |_| text.with(|text| !text.trim().is_empty()));
    let recorder = Recorder::new(thread, can_attach);
    // One of them stands at the end of the line; what is recorded brings its own button.
    let no_send = Signal::derive(move || recorder.is_busy() || !can_send.get());
    let no_microphone =
        Signal::derive(move || recorder.is_hands_free() || (can_send.get() && !recorder.is_busy()));
    let close = Callback::new(move |()| {
        question.set(None);
        if let Some(field) = field.get_untracked() {
            browser::focus(&field);
        }
    });
    let send_anyway = Callback::new(move |()| {
        question.set(None);
        post();
    });
    view! {
        <DraftedPreview drafted/>
        <form
            class="composer"
            class:recording=move || recorder.is_busy()
            data-testid="composer"
            on:submit=move |event| event.prevent_default()
        >
            <Attach thread allowed=can_attach/>
            <div class="composer-field">
                <textarea
                    class="composer-input"
                    data-testid="comp-input"
                    rows="1"
                    dir="auto"
                    aria-label=t!("comp-label")
                    placeholder=t!("comp-placeholder")
                    enterkeyhint=if keyboard { "send" } else { "enter" }
                    aria-describedby="comp-count"
                    node_ref=field
                    prop:value=move || text.get()
                    on:input=on_input
                    on:keydown=on_key
                ></textarea>
                <span id="comp-count" class="composer-count" class:composer-over=move || shown.get().is_some_and(|left| left < 0) role="status">
                    {move || shown.get().map(|left| view! {
                        <span data-testid="comp-count" aria-label=count_word(left)>{left.to_string()}</span>
                    })}
                </span>
            </div>
            <VoiceBar recorder/>
            <Microphone recorder allowed=can_attach hidden=no_microphone/>
            <button
                class="send"
                class:voice-gone=no_send
                type="button"
                data-testid="comp-send"
                aria-label=t!("comp-send")
                disabled=move || !can_send.get()
                on:click=move |_| send()
            >
                <Glyph icon=SEND/>
            </button>
        </form>
        {move || question.get().map(|asked| match asked {
            Question::TooLong(failure) => {
                view! { <Notice title=t!("comp-long-title") body=failure_text(&failure) on_close=close/> }.into_any()
            }
            Question::IsPhrase => {
                view! {
                    <Confirm
                        title=t!("comp-phrase-title")
                        body=t!("comp-phrase-body")
                        ok=t!("comp-phrase-send")
                        cancel=t!("comp-phrase-keep")
                        weight=Weight::Danger
                        on_ok=send_anyway
                        on_close=close
                    />
                }
                    .into_any()
            }
        })}
    }
}

fn count_word(left: i64) -> String {
    if left < 0 {
        t!("comp-over", n = -left)
    } else {
        t!("comp-count", n = left)
    }
}

/// Puts the kept draft into the field once it is known, unless something was typed already.
fn fill_from_draft(
    thread: Thread,
    text: RwSignal<String>,
    typed: StoredValue<u64>,
    field: NodeRef<html::Textarea>,
) {
    let head = thread.head;
    let fill = move |draft: String| {
        if typed.get_value() == 0 && text.with_untracked(String::is_empty) && !draft.is_empty() {
            text.set(draft);
            browser::before_paint(move || grow(field));
        }
    };
    if let Some(draft) = head.with_untracked(|head| head.as_ref().map(|head| head.draft.clone())) {
        fill(draft);
        return;
    }
    let conversation = thread.id();
    spawn_local(async move {
        if let Ok(head) = thread
            .ui
            .core
            .ask(contract::OpenConversation { conversation })
            .await
            && text.try_with_untracked(|_| ()).is_some()
        {
            fill(head.draft);
        }
    });
}

/// Makes the field as tall as its text; the style sheet stops it at six lines.
fn grow(field: NodeRef<html::Textarea>) {
    let Some(field) = field.try_get_untracked().flatten() else {
        return;
    };
    let style = web_sys::HtmlElement::style(&field);
    let _ = style.set_property("block-size", "auto");
    let _ = style.set_property("block-size", &format!("{}px", field.scroll_height()));
}
