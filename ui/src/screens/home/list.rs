//! The loaded window of a conversation list, and when another one is asked for.

use contract::{ConversationPage, ConversationRow, ListConversations, ListRequests};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::core::Core;

/// Rows of one window.
const WINDOW: u32 = 120;
/// Rows kept loaded before and after what is visible.
const MARGIN: u32 = 30;

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowSource {
    /// The conversations of the home screen.
    Conversations,
    /// The message requests.
    Requests,
}

/// A list of conversations of which a window is loaded, passed around by copy.
#[derive(Clone, Copy)]
pub(crate) struct HomeList {
    core: Core,
    source: RowSource,
    /// The loaded window; `None` before the first answer.
    pub(crate) page: RwSignal<Option<ConversationPage>>,
    /// The last try failed.
    pub(crate) failed: RwSignal<bool>,
    /// Where the list was scrolled to, in CSS pixels.
    pub(crate) scroll: StoredValue<f64>,
    /// First row that is to be loaded.
    offset: StoredValue<u32>,
    asked: StoredValue<u64>,
}

impl HomeList {
    pub(crate) fn new(core: Core) -> Self {
        Self::of(core, RowSource::Conversations)
    }

    pub(crate) fn of(core: Core, source: RowSource) -> Self {
        Self {
            core,
            source,
            page: RwSignal::new(None),
            failed: RwSignal::new(false),
            scroll: StoredValue::new(0.0),
            offset: StoredValue::new(0),
            asked: StoredValue::new(0),
        }
    }

    /// Whether rows are requests.
    pub(crate) fn is_requests(self) -> bool {
        self.source == RowSource::Requests
    }

    /// Asks for the window again.
    pub(crate) fn refresh(self) {
        let Some(offset) = self.offset.try_get_value() else {
            return;
        };
        let number = self.asked.try_update_value(|n| {
            *n += 1;
            *n
        });
        spawn_local(async move {
            let answer = match self.source {
                RowSource::Conversations => {
                    self.core
                        .ask(ListConversations {
                            offset,
                            limit: WINDOW,
                        })
                        .await
                }
                RowSource::Requests => {
                    self.core
                        .ask(ListRequests {
                            offset,
                            limit: WINDOW,
                        })
                        .await
                }
            };
            // Only the latest question counts; an earlier answer may be older than what is shown.
            if self.asked.try_get_value() != number {
                return;
            }
            match answer {
                Ok(page) => {
                    let _ = self.failed.try_set(false);
                    let _ = self.page.try_set(Some(page));
                }
                Err(_) => {
                    let _ = self.failed.try_set(true);
                }
            }
        });
    }

    /// Makes sure that rows `first..last` are loaded or on their way.
    pub(crate) fn show(self, first: u32, last: u32) {
        let total = self
            .page
            .with_untracked(|page| page.as_ref().map_or(0, |page| page.total));
        let offset = self.offset.get_value();
        if let Some(offset) = needed_offset(offset, total, first, last) {
            self.offset.set_value(offset);
            self.refresh();
        }
    }

    /// A loaded row with its index in the whole list.
    pub(crate) fn row(self, id: &contract::ConversationId) -> Option<(u32, ConversationRow)> {
        self.page.with(|page| {
            let page = page.as_ref()?;
            let (index, row) = page.rows.iter().enumerate().find(|(_, row)| row.id == *id)?;
            Some((page.offset + u32::try_from(index).ok()?, row.clone()))
        })
    }
}

/// The first row of another window, where the loaded one does not hold what is visible and a part of its margins.
fn needed_offset(offset: u32, total: u32, first: u32, last: u32) -> Option<u32> {
    let reach = MARGIN / 2;
    let misses_before = first.saturating_sub(reach) < offset;
    let misses_after = last.saturating_add(reach).min(total) > offset.saturating_add(WINDOW);
    let wanted = first.saturating_sub((WINDOW - (last - first).min(WINDOW)) / 2);
    ((misses_before || misses_after) && wanted != offset).then_some(wanted)
}

/// The rows that are put on the page: what is visible and a few around it.
pub(crate) fn visible_rows(scrolled: f64, height: f64, row_height: f64, total: u32) -> (u32, u32) {
    const AROUND: f64 = 6.0;
    if row_height <= 0.0 {
        return (0, 0);
    }
    let first = (scrolled / row_height).floor() - AROUND;
    let last = ((scrolled + height) / row_height).ceil() + AROUND;
    let total_rows = f64::from(total);
    (
        first.clamp(0.0, total_rows) as u32,
        last.clamp(0.0, total_rows) as u32,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_the_view_is_on_the_page() {
        assert_eq!(visible_rows(0.0, 740.0, 74.0, 10_000), (0, 16));
        assert_eq!(visible_rows(7_400.0, 740.0, 74.0, 10_000), (94, 116));
        assert_eq!(visible_rows(7_400.0, 740.0, 74.0, 100), (94, 100));
        assert_eq!(visible_rows(-50.0, 740.0, 74.0, 3), (0, 3));
        assert_eq!(visible_rows(0.0, 740.0, 0.0, 3), (0, 0));
    }

    #[test]
    fn a_window_is_kept_while_it_holds_the_view_and_its_surroundings() {
        assert_eq!(needed_offset(0, 10_000, 0, 20), None);
        assert_eq!(needed_offset(0, 10_000, 80, 100), None);
        assert_eq!(needed_offset(0, 10_000, 100, 120), Some(50));
        assert_eq!(needed_offset(50, 10_000, 40, 60), Some(0));
        assert_eq!(needed_offset(0, 90, 70, 90), None);
    }

    #[test]
    fn scrolling_through_a_long_list_always_loads_what_is_shown() {
        let (mut offset, total) = (0, 10_000);
        for top in (0..total).step_by(7) {
            let (first, last) = (top, (top + 20).min(total));
            offset = needed_offset(offset, total, first, last).unwrap_or(offset);
            assert!(offset <= first && last <= offset + WINDOW, "{first} {offset}");
        }
    }
}
