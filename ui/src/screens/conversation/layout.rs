//! How rows become what is seen: date chips, the divider, clusters, where times and states stand.

use std::sync::Arc;

use contract::{MessageBody, MessageId, MessageRow, MessageStatus, TimestampMs};

use super::run::Row;
use crate::clock::Local;

/// A pause after which a date chip stands.
const PAUSE_MS: i64 = 5 * 60_000;

/// One row as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) row: Row,
    /// The row's time in this device's zone.
    pub(crate) at: Local,
    /// A date chip stands above.
    pub(crate) chip: bool,
    /// The divider "New messages" stands above.
    pub(crate) divider: bool,
    /// The bubble joins the one above.
    pub(crate) joins_above: bool,
    /// The bubble joins the one below.
    pub(crate) joins_below: bool,
    /// Its time stands below.
    pub(crate) shows_time: bool,
    /// Its state stands below.
    pub(crate) shows_status: bool,
}

/// Whether a row is a bubble, not a line about the conversation.
pub(crate) fn is_bubble(row: &MessageRow) -> bool {
    !matches!(
        row.body,
        MessageBody::RequestAcceptedByMe
            | MessageBody::RequestAcceptedByThem
            | MessageBody::DisappearingSet { .. }
            | MessageBody::MediaSaved
            | MessageBody::ScreenshotTaken
            | MessageBody::MissedCall
    )
}

/// Arranges rows, oldest first. `local` puts a moment into this device's zone.
pub(crate) fn arrange(
    rows: &[Row],
    divider: Option<MessageId>,
    local: impl Fn(TimestampMs) -> Local,
) -> Vec<Item> {
    let newest_of_mine = rows
        .iter()
        .rev()
        .find(|row| row.mine && is_bubble(row))
        .map(|row| row.id);
    let mut items: Vec<Item> = Vec::with_capacity(rows.len());
    for row in rows {
        let at = local(row.sent_at_ms);
        let chip = items.last().is_none_or(|above| {
            above.at.days() != at.days() || row.sent_at_ms.0 - above.row.sent_at_ms.0 > PAUSE_MS
        });
        let divider = divider == Some(row.id);
        let joins_above = !chip && !divider && items.last().is_some_and(|above| are_joined(above, row, at));
        if joins_above && let Some(above) = items.last_mut() {
            above.joins_below = true;
            above.shows_time = above.shows_status;
        }
        let shows_status = is_bubble(row)
            && row
                .status
                .is_some_and(|status| newest_of_mine == Some(row.id) || !is_plain(status))
            && (row.failure.is_some() || !matches!(row.body, MessageBody::Deleted));
        items.push(Item {
            row: Arc::clone(row),
            at,
            chip,
            divider,
            joins_above,
            joins_below: false,
            shows_time: is_bubble(row),
            shows_status,
        });
    }
    items
}

/// Same author, same hour.
fn are_joined(above: &Item, row: &MessageRow, at: Local) -> bool {
    is_bubble(&above.row)
        && is_bubble(row)
        && above.row.author == row.author
        && above.at.hours() == at.hours()
}

/// Sent without anything to add.
fn is_plain(status: MessageStatus) -> bool {
    matches!(status, MessageStatus::Sent | MessageStatus::Read)
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
