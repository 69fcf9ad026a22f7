//! What can be done with one message, and what is known of it.

use std::sync::Arc;

use contract::{DeleteMessageHere, MessageRow, MessageStatus, RetryMessage};
use leptos::prelude::*;

use super::status::status_word;
use super::thread::Thread;
use crate::clock;
use crate::components::dialog::{Confirm, Modal, Place, Weight};
use crate::locale::{failure_text, t};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Menu,
    Info,
    Delete,
}

/// The menu of one message.
#[component]
pub(crate) fn MessageMenu(
    /// Its conversation.
    thread: Thread,
    /// The message.
    row: Arc<MessageRow>,
    /// Its text.
    text: String,
    /// Closes the menu.
    on_close: Callback<()>,
) -> impl IntoView {
    let part = RwSignal::new(Part::Menu);
    let message = row.id;
    let failed = row.status == Some(MessageStatus::Failed);
    let delete = Callback::new(move |()| {
        thread.ui.order(DeleteMessageHere { message });
        on_close.run(());
    });
    move || match part.get() {
        Part::Menu => {
            let text = text.clone();
            let copy = move |_| {
                thread.ui.copy(&text);
                on_close.run(());
            };
            let retry = move |_| {
                thread.ui.order(RetryMessage { message });
                on_close.run(());
            };
            view! {
                <Modal title=t!("msg-menu-title") testid="msg-menu" place=Place::Foot on_close>
                    {failed.then(|| view! {
                        <button class="menu-row" data-testid="msg-retry" on:click=retry>{t!("msg-retry")}</button>
                    })}
                    <button class="menu-row" data-testid="menu-copy" on:click=copy>{t!("menu-copy")}</button>
                    <button class="menu-row" data-testid="menu-info" on:click=move |_| part.set(Part::Info)>{t!("menu-info")}</button>
                    <button class="menu-row menu-danger" data-testid="menu-delete" on:click=move |_| part.set(Part::Delete)>
                        {t!("menu-delete")}
                    </button>
                </Modal>
            }
            .into_any()
        }
        Part::Info => view! { <Info thread row=Arc::clone(&row) on_close/> }.into_any(),
        Part::Delete => view! {
            <Confirm
                title=t!("del-title")
                body=t!("del-body")
                ok=t!("common-delete")
                weight=Weight::Danger
                on_ok=delete
                on_close
            />
        }
        .into_any(),
    }
}

#[component]
fn Info(thread: Thread, row: Arc<MessageRow>, on_close: Callback<()>) -> impl IntoView {
    let at = |moment| clock::local(moment).with_day(clock::now());
    let from = if row.mine {
        t!("conv-you")
    } else {
        untrack(|| thread.name())
    };
    let status = row.status.map(|status| {
        row.failure
            .as_ref()
            .map_or_else(|| status_word(status), failure_text)
    });
    let code = row.failure.as_ref().map(|failure| failure.code.as_str());
    view! {
        <Modal title=t!("info-title") testid="info" place=Place::Middle on_close>
            <dl class="info">
                <dt>{t!("info-sent")}</dt>
                <dd>{at(row.sent_at_ms)}</dd>
                {(!row.mine).then(|| view! {
                    <dt>{t!("info-received")}</dt>
                    <dd>{at(row.received_at_ms)}</dd>
                })}
                <dt>{t!("info-from")}</dt>
                <dd>
                    <bdi>{from}</bdi>
                    <bdi class="mono info-id" dir="ltr" translate="no">{row.author.0.clone()}</bdi>
                </dd>
                {status.map(|status| view! {
                    <dt>{t!("info-status")}</dt>
                    <dd>{status}</dd>
                })}
                {code.map(|code| view! {
                    <dt>{t!("info-code")}</dt>
                    <dd class="mono">{code}</dd>
                })}
            </dl>
            <button class="button plain" autofocus=true on:click=move |_| on_close.run(())>
                {t!("common-close")}
            </button>
        </Modal>
    }
}
