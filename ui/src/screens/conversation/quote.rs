//! Answers: the block that shows what a message answers, and the bar above the composer.

use contract::{MessageBody, Quote};
use leptos::prelude::*;

use super::thread::Thread;
use crate::components::icon::{CLOSE, Glyph};
use crate::locale::{isolate, t, without_controls};

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
    let text = excerpt(&original.body);
    let label = t!("quote-label", name = name.as_str(), text = text.as_str());
    let id = original.message;
    view! {
        <button class="quote" data-testid="msg-quote" aria-label=label on:click=move |_| thread.show(id)>
            <bdi class="quote-name">{name}</bdi>
            <span class="quote-text" dir="auto">{text}</span>
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
                    <bdi class="quote-name">{t!("comp-reply", name = name)}</bdi>
                    <span class="quote-text" dir="auto">{excerpt(&row.body)}</span>
                </div>
                <button class="icon-button" aria-label=t!("comp-reply-cancel") data-testid="comp-reply-cancel" on:click=move |_| thread.reply.set(None)>
                    <Glyph icon=CLOSE/>
                </button>
            </div>
        })
    }
}
