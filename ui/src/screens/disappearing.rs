//! Disappearing messages of one conversation: off, after reading or after sending, and how long.

use contract::{
    ConversationId, ConversationKind, ConversationView, Disappearing, DisappearingMode, OpenConversation,
    SetDisappearing,
};
use leptos::prelude::*;

use crate::app::ui;
use crate::components::choice::Choice;
use crate::components::top_bar::TopBar;
use crate::duration;
use crate::locale::t;

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;
const DAY: u32 = 24 * HOUR;

const AFTER_READING: [u32; 6] = [5 * MINUTE, HOUR, 12 * HOUR, DAY, 7 * DAY, 14 * DAY];
const AFTER_SENDING: [u32; 4] = [12 * HOUR, DAY, 7 * DAY, 14 * DAY];

/// The times to choose from, with the one in use if it is none of them.
fn times(mode: DisappearingMode, in_use: Option<Disappearing>) -> Vec<u32> {
    let mut times = match mode {
        DisappearingMode::AfterRead => AFTER_READING.to_vec(),
        DisappearingMode::AfterSend => AFTER_SENDING.to_vec(),
    };
    if let Some(in_use) = in_use.filter(|in_use| in_use.mode == mode) {
        times.push(in_use.seconds);
        times.sort_unstable();
        times.dedup();
    }
    times
}

/// The time that is chosen with a mode at first.
fn first_time(mode: DisappearingMode, in_use: Option<Disappearing>) -> u32 {
    match (in_use, mode) {
        (Some(in_use), mode) if in_use.mode == mode => in_use.seconds,
        (_, DisappearingMode::AfterRead) => 12 * HOUR,
        (_, DisappearingMode::AfterSend) => DAY,
    }
}

/// The screen of one conversation.
#[component]
pub(crate) fn DisappearingMessages(
    /// Which one.
    id: ConversationId,
) -> impl IntoView {
    let ui = ui();
    let head = RwSignal::new(None::<ConversationView>);
    ui.ask(OpenConversation { conversation: id }, move |view| {
        let _ = head.try_set(Some(view));
    });
    view! {
        <TopBar title=t!("dm-title")/>
        <main class="page" data-testid="disappearing">
            {move || head.get().map(|head| view! { <Choices head/> })}
        </main>
    }
}

#[component]
fn Choices(head: ConversationView) -> impl IntoView {
    let ui = ui();
    let in_use = head.disappearing;
    let note = head.kind == ConversationKind::NoteToSelf;
    let chosen = RwSignal::new(in_use);
    let mode = Memo::new(move |_| chosen.get().map(|chosen| chosen.mode));
    let changed = Memo::new(move |_| chosen.get() != in_use);
    let conversation = StoredValue::new(head.id);
    let choose = move |mode: Option<DisappearingMode>| {
        chosen.set(mode.map(|mode| Disappearing {
            mode,
            seconds: first_time(mode, in_use),
        }));
    };
    let set = move |_| {
        let request = SetDisappearing {
            conversation: conversation.get_value(),
            setting: chosen.get_untracked(),
        };
        ui.ask(request, move |_| ui.nav.leave());
    };
    let kind =
        move |of: Option<DisappearingMode>, name: String, help: Option<String>, testid: &'static str| {
            view! {
                <Choice
                    group="dm-mode"
                    testid
                    name
                    help
                    chosen=Signal::derive(move || mode.get() == of)
                    on_choose=move |()| choose(of)
                />
            }
        };
    let after_reading = (!note).then(|| {
        kind(
            Some(DisappearingMode::AfterRead),
            t!("dm-read"),
            Some(t!("dm-read-help")),
            "dm-read",
        )
    });
    view! {
        <p class="hint">{if note { t!("dm-help-note") } else { t!("dm-help") }}</p>
        <div class="choices" role="radiogroup" aria-label=t!("dm-title")>
            {kind(None, t!("dm-off"), None, "dm-off")}
            {after_reading}
            {kind(Some(DisappearingMode::AfterSend), t!("dm-send"), Some(t!("dm-send-help")), "dm-send")}
        </div>
        {move || mode.get().map(|mode| view! {
            <h2 class="card-label">{t!("dm-time")}</h2>
            <div class="choices" role="radiogroup" aria-label=t!("dm-time")>
                {times(mode, in_use)
                    .into_iter()
                    .map(|seconds| view! {
                        <Choice
                            group="dm-time"
                            testid=format!("dm-time-{seconds}")
                            name=duration::words(seconds.into())
                            chosen=Signal::derive(move || chosen.get().is_some_and(|chosen| chosen.seconds == seconds))
                            on_choose=move |()| chosen.set(Some(Disappearing { mode, seconds }))
                        />
                    })
                    .collect_view()}
            </div>
        })}
        <button class="button primary" data-testid="dm-set" disabled=move || !changed.get() on:click=set>
            {t!("dm-set")}
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mode_has_its_times_and_the_one_in_use() {
        let odd = Disappearing {
            mode: DisappearingMode::AfterRead,
            seconds: 90,
        };
        assert_eq!(times(DisappearingMode::AfterRead, None), AFTER_READING);
        assert_eq!(times(DisappearingMode::AfterRead, Some(odd))[..2], [90, 300]);
        assert_eq!(times(DisappearingMode::AfterSend, Some(odd)), AFTER_SENDING);
    }

    #[test]
    fn twelve_hours_or_a_day_are_chosen_first() {
        let week = Disappearing {
            mode: DisappearingMode::AfterSend,
            seconds: 7 * DAY,
        };
        assert_eq!(first_time(DisappearingMode::AfterRead, None), 12 * HOUR);
        assert_eq!(first_time(DisappearingMode::AfterSend, None), DAY);
        assert_eq!(first_time(DisappearingMode::AfterSend, Some(week)), 7 * DAY);
    }
}
