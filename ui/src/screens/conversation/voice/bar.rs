//! What stands in the composer while a voice message is recorded or waits to be sent.

use leptos::html;
use leptos::prelude::*;

use super::gesture::cancelled;
use super::recorder::{Recorder, Stage};
use super::{Sound, clock};
use crate::browser;
use crate::components::icon::{BACK, Glyph, SEND, STOP, TRASH};
use crate::locale::t;

/// The timer with what can be done, or the clip that was kept.
#[component]
pub(crate) fn VoiceBar(recorder: Recorder) -> impl IntoView {
    let shown = Memo::new(move |_| match recorder.stage.get() {
        Stage::Idle => recorder.kept().map(Shown::Clip),
        stage => Some(Shown::Recording(stage)),
    });
    move || {
        shown.get().map(|shown| match shown {
            Shown::Recording(stage) => view! { <Recording recorder stage/> }.into_any(),
            Shown::Clip(clip) => view! { <Clip recorder clip/> }.into_any(),
        })
    }
}

#[derive(Clone, PartialEq)]
enum Shown {
    Recording(Stage),
    Clip(contract::AttachmentView),
}

#[component]
fn Recording(recorder: Recorder, stage: Stage) -> impl IntoView {
    let listening = matches!(stage, Stage::Held | Stage::Locked);
    let locked = stage == Stage::Locked;
    let faded = move || {
        let gone = cancelled(recorder.slid.get(), browser::is_right_to_left());
        format!("{:.2}", 1.0 - gone)
    };
    let send = NodeRef::<html::Button>::new();
    send.on_load(|button| browser::before_paint(move || browser::focus(&button)));
    let escape = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            recorder.cancel();
        }
    };
    view! {
        <div
            class="voice-bar"
            role="group"
            aria-label=t!("voice-recording")
            data-testid="voice-rec"
            data-locked=locked.to_string()
            on:keydown=escape
        >
            {locked.then(|| view! {
                <button class="icon-button" type="button" aria-label=t!("voice-delete") data-testid="voice-cancel" on:click=move |_| recorder.cancel()>
                    <Glyph icon=TRASH/>
                </button>
            })}
            <span class="voice-dot" class:voice-listens=listening aria-hidden="true"></span>
            <span class="voice-timer" role="timer" data-testid="voice-timer">
                {move || clock(f64::from(recorder.heard_ms.get()) / 1_000.0)}
            </span>
            {match stage {
                Stage::Held => view! {
                    <span class="voice-slide" style:opacity=faded>
                        <Glyph icon=BACK/>
                        {t!("voice-slide")}
                    </span>
                }.into_any(),
                Stage::Opening => view! { <span class="voice-slide">{t!("voice-opening")}</span> }.into_any(),
                Stage::Locked => view! {
                    <span class="voice-space"></span>
                    <button class="icon-button" type="button" aria-label=t!("voice-stop") data-testid="voice-stop" on:click=move |_| recorder.stop()>
                        <Glyph icon=STOP/>
                    </button>
                    <button class="send" type="button" aria-label=t!("voice-send") data-testid="voice-send" node_ref=send on:click=move |_| recorder.send()>
                        <Glyph icon=SEND/>
                    </button>
                }.into_any(),
                Stage::Closing | Stage::Idle => ().into_any(),
            }}
        </div>
    }
}

/// A clip to be listened to before it goes.
#[component]
fn Clip(recorder: Recorder, clip: contract::AttachmentView) -> impl IntoView {
    view! {
        <div class="voice-bar" role="group" aria-label=t!("att-kind-voice") data-testid="voice-review">
            <button class="icon-button" type="button" aria-label=t!("voice-delete") data-testid="voice-cancel" on:click=move |_| recorder.cancel()>
                <Glyph icon=TRASH/>
            </button>
            <Sound thread=recorder.thread() file=clip mine=true/>
            <button class="send" type="button" aria-label=t!("voice-send") data-testid="voice-send" on:click=move |_| recorder.send()>
                <Glyph icon=SEND/>
            </button>
        </div>
    }
}
