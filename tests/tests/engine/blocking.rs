//! Stories of what was still to be told to somebody who is blocked meanwhile.

use contract::{
    Block, DeleteForEveryone, ErrorCode, GetMessage, GetPreferences, MarkRead, MessageBody, MessageStatus,
    OpenConversation, RetryMessage, SetPreferences, SetTyping, Unblock,
};
use tests::simulated_network::{Faults, World};
use tests::story::{Person, deliver, friends, until};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

async fn tells_of_reading_and_typing(who: &Person) {
    let mut preferences = who.ask(GetPreferences {}).await;
    preferences.read_receipts = true;
    preferences.typing_indicators = true;
    who.ask(SetPreferences { preferences }).await;
}

async fn sees_typing(who: &Person, with: &Person) -> bool {
    let conversation = with.conversation();
    who.ask(OpenConversation { conversation }).await.typing
}

#[tokio::test]
async fn obx_10_who_is_blocked_is_told_nothing_that_was_still_waiting() {
    let world = World::new(501);
    let (alice, bob) = friends(&world).await;
    for person in [&alice, &bob] {
        tells_of_reading_and_typing(person).await;
    }
    world.clock.advance(1_000);
    let sent = alice.writes(&bob, "did you read this?").await;
    let known = bob.writes(&alice, "known to her").await;
    deliver(&[&alice, &bob]).await;
    deliver(&[&bob, &alice]).await;
    alice.finds(&bob, "known to her").await;

    bob.network.set_faults(Faults {
        lost_requests: 100,
        ..Faults::default()
    });
    let row = bob.finds(&alice, "did you read this?").await;
    let conversation = alice.conversation();
    bob.ask(MarkRead {
        conversation: conversation.clone(),
        up_to: row.id,
    })
    .await;
    bob.gives(row.id, "\u{1f602}").await;
    let text = bob.writes(&alice, "never to be seen").await;
    bob.ask(DeleteForEveryone { message: known }).await;
    bob.rests().await;
    bob.ask(Block {
        conversation: conversation.clone(),
    })
    .await;
    until("what was written fails", async || {
        bob.status(text).await == MessageStatus::Failed
    })
    .await;
    let failure = bob.ask(GetMessage { message: text }).await.failure;
    assert_eq!(failure.map(|failure| failure.code), Some(ErrorCode::Blocked));

    bob.network.set_faults(Faults::default());
    world.clock.advance(HOUR);
    deliver(&[&bob, &alice]).await;
    assert_eq!(alice.status(sent).await, MessageStatus::Sent, "not Read");
    assert_eq!(alice.emojis(&bob, "did you read this?").await, []);
    assert!(!alice.texts(&bob).await.contains(&"never to be seen".to_owned()));
    let taken_back = alice.rows(&bob).await;
    assert!(
        taken_back.iter().any(|row| row.body == MessageBody::Deleted),
        "what was taken back before goes: {taken_back:?}"
    );

    bob.ask(Unblock { conversation }).await;
    bob.ask(RetryMessage { message: text }).await;
    deliver(&[&bob, &alice]).await;
    alice.finds(&bob, "never to be seen").await;
}

#[tokio::test]
async fn typ_04_who_is_blocked_does_not_learn_that_typing_has_stopped() {
    let world = World::new(502);
    let (alice, bob) = friends(&world).await;
    for person in [&alice, &bob] {
        tells_of_reading_and_typing(person).await;
    }
    let conversation = alice.conversation();
    let types = SetTyping {
        conversation: conversation.clone(),
        typing: true,
    };
    bob.ask(types).await;
    until("typing comes", async || {
        alice.looks().await;
        sees_typing(&alice, &bob).await
    })
    .await;
    bob.ask(Block { conversation }).await;
    world.clock.advance(4_000);
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    alice.looks().await;
    assert!(sees_typing(&alice, &bob).await, "no word of the pause");
}

#[tokio::test]
async fn obx_06_a_retry_of_what_is_being_sent_changes_nothing() {
    let world = World::new(503);
    let (alice, bob) = friends(&world).await;
    alice.network.set_faults(Faults {
        hangs: true,
        ..Faults::default()
    });
    let sent = alice.writes(&bob, "on its way").await;
    until("it is being sent", async || {
        alice.status(sent).await == MessageStatus::Sending
    })
    .await;
    alice.ask(RetryMessage { message: sent }).await;
    assert_eq!(alice.status(sent).await, MessageStatus::Sending);
}
