//! What went on since the app was started, for whoever wants to tell somebody of a problem.
//!
//! Lines stay in memory, the last of them only; nothing is written anywhere before the user has read them and saves them.
//! No event names a person or says what somebody wrote. What may stand in the words of an error all the same, addresses,
//! keys and paths, is taken out before it is shown.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Instant;

use contract::{ErrorCode, Failure};
use regex::{Captures, Regex};
use tauri::{AppHandle, State};

use crate::bridge::downloads;
use crate::pace::Paces;

/// Lines that are kept.
const MOST_LINES: usize = 2_000;
/// Bytes of one line that are kept.
const MOST_LINE_BYTES: usize = 1_000;
/// Files of one name in a folder, after which another folder is needed.
const MOST_FILES: u32 = 1_000;

/// The last lines of the log, shared by all who hold it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Journal(Arc<Mutex<VecDeque<String>>>);

impl Journal {
    /// What is shown and saved: what runs here, then the lines, the oldest first.
    pub(crate) fn text(&self) -> String {
        // Copied first: every part of the app writes here.
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut text = format!(
            "Tern {}, {} {}\n",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH
        );
        for line in &lines {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{}", redacted(line));
        }
        text
    }
}

/// Takes one event a call, as the log writes them.
impl Write for Journal {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let kept = event.get(..MOST_LINE_BYTES).unwrap_or(event);
        let line = String::from_utf8_lossy(kept).trim_end().to_owned();
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() >= MOST_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Web addresses, numbers of machines, paths, and runs of characters that may be an id or a key.
static TELLING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = r#"(?x)
        (?<url>  \b [A-Za-z][A-Za-z0-9+.-]* :// [^\s"'<>]+ )
      | (?<ip>   \b \d{1,3} (?: \. \d{1,3} ){3} (?: : \d+ )? \b
               | \b [0-9a-fA-F]{1,4} (?: ::? [0-9a-fA-F]{1,4} ){3,7} \b
               | \b [0-9a-fA-F]{1,4} :: [0-9a-fA-F]{1,4} \b )
      | (?<path> (?: \b [A-Za-z]: \\ | \\\\ | \B / ) [^"'<>:,;)]+ )
      | (?<run>  [0-9A-Za-z+/_-]{16,} ={0,2} )
    "#;
    Regex::new(pattern).ok()
});

/// Our own parts, whose words follow the rules of the house. Of what libraries say only who and how grave is kept.
const OURS: [&str; 8] = [
    "engine", "network", "store", "nearby", "voice", "media", "backup", "tern_app",
];

/// One line without what could tell who, where or with whom. Its first word, the time, stays.
fn redacted(line: &str) -> Cow<'_, str> {
    let mut words = line.split_whitespace().skip(2);
    let target = words.next().unwrap_or_default();
    let krate = target.split(':').next().unwrap_or_default();
    if !OURS.contains(&krate) {
        let kept: Vec<_> = line.split_whitespace().take(3).collect();
        return Cow::Owned(kept.join(" "));
    }
    let Some(telling) = TELLING.as_ref() else {
        return Cow::Borrowed("<a line that could not be read>");
    };
    let (time, event) = line.split_once(' ').unwrap_or(("", line));
    let replaced = telling.replace_all(event, |found: &Captures<'_>| {
        let (all, kind) = (&found[0], |name| found.name(name).is_some());
        match () {
            () if kind("url") || kind("ip") => "<address>".to_owned(),
            () if kind("path") => "<path>".to_owned(),
            () if may_be_a_key(all) => "<id>".to_owned(),
            () => all.to_owned(),
        }
    });
    match replaced {
        Cow::Borrowed(_) => Cow::Borrowed(line),
        Cow::Owned(event) => Cow::Owned(format!("{time} {event}")),
    }
}

/// Names of functions and files have no digits, or lower-case words between underscores.
fn may_be_a_key(run: &str) -> bool {
    let has = |is: fn(&u8) -> bool| run.bytes().any(|byte| is(&byte));
    let digits = has(u8::is_ascii_digit);
    let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    digits || mixed && run.len() >= 24
}

/// `invoke("logs")`: what [`save_logs`] would write.
#[tauri::command(async)]
pub(crate) fn logs(journal: State<'_, Journal>) -> String {
    journal.text()
}

/// `invoke("save_logs")`: writes the log into the user's downloads; answered with the name it got there.
///
/// # Errors
/// `E-ATT-SAVE`.
#[tauri::command(async)]
pub(crate) fn save_logs(
    app: AppHandle,
    journal: State<'_, Journal>,
    paces: State<'_, Paces>,
) -> Result<String, Failure> {
    if !paces.saves.take(Instant::now()) {
        return Err(ErrorCode::AttachmentSave.into());
    }
    let folder = downloads(&app).ok_or(ErrorCode::AttachmentSave)?;
    write(&folder, &journal.text()).map_err(|_| ErrorCode::AttachmentSave.into())
}

/// Writes a file of its own; its name.
fn write(folder: &Path, text: &str) -> io::Result<String> {
    for number in 1..=MOST_FILES {
        let name = match number {
            1 => "tern-log.txt".to_owned(),
            _ => format!("tern-log ({number}).txt"),
        };
        let path = folder.join(&name);
        match File::create_new(&path) {
            Ok(mut file) => {
                let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
                return written
                    .map(|()| name)
                    .inspect_err(|_| drop(std::fs::remove_file(&path)));
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
#[path = "logs_tests.rs"]
mod tests;
