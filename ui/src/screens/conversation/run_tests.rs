//! The run of loaded rows.

use contract::{AccountId, MessageBody, MessageId, TimestampMs};

use super::*;

fn row(id: i64, sent_at: i64) -> MessageRow {
    MessageRow {
        id: MessageId(id),
        author: AccountId("05".into()),
        mine: false,
        body: MessageBody::Text { text: id.to_string() },
        sent_at_ms: TimestampMs(sent_at),
        received_at_ms: TimestampMs(sent_at),
        status: None,
        failure: None,
        read: false,
        quote: None,
        reactions: Vec::new(),
        expiry: None,
        preview: None,
        attachments: Vec::new(),
    }
}

fn ids(rows: &[Row]) -> Vec<i64> {
    rows.iter().map(|row| row.id.0).collect()
}

#[test]
fn rows_are_ordered_by_sent_time_then_id() {
    let mut rows = Vec::new();
    merge(&mut rows, vec![row(3, 20), row(1, 30), row(2, 20), row(9, 10)]);
    assert_eq!(ids(&rows), [9, 2, 3, 1]);
}

#[test]
fn a_known_row_is_replaced_and_moves_with_its_time() {
    let mut rows = Vec::new();
    merge(&mut rows, vec![row(1, 10), row(2, 20)]);
    merge(
        &mut rows,
        vec![MessageRow {
            mine: true,
            ..row(1, 30)
        }],
    );
    assert_eq!(ids(&rows), [2, 1]);
    assert!(rows[1].mine);
}

#[test]
fn only_so_many_rows_stay_on_the_page() {
    let mut rows = Vec::new();
    merge(&mut rows, (0..10).map(|n| row(n, n)).collect());
    assert!(!keep_last(&mut rows, 10));
    assert!(keep_last(&mut rows, 8));
    assert_eq!(ids(&rows), [2, 3, 4, 5, 6, 7, 8, 9]);
    assert!(keep_first(&mut rows, 3));
    assert_eq!(ids(&rows), [2, 3, 4]);
}

#[test]
fn only_a_new_text_above_others_is_late() {
    let mut rows = Vec::new();
    merge(&mut rows, vec![row(1, 10), row(2, 30)]);
    assert!(is_late(&rows, &row(3, 20)));
    assert!(!is_late(&rows, &row(3, 40)), "it is the newest");
    assert!(!is_late(&rows, &row(1, 10)), "it was there");
    assert!(!is_late(&[], &row(3, 20)));
    let accepted = MessageRow {
        body: MessageBody::RequestAcceptedByThem,
        ..row(3, 20)
    };
    assert!(!is_late(&rows, &accepted));
}
