//! Writing a whole file to where other programs can read it, under a name that is free there; all of it, or none.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::time::Duration;

use contract::ErrorCode;
use data_encoding::HEXLOWER;
use store::{Attachment, AttachmentId, AttachmentKind, FileFacts};

use super::{safe_name, whole};
use crate::core::Core;
use crate::failure::Stopped;

/// What an unfinished file begins and ends with; between them are 32 random hex digits.
const UNFINISHED: (&str, &str) = (".tern-", ".part");

/// An unfinished file may be one that another process is writing; only older ones are removed.
const UNFINISHED_FOR: Duration = Duration::from_secs(3_600);

/// Writes a file into a folder, under its own name or that name with a number. Answers with the name.
///
/// # Errors
/// `E-ATT-SAVE`; `E-NOT-FOUND` for what is not whole here.
pub(crate) async fn save(core: &Core, id: AttachmentId, folder: Box<Path>) -> Result<String, Stopped> {
    core.with_store(move |store| {
        let attachment: Attachment = store.read(|reading| reading.attachment(id))?;
        let bytes = store.files().read(whole(&attachment)?)?;
        for name in names(&saved_name(&attachment.facts)) {
            match write_new(&folder.join(&name), &bytes) {
                Ok(()) => return Ok(name),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(_) => break,
            }
        }
        Err(ErrorCode::AttachmentSave.into())
    })
    .await
}

/// Writes a file where there was none, for its owner only; all of it, or none, also when the process is killed.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let folder = path.parent().ok_or(ErrorKind::NotFound)?;
    // What cannot be removed stays; it is no reason not to save.
    let _ = remove_unfinished(folder);
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
    let (first, last) = UNFINISHED;
    let unfinished = folder.join(format!("{first}{}{last}", HEXLOWER.encode(&random)));
    let written = create(&unfinished)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| publish(&unfinished, path));
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            tracing::warn!(kind = ?error.kind(), "an unfinished file was left");
        }
        _ => {}
    }
    written
}

/// Gives a whole file its name; never in place of another file.
fn publish(unfinished: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(unfinished, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
        // Some file systems, those of memory cards among them, have no links: the name is taken first.
        Err(_) => {
            drop(create(path)?);
            fs::rename(unfinished, path).inspect_err(|_| drop(fs::remove_file(path)))
        }
        Ok(()) => Ok(()),
    }
}

fn create(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Removes what a process left that was killed while it saved.
fn remove_unfinished(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if is_unfinished(&entry.file_name().to_string_lossy())
            && entry.metadata()?.modified()?.elapsed().unwrap_or_default() >= UNFINISHED_FOR
        {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn is_unfinished(name: &str) -> bool {
    let (first, last) = UNFINISHED;
    let random = name.strip_prefix(first).and_then(|name| name.strip_suffix(last));
    random.is_some_and(|random| random.len() == 32 && random.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The file's own name; one for its kind where it has none.
fn saved_name(facts: &FileFacts) -> String {
    let name = safe_name(&facts.file_name);
    if !name.is_empty() {
        return name;
    }
    let stem = match facts.kind {
        AttachmentKind::Image => "picture",
        AttachmentKind::Video => "video",
        AttachmentKind::Voice => "voice-message",
        AttachmentKind::Audio => "sound",
        AttachmentKind::File => "file",
    };
    format!("{stem}{}", ending(&facts.content_type))
}

fn ending(content_type: &str) -> &'static str {
    match content_type {
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        "image/webp" => ".webp",
        "image/gif" => ".gif",
        "video/mp4" => ".mp4",
        "video/webm" | "audio/webm" => ".webm",
        "audio/mp4" => ".m4a",
        "audio/mpeg" => ".mp3",
        "audio/aac" => ".aac",
        "audio/ogg" => ".ogg",
        "audio/flac" => ".flac",
        "audio/wav" => ".wav",
        "application/pdf" => ".pdf",
        _ => "",
    }
}

/// `photo.jpg`, `photo (1).jpg`, and so on.
fn names(name: &str) -> impl Iterator<Item = String> {
    const MOST: usize = 1_000;
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem.to_owned(), format!(".{ending}")),
        _ => (name.to_owned(), String::new()),
    };
    (0..MOST).map(move |number| match number {
        0 => format!("{stem}{ending}"),
        _ => format!("{stem} ({number}){ending}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole_and_never_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("photo.jpg");
        write_new(&path, b"first").unwrap();
        assert_eq!(
            write_new(&path, b"second").unwrap_err().kind(),
            ErrorKind::AlreadyExists
        );
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "nothing unfinished is left"
        );
        assert!(write_new(&folder.path().join("none/photo.jpg"), b"x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_elsewhere_is_not_followed_and_nobody_else_may_read() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (trap, elsewhere) = (folder.path().join("trap"), folder.path().join("elsewhere"));
        symlink(&elsewhere, &trap).unwrap();
        assert!(write_new(&trap, b"x").is_err());
        assert!(!elsewhere.exists());
        let path = folder.path().join("mine");
        write_new(&path, b"x").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn what_a_killed_process_left_goes_with_a_later_save() {
        let folder = tempfile::tempdir().unwrap();
        let left = |name: &str, age: Duration| {
            let path = folder.path().join(name);
            let file = fs::File::create(&path).unwrap();
            file.set_modified(std::time::SystemTime::now().checked_sub(age).unwrap())
                .unwrap();
            path
        };
        let (old, young) = (UNFINISHED_FOR * 2, Duration::from_secs(5));
        let name = |digit: &str| format!(".tern-{}.part", digit.repeat(32));
        let (stale, under_way) = (left(&name("a"), old), left(&name("b"), young));
        let others = [left(".tern-notes.part", old), left("report.part", old)];
        write_new(&folder.path().join("photo.jpg"), b"x").unwrap();
        assert!(!stale.exists() && under_way.exists());
        assert!(others.iter().all(|other| other.exists()), "they are not ours");
    }

    #[test]
    fn a_name_that_is_taken_is_counted_up() {
        let first = |name: &str| names(name).take(2).collect::<Vec<_>>();
        assert_eq!(first("photo.jpg"), ["photo.jpg", "photo (1).jpg"]);
        assert_eq!(first("notes"), ["notes", "notes (1)"]);
    }

    #[test]
    fn what_has_no_name_is_named_for_its_kind() {
        let facts = |name: &str, kind, content_type: &str| FileFacts {
            kind,
            file_name: name.to_owned(),
            content_type: content_type.to_owned(),
            size: 1,
            pixels: None,
            duration_ms: None,
        };
        let named = saved_name(&facts("../a.pdf", AttachmentKind::File, "application/pdf"));
        assert_eq!(named, "a.pdf");
        let nameless = saved_name(&facts("", AttachmentKind::Image, "image/jpeg"));
        assert_eq!(nameless, "picture.jpg");
        assert_eq!(saved_name(&facts("..", AttachmentKind::File, "x/y")), "file");
    }
}
