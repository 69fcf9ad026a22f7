//! A run of rows without gaps, oldest first.

use std::sync::Arc;

use contract::{MessageBody, MessageRow};

/// A loaded row.
pub(crate) type Row = Arc<MessageRow>;

/// Rows are ordered by the sent time they carry, then by id.
pub(crate) fn order(row: &MessageRow) -> (i64, i64) {
    (row.sent_at_ms.0, row.id.0)
}

/// Adds rows in their order; a row that is known already is replaced.
pub(crate) fn merge(rows: &mut Vec<Row>, more: Vec<MessageRow>) {
    for row in more {
        rows.retain(|known| known.id != row.id);
        let place = rows.partition_point(|known| order(known) < order(&row));
        rows.insert(place, Arc::new(row));
    }
}

/// Whether a text that just arrived goes above rows that were there, where it could be missed. The app's own lines,
/// such as an accepted request, are no news to look for.
pub(crate) fn is_late(rows: &[Row], row: &MessageRow) -> bool {
    let is_text = matches!(row.body, MessageBody::Text { .. });
    let known = rows.iter().any(|known| known.id == row.id);
    is_text && !known && rows.last().is_some_and(|last| order(last) > order(row))
}

/// Drops the newest rows above `count`; says whether there were any.
pub(crate) fn keep_first(rows: &mut Vec<Row>, count: usize) -> bool {
    let too_many = rows.len() > count;
    rows.truncate(count);
    too_many
}

/// Drops the oldest rows above `count`; says whether there were any.
pub(crate) fn keep_last(rows: &mut Vec<Row>, count: usize) -> bool {
    let surplus = rows.len().saturating_sub(count);
    rows.drain(..surplus);
    surplus > 0
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
