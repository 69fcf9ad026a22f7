//! Dialogs and sheets: modal, closed by Escape, Back or a tap outside; the focus returns to where it was.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::ui;
use crate::browser;
use crate::locale::t;

/// Where a modal part stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the middle.
    Middle,
    /// At the foot of the window.
    Foot,
    /// All over the window.
    Whole,
}

/// How grave what a dialog's main button does is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Can be undone or harms nothing.
    Plain,
    /// Deletes something; the focus never starts on it.
    Danger,
}

/// Anything modal.
#[component]
pub(crate) fn Modal(
    /// Its heading.
    title: String,
    /// The element's test id.
    testid: &'static str,
    /// Where it stands.
    place: Place,
    /// Closes it without doing anything.
    on_close: Callback<()>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let opener = StoredValue::new_local(browser::focused());
    dialog.on_load(|element| {
        browser::before_paint(move || {
            if element.is_connected() && !element.open() {
                let _ = element.show_modal();
            }
        });
    });
    on_cleanup(move || {
        if let Some(Some(opener)) = opener.try_get_value() {
            browser::before_paint(move || browser::focus_unless_typing(&opener));
        }
    });
    ui().nav.on_back(on_close);
    let on_click = move |event: web_sys::MouseEvent| {
        // The backdrop belongs to the dialog element itself; its content fills the rest.
        let outside = event
            .target()
            .zip(event.current_target())
            .is_some_and(|(target, this)| target == this);
        if outside {
            on_close.run(());
        }
    };
    let on_cancel = move |event: web_sys::Event| {
        event.prevent_default();
        on_close.run(());
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            on_close.run(());
        } else if event.key() == "Tab" {
            keep_focus_inside(&event);
        }
    };
    let class = match place {
        Place::Middle => "modal dialog",
        Place::Foot => "modal sheet",
        Place::Whole => "modal viewer",
    };
    view! {
        <dialog class=class node_ref=dialog aria-labelledby="dlg-title" data-testid=testid on:click=on_click on:cancel=on_cancel on:keydown=on_key>
            <div class="modal-body">
                <h2 id="dlg-title" class="modal-title" data-testid="dlg-title">
                    {title}
                </h2>
                {children()}
            </div>
        </dialog>
    }
}

const FOCUSABLE: &str =
    "button:not([disabled]):not([tabindex='-1']), input, textarea, a[href], [tabindex='0']";

/// From the last control on to the first, and back.
fn keep_focus_inside(event: &web_sys::KeyboardEvent) {
    let Some(dialog) = event
        .current_target()
        .and_then(|t| t.dyn_into::<web_sys::Element>().ok())
    else {
        return;
    };
    let Ok(controls) = dialog.query_selector_all(FOCUSABLE) else {
        return;
    };
    let last = controls
        .length()
        .checked_sub(1)
        .and_then(|last| controls.get(last));
    let (from, to) = if event.shift_key() {
        (controls.get(0), last)
    } else {
        (last, controls.get(0))
    };
    let here = browser::focused().map(wasm_bindgen::JsCast::unchecked_into::<web_sys::Node>);
    if here.is_some()
        && here == from
        && let Some(Ok(to)) = to.map(JsCast::dyn_into::<web_sys::HtmlElement>)
    {
        event.prevent_default();
        let _ = to.focus();
    }
}

/// A question with one thing to do and a way out.
#[component]
pub(crate) fn Confirm(
    /// The question.
    title: String,
    /// What it means.
    #[prop(into)]
    body: String,
    /// The main button.
    ok: String,
    /// How grave it is.
    weight: Weight,
    /// The other button; "Cancel" where nothing else is said.
    #[prop(optional, into)]
    cancel: Option<String>,
    /// Does it.
    on_ok: Callback<()>,
    /// Closes without doing it.
    on_close: Callback<()>,
) -> impl IntoView {
    let cancel = cancel.unwrap_or_else(|| t!("common-cancel"));
    let danger = weight == Weight::Danger;
    let ok_class = if danger { "button danger" } else { "button primary" };
    view! {
        <Modal title testid="dialog" place=Place::Middle on_close>
            <p class="modal-text" data-testid="dlg-body">
                {body}
            </p>
            <div class="modal-buttons">
                <button class=ok_class data-testid="dlg-ok" autofocus=!danger on:click=move |_| on_ok.run(())>
                    {ok}
                </button>
                <button class="button plain" data-testid="dlg-cancel" autofocus=danger on:click=move |_| on_close.run(())>
                    {cancel}
                </button>
            </div>
        </Modal>
    }
}

/// Something to read and close.
#[component]
pub(crate) fn Notice(
    /// What it is about.
    title: String,
    /// What it says.
    #[prop(into)]
    body: String,
    /// Closes it.
    on_close: Callback<()>,
) -> impl IntoView {
    view! {
        <Modal title testid="dialog" place=Place::Middle on_close>
            <p class="modal-text" data-testid="dlg-body">
                {body}
            </p>
            <div class="modal-buttons">
                <button class="button primary" data-testid="dlg-ok" autofocus=true on:click=move |_| on_close.run(())>
                    {t!("common-close")}
                </button>
            </div>
        </Modal>
    }
}
