//! Notices above the list: at most two, the gravest first, then the row that leads to the requests.

use contract::{Connection, ErrorCode, Failure};
use leptos::prelude::*;

use crate::app::{Route, ui};
use crate::components::icon::{CLOCK, FORWARD, Glyph, INBOX, OFFLINE};
use crate::locale::{failure_text, t};
use crate::screens::data::follow_data;
use crate::screens::devices::{follow_device, sync_now};

/// What may be told, the gravest first.
#[derive(Clone, Copy, PartialEq)]
enum Notice {
    Offline,
    Clock,
    Phrase,
    Disk,
    Backup,
    Sync,
}

/// With a clock as wrong as this, messages begin to fail.
const CLOCK_WRONG_MS: u64 = 2 * 60_000;

/// Notices that show at once.
const MOST: usize = 2;

/// By how many minutes a clock is wrong that differs from the network's like this; `None` when it is good enough.
fn minutes_wrong(offset_ms: i64) -> Option<u64> {
    let off = offset_ms.unsigned_abs();
    (off > CLOCK_WRONG_MS).then(|| (off + 30_000) / 60_000)
}

/// What the user should know before reading the list.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let ui = ui();
    let offline = Memo::new(move |_| ui.connection() == Connection::Offline);
    let clock = Memo::new(move |_| {
        ui.path
            .with(|path| path.as_ref().and_then(|path| minutes_wrong(path.clock_offset_ms)))
    });
    let data = follow_data();
    let device = follow_device();
    let syncing = RwSignal::new(false);
    let notices = Memo::new(move |_| {
        let reminder = ui.account.with(|a| a.as_ref().is_some_and(|a| a.phrase_reminder));
        let (full, unmade) = data.with(|data| {
            data.as_ref().map_or((false, false), |data| {
                let schedule = data.schedule.as_ref();
                (
                    data.disk_low,
                    schedule.is_some_and(|schedule| schedule.failure.is_some()),
                )
            })
        });
        let unsynced = device.with(|device| device.as_ref().is_some_and(|device| device.delayed));
        let due = [
            (Notice::Offline, offline.get()),
            (Notice::Clock, clock.get().is_some()),
            (Notice::Phrase, reminder),
            (Notice::Disk, full),
            (Notice::Backup, unmade),
            // Offline says as much.
            (Notice::Sync, unsynced && !offline.get()),
        ];
        let due = due
            .into_iter()
            .filter_map(|(notice, is_due)| is_due.then_some(notice));
        due.take(MOST).collect::<Vec<_>>()
    });
    let shows = move |notice| notices.with(|notices| notices.contains(&notice));
    let requests = Memo::new(move |_| {
        ui.home.page.with(|page| {
            page.as_ref()
                .map_or((0, 0), |page| (page.requests, page.unread_requests))
        })
    });
    view! {
        <section class="notices" aria-label=t!("home-notices")>
            <Show when=move || shows(Notice::Offline)>
                <p class="banner" role="status" data-testid="notice-offline">
                    <Glyph icon=OFFLINE/>
                    <span>{t!("home-offline")}</span>
                </p>
            </Show>
            {move || {
                let failure = Failure::new(ErrorCode::Clock).with("n", clock.get()?);
                Some(view! {
                    <p class="banner banner-warn" role="status" data-testid="notice-clock">
                        <Glyph icon=CLOCK/>
                        <span>{failure_text(&failure)}</span>
                    </p>
                })
            }}
            <Show when=move || shows(Notice::Phrase)>
                <div class="banner banner-warn" data-testid="notice-phrase">
                    <div>
                        <h2 class="banner-title">{t!("home-phrase-title")}</h2>
                        <p>{t!("home-phrase-body")}</p>
                    </div>
                    <button class="button soft small" data-testid="notice-phrase-open" on:click=move |_| ui.nav.open(Route::RecoveryPhrase)>
                        {t!("home-phrase-open")}
                    </button>
                </div>
            </Show>
            <Show when=move || shows(Notice::Disk)>
                <div class="banner banner-warn" role="status" data-testid="notice-disk">
                    <p>{failure_text(&ErrorCode::Disk.into())}</p>
                    <button class="button soft small" data-testid="notice-disk-open" on:click=move |_| ui.nav.open(Route::Space)>
                        {t!("home-disk-open")}
                    </button>
                </div>
            </Show>
            <Show when=move || shows(Notice::Backup)>
                <div class="banner banner-warn" role="status" data-testid="notice-backup">
                    <p>{t!("home-backup")}</p>
                    <button class="button soft small" data-testid="notice-backup-open" on:click=move |_| ui.nav.open(Route::Data)>
                        {t!("home-backup-open")}
                    </button>
                </div>
            </Show>
            <Show when=move || shows(Notice::Sync)>
                <div class="banner banner-warn" role="status" data-testid="notice-sync">
                    <p>{failure_text(&ErrorCode::Sync.into())}</p>
                    <button class="button soft small" data-testid="notice-sync-now" on:click=move |_| sync_now(ui, device, syncing)>
                        {t!("dev-sync")}
                    </button>
                </div>
            </Show>
            {move || {
                let (all, unread) = requests.get();
                let name = if unread > 0 { t!("home-requests-unread", n = unread) } else { t!("home-requests") };
                (all > 0).then(|| view! {
                    <button
                        class="requests-row"
                        data-testid="home-requests"
                        aria-label=name
                        on:click=move |_| ui.nav.open(Route::Requests)
                    >
                        <span class="requests-icon"><Glyph icon=INBOX/></span>
                        <span class="requests-name">{t!("home-requests")}</span>
                        {(unread > 0).then(|| view! { <span class="badge">{unread}</span> })}
                        <Glyph icon=FORWARD/>
                    </button>
                })
            }}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_wrong_when_more_than_2_minutes_off() {
        assert_eq!(minutes_wrong(0), None);
        assert_eq!(minutes_wrong(120_000), None);
        assert_eq!(minutes_wrong(-120_000), None);
        assert_eq!(minutes_wrong(120_001), Some(2));
        assert_eq!(minutes_wrong(-9 * 60_000 - 40_000), Some(10));
        assert_eq!(minutes_wrong(i64::MIN), Some(153_722_867_280_913));
    }
}
