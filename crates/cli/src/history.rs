//! `tern history`: moving history to another device in the local network.

use contract::{AnswerHistory, Event, GetHistory, HistoryStage, ReceiveHistory, SendHistory};
use tokio::io::{AsyncBufReadExt, BufReader, stdin};
use tokio::sync::mpsc::{self, error::TrySendError};

use crate::args::HistoryCommand;
use crate::exit::Stop;
use crate::output::Output;
use crate::session::Session;

/// What confirms that the codes are the same.
const YES: &str = "yes";

/// Carries out what follows `tern history`.
pub(crate) async fn run(command: HistoryCommand, session: &Session, output: &Output) -> Result<(), Stop> {
    let mut events = session.events();
    let begun = match command {
        HistoryCommand::Send => session.call(SendHistory {}).await?,
        HistoryCommand::Receive { from } => session.call(ReceiveHistory { address: from }).await?,
    };
    let mut lines = typed();
    let mut shown = None;
    let mut stage = begun.stage;
    loop {
        if is_news(shown.as_ref(), &stage) {
            // What was typed before the code was shown confirms nothing.
            while lines.try_recv().is_ok() {}
            print(&stage, output)?;
        }
        match &stage {
            HistoryStage::Done { .. } | HistoryStage::Idle => return Ok(()),
            HistoryStage::Failed { failure } => return Err(failure.clone().into()),
            HistoryStage::Code { confirmed: false, .. } => {
                tokio::select! {
                    same = says_yes(&mut lines) => {
                        // A move that ended meanwhile takes no answer; what comes next says why.
                        let _ = session.call(AnswerHistory { same }).await;
                    }
                    () = changed(&mut events) => {}
                }
            }
            _ => changed(&mut events).await,
        }
        shown = Some(stage);
        stage = session.call(GetHistory {}).await?.stage;
    }
}

/// Each stage is printed once, however far it is.
fn is_news(shown: Option<&HistoryStage>, stage: &HistoryStage) -> bool {
    shown.is_none_or(|shown| std::mem::discriminant(shown) != std::mem::discriminant(stage))
}

/// The lines of standard input, as they are typed.
fn typed() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut lines = BufReader::new(stdin()).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            // One waits at most: what comes beside it is no answer to anything either.
            match sender.try_send(line) {
                Err(TrySendError::Closed(_)) => return,
                Ok(()) | Err(TrySendError::Full(_)) => {}
            }
        }
    });
    receiver
}

async fn says_yes(lines: &mut mpsc::Receiver<String>) -> bool {
    matches!(lines.recv().await, Some(line) if line.trim().eq_ignore_ascii_case(YES))
}

async fn changed(events: &mut crate::session::Events) {
    while !matches!(events.next().await, Event::HistoryChanged | Event::Lagged) {}
}

fn print(stage: &HistoryStage, output: &Output) -> Result<(), Stop> {
    if matches!(stage, HistoryStage::Failed { .. } | HistoryStage::Idle) {
        return Ok(());
    }
    output.print(stage, || match stage {
        HistoryStage::Waiting { addresses } if addresses.is_empty() => {
            "Looking for the other device. Run `tern history send` there, or choose Move history in the app."
                .to_owned()
        }
        HistoryStage::Waiting { addresses } => {
            format!(
                "Waiting for the other device. It finds this one, or is told {}.",
                addresses.join(" or ")
            )
        }
        HistoryStage::Code { code, .. } => {
            format!(
                "Does the other device show {code}, too? Type `{YES}` to confirm, anything else to refuse."
            )
        }
        HistoryStage::Moving { .. } => "Moving.".to_owned(),
        HistoryStage::Storing { .. } => "Everything has arrived and is put in its place.".to_owned(),
        HistoryStage::Done { messages, files } => format!("{messages} messages and {files} files moved."),
        HistoryStage::Idle | HistoryStage::Failed { .. } => String::new(),
    })
}
