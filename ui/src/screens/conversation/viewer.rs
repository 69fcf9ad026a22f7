//! One picture of a conversation, as large as the window.

use contract::AttachmentView;
use leptos::prelude::*;

use super::files::{keep_file, media_url};
use super::thread::Thread;
use crate::components::dialog::{Modal, Place};
use crate::components::icon::{CLOSE, DOWN, Glyph};
use crate::locale::t;

/// Shows a picture until it is closed.
#[component]
pub(super) fn Viewer(thread: Thread, file: AttachmentView, on_close: Callback<()>) -> impl IntoView {
    let (id, name) = (file.id, file.file_name.clone());
    view! {
        <Modal title=t!("att-viewer") testid="viewer" place=Place::Whole on_close>
            <img class="viewer-image" src=media_url(id, None) alt=t!("att-kind-image") data-testid="viewer-image"/>
            <div class="viewer-buttons">
                <button class="button" data-testid="viewer-save" on:click=move |_| keep_file(thread, id, name.clone())>
                    <Glyph icon=DOWN/>
                    {t!("att-save")}
                </button>
                <button class="button plain" data-testid="viewer-close" autofocus=true on:click=move |_| on_close.run(())>
                    <Glyph icon=CLOSE/>
                    {t!("common-close")}
                </button>
            </div>
            <p class="viewer-note">{t!("att-save-note")}</p>
        </Modal>
    }
}
