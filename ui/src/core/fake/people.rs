//! The people and messages of the scenes.

use contract::{
    AccountId, Approval, ErrorCode, Failure, MessageBody, MessageId, MessageRow, MessageStatus, TimestampMs,
};

use super::lists::Kept;

/// One conversation with everything in it.
pub(crate) struct Thread {
    pub(crate) with: AccountId,
    pub(crate) name: String,
    pub(crate) approval: Approval,
    pub(crate) blocked: bool,
    pub(crate) pinned: bool,
    pub(crate) draft: String,
    pub(crate) rows: Vec<MessageRow>,
    pub(crate) kept: Kept,
}

/// An Account ID made of a number.
pub(crate) fn id(n: u64) -> AccountId {
    let digits = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    AccountId(format!(
        "05{digits:016x}{:016x}{:016x}{:016x}",
        digits ^ 0x5555,
        digits.rotate_left(7),
        !digits
    ))
}

/// Whoever looks at the scene.
pub(crate) fn me() -> AccountId {
    id(0)
}

const MINUTE: i64 = 60_000;

/// `now`: milliseconds since 1970; messages lie before it.
pub(crate) fn threads(now: i64) -> Vec<Thread> {
    let mut next = 0;
    let mut thread = |n: u64, name: &str, lines: &[(i64, bool, &str)]| {
        let with = id(n);
        let rows = lines
            .iter()
            .map(|(minutes, mine, text)| {
                next += 1;
                row(
                    next,
                    if *mine { me() } else { with.clone() },
                    *mine,
                    now - minutes * MINUTE,
                    text,
                )
            })
            .collect();
        Thread {
            name: if name.is_empty() {
                crate::components::account_id::shortened(&with.0)
            } else {
                name.to_owned()
            },
            with,
            approval: Approval::Accepted,
            blocked: false,
            pinned: false,
            draft: String::new(),
            rows,
            kept: Kept::default(),
        }
    };
    let mut mira = thread(
        1,
        "Mira Kovač",
        &[
            (64, false, "Hey! Got here without a SIM, only the hotel wifi."),
            (63, false, "It just worked 🙂"),
            (
                62,
                false,
                "Map and opening hours: https://harbour.example.org/visit?lang=en.",
            ),
            (21, true, "That is the whole idea."),
            (20, true, "Three relays, and none of them knows both of us."),
            (4, false, "⛵"),
            (3, false, "See you at the harbour at six?"),
            (1, true, "On my way"),
        ],
    );
    mira.pinned = true;
    mira.rows.insert(
        0,
        MessageRow {
            body: MessageBody::RequestAcceptedByThem,
            status: None,
            ..row(900, id(1), false, now - 65 * MINUTE, "")
        },
    );
    last(&mut mira).status = Some(MessageStatus::Sending);
    let mut jonas = thread(
        2,
        "Jonas Weber",
        &[
            (90, true, "Is the hut still free?"),
            (46, false, "The hut is booked 🎒"),
            (45, false, "Bring the big rope, please"),
        ],
    );
    unread(&mut jonas, 2);
    jonas.kept.muted = Some(contract::Muted::Ever);
    let mut dad = thread(
        3,
        "Dad",
        &[
            (3 * 1440, false, "Call when you land"),
            (3 * 1440 - 2, true, "arrived safely, all good"),
        ],
    );
    last(&mut dad).status = Some(MessageStatus::Read);
    let mut stranger = thread(4, "", &[(1500, true, "Hi, this is Alice from the conference.")]);
    stranger.approval = Approval::Pending;
    let mut ana = thread(
        5,
        "Ana Lúcia Figueiredo dos Santos",
        &[(2200, true, "Did the parcel arrive?")],
    );
    let failed = last(&mut ana);
    failed.status = Some(MessageStatus::Failed);
    failed.failure = Some(Failure::new(ErrorCode::SendSwarm));
    let mut draft = thread(6, "Reza رضا", &[(2 * 1440, false, "سلام! کی برمی‌گردی؟")]);
    draft.draft = "Next week, I".into();
    let mut note = thread(0, "", &[(230 * 1440, true, "passport number in the safe")]);
    note.name = String::new();
    let long: String = (1..=40)
        .map(|n| format!("Line {n} of a long letter about the weather at sea\n"))
        .collect();
    let letter = thread(7, "Ingrid", &[(400 * 1440, false, long.as_str())]);
    let mut blocked = thread(8, "Spammer", &[(9 * 1440, false, "Buy now")]);
    blocked.blocked = true;
    let mut request = thread(
        9,
        "Lea Brandt",
        &[
            (30, false, "Hi Alice, Jonas gave me your ID."),
            (29, false, "May I write to you here?"),
        ],
    );
    request.approval = Approval::Request;
    unread(&mut request, 2);
    vec![
        mira, jonas, dad, stranger, ana, draft, note, letter, blocked, request,
    ]
}

/// A conversation of `count` messages.
pub(crate) fn long_thread(now: i64, count: i64) -> Thread {
    let with = id(40);
    let rows = (0..count)
        .map(|n| {
            let mine = n % 7 > 3;
            let text = format!(
                "Message {n}. {}",
                "One more line of talk. ".repeat((n % 5) as usize)
            );
            row(
                10_000 + n,
                if mine { me() } else { with.clone() },
                mine,
                now - (count - n) * MINUTE * 2,
                text.trim(),
            )
        })
        .collect();
    Thread {
        with,
        name: "Long Talk".into(),
        approval: Approval::Accepted,
        blocked: false,
        pinned: false,
        draft: String::new(),
        rows,
        kept: Kept::default(),
    }
}

pub(super) fn row(id: i64, author: AccountId, mine: bool, at: i64, text: &str) -> MessageRow {
    MessageRow {
        id: MessageId(id),
        author,
        mine,
        body: MessageBody::Text {
            text: text.to_owned(),
        },
        sent_at_ms: TimestampMs(at),
        received_at_ms: TimestampMs(at),
        status: mine.then_some(MessageStatus::Sent),
        failure: None,
        read: true,
        quote: None,
        reactions: Vec::new(),
        expiry: None,
        preview: None,
        attachments: Vec::new(),
    }
}

fn last(thread: &mut Thread) -> &mut MessageRow {
    thread
        .rows
        .last_mut()
        .expect("every conversation of a scene has rows")
}

fn unread(thread: &mut Thread, count: usize) {
    thread
        .rows
        .iter_mut()
        .rev()
        .take(count)
        .for_each(|row| row.read = false);
}
