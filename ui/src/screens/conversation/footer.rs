//! What stands at the foot of a conversation besides the composer: a request's choices, a block, a hint.

use contract::{AcceptRequest, Approval, Block, DeleteRequest, Request, Unblock};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::thread::Thread;
use crate::components::dialog::{Confirm, Weight};
use crate::locale::{isolate, t};

fn approval(thread: Thread) -> Option<Approval> {
    thread.head.with(|head| {
        head.as_ref()
            .filter(|head| !head.blocked)
            .map(|head| head.approval)
    })
}

/// Sends an order about the conversation, then reads its head again.
fn order<R: Request + 'static>(thread: Thread, request: R, leave: Leave) {
    spawn_local(async move {
        match thread.ui.core.ask(request).await {
            Ok(_) if leave == Leave::Yes => thread.ui.nav.leave(),
            Ok(_) => thread.refresh_head(),
            Err(failure) => thread.ui.show_failure(&failure),
        }
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Leave {
    Yes,
    No,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    Delete,
    Block,
}

/// Accept, delete or block a message request.
#[component]
pub(crate) fn RequestFooter(thread: Thread) -> impl IntoView {
    let question = RwSignal::new(None::<Question>);
    let is_request = Memo::new(move |_| approval(thread) == Some(Approval::Request));
    let name = move || isolate(&thread.name());
    let accept = move |_| {
        order(
            thread,
            AcceptRequest {
                conversation: thread.id(),
            },
            Leave::No,
        )
    };
    let close = Callback::new(move |()| question.set(None));
    let do_it = Callback::new(move |()| {
        let conversation = thread.id();
        match question.get_untracked() {
            Some(Question::Delete) => order(thread, DeleteRequest { conversation }, Leave::Yes),
            Some(Question::Block) => order(thread, Block { conversation }, Leave::Yes),
            None => {}
        }
        question.set(None);
    });
    view! {
        <Show when=move || is_request.get()>
            <section class="request-foot">
                <p class="hint">{t!("conv-unverified")}</p>
                <p>{move || t!("req-footer", name = name())}</p>
                <div class="request-buttons">
                    <button class="button primary" data-testid="req-accept" on:click=accept>
                        {t!("req-accept")}
                    </button>
                    <button class="button soft-danger" data-testid="req-decline" on:click=move |_| question.set(Some(Question::Delete))>
                        {t!("req-decline")}
                    </button>
                    <button class="button soft-danger" data-testid="req-block2" on:click=move |_| question.set(Some(Question::Block))>
                        {t!("req-block")}
                    </button>
                </div>
            </section>
        </Show>
        {move || question.get().map(|asked| {
            let (title, body, ok) = match asked {
                Question::Delete => (t!("req-delete-title"), String::new(), t!("req-decline")),
                Question::Block => (t!("block-title", name = untrack(name)), t!("block-body"), t!("block-ok")),
            };
            view! { <Confirm title body ok weight=Weight::Danger on_ok=do_it on_close=close/> }
        })}
    }
}

/// Stands in for the composer when I blocked the other side.
#[component]
pub(crate) fn BlockedBar(thread: Thread) -> impl IntoView {
    let asking = RwSignal::new(false);
    let close = Callback::new(move |()| asking.set(false));
    let unblock = Callback::new(move |()| {
        asking.set(false);
        order(
            thread,
            Unblock {
                conversation: thread.id(),
            },
            Leave::No,
        );
    });
    view! {
        <section class="blocked" data-testid="conv-blocked">
            <p>{move || t!("conv-blocked", name = isolate(&thread.name()))}</p>
            <button class="button soft" data-testid="conv-unblock" on:click=move |_| asking.set(true)>
                {t!("conv-unblock")}
            </button>
        </section>
        <Show when=move || asking.get()>
            <Confirm
                title=t!("unblock-title", name = isolate(&untrack(|| thread.name())))
                body=""
                ok=t!("unblock-ok")
                weight=Weight::Plain
                on_ok=unblock
                on_close=close
            />
        </Show>
    }
}

/// Says that files must wait until the other side accepts.
#[component]
pub(crate) fn PendingHint(thread: Thread) -> impl IntoView {
    let pending = Memo::new(move |_| approval(thread) == Some(Approval::Pending));
    view! {
        <Show when=move || pending.get()>
            <p class="pending" data-testid="conv-pending">
                {move || t!("conv-pending", name = isolate(&thread.name()))}
            </p>
        </Show>
    }
}
