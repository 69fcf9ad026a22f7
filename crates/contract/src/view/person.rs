//! Lists of people.

use serde::{Deserialize, Serialize};

use crate::{AccountId, ConversationId, PictureId};

/// One person in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// The conversation with them.
    pub id: ConversationId,
    /// Their Account ID.
    pub account_id: AccountId,
    /// Nickname, their name, or the shortened Account ID.
    pub name: String,
    /// The letter under which they are sorted, a capital without accents; empty for names that begin with something else.
    #[serde(default)]
    pub letter: String,
    /// Their picture, when it is here.
    #[serde(default)]
    pub picture: Option<PictureId>,
}

/// A window of a list of people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonPage {
    /// Rows in all.
    pub total: u32,
    /// Index of the first row of this window.
    pub offset: u32,
    /// The window.
    pub rows: Vec<PersonRow>,
}
