//! `tern send`.

use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use contract::{
    ErrorCode, Event, Failure, GetMessage, MessageId, MessageRow, MessageStatus, ResolveRecipient, SendFiles,
    SendText, TimestampMs,
};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use crate::exit::Stop;
use crate::files;
use crate::output::Output;
use crate::session::Session;

/// More than the longest text has, in any encoding.
const MOST_BYTES: u64 = 64 * 1024;

#[derive(Serialize)]
struct Sent {
    message_id: MessageId,
    status: &'static str,
    sent_at_ms: TimestampMs,
}

/// What is to be sent.
pub(crate) struct Draft {
    /// To whom, as it was typed.
    pub(crate) to: String,
    /// `-` for standard input; may be empty beside files.
    pub(crate) text: String,
    /// Where the files lie, in order.
    pub(crate) files: Vec<PathBuf>,
    /// Whether pictures keep all their pixels.
    pub(crate) original: bool,
    /// Where a recording lies.
    pub(crate) voice: Option<PathBuf>,
}

pub(crate) async fn run(
    draft: Draft,
    timeout: Duration,
    session: &Session,
    output: &Output,
) -> Result<(), Stop> {
    let deadline = Instant::now() + timeout;
    let mut events = session.events();
    let message = queue(draft, session).await?;
    let confirmed = async {
        loop {
            if let Some(row) = settled(session.call(GetMessage { message }).await?)? {
                return Ok(row);
            }
            loop {
                match events.next().await {
                    Event::MessageChanged { message: changed, .. } if changed == message => break,
                    Event::Lagged => break,
                    _ => {}
                }
            }
        }
    };
    match timeout_at(deadline, confirmed).await {
        Ok(Ok(row)) => print(&row, output),
        Ok(Err(stop)) => Err(stop),
        Err(_) => {
            let row = session.call(GetMessage { message }).await?;
            let failure = row.failure.unwrap_or_else(|| Failure::new(ErrorCode::SendNet));
            Err(Stop::StillQueued { message, failure })
        }
    }
}

async fn queue(draft: Draft, session: &Session) -> Result<MessageId, Stop> {
    let Draft {
        to,
        text,
        files,
        original,
        voice,
    } = draft;
    let text = if text == "-" { read_stdin()? } else { text };
    let conversation = session.call(ResolveRecipient { text: to }).await?.id;
    let reply_to = None;
    let sent = match files.is_empty() && voice.is_none() {
        true => {
            let sending = SendText {
                conversation,
                text,
                reply_to,
                preview: None,
            };
            session.call(sending).await?
        }
        false => {
            let sending = SendFiles {
                conversation,
                files: files::stage(&files, voice.as_deref(), original, session).await?,
                text,
                reply_to,
            };
            session.call(sending).await?
        }
    };
    Ok(sent.message_id)
}

/// The row once the network has confirmed it; `None` while it is on its way.
fn settled(row: MessageRow) -> Result<Option<MessageRow>, Stop> {
    match row.status {
        Some(MessageStatus::Sent | MessageStatus::Read | MessageStatus::SyncFailed) => Ok(Some(row)),
        Some(MessageStatus::Failed) => Err(Stop::Failed(
            row.failure.unwrap_or_else(|| Failure::new(ErrorCode::SendNet)),
        )),
        _ => Ok(None),
    }
}

fn print(row: &MessageRow, output: &Output) -> Result<(), Stop> {
    let sent = Sent {
        message_id: row.id,
        status: "sent",
        sent_at_ms: row.sent_at_ms,
    };
    output.print(&sent, || "Sent.".to_owned())
}

fn read_stdin() -> Result<String, Stop> {
    let mut text = String::new();
    std::io::stdin()
        .take(MOST_BYTES)
        .read_to_string(&mut text)
        .map_err(|error| Stop::BadFile(format!("standard input: {error}")))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
