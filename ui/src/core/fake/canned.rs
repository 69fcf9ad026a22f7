//! Answers that are the same in every scene.

use contract::*;

use super::people::me;

/// The words of the canned recovery phrase.
pub(super) const WORDS: &str =
    "lamp river paper orange window forest garden island winter piano street coffee garden";

/// The account of whoever looks at the scene.
pub(super) fn account(restored: bool, phrase_seen: bool) -> AccountView {
    AccountView {
        account_id: me(),
        display_name: "Alice".into(),
        origin: if restored {
            Origin::Restored
        } else {
            Origin::Created
        },
        notification_mode: None,
        phrase_seen,
        phrase_reminder: !phrase_seen && !restored,
        phrase_hidden: false,
        picture: None,
        picture_saving: PictureSaving::Done,
    }
}

/// Knows the words of the canned phrase only.
pub(super) fn check(text: &str) -> PhraseCheck {
    let typed = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase);
    let words: Vec<PhraseWord> = typed
        .map(|typed| PhraseWord {
            word: WORDS.split(' ').find(|word| *word == typed).map(str::to_owned),
            typed,
        })
        .collect();
    let unknown = words.iter().find(|word| word.word.is_none());
    let failure = match unknown {
        _ if words.len() < 13 => Some(Failure::new(ErrorCode::PhraseShort).with("n", words.len())),
        Some(word) => Some(
            Failure::new(ErrorCode::PhraseWord)
                .with("word", &word.typed)
                .with("guess", "zones"),
        ),
        None if words.len() > 13 => Some(ErrorCode::PhraseCheck.into()),
        None => None,
    };
    PhraseCheck { words, failure }
}

/// A service of each state.
pub(super) fn services() -> Vec<ServiceView> {
    let service = |kind, addresses: &[&str], answered: Option<i64>, silent: Option<i64>| ServiceView {
        kind,
        addresses: addresses.iter().map(|address| (*address).to_owned()).collect(),
        last_answered_ms: answered.map(|ago| TimestampMs(now() - ago)),
        silent_since_ms: silent.map(|ago| TimestampMs(now() - ago)),
    };
    vec![
        service(
            ServiceKind::Seeds,
            &["https://seed1.example.org:4443", "https://seed2.example.org:4443"],
            Some(60_000),
            None,
        ),
        service(
            ServiceKind::FileServer,
            &["https://files.example.org"],
            None,
            Some(7_200_000),
        ),
        service(ServiceKind::PushServer, &["https://push.example.org"], None, None),
        service(ServiceKind::Communities, &[], None, None),
    ]
}

/// Looks like a code; holds nothing.
pub(super) fn qr() -> QrView {
    const SIZE: usize = 33;
    let finder = |x: usize, y: usize| {
        let ring = x.abs_diff(3).max(y.abs_diff(3));
        ring <= 1 || ring == 3
    };
    let dark = |x: usize, y: usize| match (x, y) {
        (0..=7, 0..=7) => x < 7 && y < 7 && finder(x, y),
        (25..=32, 0..=7) => x > 25 && y < 7 && finder(x - 26, y),
        (0..=7, 25..=32) => x < 7 && y > 25 && finder(x, y - 26),
        _ => (x * 7 + y * 13 + x * y) % 5 < 2,
    };
    let rows = (0..SIZE)
        .map(|y| (0..SIZE).map(|x| if dark(x, y) { '1' } else { '0' }).collect())
        .collect();
    QrView {
        size: SIZE as u16,
        rows,
    }
}

/// A fixed moment on the host, this one in a browser.
pub(super) fn now() -> i64 {
    if cfg!(target_arch = "wasm32") {
        crate::browser::now_ms()
    } else {
        1_795_356_300_000
    }
}
