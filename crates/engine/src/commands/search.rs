//! Looking through conversations, people and messages. Spec: messages §16.

use contract::{ErrorCode, ExcerptPart, Failure, MessageHit, Search, SearchResults};
use store::{ConversationKind, Hit, Looking, MessageId, Reading};

use crate::core::Core;
use crate::failure::Stopped;
use crate::view;

/// Longest query in characters.
const LONGEST_QUERY: usize = 200;

/// What the conversation with oneself is called where no shell words it.
const NOTE_TO_SELF: &str = "Note to Self";

pub(super) async fn search(core: &Core, params: Search) -> Result<SearchResults, Stopped> {
    let length = params.text.chars().count();
    if length == 0 || length > LONGEST_QUERY {
        return Err(Failure::new(ErrorCode::BadCommand).with("reason", "text").into());
    }
    core.keys()?;
    let with = params
        .conversation
        .as_ref()
        .map(view::parse_conversation)
        .transpose()?;
    let before = params.before.map(|message| MessageId(message.0));
    let limit = view::window_length(params.limit);
    core.read(move |reading| {
        let looking = Looking {
            text: &params.text,
            with: with.as_ref(),
            before,
            limit,
        };
        let hits = reading.search_messages(&looking)?;
        // People are told once, with the first page.
        let (people, note_to_self) = match (with, before) {
            (None, None) => (
                reading.search_people(&params.text)?,
                is_note_to_self(reading, &params.text)?,
            ),
            _ => (Vec::new(), false),
        };
        Ok(SearchResults {
            people: people.into_iter().map(view::person::row).collect(),
            note_to_self,
            messages: hits.rows.into_iter().map(hit).collect(),
            more: hits.more,
        })
    })
    .await
}

fn is_note_to_self(reading: &Reading<'_>, text: &str) -> Result<bool, Stopped> {
    let account = reading.account()?.ok_or(ErrorCode::NoAccount)?;
    Ok([NOTE_TO_SELF, &account.display_name]
        .into_iter()
        .any(|name| store::name_matches(name, text))
        || account.account_id.to_hex() == text.trim().to_lowercase())
}

fn hit(hit: Hit) -> MessageHit {
    let shown = [hit.nickname, hit.name].into_iter().find(|name| !name.is_empty());
    MessageHit {
        message: view::message::id(hit.message),
        conversation: view::conversation_id(hit.with),
        name: match hit.kind {
            ConversationKind::NoteToSelf => String::new(),
            ConversationKind::Direct => shown.unwrap_or_else(|| view::shortened(hit.with)),
        },
        mine: hit.mine,
        picture: hit.picture.map(view::picture_id),
        sent_at_ms: view::time(hit.sent_at),
        excerpt: hit
            .excerpt
            .into_iter()
            .map(|part| ExcerptPart {
                text: part.text,
                hit: part.hit,
            })
            .collect(),
    }
}
