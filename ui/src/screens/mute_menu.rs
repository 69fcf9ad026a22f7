//! For how long a conversation does not notify.

use contract::{ConversationId, Mute, MuteConversation, Muted};
use leptos::prelude::*;

use crate::app::ui;
use crate::clock;
use crate::components::dialog::{Modal, Place};
use crate::locale::t;

/// The state in words: nothing, "Muted", or until when.
pub(crate) fn mute_words(muted: Option<Muted>) -> Option<String> {
    Some(match muted? {
        Muted::Ever => t!("mute-ever-state"),
        Muted::Time { at_ms } => t!("mute-until", time = clock::local(at_ms).with_day(clock::now())),
    })
}

/// The choices.
#[component]
pub(crate) fn MuteMenu(
    /// Which conversation.
    conversation: ConversationId,
    /// It is muted now.
    muted: bool,
    /// Closes the menu.
    on_close: Callback<()>,
) -> impl IntoView {
    let ui = ui();
    let id = StoredValue::new(conversation);
    let choose = move |mute: Option<Mute>| {
        ui.order(MuteConversation {
            conversation: id.get_value(),
            mute,
        });
        on_close.run(());
    };
    let hours = [
        (1, t!("mute-1h"), "mute-1h"),
        (2, t!("mute-2h"), "mute-2h"),
        (24, t!("mute-1d"), "mute-1d"),
        (168, t!("mute-1w"), "mute-1w"),
    ];
    let hours = hours.map(|(hours, text, testid): (u32, String, &'static str)| {
        let seconds = hours * 3_600;
        view! {
            <button class="menu-row" data-testid=testid on:click=move |_| choose(Some(Mute::Seconds { seconds }))>
                {text}
            </button>
        }
    });
    view! {
        <Modal title=t!("mute-title") testid="mute-menu" place=Place::Foot on_close>
            <button class="menu-row" data-testid="mute-off" aria-pressed=(!muted).to_string() on:click=move |_| choose(None)>
                {t!("mute-off")}
            </button>
            {hours.into_iter().collect_view()}
            <button class="menu-row" data-testid="mute-ever" on:click=move |_| choose(Some(Mute::Ever))>
                {t!("mute-ever")}
            </button>
        </Modal>
    }
}
