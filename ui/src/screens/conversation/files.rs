//! The files of a message: pictures, films, sound and others, each with how far it has come.

use contract::{AttachmentId, AttachmentKind, AttachmentState, AttachmentView, CancelTransfer, DownloadFile};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::thread::Thread;
use super::viewer::Viewer;
use crate::browser;
use crate::components::dialog::{Modal, Place};
use crate::components::icon::{CLOSE, DOWN, FILE, Glyph, PAUSE, PLAY};
use crate::locale::{failure_text, isolate, t};

/// Side of a picture in the list, in device pixels at most.
const SHOWN_SIDE: u32 = 800;

/// Where the web view finds a file's picture or sound.
pub(super) fn media_url(id: AttachmentId, side: Option<u32>) -> String {
    let size = side.map(|side| format!("?side={side}")).unwrap_or_default();
    format!("{}/{}{size}", browser::media_origin(), id.0)
}

/// All files of one message.
#[component]
pub(super) fn Files(thread: Thread, files: Vec<AttachmentView>, mine: bool) -> impl IntoView {
    let album = files
        .iter()
        .filter(|file| file.kind == AttachmentKind::Image)
        .count()
        > 1;
    let items = files
        .into_iter()
        .map(|file| view! { <OneFile thread file mine/> })
        .collect_view();
    view! {
        <div class="files" class:files-album=album>
            {items}
        </div>
    }
}

#[component]
fn OneFile(thread: Thread, file: AttachmentView, mine: bool) -> impl IntoView {
    let here = matches!(
        file.state,
        AttachmentState::Done | AttachmentState::Staged | AttachmentState::Uploading { .. }
    ) || (mine
        && matches!(
            file.state,
            AttachmentState::Waiting | AttachmentState::Failed { .. }
        ));
    let shown = match (here, file.kind) {
        (true, AttachmentKind::Image) => view! { <Image thread file=file.clone()/> }.into_any(),
        (true, AttachmentKind::Video) => {
            view! { <video class="file-video" controls preload="none" src=media_url(file.id, None)></video> }
                .into_any()
        }
        (true, AttachmentKind::Voice | AttachmentKind::Audio) => {
            view! { <Sound file=file.clone()/> }.into_any()
        }
        _ => view! { <Named thread file=file.clone() here/> }.into_any(),
    };
    let state = file.state.name();
    view! {
        <div class="file" data-testid="att" data-state=state>
            {shown}
            <State thread file mine/>
        </div>
    }
}

#[component]
fn Image(thread: Thread, file: AttachmentView) -> impl IntoView {
    let open = RwSignal::new(false);
    let source = media_url(file.id, Some(SHOWN_SIDE));
    let (width, height) = (file.width.unwrap_or(4), file.height.unwrap_or(3));
    view! {
        <button class="file-image" aria-label=t!("att-open-image") data-testid="att-image" on:click=move |_| open.set(true)>
            <img src=source width=width height=height alt="" loading="lazy" decoding="async"/>
        </button>
        {move || {
            let file = file.clone();
            open.get().then(|| view! { <Viewer thread file on_close=Callback::new(move |()| open.set(false))/> })
        }}
    }
}

/// A file that is named, not shown; a tap keeps it in the user's downloads.
#[component]
fn Named(thread: Thread, file: AttachmentView, here: bool) -> impl IntoView {
    let (id, name) = (file.id, file.file_name.clone());
    let keep = move |_| keep_file(thread, id, name.clone());
    let shown_name = match file.file_name.is_empty() {
        true => kind_word(file.kind),
        false => file.file_name.clone(),
    };
    view! {
        <div class="file-named">
            <span class="file-icon"><Glyph icon=FILE/></span>
            <span class="file-words">
                <bdi class="file-name" data-testid="att-name">{shown_name}</bdi>
                <span class="file-size">{size_word(file.size)}</span>
            </span>
            {here.then(|| view! {
                <button class="icon-button" aria-label=t!("att-save") data-testid="att-save" on:click=keep>
                    <Glyph icon=DOWN/>
                </button>
            })}
        </div>
    }
}

/// Writes a file into the user's downloads and says where.
pub(super) fn keep_file(thread: Thread, id: AttachmentId, name: String) {
    spawn_local(async move {
        match thread.ui.core.save(id, name).await {
            Ok(name) => thread.ui.show_toast(t!("att-saved", name = isolate(&name))),
            Err(failure) => thread.ui.show_failure(&failure),
        }
    });
}

/// Sound: play or pause, and how far it is.
#[component]
fn Sound(file: AttachmentView) -> impl IntoView {
    let player = NodeRef::<html::Audio>::new();
    let playing = RwSignal::new(false);
    let at = RwSignal::new((0.0, 0.0));
    let broken = RwSignal::new(false);
    let toggle = move |_| {
        let Some(player) = player.get_untracked() else {
            return;
        };
        match player.paused() {
            true => drop(player.play()),
            false => drop(player.pause()),
        }
    };
    let moved = move |_| {
        if let Some(player) = player.get_untracked() {
            at.set((player.current_time(), player.duration()));
        }
    };
    let seek = move |event| {
        if let (Some(player), Ok(percent)) =
            (player.get_untracked(), event_target_value(&event).parse::<f64>())
        {
            let length = player.duration();
            if length.is_finite() {
                player.set_current_time(length * percent / 100.0);
            }
        }
    };
    view! {
        <div class="file-sound" data-testid="voice">
            <audio
                preload="none"
                src=media_url(file.id, None)
                node_ref=player
                on:play=move |_| playing.set(true)
                on:pause=move |_| playing.set(false)
                on:ended=move |_| playing.set(false)
                on:timeupdate=moved
                on:loadedmetadata=moved
                on:error=move |_| broken.set(true)
            ></audio>
            <button
                class="icon-button"
                data-testid="voice-play"
                disabled=move || broken.get()
                aria-label=move || if playing.get() { t!("voice-pause") } else { t!("voice-play") }
                on:click=toggle
            >
                {move || view! { <Glyph icon=if playing.get() { PAUSE } else { PLAY }/> }}
            </button>
            <input
                class="file-seek"
                type="range"
                min="0"
                max="100"
                aria-label=t!("voice-seek")
                prop:value=move || percent_of(at.get()).to_string()
                on:input=seek
            />
            <span class="file-time">{move || time_left(at.get())}</span>
            {move || broken.get().then(|| view! { <span class="file-broken" role="status">{t!("voice-broken")}</span> })}
        </div>
    }
}

/// Waiting, moving, failed: in words, with what can be done about it.
#[component]
fn State(thread: Thread, file: AttachmentView, mine: bool) -> impl IntoView {
    let asking = RwSignal::new(false);
    let id = file.id;
    let cancel = move |_| {
        thread.ui.order(CancelTransfer { attachment: id });
    };
    let fetch = move |trust: bool| {
        asking.set(false);
        thread.ui.order(DownloadFile {
            attachment: id,
            trust,
        });
    };
    let words = match &file.state {
        AttachmentState::Waiting => Some(t!("att-waiting")),
        AttachmentState::Uploading { percent } => Some(t!("att-uploading", percent = i64::from(*percent))),
        AttachmentState::Downloading { percent } => {
            Some(t!("att-downloading", percent = i64::from(*percent)))
        }
        AttachmentState::Gone => Some(t!("att-gone")),
        // A file of mine has its message's own words.
        AttachmentState::Failed { failure } if !mine => Some(failure_text(failure)),
        _ => None,
    };
    let moving = matches!(
        file.state,
        AttachmentState::Waiting | AttachmentState::Uploading { .. } | AttachmentState::Downloading { .. }
    );
    let offered = file.state == AttachmentState::Offered;
    let failed = matches!(file.state, AttachmentState::Failed { .. }) && !mine;
    let kind = kind_word(file.kind);
    view! {
        {words.map(|words| view! {
            <p class="file-state" role="status" data-testid="att-state">
                {words}
                {moving.then(|| view! {
                    <button class="icon-button file-cancel" aria-label=t!("att-cancel") data-testid="att-cancel" on:click=cancel>
                        <Glyph icon=CLOSE/>
                    </button>
                })}
            </p>
        })}
        {offered.then(|| view! {
            <button class="button file-fetch" data-testid="att-download" on:click=move |_| asking.set(true)>
                {t!("att-download", kind = kind)}
            </button>
        })}
        {failed.then(|| view! {
            <button class="button file-fetch" data-testid="att-retry" on:click=move |_| fetch(false)>
                {t!("att-retry")}
            </button>
        })}
        {move || asking.get().then(|| {
            let name = isolate(&thread.name());
            view! {
                <Modal title=t!("att-trust-title", name = name) testid="dialog" place=Place::Middle on_close=Callback::new(move |()| asking.set(false))>
                    <p class="modal-text" data-testid="dlg-body">{t!("att-trust-body")}</p>
                    <div class="modal-buttons">
                        <button class="button primary" data-testid="dlg-ok" on:click=move |_| fetch(true)>{t!("att-trust-always")}</button>
                        <button class="button" data-testid="dlg-alt" on:click=move |_| fetch(false)>{t!("att-trust-once")}</button>
                        <button class="button plain" data-testid="dlg-cancel" autofocus=true on:click=move |_| asking.set(false)>{t!("common-cancel")}</button>
                    </div>
                </Modal>
            }
        })}
    }
}

/// What a kind of file is called.
pub(crate) fn kind_word(kind: AttachmentKind) -> String {
    match kind {
        AttachmentKind::Image => t!("att-kind-image"),
        AttachmentKind::Video => t!("att-kind-video"),
        AttachmentKind::Voice => t!("att-kind-voice"),
        AttachmentKind::Audio => t!("att-kind-audio"),
        AttachmentKind::File => t!("att-kind-file"),
    }
}

/// A length in the unit that people read.
pub(super) fn size_word(bytes: u64) -> String {
    match bytes {
        0..1_000 => t!("size-b", n = bytes as i64),
        1_000..1_000_000 => t!("size-kb", n = (bytes / 1_000) as i64),
        _ => t!("size-mb", n = format!("{:.1}", bytes as f64 / 1_000_000.0)),
    }
}

fn percent_of((at, length): (f64, f64)) -> f64 {
    if length.is_finite() && length > 0.0 {
        (at / length * 100.0).clamp(0.0, 100.0)
    } else {
        0.0
    }
}

fn time_left((at, length): (f64, f64)) -> String {
    let left = if length.is_finite() {
        (length - at).max(0.0).round() as u64
    } else {
        0
    };
    format!("{}:{:02}", left / 60, left % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_sound_is_minutes_and_seconds() {
        assert_eq!(time_left((0.0, f64::NAN)), "0:00");
        assert_eq!(time_left((1.4, 65.0)), "1:04");
        assert_eq!(percent_of((5.0, 20.0)), 25.0);
        assert_eq!(percent_of((5.0, f64::INFINITY)), 0.0);
    }
}
