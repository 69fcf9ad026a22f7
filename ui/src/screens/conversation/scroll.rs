//! Where a list of messages is scrolled to, and how it stays there when rows come and go above or below.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Closer to the end than this many CSS pixels counts as being at the end.
const AT_END: f64 = 24.0;

/// What must not move on the screen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Anchor {
    /// The end of the list.
    End,
    /// One row at a distance from the top of the view. What stands above it, such as a date, is no part of it: that comes and
    /// goes with the rows before.
    Row {
        /// The row's element id.
        id: String,
        /// In CSS pixels; negative when it starts above the view.
        distance: f64,
    },
}

impl Anchor {
    /// The same row, once the view is scrolled on by so many CSS pixels. The end stays the end.
    pub(crate) fn scrolled_by(self, pixels: f64) -> Self {
        match self {
            Self::Row { id, distance } => Self::Row {
                id,
                distance: distance - pixels,
            },
            Self::End => Self::End,
        }
    }
}

/// Distance from the visible end to the end of the list.
pub(crate) fn to_end(scroller: &HtmlElement) -> f64 {
    f64::from(scroller.scroll_height() - scroller.client_height() - scroller.scroll_top())
}

/// What to hold on to now. `end_is_newest`: the list's end is the conversation's end.
pub(crate) fn anchor(scroller: &HtmlElement, list: &HtmlElement, end_is_newest: bool) -> Option<Anchor> {
    if end_is_newest && to_end(scroller) <= AT_END {
        return Some(Anchor::End);
    }
    let top = scroller.get_bounding_client_rect().top();
    let rows = list.children();
    let bottom_of = |index: u32| {
        rows.item(index)
            .map_or(f64::INFINITY, |row| row.get_bounding_client_rect().bottom())
    };
    let row = rows.item(first_at_or_after(rows.length(), |index| bottom_of(index) > top))?;
    Some(Anchor::Row {
        id: row.id(),
        distance: top_of(&row) - top,
    })
}

/// Where a row itself begins, below a date or the divider.
fn top_of(row: &Element) -> f64 {
    let itself = row.query_selector(":scope > :not(.day, .divider)").ok().flatten();
    itself.as_ref().unwrap_or(row).get_bounding_client_rect().top()
}

/// Scrolls so that the anchor is where it was. Answers with how many CSS pixels below that place it is when the list ends
/// too early, negative ones when it begins too late; `None` when it is gone.
pub(crate) fn restore(scroller: &HtmlElement, anchor: &Anchor) -> Option<f64> {
    let Anchor::Row { id, distance } = anchor else {
        scroller.set_scroll_top(scroller.scroll_height());
        return Some(0.0);
    };
    let row = crate::browser::by_id(id)?;
    let top = scroller.get_bounding_client_rect().top();
    let moved = || top_of(&row) - top - distance;
    let before = moved();
    if before.abs() < 1.0 {
        return Some(before);
    }
    scroller.set_scroll_top(scroller.scroll_top() + before.round() as i32);
    Some(moved())
}

/// Id of the newest row of `list` that is at least half inside the view, among those that `counts`.
pub(crate) fn newest_half_visible(
    scroller: &HtmlElement,
    list: &HtmlElement,
    counts: impl Fn(&str) -> bool,
) -> Option<String> {
    let view = scroller.get_bounding_client_rect();
    let rows = list.children();
    (0..rows.length())
        .rev()
        .filter_map(|index| rows.item(index))
        .find(|row| is_half_inside(row, &view) && counts(&row.id()))
        .map(|row| row.id())
}

fn is_half_inside(row: &Element, view: &web_sys::DomRect) -> bool {
    let rect = row.get_bounding_client_rect();
    let shown = rect.bottom().min(view.bottom()) - rect.top().max(view.top());
    // A row taller than the view counts when it fills half of the view.
    shown > 0.0 && shown >= rect.height().min(view.height()) / 2.0
}

/// The first of `count` indices for which `holds` is true, where it stays true from there on.
fn first_at_or_after(count: u32, holds: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// An element as one that can be scrolled.
pub(crate) fn html(element: &impl AsRef<Element>) -> Option<HtmlElement> {
    element.as_ref().clone().dyn_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_in_view_is_found() {
        for count in 0..40 {
            for first in 0..=count {
                assert_eq!(first_at_or_after(count, |index| index >= first), first);
            }
        }
    }
}
