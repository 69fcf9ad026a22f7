//! What people do with each other's messages.

use std::sync::Arc;

use contract::{
    GetMessage, GetRecoveryPhrase, MessageBody, MessageId, MessageRow, NotificationMode, React,
    RestoreAccount, SendText, SetNotificationMode,
};

use super::{Device, Person, World, alice, bob, deliver};

/// Alice and Bob, who have accepted each other; Alice's first text is "hello".
pub async fn friends(world: &Arc<World>) -> (Person, Person) {
    let (alice, bob) = (alice(world).await, bob(world).await);
    alice.writes(&bob, "hello").await;
    deliver(&[&alice, &bob]).await;
    bob.accepts(&alice).await;
    deliver(&[&bob, &alice]).await;
    (alice, bob)
}

impl Person {
    /// A second device of the same account, with an empty store and what the swarm still has.
    pub async fn tablet(&self, seed: u64) -> Self {
        let device = Device::new(&self.world);
        self.on(device, seed).await
    }

    /// A second device of the same account.
    pub async fn on(&self, device: Device, seed: u64) -> Self {
        let phrase = self.ask(GetRecoveryPhrase {}).await.words.join(" ");
        let engine = device.open(seed).await;
        let tablet = Self::returning(&self.world, device, engine, self.id);
        let phrase = phrase.into();
        tablet.ask(RestoreAccount { phrase }).await;
        let mode = NotificationMode::Slow;
        tablet.ask(SetNotificationMode { mode }).await;
        tablet.looks().await;
        tablet
    }

    /// Answers a message.
    pub async fn answers(&self, to: &Self, text: &str, original: MessageId) -> MessageId {
        let answer = SendText {
            conversation: to.conversation(),
            text: text.to_owned(),
            reply_to: Some(original),
            preview: None,
        };
        self.ask(answer).await.message_id
    }

    /// Gives an emoji to a message.
    pub async fn gives(&self, message: MessageId, emoji: &str) {
        let emoji = emoji.to_owned();
        self.ask(React {
            message,
            emoji,
            add: true,
        })
        .await;
    }

    /// Takes an emoji back.
    pub async fn takes(&self, message: MessageId, emoji: &str) {
        let emoji = emoji.to_owned();
        self.ask(React {
            message,
            emoji,
            add: false,
        })
        .await;
    }

    /// One row.
    pub async fn row(&self, message: MessageId) -> MessageRow {
        self.ask(GetMessage { message }).await
    }

    /// The row with a text in the conversation with somebody.
    #[track_caller]
    pub fn finds(&self, with: &Self, wanted: &str) -> impl Future<Output = MessageRow> {
        let caller = std::panic::Location::caller();
        async move {
            let rows = self.rows(with).await;
            let is = |row: &MessageRow| matches!(&row.body, MessageBody::Text { text } if text == wanted);
            let found = rows.iter().find(|row| is(row)).cloned();
            found.unwrap_or_else(|| panic!("no {wanted:?} at {caller} in {rows:?}"))
        }
    }

    /// The emojis of the row with a text: how often, and whether one is mine.
    pub async fn emojis(&self, with: &Self, text: &str) -> Vec<(String, u32, bool)> {
        let counts = self.finds(with, text).await.reactions.into_iter();
        counts
            .map(|count| (count.emoji, count.count, count.mine))
            .collect()
    }
}
