//! The question before messages are deleted, with the reaches that apply.

use contract::{
    ConversationKind, DeleteForEveryone, DeleteMessageHere, DeleteOnMyDevices, MessageBody, MessageId,
};
use leptos::prelude::*;

use super::run::Row;
use super::thread::Thread;
use crate::components::dialog::{Modal, Place};
use crate::locale::t;

/// Who loses a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Here,
    MyDevices,
    Everyone,
}

/// The reaches that apply to all of some messages.
fn reaches(kind: Option<ConversationKind>, rows: &[Row]) -> Vec<Reach> {
    let mut reaches = vec![Reach::Here];
    let all = |holds: fn(&Row) -> bool| rows.iter().all(holds);
    if all(|row| matches!(row.body, MessageBody::Deleted)) {
        return reaches;
    }
    match kind {
        Some(ConversationKind::NoteToSelf) => reaches.push(Reach::MyDevices),
        Some(ConversationKind::Direct)
            if all(|row| row.mine && !matches!(row.body, MessageBody::Deleted)) =>
        {
            reaches.push(Reach::Everyone);
        }
        _ => {}
    }
    reaches
}

fn delete(thread: Thread, message: MessageId, reach: Reach) {
    match reach {
        Reach::Here => thread.ui.order(DeleteMessageHere { message }),
        Reach::MyDevices => thread.ui.order(DeleteOnMyDevices { message }),
        Reach::Everyone => thread.ui.order(DeleteForEveryone { message }),
    }
}

/// Asks for whom messages are deleted, and deletes them.
#[component]
pub(crate) fn DeleteDialog(
    thread: Thread,
    rows: Vec<Row>,
    /// After deleting.
    on_done: Callback<()>,
    on_close: Callback<()>,
) -> impl IntoView {
    let kind = thread
        .head
        .with_untracked(|head| head.as_ref().map(|head| head.kind));
    let chosen = RwSignal::new(Reach::Here);
    let choice = move |reach: Reach| {
        let (testid, label) = match reach {
            Reach::Here => ("del-here", t!("del-here")),
            Reach::MyDevices => ("del-mine", t!("del-mine")),
            Reach::Everyone => ("del-all", t!("del-all")),
        };
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="reach"
                    data-testid=testid
                    prop:checked=move || chosen.get() == reach
                    on:change=move |_| chosen.set(reach)
                />
                <span>{label}</span>
            </label>
        }
    };
    let choices = reaches(kind, &rows).into_iter().map(choice).collect_view();
    let title = t!("del-title", n = rows.len() as i64);
    let ids: Vec<MessageId> = rows.iter().map(|row| row.id).collect();
    let ok = move |_| {
        for id in &ids {
            delete(thread, *id, chosen.get_untracked());
        }
        on_done.run(());
    };
    view! {
        <Modal title testid="dialog" place=Place::Middle on_close>
            <fieldset class="choices">
                <legend class="visually-hidden">{t!("del-whom")}</legend>
                {choices}
            </fieldset>
            <div class="modal-buttons">
                <button class="button danger" data-testid="dlg-ok" on:click=ok>
                    {t!("common-delete")}
                </button>
                <button class="button plain" data-testid="dlg-cancel" autofocus=true on:click=move |_| on_close.run(())>
                    {t!("common-cancel")}
                </button>
            </div>
        </Modal>
    }
}
