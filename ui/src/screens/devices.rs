//! Settings > Devices: this device, how far it is in step with the others, and how another one joins.

mod link;

use contract::{DeviceView, Event, GetDevice, Origin, SyncNow, SyncPart, SyncPartView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::link::LinkDevice;
use crate::app::{Route, Ui, ui};
use crate::clock;
use crate::components::icon::{Glyph, QR, SHARE};
use crate::components::top_bar::TopBar;
use crate::locale::t;

/// What is known of this device, kept up to date for as long as the surrounding component is there.
pub(crate) fn follow_device() -> RwSignal<Option<DeviceView>> {
    ui().follow(GetDevice {}, |event| {
        matches!(event, Event::AccountChanged | Event::SyncChanged | Event::Lagged)
    })
}

/// Brings settings over now, and says why not. `busy` is set for as long as that takes.
pub(crate) fn sync_now(ui: Ui, device: RwSignal<Option<DeviceView>>, busy: RwSignal<bool>) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    spawn_local(async move {
        match ui.core.ask(SyncNow {}).await {
            Ok(found) => {
                let _ = device.try_set(Some(found));
            }
            Err(failure) => ui.show_failure(&failure),
        }
        let _ = busy.try_set(false);
    });
}

/// The screen.
#[component]
pub(crate) fn Devices() -> impl IntoView {
    let ui = ui();
    let device = follow_device();
    // Beside the card, which is drawn anew with each answer.
    let busy = RwSignal::new(false);
    let linking = RwSignal::new(false);
    view! {
        <TopBar title=t!("dev-title")/>
        <main class="page" data-testid="devices">
            {move || device.get().map(|shown| view! { <ThisDevice shown device busy/> })}
            <ul class="settings" aria-label=t!("dev-others")>
                <li>
                    <button class="setting" data-testid="dev-link" on:click=move |_| linking.set(true)>
                        <Glyph icon=QR/>
                        <span class="switch-text">
                            <span class="setting-name">{t!("dev-link")}</span>
                            <span class="hint">{t!("dev-link-help")}</span>
                        </span>
                    </button>
                </li>
                <li>
                    <button class="setting" data-testid="dev-move" on:click=move |_| ui.nav.open(Route::History)>
                        <Glyph icon=SHARE/>
                        <span class="switch-text">
                            <span class="setting-name">{t!("move-title")}</span>
                            <span class="hint">{t!("move-help")}</span>
                        </span>
                    </button>
                </li>
            </ul>
            <p class="hint" data-testid="dev-note">{t!("dev-note")}</p>
        </main>
        <Show when=move || linking.get()>
            <LinkDevice on_close=Callback::new(move |()| linking.set(false))/>
        </Show>
    }
}

#[component]
fn ThisDevice(
    shown: DeviceView,
    device: RwSignal<Option<DeviceView>>,
    busy: RwSignal<bool>,
) -> impl IntoView {
    let ui = ui();
    let since = clock::local(shown.since_ms).with_day(clock::now());
    let came = match shown.origin {
        Origin::Created => t!("dev-created", time = since),
        Origin::Restored => t!("dev-restored", time = since),
    };
    view! {
        <section class="card" data-testid="dev-this">
            <p class="card-label">{t!("dev-this")}</p>
            <h2 class="card-title">{system_name(&shown.system)}</h2>
            <p class="hint">{came}</p>
            <ul class="dev-parts" aria-label=t!("dev-parts")>
                {shown.parts.into_iter().map(|part| view! { <li class="dev-part" data-testid="dev-part">{part_line(part)}</li> }).collect_view()}
            </ul>
            <div class="actions">
                <button class="button soft" data-testid="dev-sync" aria-disabled=move || busy.get().to_string() on:click=move |_| sync_now(ui, device, busy)>
                    {move || if busy.get() { t!("dev-syncing") } else { t!("dev-sync") }}
                </button>
            </div>
        </section>
    }
}

fn part_line(part: SyncPartView) -> impl IntoView {
    let name = match part.part {
        SyncPart::Profile => t!("part-profile"),
        SyncPart::Contacts => t!("part-contacts"),
        SyncPart::Conversations => t!("part-conversations"),
        SyncPart::Groups => t!("part-groups"),
    };
    let state = match part.waiting {
        0 => t!("dev-in-step"),
        n => t!("dev-waiting", n = n),
    };
    let last = match part.synced_at_ms {
        Some(at) => t!("dev-last", time = clock::local(at).with_day(clock::now())),
        None => t!("dev-never"),
    };
    view! {
        <span class="setting-name">{name}</span>
        <span class="dev-state">
            <span>{state}</span>
            <span class="hint">{last}</span>
        </span>
    }
}

/// What people call an operating system; what is unknown by its own name.
fn system_name(system: &str) -> String {
    match system {
        "linux" => t!("dev-linux"),
        "macos" => t!("dev-mac"),
        "windows" => t!("dev-windows"),
        "android" => t!("dev-android"),
        "ios" => t!("dev-iphone"),
        other => other.to_owned(),
    }
}
