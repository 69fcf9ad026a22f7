//! Reactions.

use serde::{Deserialize, Serialize};

use crate::AccountId;

/// How often one emoji was given to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReactionCount {
    /// The emoji.
    pub emoji: String,
    /// By how many people.
    pub count: u32,
    /// I am one of them.
    pub mine: bool,
}

/// One person's reaction to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReactionView {
    /// The emoji.
    pub emoji: String,
    /// Whose.
    pub author: AccountId,
    /// Their name; empty when it is mine: the shell words it.
    pub name: String,
    /// It is mine.
    pub mine: bool,
}
