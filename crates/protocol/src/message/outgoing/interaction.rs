//! Contents about other messages: answers, reactions, and taking back.

use super::{SenderProfile, visible};
use crate::TimestampMs;
use crate::account::AccountId;
use crate::message::content::{Content, DataMessage, Quote, Reaction, ReactionAction, UnsendRequest};

/// Longest emoji that is given, in bytes; the longest in use have about half.
const LONGEST_EMOJI: usize = 64;

/// Whether a text may stand for a reaction: short, and without letters, blanks and what only controls. Which of the rest
/// are emoji changes every year, so that no list is asked.
pub fn is_emoji(text: &str) -> bool {
    let mut shows = false;
    for character in text.chars() {
        match character {
            // Joins emojis to one, or says how they are drawn. Flags of regions are spelled with tags.
            '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{20e3}' | '\u{e0020}'..='\u{e007f}' => {}
            // Letters that are emoji: information, circled M, and the blood types with P.
            '\u{2139}' | '\u{24c2}' | '\u{1f170}' | '\u{1f171}' | '\u{1f17e}' | '\u{1f17f}' => shows = true,
            _ if character.is_control() || character.is_whitespace() || character.is_alphabetic() => {
                return false;
            }
            // Digits and signs of keyboards are emoji only when something follows them.
            '0'..='9' | '#' | '*' => shows |= text.contains('\u{20e3}'),
            _ if character.is_ascii() => return false,
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => {
                return false;
            }
            _ => shows = true,
        }
    }
    shows && text.len() <= LONGEST_EMOJI
}

/// Makes a text answer another message, by what names that one: its text is not repeated.
/// Spec: messages §11 (QUO-01).
#[must_use]
pub fn answering(mut content: Content, author: AccountId, sent_at: TimestampMs) -> Content {
    if let (Some(data), Some(id)) = (&mut content.data_message, sent_at.to_wire()) {
        data.quote = Some(Quote {
            id: Some(id),
            author: Some(author.to_hex()),
            text: None,
            attachments: Vec::new(),
        });
    }
    content
}

/// A reaction to a message of a conversation with somebody else. Spec: messages §11 (REA-01).
pub fn reaction(
    target: (AccountId, TimestampMs),
    emoji: &str,
    action: ReactionAction,
    profile: &SenderProfile,
    sent_at: TimestampMs,
) -> Content {
    let data = DataMessage {
        profile_key: profile.wire_key(),
        profile: Some(profile.to_wire()),
        ..reaction_data(target, emoji, action)
    };
    visible(data, None, sent_at)
}

/// A reaction to a note of one's own. Spec: messages §11 (REA-01).
pub fn reaction_to_note(
    target: (AccountId, TimestampMs),
    emoji: &str,
    action: ReactionAction,
    sent_at: TimestampMs,
) -> Content {
    let data = DataMessage {
        sync_target: Some(target.0.to_hex()),
        ..reaction_data(target, emoji, action)
    };
    visible(data, None, sent_at)
}

fn reaction_data(
    (author, target_sent_at): (AccountId, TimestampMs),
    emoji: &str,
    action: ReactionAction,
) -> DataMessage {
    DataMessage {
        reaction: Some(Reaction {
            id: target_sent_at.to_wire(),
            author: Some(author.to_hex()),
            emoji: Some(emoji.to_owned()),
            action: Some(action.into()),
        }),
        ..DataMessage::default()
    }
}

/// Takes a message back. It never disappears, so that it reaches every device. Spec: messages §11 (DEL-01).
pub fn unsend(author: AccountId, target_sent_at: TimestampMs, sent_at: TimestampMs) -> Content {
    Content {
        unsend_request: Some(UnsendRequest {
            timestamp: target_sent_at.to_wire(),
            author: Some(author.to_hex()),
        }),
        sig_timestamp: sent_at.to_wire(),
        ..Content::default()
    }
}

#[cfg(test)]
#[path = "interaction_tests.rs"]
mod tests;
