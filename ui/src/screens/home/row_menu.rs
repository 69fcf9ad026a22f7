//! What can be done with a row: by long press, right click, or its "More" button.

use contract::{
    Block, ConversationKind, ConversationRow, DeleteRequest, ListMessages, MarkRead, MessageWindow,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::row::row_name;
use crate::app::ui;
use crate::components::dialog::{Confirm, Modal, Place, Weight};
use crate::locale::{isolate, t};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    Block,
    DeleteRequest,
}

/// The menu of one row.
#[component]
pub(crate) fn RowMenu(row: ConversationRow, requests: bool, on_close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let question = RwSignal::new(None::<Question>);
    let id = StoredValue::new(row.id.clone());
    let name = row_name(&row);
    let direct = row.kind == ConversationKind::Direct;
    let has_unread = row.unread > 0;
    let title = name.clone();
    let copy = move |_| {
        ui.copy(&id.get_value().0);
        on_close.run(());
    };
    let read = move |_| {
        spawn_local(async move {
            let conversation = id.get_value();
            let newest = ListMessages {
                conversation: conversation.clone(),
                window: MessageWindow::Newest,
                limit: 1,
            };
            match ui.core.ask(newest).await {
                Ok(page) => {
                    if let Some(row) = page.rows.last() {
                        ui.order(MarkRead {
                            conversation,
                            up_to: row.id,
                        });
                    }
                }
                Err(failure) => ui.show_failure(&failure),
            }
        });
        on_close.run(());
    };
    let do_it = Callback::new(move |()| {
        let conversation = id.get_value();
        match question.get_untracked() {
            Some(Question::Block) => ui.order(Block { conversation }),
            Some(Question::DeleteRequest) => ui.order(DeleteRequest { conversation }),
            None => {}
        }
        on_close.run(());
    });
    let items = move || {
        view! {
            <Modal title=title.clone() testid="row-menu" place=Place::Foot on_close>
                {(has_unread && !requests).then(|| view! {
                    <button class="menu-row" data-testid="row-read" on:click=read>{t!("row-menu-read")}</button>
                })}
                <button class="menu-row" data-testid="row-copy-id" on:click=copy>{t!("row-menu-copy-id")}</button>
                {direct.then(|| view! {
                    <button
                        class="menu-row menu-danger"
                        data-testid=if requests { "req-block" } else { "row-block" }
                        on:click=move |_| question.set(Some(Question::Block))
                    >
                        {t!("row-menu-block")}
                    </button>
                })}
                {requests.then(|| view! {
                    <button class="menu-row menu-danger" data-testid="req-delete" on:click=move |_| question.set(Some(Question::DeleteRequest))>
                        {t!("common-delete")}
                    </button>
                })}
            </Modal>
        }
    };
    view! {
        {move || match question.get() {
            None => items().into_any(),
            Some(asked) => {
                let (title, body, ok) = match asked {
                    Question::Block => (t!("block-title", name = isolate(&name)), t!("block-body"), t!("block-ok")),
                    Question::DeleteRequest => (t!("req-delete-title"), String::new(), t!("common-delete")),
                };
                view! { <Confirm title body ok weight=Weight::Danger on_ok=do_it on_close/> }.into_any()
            }
        }}
    }
}
