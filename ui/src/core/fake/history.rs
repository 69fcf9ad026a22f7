//! A move of history at the stand-in: each command is the step that a person sees next.

use contract::{Command, Done, ErrorCode, Event, Failure, HistoryRole, HistoryStage, HistoryView, Reply};

use super::replies::State;

impl State {
    /// `None` for what is no affair of moving history.
    pub(super) fn move_history(&mut self, command: &Command) -> Option<Result<Reply, Failure>> {
        let role = self.history.role;
        let (role, stage) = match command {
            Command::GetHistory(_) => return Some(Ok(Reply::GetHistory(self.history.clone()))),
            Command::SendHistory(_) => {
                let addresses = vec!["192.168.1.20:40123".to_owned()];
                (Some(HistoryRole::Send), HistoryStage::Waiting { addresses })
            }
            Command::ReceiveHistory(it) => (
                Some(HistoryRole::Receive),
                match it.address {
                    None => HistoryStage::Waiting {
                        addresses: Vec::new(),
                    },
                    Some(_) => HistoryStage::Code {
                        code: "042 917".to_owned(),
                        confirmed: false,
                    },
                },
            ),
            Command::AnswerHistory(it) if it.same => (
                role,
                HistoryStage::Done {
                    messages: 1_204,
                    files: 37,
                },
            ),
            Command::AnswerHistory(_) => (
                role,
                HistoryStage::Failed {
                    failure: ErrorCode::HistoryCode.into(),
                },
            ),
            Command::CancelHistory(_) => (None, HistoryStage::Idle),
            _ => return None,
        };
        self.history = HistoryView { role, stage };
        self.events.push(Event::HistoryChanged);
        Some(Ok(match command {
            Command::SendHistory(_) => Reply::SendHistory(self.history.clone()),
            Command::ReceiveHistory(_) => Reply::ReceiveHistory(self.history.clone()),
            Command::AnswerHistory(_) => Reply::AnswerHistory(Done {}),
            _ => Reply::CancelHistory(Done {}),
        }))
    }
}
