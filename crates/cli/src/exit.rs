//! How a run ends when it does not end well: exit codes and what is said on standard error.

use std::process::ExitCode;

use contract::{ErrorCode, Failure, MessageId};
use serde::Serialize;

use crate::output::{Output, plain};
use crate::wording;

/// Why a run stops.
#[derive(Debug)]
pub(crate) enum Stop {
    /// A command was refused, or a message was refused for good.
    Failed(Failure),
    /// The data folder cannot be opened.
    NotOpened(Failure),
    /// A message was not confirmed in time; it stays queued.
    StillQueued {
        /// Its row.
        message: MessageId,
        /// Why it waits.
        failure: Failure,
    },
    /// The profile was not brought to the network in time; the next run goes on.
    StillSaving,
    /// A file that was named on the command line cannot be used.
    BadFile(String),
    /// The user interrupted the run.
    Interrupted,
    /// Whoever read standard output has gone.
    OutputClosed,
}

#[derive(Serialize)]
struct ErrorLine<'a> {
    code: &'a str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<MessageId>,
}

impl Stop {
    /// 1 refused or failed, 2 wrong use (also clap's), 3 still queued, 4 data folder not opened, 130 interrupted.
    fn exit_code(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::BadFile(_) => 2,
            Self::StillQueued { .. } | Self::StillSaving => 3,
            Self::NotOpened(_) => 4,
            Self::Interrupted => 130,
            Self::OutputClosed => 0,
        }
    }

    fn line(&self) -> Option<ErrorLine<'_>> {
        match self {
            Self::Failed(failure) | Self::NotOpened(failure) => Some(ErrorLine {
                code: failure.code.as_str(),
                message: wording::describe(failure),
                message_id: None,
            }),
            Self::StillQueued { message, failure } => Some(ErrorLine {
                code: failure.code.as_str(),
                message: format!("{} The message stays queued.", wording::describe(failure)),
                message_id: Some(*message),
            }),
            Self::StillSaving => Some(ErrorLine {
                code: ErrorCode::ProfileSave.as_str(),
                message: wording::describe(&ErrorCode::ProfileSave.into()),
                message_id: None,
            }),
            Self::BadFile(reason) => Some(ErrorLine {
                code: ErrorCode::BadCommand.as_str(),
                message: reason.clone(),
                message_id: None,
            }),
            Self::Interrupted | Self::OutputClosed => None,
        }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(Failure::new(ErrorCode::Unknown).with("code", error.kind()))
    }
}

/// Says on standard error why the run stops, `CODE: sentence` or as JSON, and gives the exit code.
pub(crate) fn report(output: &Output, stop: &Stop) -> ExitCode {
    if let Some(line) = stop.line() {
        output.problem(&serde_json::json!({ "error": line }), || {
            // A node's own words may be in it.
            format!("{}: {}", line.code, plain(&line.message))
        });
    }
    ExitCode::from(stop.exit_code())
}
