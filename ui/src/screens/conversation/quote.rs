//! Answers: the block that shows what a message answers, and the bar above the composer.

use contract::{AttachmentKind, AttachmentView, MessageBody, Quote};
use leptos::prelude::*;

use super::files::{kind_word, media_url};
use super::thread::Thread;
use crate::components::icon::{CLOSE, Glyph};
use crate::locale::{isolate, t, without_controls};

/// Side of a quoted picture, in pixels at most.
const SMALL_SIDE: u32 = 320;

/// A message in one line.
pub(crate) fn excerpt(body: &MessageBody) -> String {
    match body {
        MessageBody::Text { text } => {
            let words: Vec<&str> = text.split_whitespace().collect();
            without_controls(&words.join(" "))
        }
        MessageBody::Deleted => t!("msg-deleted"),
        _ => t!("msg-unsupported"),
    }
}

/// A message in one line: its text, or what its first file is.
fn said(body: &MessageBody, file: Option<&AttachmentView>) -> String {
    let text = excerpt(body);
    match file {
        Some(file) if text.is_empty() => match file.file_name.as_str() {
            name if file.kind == AttachmentKind::File && !name.is_empty() => without_controls(name),
            _ => kind_word(file.kind),
        },
        _ => text,
    }
}

/// The small picture of a quoted one.
fn picture(file: Option<&AttachmentView>) -> Option<impl IntoView + use<>> {
    let file = file.filter(|file| file.here && file.kind == AttachmentKind::Image)?;
    let source = media_url(file.id, Some(SMALL_SIDE));
    Some(view! { <img class="quote-picture" src=source alt="" data-testid="quote-picture"/> })
}

/// What a message answers; a tap leads there.
#[component]
pub(crate) fn QuoteBlock(thread: Thread, quote: Quote) -> impl IntoView {
    let name = if quote.mine {
        t!("conv-you")
    } else {
        isolate(&quote.name)
    };
    let Some(original) = quote.original else {
        return view! {
            <p class="quote quote-gone" data-testid="msg-quote">
                <bdi class="quote-name">{name}</bdi>
                <span class="quote-text">{t!("quote-gone")}</span>
            </p>
        }
        .into_any();
    };
    let text = said(&original.body, original.file.as_ref());
    let label = t!("quote-label", name = name.as_str(), text = text.as_str());
    let id = original.message;
    view! {
        <button class="quote" data-testid="msg-quote" aria-label=label on:click=move |_| thread.show(id)>
            <span class="quote-with-picture">
                <span class="quote-words">
                    <bdi class="quote-name">{name}</bdi>
                    <span class="quote-text" dir="auto">{text}</span>
                </span>
                {picture(original.file.as_ref())}
            </span>
        </button>
    }
    .into_any()
}

/// What is being answered, above the composer.
#[component]
pub(crate) fn ReplyBar(thread: Thread) -> impl IntoView {
    move || {
        let row = thread.reply.get()?;
        let name = if row.mine {
            t!("conv-you")
        } else {
            isolate(&thread.name())
        };
        Some(view! {
            <div class="reply-bar" data-testid="comp-reply">
                <div class="quote">
                    <span class="quote-with-picture">
                        <span class="quote-words">
                            <bdi class="quote-name">{t!("comp-reply", name = name)}</bdi>
                            <span class="quote-text" dir="auto">{said(&row.body, row.attachments.first())}</span>
                        </span>
                        {picture(row.attachments.first())}
                    </span>
                </div>
                <button class="icon-button" aria-label=t!("comp-reply-cancel") data-testid="comp-reply-cancel" on:click=move |_| thread.reply.set(None)>
                    <Glyph icon=CLOSE/>
                </button>
            </div>
        })
    }
}
