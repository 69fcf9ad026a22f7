//! The files of a message: pictures, films, sound and others, each with how far it has come.

use contract::{
    AttachmentId, AttachmentKind, AttachmentState, AttachmentView, CancelTransfer, DownloadFile, MessageRow,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::film::Film;
use super::thread::Thread;
use super::viewer::Viewer;
use super::voice::Sound;
use crate::app::Ui;
use crate::browser;
use crate::components::dialog::{Modal, Place};
use crate::components::icon::{CLOSE, DOWN, FILE, Glyph};
use crate::locale::{failure_text, isolate, t};

/// Side of a picture in the list, in device pixels at most.
const SHOWN_SIDE: u32 = 800;

/// Where the web view finds a file's picture or sound.
pub(crate) fn media_url(id: AttachmentId, side: Option<u32>) -> String {
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
    let here = file.here;
    let shown = match (here, file.kind) {
        (true, AttachmentKind::Image) => view! { <Image thread file=file.clone()/> }.into_any(),
        (true, AttachmentKind::Video) => view! { <Film ui=thread.ui id=file.id/> }.into_any(),
        (true, AttachmentKind::Voice | AttachmentKind::Audio) => {
            view! { <Sound thread file=file.clone() mine/> }.into_any()
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
    let id = file.id;
    let source = media_url(id, Some(SHOWN_SIDE));
    let (width, height) = (file.width.unwrap_or(4), file.height.unwrap_or(3));
    view! {
        <button class="file-image" aria-label=t!("att-open-image") data-testid="att-image" on:click=move |_| open.set(true)>
            <img src=source width=width height=height alt="" loading="lazy" decoding="async"/>
        </button>
        {move || {
            open.get().then(|| view! {
                <Viewer ui=thread.ui file=id thread=Some(thread) on_close=Callback::new(move |()| open.set(false))/>
            })
        }}
    }
}

/// A file that is named, not shown; a tap keeps it in the user's downloads.
#[component]
fn Named(thread: Thread, file: AttachmentView, here: bool) -> impl IntoView {
    let id = file.id;
    let keep = move |_| keep_files(thread.ui, vec![id]);
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

/// Writes files into the user's downloads and says where, and that others can read them there.
pub(crate) fn keep_files(ui: Ui, ids: Vec<AttachmentId>) {
    spawn_local(async move {
        let count = ids.len() as i64;
        let mut last = String::new();
        for id in ids {
            match ui.core.save(id).await {
                Ok(name) => last = name,
                Err(failure) => {
                    ui.show_failure(&failure);
                    return;
                }
            }
        }
        match count {
            0 => {}
            1 => ui.show_toast(t!("att-saved", name = isolate(&last))),
            _ => ui.show_toast(t!("att-saved-many", n = count)),
        }
    });
}

/// The files of messages that can be saved.
pub(super) fn savable<'r>(rows: impl IntoIterator<Item = &'r MessageRow>) -> Vec<AttachmentId> {
    let files = rows.into_iter().flat_map(|row| &row.attachments);
    files.filter(|file| file.here).map(|file| file.id).collect()
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
        // A file that I send from here has its message's own words.
        AttachmentState::Failed { failure } if !file.here => Some(failure_text(failure)),
        _ => None,
    };
    let moving = matches!(
        file.state,
        AttachmentState::Waiting | AttachmentState::Uploading { .. } | AttachmentState::Downloading { .. }
    );
    let offered = file.state == AttachmentState::Offered;
    let failed = matches!(file.state, AttachmentState::Failed { .. }) && !file.here;
    // Whoever is trusted, or is oneself, was asked about before.
    let tap = move || {
        let trusted = mine
            || thread
                .head
                .with_untracked(|head| head.as_ref().is_some_and(|head| head.auto_download));
        match trusted {
            true => fetch(false),
            false => asking.set(true),
        }
    };
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
            <button class="button file-fetch" data-testid="att-download" on:click=move |_| tap()>
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
pub(crate) fn size_word(bytes: u64) -> String {
    match bytes {
        0..1_000 => t!("size-b", n = bytes as i64),
        1_000..1_000_000 => t!("size-kb", n = (bytes / 1_000) as i64),
        1_000_000..1_000_000_000 => t!("size-mb", n = format!("{:.1}", bytes as f64 / 1e6)),
        _ => t!("size-gb", n = format!("{:.1}", bytes as f64 / 1e9)),
    }
}
