//! `tern echo`: answers everybody with what they wrote.

use std::time::Duration;

use contract::{AccountId, AccountView, GetStartup, MessageBody, SendText, Stage};
use serde::Serialize;

use crate::account;
use crate::exit::Stop;
use crate::feed::Feed;
use crate::listen;
use crate::output::Output;
use crate::session::Session;

/// The name of an account that is made for the purpose.
const NAME: &str = "Echo";
/// The most characters that a text may have; longer ones of others are answered in part.
const MOST_CHARS: usize = 2000;

#[derive(Serialize)]
struct Ready<'a> {
    event: &'static str,
    account_id: &'a AccountId,
}

pub(crate) async fn run(duration: Option<Duration>, session: &Session, output: &Output) -> Result<(), Stop> {
    let account = ensure_account(session).await?;
    let ready = Ready {
        event: "ready",
        account_id: &account.account_id,
    };
    output.print(&ready, || format!("Answering as {}", ready.account_id))?;
    let mut feed = Feed::start(session).await?;
    listen::within(duration, async {
        loop {
            let arrival = feed.next().await?;
            listen::print(&arrival, output)?;
            if let MessageBody::Text { text } = arrival.row.body {
                let text = text.chars().take(MOST_CHARS).collect();
                // Somebody who was blocked meanwhile gets no answer, and the others still get theirs.
                if let Err(failure) = session
                    .call(SendText {
                        conversation: arrival.conversation,
                        text,
                        reply_to: None,
                        preview: None,
                    })
                    .await
                {
                    tracing::warn!(code = failure.code.as_str(), "no answer was sent");
                }
            }
        }
    })
    .await?;
    Ok(feed.mark_read().await?)
}

async fn ensure_account(session: &Session) -> Result<AccountView, Stop> {
    match session.call(GetStartup {}).await?.stage {
        Stage::Landing => account::create(NAME, session).await,
        _ => account::finish_onboarding(session).await,
    }
}
