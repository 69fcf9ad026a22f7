//! Rules that a receiver applies, and what happens to messages that were tampered with.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

use super::*;
use crate::account::Seed;
use crate::message::content::*;
use crate::message::outgoing::{self, SenderProfile};
use crate::message::{DisappearingMode, LONGEST_BODY, MOST_ATTACHMENTS, envelope, padding, sealed_box};

const SENT_AT: TimestampMs = TimestampMs(1_754_971_101_000);

fn keys(byte: u8) -> AccountKeys {
    AccountKeys::from_seed(&Seed::from_bytes(&[byte; 16]).unwrap())
}

fn alice() -> AccountKeys {
    keys(1)
}

fn bob() -> AccountKeys {
    keys(2)
}

/// A content with the right sent time.
fn content(change: impl FnOnce(&mut Content)) -> Content {
    let mut content = Content {
        sig_timestamp: SENT_AT.to_wire(),
        ..Content::default()
    };
    change(&mut content);
    content
}

fn data(change: impl FnOnce(&mut DataMessage)) -> Content {
    content(|content| change(content.data_message.get_or_insert_default()))
}

fn hello() -> Content {
    data(|data| data.body = Some("hello".to_owned()))
}

fn sealed(author: &AccountKeys, recipient: &AccountKeys, content: &Content) -> Vec<u8> {
    outgoing::seal(
        &mut ChaCha20Rng::seed_from_u64(7),
        author,
        recipient.account_id(),
        SENT_AT,
        content,
    )
    .unwrap()
}

#[track_caller]
fn alice_writes(content: &Content) -> Result<VerifiedMessage, OpenError> {
    VerifiedMessage::open(&bob(), &sealed(&alice(), &bob(), content))
}

#[track_caller]
fn bob_writes_to_himself(content: &Content) -> Result<VerifiedMessage, OpenError> {
    VerifiedMessage::open(&bob(), &sealed(&bob(), &bob(), content))
}

fn body_text(message: &VerifiedMessage) -> &str {
    let Body::Visible(data) = &message.body else {
        panic!("not visible: {:?}", message.body)
    };
    data.body.as_deref().unwrap_or_default()
}

#[test]
fn rcv_01_the_author_is_whoever_signed() {
    let message = alice_writes(&hello()).unwrap();
    assert_eq!(
        (message.author, message.author_ed25519),
        (alice().account_id(), alice().ed25519_public())
    );
    assert_eq!((message.sent_at, body_text(&message)), (SENT_AT, "hello"));
    assert_eq!(message.conversation, Conversation::From(alice().account_id()));
    assert_eq!(message.content_bytes, hello().to_bytes());
    assert!(!message.is_mine());
}

#[test]
fn box_05_a_signature_for_somebody_else_is_refused() {
    // Carol opens what Alice wrote to her and seals it again for Bob.
    let carol = keys(3);
    let payload = sealed(&alice(), &carol, &hello());
    let inner = sealed_box::open(&carol, UnopenedMessage::parse(&payload).unwrap().sealed()).unwrap();
    let ephemeral = sealed_box::EphemeralSecret::from_bytes([9; 32]);
    let forwarded = sealed_box::seal(&ephemeral, bob().x25519_public(), &inner).unwrap();
    let payload = envelope::wrap_with(&[0; 64], SENT_AT, forwarded);
    assert_eq!(
        VerifiedMessage::open(&bob(), &payload),
        Err(OpenError::SignedBox(SignedBoxError::Signature))
    );
}

#[test]
fn box_04_an_inner_text_without_room_for_a_signature_is_refused() {
    let ephemeral = sealed_box::EphemeralSecret::from_bytes([9; 32]);
    let short = sealed_box::seal(&ephemeral, bob().x25519_public(), &[1; 95]).unwrap();
    let payload = envelope::wrap_with(&[0; 64], SENT_AT, short);
    assert_eq!(
        VerifiedMessage::open(&bob(), &payload),
        Err(OpenError::SignedBox(SignedBoxError::TooShort))
    );
}

#[test]
fn rcv_02_the_two_sent_times_must_be_equal_but_the_inner_one_may_be_missing() {
    let with_time = |time: Option<u64>| {
        let mut content = hello();
        content.sig_timestamp = time;
        alice_writes(&content).map(|message| message.sent_at)
    };
    let right = u64::try_from(SENT_AT.0).unwrap();
    assert_eq!(with_time(None), Ok(SENT_AT));
    assert_eq!(with_time(Some(0)), Ok(SENT_AT));
    assert_eq!(with_time(Some(right)), Ok(SENT_AT));
    assert_eq!(with_time(Some(right + 1)), Err(OpenError::TimestampMismatch));
    assert_eq!(with_time(Some(right - 1)), Err(OpenError::TimestampMismatch));
}

#[test]
fn rcv_03_nobody_else_says_where_my_copies_belong() {
    let content = data(|data| {
        data.body = Some("hello".to_owned());
        data.sync_target = Some(bob().account_id().to_hex());
    });
    assert_eq!(alice_writes(&content), Err(OpenError::ForeignSyncTarget));
}

#[test]
fn rcv_04_my_own_messages_belong_to_their_target() {
    let target = |target: Option<String>| {
        bob_writes_to_himself(&data(|data| {
            data.body = Some("hello".to_owned());
            data.sync_target = target;
        }))
        .map(|message| message.conversation)
    };
    assert_eq!(target(None), Ok(Conversation::NoteToSelf));
    assert_eq!(target(Some(String::new())), Ok(Conversation::NoteToSelf));
    assert_eq!(
        target(Some(bob().account_id().to_hex())),
        Ok(Conversation::NoteToSelf)
    );
    let alice = alice().account_id();
    assert_eq!(target(Some(alice.to_hex())), Ok(Conversation::SentTo(alice)));
    assert_eq!(target(Some("05".to_owned())), Err(OpenError::SyncTarget));
    assert_eq!(
        target(Some(format!("15{}", &alice.to_hex()[2..]))),
        Err(OpenError::SyncTarget)
    );
}

#[test]
fn rcv_05_of_two_parts_the_first_of_the_fixed_order_counts() {
    let mut both = hello();
    both.receipt_message = Some(ReceiptMessage {
        r#type: Some(ReceiptType::Read.into()),
        timestamp: vec![5, u64::MAX],
    });
    assert_eq!(
        alice_writes(&both).unwrap().body,
        Body::Read(vec![TimestampMs(5)])
    );
}

#[test]
fn rcv_06_copies_that_no_device_needs_are_dropped() {
    let typing = content(|content| {
        content.typing_message = Some(TypingMessage {
            timestamp: SENT_AT.to_wire(),
            action: Some(0),
        });
    });
    let call = |kind: CallType| {
        content(|content| {
            content.call_message = Some(CallMessage {
                r#type: Some(kind.into()),
                uuid: Some("u".to_owned()),
                ..CallMessage::default()
            });
        })
    };
    assert!(alice_writes(&typing).is_ok());
    assert_eq!(bob_writes_to_himself(&typing), Err(OpenError::NotActedUpon));
    assert_eq!(
        bob_writes_to_himself(&call(CallType::Offer)),
        Err(OpenError::NotActedUpon)
    );
    assert!(bob_writes_to_himself(&call(CallType::Answer)).is_ok());
    assert!(bob_writes_to_himself(&call(CallType::EndCall)).is_ok());
    let response = outgoing::request_accepted(&SenderProfile::default(), SENT_AT);
    assert!(matches!(
        alice_writes(&response).unwrap().body,
        Body::RequestAccepted(_)
    ));
    assert_eq!(bob_writes_to_himself(&response), Err(OpenError::NotActedUpon));
}

#[test]
fn rcv_07_everybody_unsends_their_own_messages_only() {
    let unsend = |author: AccountId| {
        content(|content| {
            content.unsend_request = Some(UnsendRequest {
                timestamp: Some(5),
                author: Some(author.to_hex()),
            });
        })
    };
    let body = alice_writes(&unsend(alice().account_id())).unwrap().body;
    assert_eq!(
        body,
        Body::Unsend {
            author: alice().account_id(),
            sent_at: TimestampMs(5)
        }
    );
    let for_himself = bob_writes_to_himself(&unsend(alice().account_id())).unwrap().body;
    assert_eq!(for_himself, body);
    assert_eq!(
        alice_writes(&unsend(bob().account_id())),
        Err(OpenError::UnsendByStranger)
    );
}

#[test]
fn rcv_08_long_bodies_are_cut_at_a_character() {
    let long: String = std::iter::repeat_n('ü', LONGEST_BODY + 1).collect();
    let message = alice_writes(&data(|data| data.body = Some(long))).unwrap();
    assert_eq!(body_text(&message).chars().count(), LONGEST_BODY);
}

#[test]
fn rcv_09_too_many_attachments_are_refused() {
    let with = |count: usize| {
        let pointer = AttachmentPointer {
            id: Some(1),
            ..AttachmentPointer::default()
        };
        alice_writes(&data(|data| data.attachments = vec![pointer; count])).map(|_| ())
    };
    assert_eq!(
        (with(MOST_ATTACHMENTS), with(MOST_ATTACHMENTS + 1)),
        (Ok(()), Err(OpenError::TooManyAttachments))
    );
}

#[test]
fn rcv_10_a_preview_must_be_of_a_link_in_the_body() {
    let previews = |url: &str, title: Option<&str>| {
        let preview = Preview {
            url: Some(url.to_owned()),
            title: title.map(str::to_owned),
            image: None,
        };
        let content = data(|data| {
            data.body = Some("see https://example.org".to_owned());
            data.preview = vec![preview.clone(), preview];
        });
        let Body::Visible(data) = alice_writes(&content).unwrap().body else {
            panic!("not visible")
        };
        data.preview.len()
    };
    assert_eq!(previews("https://example.org", Some("Example")), 1);
    assert_eq!(previews("https://example.com", Some("Example")), 0);
    assert_eq!(previews("https://example.org", None), 0);
    assert_eq!(previews("", Some("Example")), 0);
}

#[test]
fn rcv_11_nothing_is_refused_and_something_newer_is_kept() {
    assert_eq!(alice_writes(&content(|_| {})), Err(OpenError::Empty));
    assert_eq!(
        alice_writes(&data(|data| data.body = Some(" \n".to_owned()))),
        Err(OpenError::Empty)
    );
    assert_eq!(
        alice_writes(&data(|data| data.flags = Some(8))).unwrap().body,
        Body::Unknown
    );
    // The same with a field of which this version knows nothing.
    let newer = [content(|_| {}).to_bytes(), vec![0xba, 0x3e, 1, b'x']].concat();
    let padded = padding::pad(newer.clone());
    let boxed = signed_box::seal(
        &mut ChaCha20Rng::seed_from_u64(1),
        &alice(),
        bob().x25519_public(),
        &padded,
    )
    .unwrap();
    let message = VerifiedMessage::open(&bob(), &envelope::wrap_with(&[0; 64], SENT_AT, boxed)).unwrap();
    assert_eq!((message.body, message.content_bytes), (Body::Unknown, newer));
}

#[test]
fn rcv_12_the_senders_timer_goes_with_the_message() {
    let timer = |kind: Option<ExpirationType>, seconds: Option<u32>| {
        let mut content = hello();
        content.expiration_type = kind.map(Into::into);
        content.expiration_timer = seconds;
        content
    };
    let to_bob = |content: Content| alice_writes(&content).unwrap().disappearing;
    let after = |mode, seconds| Some(Disappearing { mode, seconds });
    use DisappearingMode::{AfterRead, AfterSend};
    assert_eq!(to_bob(timer(Some(ExpirationType::Unknown), Some(0))), None);
    assert_eq!(to_bob(timer(None, None)), None);
    assert_eq!(
        to_bob(timer(Some(ExpirationType::DeleteAfterSend), Some(5))),
        after(AfterSend, 5)
    );
    assert_eq!(
        to_bob(timer(Some(ExpirationType::DeleteAfterRead), Some(5))),
        after(AfterRead, 5)
    );
    assert_eq!(
        to_bob(timer(Some(ExpirationType::Unknown), Some(5))),
        after(AfterRead, 5)
    );
    let note = bob_writes_to_himself(&timer(Some(ExpirationType::DeleteAfterRead), Some(5))).unwrap();
    assert_eq!(note.disappearing, after(AfterSend, 5));
    let update = data(|data| data.flags = Some(EXPIRATION_TIMER_UPDATE));
    assert_eq!(alice_writes(&update).unwrap().body, Body::TimerUpdate);
}

#[test]
fn rcv_13_a_typing_message_repeats_its_sent_time() {
    let typing = |timestamp: u64, action: i32| {
        content(|content| {
            content.typing_message = Some(TypingMessage {
                timestamp: Some(timestamp),
                action: Some(action),
            });
        })
    };
    let right = u64::try_from(SENT_AT.0).unwrap();
    assert_eq!(
        alice_writes(&typing(right, 1)).unwrap().body,
        Body::Typing(TypingAction::Stopped)
    );
    assert_eq!(alice_writes(&typing(right, 7)).unwrap().body, Body::Unknown);
    assert_eq!(
        alice_writes(&typing(right + 1, 1)),
        Err(OpenError::TypingTimestamp)
    );
}

#[test]
fn rcv_14_reactions_need_an_emoji_and_a_target() {
    let reaction = |emoji: Option<&str>, author: &str, action: i32| {
        let reaction = Reaction {
            id: Some(1),
            author: Some(author.to_owned()),
            emoji: emoji.map(str::to_owned),
            action: Some(action),
        };
        alice_writes(&data(|data| data.reaction = Some(reaction))).map(|_| ())
    };
    let author = bob().account_id().to_hex();
    assert_eq!(reaction(Some("🔥"), &author, 0), Ok(()));
    assert_eq!(reaction(Some("🔥"), &author, 1), Ok(()));
    assert_eq!(reaction(Some(""), &author, 0), Err(OpenError::Reaction));
    assert_eq!(reaction(None, &author, 0), Err(OpenError::Reaction));
    assert_eq!(reaction(Some("🔥"), "me", 0), Err(OpenError::Reaction));
    assert_eq!(reaction(Some("🔥"), &author, 9), Err(OpenError::Reaction));
}

#[test]
fn rcv_15_refusals_and_delivery_receipts_are_not_acted_upon() {
    let refusal = content(|content| {
        content.message_request_response = Some(MessageRequestResponse {
            is_approved: Some(false),
            ..MessageRequestResponse::default()
        });
    });
    let delivery = content(|content| {
        content.receipt_message = Some(ReceiptMessage {
            r#type: Some(0),
            timestamp: vec![1],
        });
    });
    assert_eq!(alice_writes(&refusal), Err(OpenError::NotActedUpon));
    assert_eq!(alice_writes(&delivery), Err(OpenError::NotActedUpon));
}
