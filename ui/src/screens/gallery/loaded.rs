//! What is loaded of a conversation's files or links: a run from the newest on.

use contract::{
    AttachmentId, ConversationId, Event, Failure, GalleryItem, LinkItem, ListGallery, ListLinks, MessageId,
    TimestampMs,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Ui;
use crate::browser;
use crate::locale::t;
use crate::screens::conversation::text::{Piece, pieces};

/// Asked for at a time.
const PAGE: u32 = 90;
/// Several changes within this time are looked at together.
const SETTLE_MS: i32 = 400;

/// Which of the three lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    /// Pictures and films.
    Media,
    /// All other files.
    Files,
    /// Web links of messages.
    Links,
}

impl Tab {
    /// What is said of an empty list.
    pub(super) fn nothing(self) -> String {
        match self {
            Self::Media => t!("gallery-no-media"),
            Self::Files => t!("gallery-no-files"),
            Self::Links => t!("gallery-no-links"),
        }
    }
}

/// One thing in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A file.
    File(Box<GalleryItem>),
    /// A link, and the message it stands in.
    Link {
        url: String,
        message: MessageId,
        conversation: ConversationId,
        sent_at_ms: TimestampMs,
    },
}

impl Entry {
    pub(super) fn sent_at(&self) -> TimestampMs {
        match self {
            Self::File(item) => item.sent_at_ms,
            Self::Link { sent_at_ms, .. } => *sent_at_ms,
        }
    }
}

/// From where the next page goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Start,
    AfterFile(AttachmentId),
    AfterMessage(MessageId),
    Nothing,
}

/// A list of which the beginning is loaded, passed around by copy.
#[derive(Clone, Copy)]
pub(super) struct Loaded {
    ui: Ui,
    conversation: StoredValue<ConversationId>,
    tab: Tab,
    /// Newest first; `None` before the first answer.
    pub(super) entries: RwSignal<Option<Vec<Entry>>>,
    /// The last try failed.
    pub(super) failed: RwSignal<bool>,
    next: StoredValue<Next>,
    loading: StoredValue<bool>,
    /// Counts changes that were heard of.
    changes: StoredValue<u64>,
}

impl Loaded {
    /// Loads the first page and follows what changes until the surrounding component is removed.
    pub(super) fn follow(ui: Ui, conversation: ConversationId, tab: Tab) -> Self {
        let this = Self {
            ui,
            conversation: StoredValue::new(conversation),
            tab,
            entries: RwSignal::new(None),
            failed: RwSignal::new(false),
            next: StoredValue::new(Next::Start),
            loading: StoredValue::new(false),
            changes: StoredValue::new(0),
        };
        this.load_more();
        ui.core.on_event(move |event| {
            let about = |id: &ConversationId| this.conversation.try_with_value(|own| own == id) == Some(true);
            match event {
                Event::MessageReceived { conversation, .. }
                | Event::MessageChanged { conversation, .. }
                | Event::ConversationChanged { conversation }
                    if about(conversation) =>
                {
                    this.reload_soon();
                }
                Event::Lagged => this.reload_soon(),
                _ => {}
            }
        });
        this
    }

    /// Asks for what comes after the loaded run.
    pub(super) fn load_more(self) {
        let next = self.next.get_value();
        if next == Next::Nothing || self.loading.get_value() {
            return;
        }
        self.loading.set_value(true);
        let changes = self.changes.get_value();
        spawn_local(async move {
            let answer = self.ask(next, PAGE).await;
            if self.loading.try_set_value(false).is_some() {
                return;
            }
            // What has changed meanwhile is asked for again.
            if self.changes.get_value() != changes {
                return;
            }
            match answer {
                Ok((more, next)) => {
                    self.failed.set(false);
                    self.next.set_value(next);
                    self.entries
                        .update(|entries| entries.get_or_insert_default().extend(more));
                }
                Err(_) => self.failed.set(true),
            }
        });
    }

    fn reload_soon(self) {
        let Some(number) = self.changes.try_update_value(|n| {
            *n += 1;
            *n
        }) else {
            return;
        };
        browser::after(SETTLE_MS, move || {
            if self.changes.try_get_value() == Some(number) {
                self.reload(number);
            }
        });
    }

    /// Asks again for as much as is loaded, as far as one answer goes; the rest follows with scrolling.
    fn reload(self, number: u64) {
        let count = self
            .entries
            .with_untracked(|entries| entries.as_ref().map_or(0, Vec::len));
        let limit = u32::try_from(count).unwrap_or(PAGE).clamp(PAGE, 200);
        spawn_local(async move {
            if let Ok((entries, next)) = self.ask(Next::Start, limit).await
                && self.changes.try_get_value() == Some(number)
            {
                self.next.set_value(next);
                let known = self
                    .entries
                    .with_untracked(|known| known.as_ref() == Some(&entries));
                if !known {
                    self.entries.set(Some(entries));
                }
            }
        });
    }

    async fn ask(self, next: Next, limit: u32) -> Result<(Vec<Entry>, Next), Failure> {
        let conversation = self.conversation.get_value();
        if self.tab == Tab::Links {
            let before = match next {
                Next::AfterMessage(message) => Some(message),
                _ => None,
            };
            let asked = conversation.clone();
            let page = self
                .ui
                .core
                .ask(ListLinks {
                    conversation: asked,
                    before,
                    limit,
                })
                .await?;
            let found = page
                .items
                .into_iter()
                .flat_map(|item| links_of(item, &conversation));
            return Ok((
                found.collect(),
                page.next.map_or(Next::Nothing, Next::AfterMessage),
            ));
        }
        let before = match next {
            Next::AfterFile(file) => Some(file),
            _ => None,
        };
        let media = self.tab == Tab::Media;
        let page = self
            .ui
            .core
            .ask(ListGallery {
                conversation,
                media,
                before,
                limit,
            })
            .await?;
        let next = match page.items.last() {
            Some(last) if page.more => Next::AfterFile(last.attachment.id),
            _ => Next::Nothing,
        };
        let entries = page.items.into_iter().map(|item| Entry::File(Box::new(item)));
        Ok((entries.collect(), next))
    }
}

/// The links of one message, each once, in the order of the text.
fn links_of(item: LinkItem, conversation: &ConversationId) -> Vec<Entry> {
    let mut found: Vec<String> = Vec::new();
    for piece in pieces(&item.text) {
        if let Piece::Link(url) = piece
            && !found.contains(&url)
        {
            found.push(url);
        }
    }
    let entry = |url| Entry::Link {
        url,
        message: item.message,
        conversation: conversation.clone(),
        sent_at_ms: item.sent_at_ms,
    };
    found.into_iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_listed_once_a_message() {
        let item = LinkItem {
            message: MessageId(7),
            text: "https://a.example, https://b.example and https://a.example again".to_owned(),
            sent_at_ms: TimestampMs(5),
        };
        let found = links_of(item, &ConversationId("05".to_owned()));
        let urls: Vec<_> = found
            .iter()
            .map(|entry| match entry {
                Entry::Link { url, .. } => url.as_str(),
                Entry::File(_) => "",
            })
            .collect();
        assert_eq!(urls, ["https://a.example", "https://b.example"]);
    }
}
