//! What can be done with one message.

use std::collections::BTreeSet;
use std::sync::Arc;

use contract::{Approval, MessageBody, MessageRow, MessageStatus, RetryMessage};
use leptos::prelude::*;

use super::delete::DeleteDialog;
use super::files::{keep_files, savable};
use super::message_info::Info;
use super::reactions::QuickReactions;
use super::thread::Thread;
use crate::components::dialog::{Modal, Place};
use crate::locale::t;
use crate::screens::forward::Forward;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Menu,
    Info,
    Forward,
    Delete,
}

/// The menu of one message.
#[component]
pub(crate) fn MessageMenu(
    /// Its conversation.
    thread: Thread,
    /// The message.
    row: Arc<MessageRow>,
    /// Closes the menu.
    on_close: Callback<()>,
) -> impl IntoView {
    let part = RwSignal::new(Part::Menu);
    move || match part.get() {
        Part::Menu => view! { <Choices thread row=Arc::clone(&row) part on_close/> }.into_any(),
        Part::Info => view! { <Info thread row=MessageRow::clone(&row) on_close/> }.into_any(),
        Part::Forward => view! { <Forward messages=vec![row.id] on_close/> }.into_any(),
        Part::Delete => {
            let rows = vec![Arc::clone(&row)];
            view! { <DeleteDialog thread rows on_done=on_close on_close/> }.into_any()
        }
    }
}

#[component]
fn Choices(
    thread: Thread,
    row: Arc<MessageRow>,
    part: RwSignal<Part>,
    on_close: Callback<()>,
) -> impl IntoView {
    let message = row.id;
    let deleted = matches!(row.body, MessageBody::Deleted);
    let can_react = !deleted && untrack(|| thread.can_react());
    let can_answer = !deleted && untrack(|| thread.can_write());
    let can_retry = row.status == Some(MessageStatus::Failed) || (deleted && row.failure.is_some());
    let text = match &row.body {
        MessageBody::Text { text } => Some(text.clone()),
        _ => None,
    };
    let retry = move |_| {
        thread.ui.order(RetryMessage { message });
        on_close.run(());
    };
    let answered = Arc::clone(&row);
    let answer = move |_| {
        thread.reply.set(Some(Arc::clone(&answered)));
        on_close.run(());
    };
    let savable = savable([&*row]);
    let kept = savable.clone();
    let save = move |_| {
        keep_files(thread.ui, kept.clone());
        on_close.run(());
    };
    let can_forward =
        matches!(row.body, MessageBody::Text { .. }) && row.attachments.iter().all(|file| file.here);
    let select = move |_| {
        thread.selected.set(Some(BTreeSet::from([message])));
        on_close.run(());
    };
    view! {
        <Modal title=t!("msg-menu-title") testid="msg-menu" place=Place::Foot on_close>
            {can_react.then(|| view! {
                <QuickReactions thread message reactions=row.reactions.clone() on_close/>
            })}
            {can_retry.then(|| view! {
                <button class="menu-row" data-testid="msg-retry" on:click=retry>{t!("msg-retry")}</button>
            })}
            {can_answer.then(|| view! {
                <button class="menu-row" data-testid="menu-reply" on:click=answer>{t!("menu-reply")}</button>
            })}
            {text.map(|text| {
                let copy = move |_| {
                    thread.ui.copy(&text);
                    on_close.run(());
                };
                view! { <button class="menu-row" data-testid="menu-copy" on:click=copy>{t!("menu-copy")}</button> }
            })}
            {(!savable.is_empty()).then(|| view! {
                <button class="menu-row" data-testid="menu-save" on:click=save>{t!("att-save")}</button>
            })}
            {can_forward.then(|| view! {
                <button class="menu-row" data-testid="menu-forward" on:click=move |_| part.set(Part::Forward)>
                    {t!("menu-forward")}
                </button>
            })}
            <button class="menu-row" data-testid="menu-info" on:click=move |_| part.set(Part::Info)>{t!("menu-info")}</button>
            <button class="menu-row" data-testid="menu-select" on:click=select>{t!("menu-select")}</button>
            <button class="menu-row menu-danger" data-testid="menu-delete" on:click=move |_| part.set(Part::Delete)>
                {t!("menu-delete")}
            </button>
        </Modal>
    }
}

/// Whether reactions reach somebody who knows me.
pub(crate) fn accepts_reactions(approval: Approval, blocked: bool) -> bool {
    !blocked && approval != Approval::Request
}
