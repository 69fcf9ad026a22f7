//! `tern listen`.

use std::time::Duration;

use contract::{AccountId, ConversationId, MessageBody, TimestampMs};
use serde::Serialize;

use crate::exit::Stop;
use crate::feed::{Arrival, Feed};
use crate::files::{self, FileLine};
use crate::output::{Output, below, local_time};
use crate::session::Session;

#[derive(Serialize)]
struct MessageLine<'a> {
    event: &'static str,
    conversation: &'a ConversationId,
    from: &'a AccountId,
    text: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<FileLine<'a>>,
    sent_at_ms: TimestampMs,
}

pub(crate) async fn run(duration: Option<Duration>, session: &Session, output: &Output) -> Result<(), Stop> {
    let mut feed = Feed::start(session).await?;
    within(duration, async {
        loop {
            print(&feed.next().await?, output)?;
        }
    })
    .await?;
    Ok(feed.mark_read().await?)
}

/// Does something for so long, or until it fails.
pub(crate) async fn within(
    duration: Option<Duration>,
    work: impl Future<Output = Result<(), Stop>>,
) -> Result<(), Stop> {
    match duration {
        None => work.await,
        Some(duration) => tokio::time::timeout(duration, work).await.unwrap_or(Ok(())),
    }
}

/// Prints a text; lines about the conversation itself are none.
pub(crate) fn print(arrival: &Arrival, output: &Output) -> Result<(), Stop> {
    let MessageBody::Text { text } = &arrival.row.body else {
        return Ok(());
    };
    let line = MessageLine {
        event: "message",
        conversation: &arrival.conversation,
        from: &arrival.row.author,
        text,
        attachments: files::lines(&arrival.row.attachments),
        sent_at_ms: arrival.row.sent_at_ms,
    };
    output.print(&line, || {
        format!(
            "{}  {}{}{}",
            local_time(line.sent_at_ms),
            line.from,
            below(text),
            files::words(&line.attachments)
        )
    })
}
