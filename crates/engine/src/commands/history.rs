//! Moving history to another device.

use contract::{
    AnswerHistory, CancelHistory, Done, ErrorCode, GetHistory, HistoryView, ReceiveHistory, SendHistory,
};

use crate::core::Core;
use crate::failure::Stopped;
use crate::history;

pub(super) async fn get_history(core: &Core, _: GetHistory) -> Result<HistoryView, Stopped> {
    Ok(history::view(core))
}

pub(super) async fn send_history(core: &Core, _: SendHistory) -> Result<HistoryView, Stopped> {
    history::offer(core).await?;
    Ok(history::view(core))
}

pub(super) async fn receive_history(core: &Core, params: ReceiveHistory) -> Result<HistoryView, Stopped> {
    let address = match params.address.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(typed) => Some(typed.parse().map_err(|_| ErrorCode::HistoryAddress)?),
    };
    history::ask(core, address)?;
    Ok(history::view(core))
}

pub(super) async fn answer_history(core: &Core, params: AnswerHistory) -> Result<Done, Stopped> {
    core.history.answer(params.same)?;
    Ok(Done {})
}

pub(super) async fn cancel_history(core: &Core, _: CancelHistory) -> Result<Done, Stopped> {
    core.history.cancel();
    Ok(Done {})
}
