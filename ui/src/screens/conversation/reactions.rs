//! Reactions: giving them from the menu, the pills below a bubble, and who gave what.

use contract::{ListReactions, MessageId, React, ReactionCount, ReactionView};
use leptos::prelude::*;

use super::emoji::{EmojiPicker, QUICK};
use super::press::LongPress;
use super::thread::Thread;
use crate::components::dialog::{Modal, Place};
use crate::components::icon::{Glyph, PLUS};
use crate::locale::t;

/// Kinds of emojis that stand below a bubble; of the others the number.
const MOST_PILLS: usize = 6;

/// Gives an emoji, or takes it back when it is mine already.
fn toggle(thread: Thread, message: MessageId, reactions: &[ReactionCount], emoji: &str) {
    let is_mine = reactions.iter().any(|count| count.mine && count.emoji == emoji);
    let emoji = emoji.to_owned();
    thread.ui.order(React {
        message,
        emoji,
        add: !is_mine,
    });
}

/// The six quick reactions, and the way to all others.
#[component]
pub(crate) fn QuickReactions(
    thread: Thread,
    message: MessageId,
    reactions: Vec<ReactionCount>,
    on_close: Callback<()>,
) -> impl IntoView {
    let picking = RwSignal::new(false);
    let reactions = StoredValue::new(reactions);
    let give = move |emoji: String| {
        reactions.with_value(|reactions| toggle(thread, message, reactions, &emoji));
        on_close.run(());
    };
    let quick = QUICK.into_iter().enumerate().map(|(index, emoji)| {
        let is_mine = reactions.with_value(|all| all.iter().any(|count| count.mine && count.emoji == emoji));
        view! {
            <button
                class="emoji"
                class:emoji-mine=is_mine
                data-testid=format!("react-{}", index + 1)
                aria-pressed=is_mine.to_string()
                on:click=move |_| give(emoji.to_owned())
            >
                {emoji}
            </button>
        }
    });
    view! {
        <div class="quick-reactions" role="group" aria-label=t!("react-label")>
            {quick.collect_view()}
            <button class="emoji" data-testid="react-more" aria-label=t!("react-more") on:click=move |_| picking.set(true)>
                <Glyph icon=PLUS/>
            </button>
        </div>
        <Show when=move || picking.get()>
            <EmojiPicker on_pick=Callback::new(give) on_close=Callback::new(move |()| picking.set(false))/>
        </Show>
    }
}

/// The pills below a bubble. A tap gives or takes back, a long press tells who.
#[component]
pub(crate) fn Reactions(
    thread: Thread,
    message: MessageId,
    reactions: Memo<Vec<ReactionCount>>,
    mine: Memo<bool>,
) -> impl IntoView {
    let asked = RwSignal::new(false);
    let press = LongPress::new(move || asked.set(true));
    let pill = move |count: ReactionCount| {
        let emoji = count.emoji.clone();
        let tap = move |_| {
            if !press.was_long() {
                reactions.with_untracked(|reactions| toggle(thread, message, reactions, &emoji));
            }
        };
        let name = t!("react-count", emoji = count.emoji.as_str(), n = count.count);
        view! {
            <button
                class="pill"
                class:pill-mine=count.mine
                data-testid="msg-react"
                aria-pressed=count.mine.to_string()
                aria-label=name
                on:click=tap
                on:touchstart=move |_| press.begin()
                on:touchend=move |_| press.end()
                on:touchmove=move |_| press.end()
                on:contextmenu=move |event| {
                    event.prevent_default();
                    event.stop_propagation();
                    asked.set(true);
                }
            >
                <span>{count.emoji.clone()}</span>
                <span class="pill-count">{count.count}</span>
            </button>
        }
    };
    let more = move || reactions.with(Vec::len).saturating_sub(MOST_PILLS);
    view! {
        <Show when=move || reactions.with(|all| !all.is_empty())>
            <div class="pills" class:pills-mine=move || mine.get() role="group" aria-label=t!("react-label") data-testid="msg-reacts">
                {move || reactions.with(|all| all.iter().take(MOST_PILLS).cloned().map(pill).collect_view())}
                <button class="pill pill-who" data-testid="react-who" aria-label=t!("react-who") on:click=move |_| asked.set(true)>
                    {move || match more() {
                        0 => "…".to_owned(),
                        more => t!("react-others", n = more as i64),
                    }}
                </button>
            </div>
        </Show>
        <Show when=move || asked.get()>
            <Who thread message on_close=Callback::new(move |()| asked.set(false))/>
        </Show>
    }
}

/// Who gave what.
#[component]
fn Who(thread: Thread, message: MessageId, on_close: Callback<()>) -> impl IntoView {
    let people = RwSignal::new(Vec::<ReactionView>::new());
    thread.ui.ask(ListReactions { message }, move |answer| {
        drop(people.try_set(answer))
    });
    let row = |it: ReactionView| {
        let name = if it.mine { t!("conv-you") } else { it.name };
        view! {
            <li class="who-row">
                <span class="who-emoji">{it.emoji}</span>
                <bdi>{name}</bdi>
            </li>
        }
    };
    view! {
        <Modal title=t!("react-who") testid="react-list" place=Place::Middle on_close>
            <ul class="who">{move || people.get().into_iter().map(row).collect_view()}</ul>
            <button class="button plain" autofocus=true on:click=move |_| on_close.run(())>
                {t!("common-close")}
            </button>
        </Modal>
    }
}
