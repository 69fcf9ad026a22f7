//! Clusters, chips and states. Times are minutes after 09:00 UTC of one day.

use contract::AccountId;

use super::*;

const MORNING: i64 = 1_795_338_000_000;
const MINUTE: i64 = 60_000;

fn at(id: i64, author: &str, minutes: i64) -> MessageRow {
    MessageRow {
        id: MessageId(id),
        author: AccountId(author.into()),
        mine: author == "me",
        body: MessageBody::Text { text: "x".into() },
        sent_at_ms: TimestampMs(MORNING + minutes * MINUTE),
        received_at_ms: TimestampMs(0),
        status: (author == "me").then_some(MessageStatus::Sent),
        failure: None,
        read: true,
        quote: None,
        reactions: Vec::new(),
        expiry: None,
        preview: None,
        attachments: Vec::new(),
    }
}

fn utc(moment: TimestampMs) -> Local {
    Local(moment.0)
}

fn arranged(rows: Vec<MessageRow>) -> Vec<Item> {
    arrange(&rows.into_iter().map(Arc::new).collect::<Vec<_>>(), None, utc)
}

/// `(` starts a cluster, `-` goes on, `)` ends one, `o` stands alone; `|` before it is a date chip.
fn picture(items: &[Item]) -> String {
    let mut picture = String::new();
    for item in items {
        if item.chip {
            picture.push('|');
        }
        picture.push(match (item.joins_above, item.joins_below) {
            (false, true) => '(',
            (true, true) => '-',
            (true, false) => ')',
            (false, false) => 'o',
        });
    }
    picture
}

#[test]
fn messages_of_one_author_join() {
    let items = arranged(vec![
        at(1, "a", 0),
        at(2, "a", 1),
        at(3, "a", 2),
        at(4, "me", 3),
        at(5, "a", 4),
    ]);
    assert_eq!(picture(&items), "|(-)oo");
}

#[test]
fn a_pause_of_more_than_five_minutes_brings_a_chip() {
    assert_eq!(picture(&arranged(vec![at(1, "a", 0), at(2, "a", 5)])), "|()");
    assert_eq!(picture(&arranged(vec![at(1, "a", 0), at(2, "a", 6)])), "|o|o");
}

#[test]
fn a_new_hour_ends_a_cluster_without_a_chip() {
    assert_eq!(picture(&arranged(vec![at(1, "a", 58), at(2, "a", 61)])), "|oo");
}

#[test]
fn a_new_day_of_this_zone_brings_a_chip() {
    let rows: Vec<Row> = [at(1, "a", 0), at(2, "a", 2)].into_iter().map(Arc::new).collect();
    // 15 hours ahead of UTC, midnight falls between the two, one minute after the first.
    let items = arrange(&rows, None, |moment| Local(moment.0 + 899 * MINUTE));
    assert_eq!(picture(&items), "|o|o");
}

#[test]
fn the_divider_ends_a_cluster() {
    let rows: Vec<Row> = [at(1, "a", 0), at(2, "a", 1)].into_iter().map(Arc::new).collect();
    let items = arrange(&rows, Some(MessageId(2)), utc);
    assert_eq!(picture(&items), "|oo");
    assert!(items[1].divider && !items[0].divider);
}

#[test]
fn time_stands_once_below_a_cluster() {
    let items = arranged(vec![at(1, "a", 0), at(2, "a", 1), at(3, "a", 2)]);
    assert_eq!(
        items.iter().map(|item| item.shows_time).collect::<Vec<_>>(),
        [false, false, true]
    );
}

#[test]
fn the_state_stands_under_my_newest_and_under_all_that_are_not_plainly_sent() {
    let failed = MessageRow {
        status: Some(MessageStatus::Failed),
        ..at(1, "me", 0)
    };
    let items = arranged(vec![failed, at(2, "me", 1), at(3, "me", 2), at(4, "a", 3)]);
    assert_eq!(
        items.iter().map(|item| item.shows_status).collect::<Vec<_>>(),
        [true, false, true, false]
    );
    // The one that failed shows its time although the cluster goes on.
    assert!(items[0].shows_time && items[0].joins_below);
}

#[test]
fn lines_about_the_conversation_join_nothing() {
    let line = MessageRow {
        body: MessageBody::RequestAcceptedByThem,
        status: None,
        ..at(2, "a", 1)
    };
    let items = arranged(vec![at(1, "a", 0), line, at(3, "a", 2)]);
    assert_eq!(picture(&items), "|ooo");
    assert!(!items[1].shows_time);
}
