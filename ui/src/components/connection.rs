//! The connection as a dot: a colour, a shape and a word.

use contract::Connection;
use leptos::prelude::*;

use crate::locale::t;

/// The connection in a word.
pub(crate) fn connection_word(connection: Connection) -> String {
    match connection {
        Connection::Connected => t!("connection-connected"),
        Connection::Connecting => t!("connection-connecting"),
        Connection::NotConnected => t!("connection-not-connected"),
        Connection::Offline => t!("connection-offline"),
    }
}

/// Draws the dot; the word stands beside it or in the name of the control around it.
#[component]
pub(crate) fn ConnectionDot(
    /// The connection.
    #[prop(into)]
    connection: Signal<Connection>,
    /// The element's test id.
    testid: &'static str,
) -> impl IntoView {
    let name = move || match connection.get() {
        Connection::Connected => "connected",
        Connection::Connecting => "connecting",
        Connection::NotConnected => "not-connected",
        Connection::Offline => "offline",
    };
    view! {
        <svg class=move || format!("dot dot-{}", name()) viewBox="0 0 16 16" aria-hidden="true" data-testid=testid data-state=name>
            {move || match connection.get() {
                Connection::Connected => view! { <circle class="dot-fill" cx="8" cy="8" r="6.5"/> }.into_any(),
                Connection::Connecting => {
                    view! {
                        <circle class="dot-ring" cx="8" cy="8" r="5.5"/>
                        <path class="dot-fill" d="M8 1.5a6.5 6.5 0 0 1 0 13z"/>
                    }
                        .into_any()
                }
                Connection::NotConnected => view! { <circle class="dot-ring" cx="8" cy="8" r="5.5"/> }.into_any(),
                Connection::Offline => {
                    view! {
                        <circle class="dot-ring" cx="8" cy="8" r="5.5"/>
                        <path class="dot-ring" d="M12.5 3.5l-9 9"/>
                    }
                        .into_any()
                }
            }}
        </svg>
    }
}
