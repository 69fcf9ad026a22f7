//! Lengths of time as people read them, and timers of disappearing messages in words.

use contract::{Disappearing, DisappearingMode};

use crate::locale::t;

/// A length in its largest unit, rounded to the nearest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Seconds(u64),
    Minutes(u64),
    Hours(u64),
    Days(u64),
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

fn length(seconds: u64) -> Length {
    let rounded = |unit: u64| (seconds + unit / 2) / unit;
    match seconds {
        0..MINUTE => Length::Seconds(seconds),
        _ if rounded(MINUTE) < 60 => Length::Minutes(rounded(MINUTE)),
        _ if rounded(HOUR) < 24 => Length::Hours(rounded(HOUR)),
        _ => Length::Days(rounded(DAY)),
    }
}

/// A length in words: "5 minutes", "1 day".
pub(crate) fn words(seconds: u64) -> String {
    match length(seconds) {
        Length::Seconds(n) => t!("time-seconds", n = n),
        Length::Minutes(n) => t!("time-minutes", n = n),
        Length::Hours(n) => t!("time-hours", n = n),
        Length::Days(n) => t!("time-days", n = n),
    }
}

/// A length with its unit shortened: "5 min", "12 h".
pub(crate) fn short(seconds: u64) -> String {
    match length(seconds) {
        Length::Seconds(n) => t!("time-short-seconds", n = n),
        Length::Minutes(n) => t!("time-short-minutes", n = n),
        Length::Hours(n) => t!("time-short-hours", n = n),
        Length::Days(n) => t!("time-short-days", n = n),
    }
}

/// A setting in one short line: "Deletes 12 h after reading".
pub(crate) fn setting_line(setting: Disappearing) -> String {
    let time = short(setting.seconds.into());
    match setting.mode {
        DisappearingMode::AfterRead => t!("dm-line-read", time = time),
        DisappearingMode::AfterSend => t!("dm-line-send", time = time),
    }
}

/// What a line says of a setting that was changed; `by`: the other side's name, `None` when it was me.
pub(crate) fn change_line(by: Option<&str>, setting: Option<Disappearing>) -> String {
    let time = setting
        .map(|setting| words(setting.seconds.into()))
        .unwrap_or_default();
    match (by, setting.map(|setting| setting.mode)) {
        (None, None) => t!("ctrl-dm-off-me"),
        (None, Some(DisappearingMode::AfterRead)) => t!("ctrl-dm-read-me", time = time),
        (None, Some(DisappearingMode::AfterSend)) => t!("ctrl-dm-send-me", time = time),
        (Some(name), None) => t!("ctrl-dm-off-them", name = name),
        (Some(name), Some(DisappearingMode::AfterRead)) => {
            t!("ctrl-dm-read-them", name = name, time = time)
        }
        (Some(name), Some(DisappearingMode::AfterSend)) => {
            t!("ctrl-dm-send-them", name = name, time = time)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_show_in_their_largest_unit() {
        let shown = [
            (1, Length::Seconds(1)),
            (59, Length::Seconds(59)),
            (300, Length::Minutes(5)),
            (299, Length::Minutes(5)),
            (3_599, Length::Hours(1)),
            (43_200, Length::Hours(12)),
            (86_399, Length::Days(1)),
            (86_400, Length::Days(1)),
            (14 * 86_400, Length::Days(14)),
        ];
        for (seconds, expected) in shown {
            assert_eq!(length(seconds), expected, "{seconds}");
        }
    }
}
