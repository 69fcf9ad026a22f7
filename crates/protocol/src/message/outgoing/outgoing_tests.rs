//! Rules of what is sent.

use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

use super::*;
use crate::account::Seed;
use crate::attachment::PictureChange;
use crate::message::content::{GroupUpdateMessage, UnsendRequest};
use crate::message::{Body, Conversation, VerifiedMessage};

const SENT_AT: TimestampMs = TimestampMs(1_754_971_101_000);

fn keys(byte: u8) -> AccountKeys {
    AccountKeys::from_seed(&Seed::from_bytes(&[byte; 16]).unwrap())
}

fn profile() -> SenderProfile {
    SenderProfile {
        display_name: "Alice".to_owned(),
        updated_s: 1_754_000_000,
        picture: None,
    }
}

#[test]
fn snd_02_length_is_counted_in_code_points_and_utf_16_units() {
    assert_eq!(excess_characters(&"x".repeat(2_000)), None);
    assert_eq!(excess_characters(&"ü".repeat(2_003)), Some(3));
    // One code point, two units each.
    assert_eq!(excess_characters(&"😀".repeat(1_000)), None);
    assert_eq!(excess_characters(&"😀".repeat(1_001)), Some(2));
}

#[test]
fn snd_03_what_no_swarm_takes_is_refused_before_it_is_sent() {
    let content = |body: usize| text(&"x".repeat(body), &profile(), None, SENT_AT);
    // Bytes of a content that are not its body, when the body is long.
    let around = content(70_000).to_bytes().len() - 70_000;
    let send = |length: usize| {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let content = content(length - around);
        assert_eq!(content.to_bytes().len(), length);
        seal(&mut rng, &keys(1), keys(2).account_id(), SENT_AT, &content).map(|payload| payload.len())
    };
    assert_eq!(send(76_478), Ok(76_480 + 241));
    assert_eq!(send(76_479), Err(SealError::TooLarge(76_881)));
}

#[test]
fn snd_04_a_text_says_that_it_does_not_disappear() {
    let content = text(
        "hello",
        &SenderProfile {
            display_name: "Alice".to_owned(),
            updated_s: 0,
            picture: None,
        },
        None,
        SENT_AT,
    );
    let bytes = data_encoding::HEXLOWER.encode(&content.to_bytes());
    assert_eq!(
        bytes,
        "0a110a0568656c6c6faa06070a05416c6963656000680078c8aeb7e38933"
    );
}

#[test]
fn snd_05_a_picture_goes_with_the_profile_but_not_into_copies() {
    let url = "http://filev2.getsession.org/file/abc";
    let profile = SenderProfile {
        picture: Some(ProfilePicture::parse(url, &[9; 32]).unwrap()),
        ..profile()
    };
    let message = text("hello", &profile, None, SENT_AT);
    let data = message.data_message.as_ref().unwrap();
    let sent = data.profile.as_ref().unwrap();
    assert_eq!(
        PictureChange::of_profile(sent, data.profile_key.as_deref()),
        PictureChange::Set(ProfilePicture::parse(url, &[9; 32]).unwrap())
    );
    let copy = sync_copy(&message, AccountId::account([7; 32])).unwrap();
    let copied = copy.data_message.unwrap();
    assert_eq!((copied.profile, copied.profile_key), (None, None));
    let response = request_accepted(&profile, SENT_AT)
        .message_request_response
        .unwrap();
    assert_eq!(response.profile_key, Some(vec![9; 32]));
    assert_eq!(response.profile.unwrap().profile_picture.as_deref(), Some(url));
}

#[test]
fn snd_06_lifetimes_follow_the_kind_and_the_timer() {
    let after = |mode, seconds| Some(Disappearing { mode, seconds });
    let ttl = |disappearing| ttl_ms(&text("x", &profile(), disappearing, SENT_AT));
    assert_eq!(ttl(None), 1_209_600_000);
    assert_eq!(ttl(after(DisappearingMode::AfterSend, 3_600)), 3_600_000);
    assert_eq!(ttl(after(DisappearingMode::AfterSend, u32::MAX)), TTL_MS);
    assert_eq!(
        ttl(after(DisappearingMode::AfterSend, 1)),
        10_000,
        "swarms refuse less"
    );
    assert_eq!(ttl(after(DisappearingMode::AfterRead, 3_600)), TTL_MS);
    assert_eq!(
        ttl_ms(&Content {
            typing_message: Some(TypingMessage::default()),
            ..Content::default()
        }),
        20_000
    );
    assert_eq!(
        ttl_ms(&Content {
            call_message: Some(CallMessage::default()),
            ..Content::default()
        }),
        300_000
    );
    assert_eq!(ttl_ms(&request_accepted(&profile(), SENT_AT)), TTL_MS);
}

#[test]
fn snd_07_the_copy_names_the_conversation_and_leaves_the_profile_out() {
    let recipient = keys(2).account_id();
    let original = text("hello", &profile(), None, SENT_AT);
    let copy = sync_copy(&original, recipient).unwrap();
    let data = copy.data_message.clone().unwrap();
    assert_eq!((data.sync_target, data.profile), (Some(recipient.to_hex()), None));
    assert_eq!(
        (copy.sig_timestamp, copy.expiration_timer),
        (original.sig_timestamp, original.expiration_timer)
    );
    assert_eq!(sync_copy(&request_accepted(&profile(), SENT_AT), recipient), None);
    let unsend = Content {
        unsend_request: Some(UnsendRequest::default()),
        ..Content::default()
    };
    assert_eq!(sync_copy(&unsend, recipient), Some(unsend));
    let update = DataMessage {
        group_update_message: Some(GroupUpdateMessage::default()),
        ..DataMessage::default()
    };
    assert_eq!(
        sync_copy(
            &Content {
                data_message: Some(update),
                ..Content::default()
            },
            recipient
        ),
        None
    );
}

#[test]
fn snd_08_a_note_to_self_opens_as_one() {
    let me = keys(1);
    let content = note_to_self(me.account_id(), "milk", None, SENT_AT);
    let payload = seal(
        &mut ChaCha20Rng::seed_from_u64(1),
        &me,
        me.account_id(),
        SENT_AT,
        &content,
    )
    .unwrap();
    assert_eq!(
        VerifiedMessage::open(&me, &payload).unwrap().conversation,
        Conversation::NoteToSelf
    );
}

#[test]
fn unsendable_recipients_and_times_are_refused() {
    let content = text("x", &profile(), None, SENT_AT);
    let send = |recipient: AccountId, sent_at: TimestampMs| {
        seal(
            &mut ChaCha20Rng::seed_from_u64(1),
            &keys(1),
            recipient,
            sent_at,
            &content,
        )
        .unwrap_err()
    };
    let mut group = keys(2).account_id().to_bytes();
    group[0] = AccountId::GROUP;
    assert_eq!(
        send(AccountId::from_bytes(group), SENT_AT),
        SealError::NotAnAccount
    );
    assert_eq!(send(AccountId::account([0; 32]), SENT_AT), SealError::WeakKey);
    assert_eq!(send(keys(2).account_id(), TimestampMs(-1)), SealError::SentAt);
}

proptest! {
    #[test]
    fn every_text_arrives(body in "\\PC{1,200}", time in 1..i64::MAX, seed: u64) {
        prop_assume!(!body.trim().is_empty());
        let (alice, bob) = (keys(1), keys(2));
        let sent_at = TimestampMs(time);
        let content = text(&body, &profile(), None, sent_at);
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let payload = seal(&mut rng, &alice, bob.account_id(), sent_at, &content).unwrap();
        let message = VerifiedMessage::open(&bob, &payload).unwrap();
        prop_assert_eq!((message.author, message.sent_at), (alice.account_id(), sent_at));
        let Body::Visible(data) = message.body else { panic!("not visible") };
        prop_assert_eq!(data.body, Some(body));
    }
}
