//! The recovery phrase as a code: from the camera of a phone, from a picture, or pasted.

mod camera;

use contract::{AccountView, ErrorCode, Failure};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use self::camera::Camera;
use crate::app::{Route, Ui, ui};
use crate::browser;
use crate::components::denied::Denied;
use crate::locale::{failure_text, t};

/// Larger files are no pictures that a code is read from.
const LARGEST_BYTES: f64 = 30_000_000.0;

/// What scanning a picture led to.
type Scanned = Result<Option<AccountView>, Failure>;

/// Goes on with the account that was found.
pub(super) fn enter(ui: Ui, account: AccountView) {
    ui.account.set(Some(account));
    ui.nav.open(Route::Notifications);
}

/// The tab.
#[component]
pub(super) fn ScanCode() -> impl IntoView {
    let ui = ui();
    let error = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let filming = RwSignal::new(false);
    let denied = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let look = move |file: web_sys::Blob| {
        if busy.get_untracked() {
            return;
        }
        error.set(None);
        busy.set(true);
        spawn_local(async move {
            let scanned = scan(ui, file).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match scanned {
                Ok(Some(account)) => enter(ui, account),
                Ok(None) => error.set(Some(ErrorCode::QrNotPhrase.into())),
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
            look(file.into());
        }
    };
    browser::on_paste_while_here(look);
    let on_scanned = Callback::new(move |(scanned,): (Scanned,)| match scanned {
        Ok(Some(account)) => enter(ui, account),
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
                    <Camera on_scanned/>
                </Show>
            </section>
        })}
        <section class="card empty-card" data-testid="restore-scan">
            <p>{t!("scan-picture")}</p>
            <button class="button soft" data-testid="restore-scan-choose" aria-disabled=move || busy.get().to_string() on:click=choose>
                {move || if busy.get() { t!("scan-looking") } else { t!("scan-choose") }}
            </button>
            <input class="hidden-input" type="file" accept="image/*" tabindex="-1" aria-hidden="true" data-testid="restore-scan-file" node_ref=input on:change=take/>
        </section>
        <Show when=move || denied.get()>
            <Denied title=t!("scan-denied-title") code=ErrorCode::CameraDenied on_close=Callback::new(move |()| denied.set(false))/>
        </Show>
        <p class="error" role="status" aria-live="polite" data-testid="restore-scan-error">
            {move || error.get().map(|failure| failure_text(&failure))}
        </p>
    }
}

/// Has the bytes of a picture looked through.
async fn scan(ui: Ui, picture: web_sys::Blob) -> Scanned {
    let unreadable = || Failure::new(ErrorCode::QrNotPhrase);
    if picture.size() > LARGEST_BYTES {
        return Err(unreadable());
    }
    let buffer = JsFuture::from(picture.array_buffer())
        .await
        .map_err(|_| unreadable())?;
    ui.core.scan_phrase(js_sys::Uint8Array::new(&buffer)).await
}
