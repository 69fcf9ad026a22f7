//! A code: from the camera of a phone, from a picture, or pasted.

mod camera;

use std::future::Future;
use std::pin::Pin;

use contract::{ErrorCode, Failure};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use self::camera::Camera;
use super::denied::Denied;
use crate::browser;
use crate::locale::{failure_text, t};

/// Larger files are no pictures that a code is read from.
const LARGEST_BYTES: f64 = 30_000_000.0;

/// What scanning a picture led to: how to go on with what was found; `None` when no code is in the picture.
pub(crate) type Scanned = Result<Option<Callback<()>>, Failure>;

/// Looks through the bytes of a picture.
pub(crate) type Look = Callback<(js_sys::Uint8Array,), Pin<Box<dyn Future<Output = Scanned>>>>;

/// Scans a code, until there is one with which the user goes on.
#[component]
pub(crate) fn ScanCode(
    /// Looks for what is wanted.
    look: Look,
    /// What is said of a picture without it.
    missing: ErrorCode,
    /// Asks for a picture.
    help: String,
    /// Begins the test ids of the choice.
    testid: &'static str,
) -> impl IntoView {
    let error = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let filming = RwSignal::new(false);
    let denied = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let scan_file = move |file: web_sys::Blob| {
        if busy.get_untracked() {
            return;
        }
        error.set(None);
        busy.set(true);
        spawn_local(async move {
            let scanned = scan(look, missing, file).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match scanned {
                Ok(Some(go_on)) => go_on.run(()),
                Ok(None) => error.set(Some(missing.into())),
                Err(failure) => error.set(Some(failure)),
            }
        });
    };
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let take = move |_| {
        let Some(input) = input.get_untracked() else {
            return;
        };
        let file = input.files().and_then(|files| files.get(0));
        // The same file can be chosen again.
        input.set_value("");
        if let Some(file) = file {
            scan_file(file.into());
        }
    };
    browser::on_paste_while_here(scan_file);
    let on_scanned = Callback::new(move |(scanned,): (Scanned,)| match scanned {
        Ok(Some(go_on)) => go_on.run(()),
        Ok(None) => {}
        Err(failure) => {
            if failure.code == ErrorCode::CameraDenied {
                filming.set(false);
                denied.set(true);
            } else {
                error.set(Some(failure));
            }
        }
    });
    view! {
        {browser::is_phone().then(|| view! {
            <section class="card empty-card">
                <p>{t!("scan-camera")}</p>
                <Show
                    when=move || filming.get()
                    fallback=move || view! {
                        <button class="button primary" data-testid="camera-allow" on:click=move |_| { error.set(None); filming.set(true); }>
                            {t!("scan-camera-allow")}
                        </button>
                    }
                >
                    <Camera look missing on_scanned/>
                </Show>
            </section>
        })}
        <section class="card empty-card" data-testid=testid>
            <p>{help}</p>
            <button class="button soft" data-testid=format!("{testid}-choose") aria-disabled=move || busy.get().to_string() on:click=choose>
                {move || if busy.get() { t!("scan-looking") } else { t!("scan-choose") }}
            </button>
            <input class="hidden-input" type="file" accept="image/*" tabindex="-1" aria-hidden="true" data-testid=format!("{testid}-file") node_ref=input on:change=take/>
        </section>
        <Show when=move || denied.get()>
            <Denied title=t!("scan-denied-title") code=ErrorCode::CameraDenied on_close=Callback::new(move |()| denied.set(false))/>
        </Show>
        <p class="error" role="status" aria-live="polite" data-testid=format!("{testid}-error")>
            {move || error.get().map(|failure| failure_text(&failure))}
        </p>
    }
}

/// Has the bytes of a picture looked through.
async fn scan(look: Look, missing: ErrorCode, picture: web_sys::Blob) -> Scanned {
    if picture.size() > LARGEST_BYTES {
        return Err(missing.into());
    }
    let buffer = JsFuture::from(picture.array_buffer())
        .await
        .map_err(|_| Failure::from(missing))?;
    look.run((js_sys::Uint8Array::new(&buffer),)).await
}
