//! A sound in a message: play or pause, where it is, what is left, how fast.

use contract::{AttachmentView, DownloadFile, ErrorCode};
use leptos::prelude::*;

use super::super::thread::Thread;
use super::clock;
use super::player::Speed;
use crate::browser;
use crate::components::icon::{Glyph, PAUSE, PLAY};
use crate::locale::{failure_text, t};

/// The controls of one sound.
#[component]
pub(crate) fn Sound(thread: Thread, file: AttachmentView, mine: bool) -> impl IntoView {
    let (player, id) = (thread.player, file.id);
    let measured = file.duration_ms.map(|ms| f64::from(ms) / 1_000.0);
    let place = move || {
        let (at, found) = player.place(id);
        let length = measured.unwrap_or(if found.is_finite() { found } else { 0.0 });
        (at.min(length), length)
    };
    let left = move || {
        let (at, length) = place();
        clock((length - at).round())
    };
    let seek = move |event| {
        if let Some(seconds) = browser::number(&event_target_value(&event)) {
            player.seek(id, seconds);
        }
    };
    let again = move |_| {
        player.forgive(id);
        thread.ui.order(DownloadFile {
            attachment: id,
            trust: false,
        });
    };
    let broken = Memo::new(move |_| player.is_broken(id));
    // A finger that looks for a place neither swipes the message nor holds it.
    let keep = |event: web_sys::TouchEvent| event.stop_propagation();
    view! {
        <div class="file-sound" data-testid="voice" on:touchstart=keep on:touchend=keep>
            <button
                class="icon-button voice-toggle"
                type="button"
                data-testid="voice-play"
                data-playing=move || player.is_playing(id).to_string()
                disabled=move || broken.get()
                aria-label=move || if player.is_playing(id) { t!("voice-pause") } else { t!("voice-play") }
                on:click=move |_| player.toggle(thread.ui.core, id)
            >
                {move || view! { <Glyph icon=if player.is_playing(id) { PAUSE } else { PLAY }/> }}
            </button>
            <input
                class="file-seek"
                type="range"
                min="0"
                step="0.1"
                data-testid="voice-seek"
                aria-label=t!("voice-seek")
                aria-valuetext=left
                disabled=move || broken.get()
                max=move || place().1.to_string()
                prop:value=move || place().0.to_string()
                on:input=seek
            />
            <span class="file-time" data-testid="voice-left">{left}</span>
            <button
                class="voice-speed"
                type="button"
                data-testid="voice-speed"
                aria-label=move || t!("voice-speed", times = times(player.speed.get()))
                on:click=move |_| player.set_speed(player.speed.get_untracked().next())
            >
                {move || format!("{}×", times(player.speed.get()))}
            </button>
            {move || broken.get().then(|| view! {
                <span class="file-broken" role="status" data-testid="voice-broken">
                    {failure_text(&ErrorCode::VoicePlay.into())}
                </span>
                {(!mine).then(|| view! {
                    <button class="button file-fetch" type="button" data-testid="voice-again" on:click=again>
                        {t!("voice-again")}
                    </button>
                })}
            })}
        </div>
    }
}

const fn times(speed: Speed) -> &'static str {
    match speed {
        Speed::Normal => "1",
        Speed::Faster => "1.5",
        Speed::Double => "2",
    }
}
