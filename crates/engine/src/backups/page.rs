//! The web page of an export: text, times and links to files, no script, nothing from anywhere else.

use std::io::{self, Write};

use protocol::TimestampMs;

/// One message as the page shows it.
pub(super) struct Line<'a> {
    pub(super) mine: bool,
    pub(super) author: &'a str,
    pub(super) time: &'a str,
    pub(super) quoted: Option<&'a str>,
    pub(super) text: &'a str,
    /// Names, and where those lie that are here.
    pub(super) files: &'a [(String, Option<String>)],
}

pub(super) fn begin(out: &mut impl Write, title: &str) -> io::Result<()> {
    let title = escaped(title);
    write!(
        out,
        "<!doctype html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         img-src 'self' file:\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>body{{font-family:sans-serif;max-width:40em;margin:auto;padding:1em}}\
         h2{{font-size:1em;text-align:center}}article{{margin:.5em 0;padding:.5em .8em;border-radius:.8em;\
         background:#eee;width:fit-content;max-width:80%}}article.mine{{margin-inline-start:auto;background:#d6ecf0}}\
         p{{white-space:pre-wrap;overflow-wrap:anywhere;margin:.2em 0}}blockquote{{margin:.2em 0;padding-inline-start:.5em;\
         border-inline-start:.2em solid #888}}footer{{font-size:.8em;color:#555}}</style>\n\
         </head>\n<body>\n<h1 dir=\"auto\">{title}</h1>\n"
    )
}

pub(super) fn day(out: &mut impl Write, date: &str) -> io::Result<()> {
    writeln!(out, "<h2>{date}</h2>")
}

pub(super) fn line(out: &mut impl Write, line: &Line<'_>) -> io::Result<()> {
    let class = if line.mine { " class=\"mine\"" } else { "" };
    write!(out, "<article{class}>")?;
    if let Some(quoted) = line.quoted {
        write!(out, "<blockquote dir=\"auto\">{}</blockquote>", escaped(quoted))?;
    }
    if !line.text.is_empty() {
        write!(out, "<p dir=\"auto\">{}</p>", escaped(line.text))?;
    }
    for (name, place) in line.files {
        let shown = escaped(name);
        match place {
            Some(place) => write!(out, "<p><a href=\"{}\">{shown}</a></p>", encoded(place))?,
            None => write!(out, "<p>{shown}</p>")?,
        }
    }
    writeln!(
        out,
        "<footer><bdi>{}</bdi> <time>{}</time></footer></article>",
        escaped(line.author),
        line.time
    )
}

pub(super) fn end(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "</body>\n</html>")
}

/// `2026-11-22 10:15:07`, in UTC.
pub(super) fn stamp(at: TimestampMs) -> String {
    const DAY_S: i64 = 86_400;
    let seconds = at.0.div_euclid(1_000);
    let (days, rest) = (seconds.div_euclid(DAY_S), seconds.rem_euclid(DAY_S));
    let (year, month, day) = date(days);
    let (hour, minute, second) = (
        rest.div_euclid(3_600),
        rest.div_euclid(60).rem_euclid(60),
        rest.rem_euclid(60),
    );
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// Year, month and day of a number of days since 1970-01-01, by the calendar's cycle of 400 years.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "i64 milliseconds are fewer than 2^37 days"
)]
const fn date(days: i64) -> (i64, i64, i64) {
    const CYCLE: i64 = 146_097;
    // Years begin in March here, so that the day that comes and goes is their last.
    let shifted = days + 719_468;
    let (cycle, day) = (shifted.div_euclid(CYCLE), shifted.rem_euclid(CYCLE));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let civil = if month < 10 { month + 3 } else { month - 9 };
    let year = year + cycle * 400;
    (if civil <= 2 { year + 1 } else { year }, civil, of_month)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A relative path for a link: everything but plain letters is percent-encoded.
fn encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                encoded.push(char::from(byte))
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_the_calendar_has_them() {
        for (ms, text) in [
            (0, "1970-01-01 00:00:00"),
            (951_782_400_000, "2000-02-29 00:00:00"),
            (1_709_251_199_999, "2024-02-29 23:59:59"),
            (1_709_251_200_000, "2024-03-01 00:00:00"),
            (1_795_342_507_000, "2026-11-22 10:15:07"),
            (-1, "1969-12-31 23:59:59"),
            (4_107_542_399_000, "2100-02-28 23:59:59"),
            (4_107_542_400_000, "2100-03-01 00:00:00"),
        ] {
            assert_eq!(stamp(TimestampMs(ms)), text);
        }
        // However far off a clock is, there is some answer.
        stamp(TimestampMs(i64::MAX));
        stamp(TimestampMs(i64::MIN));
    }

    #[test]
    fn what_somebody_wrote_is_text_and_nothing_else() {
        let mut page = Vec::new();
        let written = Line {
            mine: false,
            author: "<b>Mallory</b>",
            time: "10:15:07",
            quoted: Some("</blockquote><script>"),
            text: "<script>alert('&')</script>",
            files: &[(
                "\"><img src=x>.png".to_owned(),
                Some("files/1-\"><img src=x>.png".to_owned()),
            )],
        };
        line(&mut page, &written).unwrap();
        let page = String::from_utf8(page).unwrap();
        assert!(
            !page.contains("<script") && !page.contains("<img") && !page.contains("<b>"),
            "{page}"
        );
        assert!(page.contains("&lt;script&gt;alert(&#39;&amp;&#39;)"));
        assert!(page.contains("files/1-%22%3E%3Cimg%20src%3Dx%3E.png"));
    }
}
