//! `tern send`.

use std::io::Read;
use std::time::Duration;

use contract::{
    ErrorCode, Event, Failure, GetMessage, MessageId, MessageRow, MessageStatus, ResolveRecipient, SendText,
    TimestampMs,
};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use crate::exit::Stop;
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

pub(crate) async fn run(
    to: &str,
    text: String,
    timeout: Duration,
    session: &Session,
    output: &Output,
) -> Result<(), Stop> {
    let deadline = Instant::now() + timeout;
    let text = if text == "-" { read_stdin()? } else { text };
    let conversation = session.call(ResolveRecipient { text: to.to_owned() }).await?.id;
    let mut events = session.events();
    let message = session
        .call(SendText {
            conversation,
            text,
            reply_to: None,
        })
        .await?
        .message_id;
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
