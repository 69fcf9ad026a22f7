//! A scrolling list of which only the visible rows are on the page.

use leptos::html;
use leptos::prelude::*;

use super::list::{HomeList, visible_rows};
use super::row::Row;
use crate::browser;
use crate::locale::t;

/// Height of a row, in rem; the style sheet has the same number.
const ROW_REM: f64 = 4.75;

/// The list with what stands above it and what shows when it is empty.
#[component]
pub(crate) fn RowWindow<A: IntoView + 'static, E: IntoView + 'static>(
    /// Its rows.
    list: HomeList,
    /// The list's test id.
    testid: &'static str,
    /// The list's name.
    label: String,
    /// Scrolls with the list, above it.
    above: impl Fn() -> A + Send + 'static,
    /// Stands in for the list without rows.
    empty: impl Fn() -> E + Send + Sync + Clone + 'static,
) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let rows = NodeRef::<html::Ul>::new();
    let range = RwSignal::new((0_u32, 24_u32));
    let total = Memo::new(move |_| list.page.with(|page| page.as_ref().map(|page| page.total)));
    let look = move || {
        let (Some(Some(scroller)), Some(Some(rows))) =
            (scroller.try_get_untracked(), rows.try_get_untracked())
        else {
            return;
        };
        let top = f64::from(scroller.scroll_top());
        list.scroll.set_value(top);
        let above = f64::from(rows.offset_top());
        let count = total.get_untracked().unwrap_or(0);
        let shown = visible_rows(
            top - above,
            f64::from(scroller.client_height()),
            ROW_REM * browser::rem(),
            count,
        );
        if range.get_untracked() != shown {
            range.set(shown);
        }
        list.show(shown.0, shown.1);
    };
    rows.on_load(move |_| {
        // Where the list was when it was last on the page.
        browser::before_paint(move || {
            if let Some(scroller) = scroller.try_get_untracked().flatten() {
                scroller.set_scroll_top(list.scroll.get_value() as i32);
                look();
            }
        });
    });
    // The first rows may come after the list is on the page.
    Effect::new(move |_| {
        total.track();
        browser::before_paint(look);
    });
    let visible = move || {
        let (first, last) = range.get();
        list.page.with(|page| {
            let Some(page) = page else { return Vec::new() };
            page.rows
                .iter()
                .zip(page.offset..)
                .filter(|(_, index)| (first..last.max(first + 1)).contains(index))
                .map(|(row, _)| row.id.clone())
                .collect()
        })
    };
    let skeletons = move || {
        let waiting = total.get().is_none() && !list.failed.get();
        waiting.then(|| {
            view! {
                <ul class="skeletons" aria-label=t!("home-loading")>
                    {(0..6).map(|_| view! { <li class="row skeleton" aria-hidden="true"><span class="avatar"></span><span class="row-text"></span></li> }).collect_view()}
                </ul>
            }
        })
    };
    view! {
        <div class="scroller" node_ref=scroller on:scroll=move |_| look()>
            {above()}
            <Show when=move || list.failed.get()>
                <p class="banner" role="status">
                    {t!("home-retry")}
                    <button class="button soft small" on:click=move |_| list.refresh()>
                        {t!("common-try-again")}
                    </button>
                </p>
            </Show>
            {skeletons}
            {move || (total.get() == Some(0)).then(empty.clone())}
            <ul
                class="rows"
                node_ref=rows
                data-testid=testid
                aria-label=label
                style:block-size=move || format!("{}rem", f64::from(total.get().unwrap_or(0)) * ROW_REM)
            >
                <For each=visible key=|id| id.clone() let:id>
                    <Row list id row_rem=ROW_REM/>
                </For>
            </ul>
        </div>
    }
}
