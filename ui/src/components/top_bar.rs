//! The bar at the top of a screen: Back and the screen's heading, which takes the focus when the screen opens.

use leptos::html;
use leptos::prelude::*;

use super::icon::{BACK, Glyph};
use crate::app::ui;
use crate::browser;
use crate::locale::t;

/// A Back button alone, for screens whose heading stands in the text.
#[component]
pub(crate) fn BackButton() -> impl IntoView {
    let ui = ui();
    view! {
        <button class="icon-button back" aria-label=t!("common-back") data-testid="back" on:click=move |_| ui.nav.back()>
            <Glyph icon=BACK/>
        </button>
    }
}

/// The heading of a screen.
#[component]
pub(crate) fn Heading(
    /// What it says.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    heading.on_load(|element| browser::before_paint(move || browser::focus_unless_typing(&element)));
    view! {
        <h1 class="heading" tabindex="-1" node_ref=heading>
            {move || text.get()}
        </h1>
    }
}

/// The bar of a screen that lies above another.
#[component]
pub(crate) fn TopBar(
    /// The screen's heading.
    #[prop(into)]
    title: Signal<String>,
) -> impl IntoView {
    view! {
        <header class="bar">
            <BackButton/>
            <Heading text=title/>
        </header>
    }
}
