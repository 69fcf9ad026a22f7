//! How often the page may have something done that leaves the app.
//!
//! No web view tells the shell whether a person has touched anything, so a page that was taken over could save files and
//! open links by itself. It can do so only as often as a person would.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many times at once, and one more after each span.
#[derive(Debug)]
pub(crate) struct Pace {
    most: u32,
    span: Duration,
    /// What is left, and when it was counted.
    left: Mutex<(u32, Instant)>,
}

impl Pace {
    /// `most` at once at `now`, and one more after each `span`.
    pub(crate) fn new(most: u32, span: Duration, now: Instant) -> Self {
        Self {
            most,
            span,
            left: Mutex::new((most, now)),
        }
    }

    /// Whether it may be done once more.
    pub(crate) fn take(&self, now: Instant) -> bool {
        let mut kept = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, counted) = *kept;
        let spans = now.saturating_duration_since(counted).as_nanos() / self.span.as_nanos().max(1);
        let spans = u32::try_from(spans).unwrap_or(u32::MAX);
        let counted = match spans {
            0 => counted,
            _ => now,
        };
        let left = left.saturating_add(spans).min(self.most);
        *kept = (left.saturating_sub(1), counted);
        left > 0
    }
}

/// What the page may have done only at a person's pace.
#[derive(Debug)]
pub(crate) struct Paces {
    /// Files written into the downloads: a whole selection at once.
    pub(crate) saves: Pace,
    /// Pages opened in the system's browser.
    pub(crate) links: Pace,
}

impl Paces {
    /// From now on.
    pub(crate) fn new() -> Self {
        let now = Instant::now();
        Self {
            saves: Pace::new(200, Duration::from_secs(2), now),
            links: Pace::new(5, Duration::from_secs(3), now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_up_comes_back_with_time() {
        let (start, second) = (Instant::now(), Duration::from_secs(1));
        let pace = Pace::new(2, second, start);
        let at = |seconds: u32| pace.take(start + second * seconds);
        assert_eq!([at(0), at(0), at(0)], [true, true, false]);
        assert_eq!([at(1), at(1)], [true, false]);
        assert_eq!(
            [at(60), at(60), at(60)],
            [true, true, false],
            "no more than at once"
        );
    }
}
