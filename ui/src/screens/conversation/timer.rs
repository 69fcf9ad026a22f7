//! What a conversation shows of disappearing messages and of typing: the header's second line, the banner that offers
//! the other side's setting, the icon of a running timer.

use contract::{ConversationView, Disappearing, DisappearingMode, Expiry, SetDisappearing};
use leptos::prelude::*;

use super::thread::Thread;
use crate::app::Route;
use crate::browser;
use crate::components::dialog::{Confirm, Weight};
use crate::duration;
use crate::locale::{isolate, t};

/// How often what is left of a timer is looked at.
const LOOK_MS: i32 = 30_000;

fn of_head<T: PartialEq + Send + Sync + 'static>(
    thread: Thread,
    part: fn(&ConversationView) -> Option<T>,
) -> Memo<Option<T>> {
    Memo::new(move |_| thread.head.with(|head| head.as_ref().and_then(part)))
}

/// The line below the name: typing, or how my messages disappear.
#[component]
pub(crate) fn Subtitle(thread: Thread) -> impl IntoView {
    let setting = of_head(thread, |head| head.disappearing);
    let typing = of_head(thread, |head| head.typing.then_some(()));
    move || {
        if typing.get().is_some() {
            return view! { <span class="conversation-line" data-testid="conv-typing">{t!("conv-typing")}</span> }
                .into_any();
        }
        match setting.get() {
            Some(setting) => view! {
                <button
                    class="conversation-line"
                    data-testid="conv-timer"
                    on:click=move |_| thread.ui.nav.open(Route::Disappearing(thread.id()))
                >
                    {duration::setting_line(setting)}
                </button>
            }
            .into_any(),
            None => ().into_any(),
        }
    }
}

/// Offers to use the other side's setting for my messages, too.
#[component]
pub(crate) fn FollowBanner(thread: Thread) -> impl IntoView {
    let offered = of_head(thread, |head| head.offered_disappearing.filter(|_| !head.blocked));
    let asking = RwSignal::new(None::<Disappearing>);
    let close = Callback::new(move |()| asking.set(None));
    let follow = Callback::new(move |()| {
        let Some(setting) = asking.get_untracked() else {
            return;
        };
        asking.set(None);
        thread.ui.order(SetDisappearing {
            conversation: thread.id(),
            setting: Some(setting),
        });
    });
    let name = move || isolate(&thread.name());
    view! {
        {move || offered.get().map(|setting| {
            let time = duration::words(setting.seconds.into());
            view! {
                <section class="follow" data-testid="dm-offer">
                    <p>{t!("dm-offer", name = name(), time = time)}</p>
                    <button class="button soft" data-testid="dm-follow" on:click=move |_| asking.set(Some(setting))>
                        {t!("dm-follow")}
                    </button>
                </section>
            }
        })}
        {move || asking.get().map(|setting| {
            let time = duration::words(setting.seconds.into());
            let body = match setting.mode {
                DisappearingMode::AfterRead => t!("dm-follow-read", time = time),
                DisappearingMode::AfterSend => t!("dm-follow-send", time = time),
            };
            view! {
                <Confirm title=t!("dm-follow-title") body ok=t!("dm-follow") weight=Weight::Plain on_ok=follow on_close=close/>
            }
        })}
    }
}

/// What is left of a message's time, as a clock face that drains.
#[component]
pub(crate) fn TimerIcon(
    /// How it disappears.
    expiry: Expiry,
) -> impl IntoView {
    let now = RwSignal::new(browser::now_ms());
    keep_looking(now);
    let left = Memo::new(move |_| {
        let at = expiry.at_ms?.0;
        Some(u64::try_from(at - now.get()).unwrap_or(0) / 1_000)
    });
    let label = move || match left.get() {
        Some(left) => t!("msg-timer", time = duration::words(left.max(1))),
        None => duration::setting_line(expiry.setting),
    };
    view! {
        <span
            class="timer"
            role="img"
            data-testid="msg-timer"
            aria-label=label
            title=label
            style=move || format!("--left: {}%", share(left.get(), expiry.setting.seconds))
        ></span>
    }
}

/// How much is left, in percent; everything while the timer has not started.
fn share(left: Option<u64>, of_seconds: u32) -> u64 {
    let of = u64::from(of_seconds).max(1);
    left.map_or(100, |left| (left.min(of) * 100) / of)
}

fn keep_looking(now: RwSignal<i64>) {
    browser::after(LOOK_MS, move || {
        if now.try_set(browser::now_ms()).is_none() {
            keep_looking(now);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_drains_from_full_to_empty() {
        assert_eq!(share(None, 300), 100);
        assert_eq!(share(Some(300), 300), 100);
        assert_eq!(share(Some(150), 300), 50);
        assert_eq!(share(Some(0), 300), 0);
        assert_eq!(share(Some(900), 300), 100, "a clock that is behind");
    }
}
