//! Moments as people read them: today 14:05, this week Tue, older 3 Apr, other years 3 Apr 2025.
//!
//! Moments are milliseconds since 1970 in *local* time here: whoever calls adds the offset to UTC first
//! ([`local`] does, with the browser's zone).

use contract::TimestampMs;

use crate::browser;
use crate::locale::t;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// A moment in local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Local(pub(crate) i64);

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) year: i64,
    /// 1 to 12.
    pub(crate) month: i64,
    /// 1 to 31.
    pub(crate) day: i64,
}

/// A network moment in this device's zone.
pub(crate) fn local(moment: TimestampMs) -> Local {
    Local(moment.0 + browser::utc_offset_ms(moment.0))
}

/// This moment, by the device's clock.
pub(crate) fn now() -> Local {
    local(TimestampMs(browser::now_ms()))
}

impl Local {
    /// Whole days since 1970-01-01.
    pub(crate) fn days(self) -> i64 {
        self.0.div_euclid(DAY_MS)
    }

    /// Whole hours since 1970-01-01 00:00.
    pub(crate) fn hours(self) -> i64 {
        self.0.div_euclid(60 * MINUTE_MS)
    }

    /// The day of the calendar.
    pub(crate) fn day(self) -> Day {
        // Howard Hinnant's "civil from days": eras of 400 years that start on 1 March.
        let shifted = self.days() + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        Day {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
        }
    }

    /// 0 for Sunday to 6 for Saturday.
    fn weekday(self) -> i64 {
        (self.days() + 4).rem_euclid(7)
    }

    /// Hours and minutes, `14:05`.
    pub(crate) fn time(self) -> String {
        let minutes = self.0.rem_euclid(DAY_MS) / MINUTE_MS;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }

    fn date(self, now: Self) -> String {
        let Day { year, month, day } = self.day();
        let month = t!(&format!("date-month-{month}"));
        if year == now.day().year {
            t!("date-day-month", day = day, month = month)
        } else {
            t!(
                "date-day-month-year",
                day = day,
                month = month,
                year = year.to_string()
            )
        }
    }

    fn is_this_week(self, now: Self) -> bool {
        (0..7).contains(&(now.days() - self.days()))
    }

    /// For a row of a list: the time today, the weekday within a week, else the date.
    pub(crate) fn in_list(self, now: Self) -> String {
        if self.days() == now.days() {
            self.time()
        } else if self.is_this_week(now) {
            t!(&format!("date-weekday-{}", self.weekday()))
        } else {
            self.date(now)
        }
    }

    /// For a date chip: the day in words, with the time.
    pub(crate) fn with_day(self, now: Self) -> String {
        let day = match now.days() - self.days() {
            0 => t!("date-today"),
            1 => t!("date-yesterday"),
            _ if self.is_this_week(now) => t!(&format!("date-weekday-{}", self.weekday())),
            _ => self.date(now),
        };
        t!("date-with-time", day = day, time = self.time())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22 14:05, a Sunday.
    const NOW: Local = Local(1_795_356_300_000);

    fn earlier(days: i64) -> Local {
        Local(NOW.0 - days * DAY_MS)
    }

    #[test]
    fn days_follow_the_calendar() {
        let day = |year, month, day| Day { year, month, day };
        assert_eq!(NOW.day(), day(2026, 11, 22));
        assert_eq!(Local(0).day(), day(1970, 1, 1));
        assert_eq!(Local(-1).day(), day(1969, 12, 31));
        assert_eq!(Local(951_782_400_000).day(), day(2000, 2, 29));
        assert_eq!(Local(4_107_542_400_000).day(), day(2100, 3, 1));
    }

    #[test]
    fn a_list_shows_time_then_weekday_then_date() {
        assert_eq!(NOW.in_list(NOW), "14:05");
        assert_eq!(earlier(1).in_list(NOW), "Sat");
        assert_eq!(earlier(6).in_list(NOW), "Mon");
        assert_eq!(earlier(7).in_list(NOW), "15 Nov");
        assert_eq!(earlier(400).in_list(NOW), "18 Oct 2025");
    }

    #[test]
    fn a_moment_of_the_future_shows_its_date() {
        assert_eq!(earlier(-2).in_list(NOW), "24 Nov");
    }

    #[test]
    fn a_chip_names_the_day_and_the_time() {
        assert_eq!(NOW.with_day(NOW), "Today 14:05");
        assert_eq!(earlier(1).with_day(NOW), "Yesterday 14:05");
        assert_eq!(earlier(3).with_day(NOW), "Thu 14:05");
        assert_eq!(earlier(30).with_day(NOW), "23 Oct 14:05");
    }
}
