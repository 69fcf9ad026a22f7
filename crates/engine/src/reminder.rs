//! When the reminder to save the recovery phrase becomes due.

use protocol::account::AccountId;
use store::{ConversationList, Origin, Writing};

use crate::failure::Stopped;

/// Conversations, Note to Self and requests not counted, from which on the reminder is due. Spec: messages §9 (ENG-22).
const CONVERSATIONS: u32 = 3;

/// Makes the reminder due when it is time, for good. Answers whether it became due now.
pub(crate) fn raise_if_due(writing: &Writing<'_>) -> Result<bool, Stopped> {
    let Some(account) = writing.account()? else {
        return Ok(false);
    };
    if account.origin != Origin::Created || account.phrase_seen || account.phrase_reminder {
        return Ok(false);
    }
    let listed = writing.count_conversations(ConversationList::Home)?;
    if listed.saturating_sub(u32::from(is_listed(writing, account.account_id)?)) < CONVERSATIONS {
        return Ok(false);
    }
    writing.raise_phrase_reminder()?;
    Ok(true)
}

fn is_listed(writing: &Writing<'_>, with: AccountId) -> Result<bool, Stopped> {
    let conversation = writing.conversation(&with)?;
    Ok(conversation.is_some_and(|conversation| conversation.list == Some(ConversationList::Home)))
}
