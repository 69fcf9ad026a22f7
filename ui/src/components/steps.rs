//! Dots that show how far onboarding is.

use leptos::prelude::*;

/// Step `at` (from 1) of `of`. Decoration: the headings say what each step is.
#[component]
pub(crate) fn Steps(
    /// The current step.
    at: u8,
    /// Steps in all.
    of: u8,
) -> impl IntoView {
    view! {
        <span class="steps" aria-hidden="true">
            {(1..=of).map(|step| view! { <span class="step" class:step-on=step <= at></span> }).collect_view()}
        </span>
    }
}
