//! Where the lines of a gallery stand, of which only the visible ones are on the page.

use std::ops::Range;

/// A month as it is counted: year and month.
pub(super) type Month = (i64, i64);

/// One line of a gallery.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Line {
    /// The heading of a month.
    Month(Month),
    /// So many of the items, side by side.
    Items(Range<usize>),
}

/// Heights of lines, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Heights {
    pub(super) month: f64,
    pub(super) items: f64,
}

/// Lines with the distance of each from the top, and the height of all.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lines {
    lines: Vec<(f64, Line)>,
    pub(super) height: f64,
}

impl Lines {
    /// Lays out items, whose months are given newest first, in lines of so many.
    pub(super) fn lay_out(months: &[Month], across: usize, heights: Heights) -> Self {
        let mut laid = Self {
            lines: Vec::new(),
            height: 0.0,
        };
        let mut start = 0;
        for of_month in months.chunk_by(|one, next| one == next) {
            if let Some(month) = of_month.first() {
                laid.push(Line::Month(*month), heights.month);
            }
            let end = start + of_month.len();
            for first in (start..end).step_by(across.max(1)) {
                laid.push(
                    Line::Items(first..(first + across.max(1)).min(end)),
                    heights.items,
                );
            }
            start = end;
        }
        laid
    }

    fn push(&mut self, line: Line, height: f64) {
        self.lines.push((self.height, line));
        self.height += height;
    }

    /// What is visible between two distances from the top, and a window's height around it.
    pub(super) fn visible(&self, top: f64, height: f64) -> Vec<(f64, Line)> {
        let first = self.lines.partition_point(|(at, _)| *at < top - height);
        let last = self.lines.partition_point(|(at, _)| *at < top + 2.0 * height);
        // The line that begins above the first may reach into the view.
        self.lines
            .get(first.saturating_sub(1)..last)
            .unwrap_or_default()
            .to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEIGHTS: Heights = Heights {
        month: 40.0,
        items: 100.0,
    };

    #[test]
    fn months_begin_lines_of_their_own() {
        let (may, june) = ((2026, 5), (2026, 6));
        let months = [june, june, june, june, may];
        let lines = Lines::lay_out(&months, 3, HEIGHTS);
        let wanted = [
            (0.0, Line::Month(june)),
            (40.0, Line::Items(0..3)),
            (140.0, Line::Items(3..4)),
            (240.0, Line::Month(may)),
            (280.0, Line::Items(4..5)),
        ];
        assert_eq!(lines.lines, wanted);
        assert_eq!(lines.height, 380.0);
        assert!(Lines::lay_out(&[], 3, HEIGHTS).visible(0.0, 700.0).is_empty());
    }

    #[test]
    fn of_many_lines_only_those_near_the_view_are_on_the_page() {
        let months = vec![(2026, 6); 30_000];
        let lines = Lines::lay_out(&months, 3, HEIGHTS);
        for top in [0.0, 5_000.0, 500_000.0, lines.height - 700.0] {
            let visible = lines.visible(top, 700.0);
            assert!((8..=24).contains(&visible.len()), "{}", visible.len());
            let (first, last) = (visible.first().unwrap().0, visible.last().unwrap().0);
            assert!(first <= top && last + HEIGHTS.items >= (top + 700.0).min(lines.height));
        }
    }
}
