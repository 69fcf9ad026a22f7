//! What is known of one message.

use contract::{
    AttachmentId, AttachmentKind, AttachmentView, GetMessageInfo, MessageInfo, MessageRow, MessageStatus,
    RetryMessage,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::files::size_word;
use super::film::FilmLength;
use super::status::status_word;
use super::thread::Thread;
use super::voice::clock as length_word;
use crate::app::Ui;
use crate::clock;
use crate::components::dialog::{Modal, Place};
use crate::components::icon::{COPY, Glyph};
use crate::locale::{failure_text, t, without_controls};

/// Whether sending again may help.
fn can_resend(row: &MessageRow) -> bool {
    row.failure.is_some()
        && matches!(
            row.status,
            Some(MessageStatus::Failed | MessageStatus::Queued | MessageStatus::SyncFailed)
        )
}

/// Times, author, state and tries.
#[component]
pub(crate) fn Info(thread: Thread, row: MessageRow, on_close: Callback<()>) -> impl IntoView {
    let message = row.id;
    let known = RwSignal::new(MessageInfo {
        author_name: if row.mine {
            String::new()
        } else {
            untrack(|| thread.name())
        },
        row,
        attempts: 0,
        next_try_ms: None,
    });
    spawn_local(async move {
        if let Ok(info) = thread.ui.core.ask(GetMessageInfo { message }).await {
            let _ = known.try_set(info);
        }
    });
    let resend = move |_| {
        thread.ui.order(RetryMessage { message });
        on_close.run(());
    };
    view! {
        <Modal title=t!("info-title") testid="info" place=Place::Middle on_close>
            {move || known.with(|info| view! { <Facts thread info=info.clone()/> })}
            <div class="modal-buttons">
                <Show when=move || known.with(|info| can_resend(&info.row))>
                    <button class="button primary" data-testid="info-resend" on:click=resend>
                        {t!("info-resend")}
                    </button>
                </Show>
                <button class="button plain" data-testid="info-close" autofocus=true on:click=move |_| on_close.run(())>
                    {t!("common-close")}
                </button>
            </div>
        </Modal>
    }
}

#[component]
fn Facts(thread: Thread, info: MessageInfo) -> impl IntoView {
    let at = |moment| clock::local(moment).with_day(clock::now());
    let row = info.row;
    let from = if row.mine {
        t!("conv-you")
    } else {
        info.author_name
    };
    let status = row.status.map(|status| {
        row.failure
            .as_ref()
            .map_or_else(|| status_word(status), failure_text)
    });
    let code = row.failure.as_ref().map(|failure| failure.code.as_str());
    let deletes = row.expiry.and_then(|expiry| expiry.at_ms);
    let id = row.author.0.clone();
    let files: Vec<String> = row.attachments.iter().map(file_fact).collect();
    let films = row
        .attachments
        .iter()
        .filter(|file| file.here && file.kind == AttachmentKind::Video);
    let films: Vec<AttachmentId> = films.map(|file| file.id).collect();
    let fact = |name: String, value: String| {
        view! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        }
    };
    view! {
        <dl class="info">
            {fact(t!("info-sent"), at(row.sent_at_ms))}
            {(!row.mine).then(|| fact(t!("info-received"), at(row.received_at_ms)))}
            <dt>{t!("info-from")}</dt>
            <dd>
                <bdi>{from}</bdi>
                <bdi class="mono info-id" dir="ltr" translate="no">{row.author.0}</bdi>
                <button class="button plain small" data-testid="info-copy-id" on:click=move |_| thread.ui.copy(&id)>
                    <Glyph icon=COPY/>
                    {t!("info-copy-id")}
                </button>
            </dd>
            {status.map(|status| fact(t!("info-status"), status))}
            {code.map(|code| view! {
                <dt>{t!("info-code")}</dt>
                <dd class="mono">{code}</dd>
            })}
            {(info.attempts > 0).then(|| fact(t!("info-attempts"), info.attempts.to_string()))}
            {info.next_try_ms.map(|next| fact(t!("info-next-try"), at(next)))}
            {files.into_iter().map(|file| fact(t!("info-file"), file)).collect_view()}
            {films.into_iter().map(|film| view! { <Length ui=thread.ui film/> }).collect_view()}
            {deletes.map(|deletes| fact(t!("info-deletes"), at(deletes)))}
        </dl>
    }
}

/// How long a film lasts, once that is known.
#[component]
fn Length(ui: Ui, film: AttachmentId) -> impl IntoView {
    let length = RwSignal::new(None);
    view! {
        <FilmLength ui id=film length/>
        {move || length.get().map(|seconds| view! {
            <dt>{t!("info-length")}</dt>
            <dd>{length_word(seconds)}</dd>
        })}
    }
}

/// Name, type, size, resolution and length of a file.
fn file_fact(file: &AttachmentView) -> String {
    let pixels = file.width.zip(file.height);
    let parts = [
        Some(without_controls(&file.file_name)),
        Some(without_controls(&file.content_type)),
        Some(size_word(file.size)),
        pixels.map(|(width, height)| format!("{width} × {height}")),
        file.duration_ms.map(|ms| length_word(f64::from(ms) / 1_000.0)),
    ];
    let said = parts.into_iter().flatten().filter(|part| !part.is_empty());
    said.collect::<Vec<_>>().join(", ")
}
