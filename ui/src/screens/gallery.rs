//! Media, files and links of a conversation, grouped by month.

mod items;
mod lines;
mod loaded;

use contract::{AttachmentId, ConversationId};
use leptos::html;
use leptos::prelude::*;

use self::items::Item;
use self::lines::{Heights, Line, Lines, Month};
use self::loaded::{Entry, Loaded, Tab};
use crate::app::ui;
use crate::browser;
use crate::clock;
use crate::components::tabs::Tabs;
use crate::components::top_bar::TopBar;
use crate::locale::t;
use crate::screens::conversation::link::LinkDialog;
use crate::screens::conversation::viewer::Viewer;

/// Heights of lines in rem; the style sheet has the same numbers.
const MONTH_REM: f64 = 2.75;
const ROW_REM: f64 = 4.75;
/// Pictures of one line on a phone; more stand side by side where there is room.
const ACROSS: f64 = 3.0;
const CELL_REM: f64 = 8.5;

/// The gallery screen.
#[component]
pub(crate) fn Gallery(
    /// Of which conversation.
    id: ConversationId,
) -> impl IntoView {
    let tab = RwSignal::new(0_usize);
    let place = StoredValue::new(id);
    let tabs = vec![
        (t!("gallery-media"), "gallery-media"),
        (t!("gallery-files"), "gallery-files"),
        (t!("gallery-links"), "gallery-links"),
    ];
    view! {
        <TopBar title=t!("gallery-title")/>
        <main class="gallery" data-testid="gallery">
            <Tabs label=t!("gallery-title") tabs chosen=tab/>
            {move || {
                let tab = match tab.get() {
                    0 => Tab::Media,
                    1 => Tab::Files,
                    _ => Tab::Links,
                };
                view! { <Panel conversation=place.get_value() tab/> }
            }}
        </main>
    }
}

/// What one tab shows.
#[component]
fn Panel(conversation: ConversationId, tab: Tab) -> impl IntoView {
    let ui = ui();
    let loaded = Loaded::follow(ui, conversation, tab);
    let scroller = NodeRef::<html::Div>::new();
    let seen = RwSignal::new((0.0, 0.0, 0.0));
    let viewing = RwSignal::new(None::<AttachmentId>);
    let link = RwSignal::new(None::<String>);
    let months = Memo::new(move |_| {
        let entries = loaded.entries.get();
        entries
            .iter()
            .flatten()
            .map(Entry::sent_at)
            .map(month_of)
            .collect::<Vec<_>>()
    });
    let across = Memo::new(move |_| match tab {
        Tab::Media => across_of(seen.get().2 / browser::rem()),
        Tab::Files | Tab::Links => 1,
    });
    let lines = Memo::new(move |_| {
        let rem = browser::rem();
        let items = match tab {
            Tab::Media => seen.get().2 / across.get() as f64,
            Tab::Files | Tab::Links => ROW_REM * rem,
        };
        let heights = Heights {
            month: MONTH_REM * rem,
            items,
        };
        months.with(|months| Lines::lay_out(months, across.get(), heights))
    });
    let look = move || {
        let Some(Some(scroller)) = scroller.try_get_untracked() else {
            return;
        };
        let (top, height) = (
            f64::from(scroller.scroll_top()),
            f64::from(scroller.client_height()),
        );
        let now = (top, height, f64::from(scroller.client_width()));
        if seen.get_untracked() != now {
            seen.set(now);
        }
        if top + 3.0 * height > lines.with_untracked(|lines| lines.height) {
            loaded.load_more();
        }
    };
    scroller.on_load(move |_| browser::before_paint(look));
    // What has come may not fill the view.
    Effect::new(move |_| {
        months.track();
        browser::before_paint(look);
    });
    let visible = move || {
        let (top, height, _) = seen.get();
        lines.with(|lines| lines.visible(top, height))
    };
    let empty = move || {
        loaded
            .entries
            .with(|entries| entries.as_ref().is_some_and(Vec::is_empty))
    };
    view! {
        <div
            class="gallery-scroller"
            id="tab-panel"
            role="tabpanel"
            tabindex="-1"
            node_ref=scroller
            on:scroll=move |_| look()
            data-testid="gallery-panel"
        >
            <Show when=empty>
                <p class="hint centred" role="status" data-testid="gallery-empty">{tab.nothing()}</p>
            </Show>
            <Show when=move || loaded.failed.get()>
                <p class="banner" role="status">
                    {t!("home-retry")}
                    <button class="button soft small" on:click=move |_| loaded.load_more()>{t!("common-try-again")}</button>
                </p>
            </Show>
            <div class="gallery-lines" style:block-size=move || format!("{}px", lines.with(|lines| lines.height))>
                <For each=visible key=|(at, line)| (at.to_bits(), line.clone()) let((at, line))>
                    {line_view(at, line, tab, across, loaded, viewing, link)}
                </For>
            </div>
        </div>
        {move || viewing.get().map(|file| view! {
            <Viewer ui file thread=None on_close=Callback::new(move |()| viewing.set(None))/>
        })}
        {move || link.get().map(|url| view! { <LinkDialog url on_close=Callback::new(move |()| link.set(None))/> })}
    }
}

fn line_view(
    at: f64,
    line: Line,
    tab: Tab,
    across: Memo<usize>,
    loaded: Loaded,
    viewing: RwSignal<Option<AttachmentId>>,
    link: RwSignal<Option<String>>,
) -> AnyView {
    let top = format!("{at}px");
    match line {
        Line::Month(month) => view! {
            <h2 class="gallery-month" data-testid="gallery-month" style:inset-block-start=top>{month_word(month)}</h2>
        }
        .into_any(),
        Line::Items(range) => {
            let shown = Memo::new(move |_| {
                let entries = loaded.entries.get().unwrap_or_default();
                entries.get(range.clone()).unwrap_or_default().to_vec()
            });
            let class = if tab == Tab::Media { "gallery-cells" } else { "gallery-row" };
            view! {
                <ul class=class style:inset-block-start=top style:--across=move || across.get().to_string()>
                    {move || shown.get().into_iter().map(|entry| view! { <Item entry viewing link/> }).collect_view()}
                </ul>
            }
            .into_any()
        }
    }
}

fn across_of(width_rem: f64) -> usize {
    (width_rem / CELL_REM).floor().max(ACROSS) as usize
}

fn month_of(at: contract::TimestampMs) -> Month {
    let day = clock::local(at).day();
    (day.year, day.month)
}

fn month_word((year, month): Month) -> String {
    let month = t!(&format!("gallery-month-{month}"));
    match year == clock::now().day().year {
        true => month,
        false => t!("gallery-month-year", month = month, year = year.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_has_three_pictures_side_by_side_and_a_wide_window_more() {
        assert_eq!(across_of(20.0), 3);
        assert_eq!(across_of(22.5), 3);
        assert_eq!(across_of(60.0), 7);
    }
}
