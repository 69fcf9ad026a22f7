//! What is sent about other messages arrives as it was meant, at others and on one's own devices.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

use super::*;
use crate::account::{AccountKeys, Seed};
use crate::message::outgoing::{seal, sync_copy, text, ttl_ms};
use crate::message::{Body, Conversation, VerifiedMessage};

const AT: TimestampMs = TimestampMs(1_754_971_101_000);
const TARGET_AT: TimestampMs = TimestampMs(1_754_971_000_123);

fn keys(byte: u8) -> AccountKeys {
    AccountKeys::from_seed(&Seed::from_bytes(&[byte; 16]).unwrap())
}

fn profile() -> SenderProfile {
    SenderProfile {
        display_name: "Alice".to_owned(),
        updated_s: 5,
        picture: None,
    }
}

fn arrives(from: u8, to: u8, content: &Content) -> VerifiedMessage {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let payload = seal(&mut rng, &keys(from), keys(to).account_id(), AT, content).unwrap();
    VerifiedMessage::open(&keys(to), &payload).unwrap()
}

#[test]
fn rea_01_a_reaction_names_its_target_and_is_copied_without_the_profile() {
    let (alice, bob) = (keys(1).account_id(), keys(2).account_id());
    let content = reaction((bob, TARGET_AT), "😂", ReactionAction::Remove, &profile(), AT);
    let Body::Visible(data) = arrives(1, 2, &content).body else {
        panic!("not visible")
    };
    let reaction = data.reaction.unwrap();
    assert_eq!(
        (reaction.id, reaction.author, reaction.emoji.as_deref()),
        (TARGET_AT.to_wire(), Some(bob.to_hex()), Some("😂"))
    );
    assert_eq!(reaction.action, Some(ReactionAction::Remove.into()));
    assert!(data.body.is_none() && data.profile.is_some());

    let copy = arrives(1, 1, &sync_copy(&content, bob).unwrap());
    assert_eq!(
        (copy.author, copy.conversation),
        (alice, Conversation::SentTo(bob))
    );
    assert!(matches!(copy.body, Body::Visible(data) if data.profile.is_none() && data.reaction.is_some()));

    let note = reaction_to_note((alice, TARGET_AT), "😂", ReactionAction::React, AT);
    assert_eq!(arrives(1, 1, &note).conversation, Conversation::NoteToSelf);
}

#[test]
fn rea_01_what_may_stand_for_a_reaction() {
    for emoji in [
        "😂",
        "🥰",
        "😢",
        "😡",
        "😮",
        "😈",
        "❤️",
        "👍🏽",
        "👩‍👩‍👧‍👦",
        "🇸🇪",
        "1️⃣",
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "☺",
        "ℹ️",
        "Ⓜ️",
        "🅰️",
        "🅱",
        "🅾️",
        "🅿️",
        "🆎",
        "㊗️",
        "©️",
        "#️⃣",
        "*️⃣",
    ] {
        assert!(is_emoji(emoji), "{emoji}");
    }
    for shown in include_str!("../../../../../ui/public/emoji_en.txt").lines() {
        let emoji = shown.split(' ').next().unwrap();
        assert!(is_emoji(emoji), "{shown}");
    }
    let long = "😂".repeat(17);
    for other in [
        "",
        "a",
        "1",
        "ok",
        " 😂",
        "😂\n",
        "\u{fe0f}",
        "\u{202e}😂",
        "\u{200b}😂",
        "é",
        "$",
        &long,
    ] {
        assert!(!is_emoji(other), "{other:?}");
    }
}

#[test]
fn quo_01_an_answer_names_the_original_and_repeats_nothing_of_it() {
    let bob = keys(2).account_id();
    let content = answering(text("yes", &profile(), None, AT), bob, TARGET_AT);
    let Body::Visible(data) = arrives(1, 2, &content).body else {
        panic!("not visible")
    };
    assert_eq!(
        data.quote,
        Some(Quote {
            id: TARGET_AT.to_wire(),
            author: Some(bob.to_hex()),
            text: None,
            attachments: Vec::new(),
        })
    );
}

#[test]
fn del_01_taking_back_lasts_as_long_as_the_swarm_keeps_anything() {
    let (alice, bob) = (keys(1).account_id(), keys(2).account_id());
    let content = unsend(alice, TARGET_AT, AT);
    let body = Body::Unsend {
        author: alice,
        sent_at: TARGET_AT,
    };
    assert_eq!(arrives(1, 2, &content).body, body);
    assert_eq!(arrives(1, 1, &sync_copy(&content, bob).unwrap()).body, body);
    assert_eq!(ttl_ms(&content), 14 * 86_400_000);
}
