//! Files of messages: what is printed of them, and `tern save`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use contract::{
    AttachmentId, AttachmentKind, AttachmentState, AttachmentView, DownloadFile, ErrorCode, Event, Failure,
    GetMessage, SaveFile, StageFile,
};
use serde::Serialize;
use tokio::time::timeout;

use crate::exit::Stop;
use crate::output::{Output, plain};
use crate::session::Session;

/// A file as `messages` and `listen` print it.
#[derive(Serialize)]
pub(crate) struct FileLine<'a> {
    id: AttachmentId,
    kind: AttachmentKind,
    file_name: &'a str,
    size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<u32>,
    state: &'static str,
}

#[derive(Serialize)]
struct Saved<'a> {
    attachment: AttachmentId,
    path: &'a str,
}

/// The files of a message.
pub(crate) fn lines(files: &[AttachmentView]) -> Vec<FileLine<'_>> {
    let line = files.iter().map(|file| FileLine {
        id: file.id,
        kind: file.kind,
        file_name: &file.file_name,
        size: file.size,
        duration_ms: file.duration_ms,
        state: file.state.name(),
    });
    line.collect()
}

/// The same for people, each on a line of its own.
pub(crate) fn words(files: &[FileLine<'_>]) -> String {
    let words = |file: &FileLine<'_>| {
        let name = plain(file.file_name);
        format!(
            "\n    [file {}] {name} ({} bytes, {})",
            file.id.0, file.size, file.state
        )
    };
    files.iter().map(words).collect()
}

/// Takes files to be sent, in order, and a recording; pictures with all their pixels where `original` says so.
pub(crate) async fn stage(
    files: &[PathBuf],
    recording: Option<&Path>,
    original: bool,
    session: &Session,
) -> Result<Vec<AttachmentId>, Stop> {
    let mut staged = Vec::new();
    let files = files.iter().map(|file| (file.as_path(), false));
    for (file, voice) in files.chain(recording.map(|recording| (recording, true))) {
        let path = absolute(file)?;
        let file = StageFile {
            path,
            voice,
            original,
        };
        staged.push(session.call(file).await?.id);
    }
    Ok(staged)
}

/// Writes a file of a message to this device, and fetches it first when it is not here.
pub(crate) async fn save(
    attachment: i64,
    to: &Path,
    patience: Duration,
    session: &Session,
    output: &Output,
) -> Result<(), Stop> {
    let attachment = AttachmentId(attachment);
    let path = absolute(to)?;
    let saving = SaveFile {
        attachment,
        path: path.clone(),
    };
    match session.call(saving.clone()).await {
        Err(failure) if failure.code == ErrorCode::NotFound => {
            let fetched = timeout(patience, fetch(attachment, session)).await;
            fetched.map_err(|_| Stop::Failed(ErrorCode::AttachmentDownload.into()))??;
            session.call(saving).await?;
        }
        saved => drop(saved?),
    }
    let saved = Saved {
        attachment,
        path: &path,
    };
    output.print(&saved, || format!("Saved to {path}."))
}

/// Fetches a file and waits until it is here.
async fn fetch(attachment: AttachmentId, session: &Session) -> Result<(), Stop> {
    let mut events = session.events();
    let asking = DownloadFile {
        attachment,
        trust: false,
    };
    session.call(asking).await?;
    loop {
        let Event::MessageChanged { message, .. } = events.next().await else {
            continue;
        };
        // A message that was deleted meanwhile is somebody else's affair unless it was this one's.
        let Ok(row) = session.call(GetMessage { message }).await else {
            continue;
        };
        let file = row.attachments.into_iter().find(|file| file.id == attachment);
        match file.map(|file| file.state) {
            Some(AttachmentState::Done) => return Ok(()),
            Some(AttachmentState::Failed { failure }) => return Err(Stop::Failed(failure)),
            Some(AttachmentState::Gone) => return Err(Failure::new(ErrorCode::AttachmentGone).into()),
            _ => {}
        }
    }
}

/// The engine takes absolute paths only.
pub(crate) fn absolute(path: &Path) -> Result<String, Stop> {
    let bad = |reason: String| Stop::BadFile(format!("{}: {reason}", path.display()));
    let absolute = std::path::absolute(path).map_err(|error| bad(error.to_string()))?;
    let text = absolute.to_str().map(str::to_owned);
    text.ok_or_else(|| bad("the path is not UTF-8".to_owned()))
}
