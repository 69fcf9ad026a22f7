//! Previews of links: asked for once, made while a text is written, and shown with the message.

use std::collections::BTreeSet;

use contract::{AttachmentState, DiscardFile, LinkPreview, MakePreview, NewPreview};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::files::{Files, media_url};
use super::link::host_of;
use super::text::{Piece, pieces};
use super::thread::Thread;
use crate::app::Liked;
use crate::browser;
use crate::components::dialog::{Modal, Place};
use crate::components::icon::{CLOSE, Glyph};
use crate::locale::t;

/// A link is looked at when nothing was typed for this long.
const REST_MS: i32 = 600;

/// Side of the small picture, in device pixels at most.
const SMALL_SIDE: u32 = 192;

/// The preview of the text in the composer.
#[derive(Clone, Copy)]
pub(super) struct Drafted {
    thread: Thread,
    liked: Liked,
    text: RwSignal<String>,
    /// What is shown above the composer.
    card: RwSignal<Option<LinkPreview>>,
    /// The link that the card is of, or that is being visited.
    current: StoredValue<Option<String>>,
    /// Links whose card was closed.
    unwanted: StoredValue<BTreeSet<String>>,
    asking: RwSignal<bool>,
    keystrokes: StoredValue<u64>,
}

impl Drafted {
    /// Follows the text of a composer.
    pub(super) fn follow(thread: Thread, text: RwSignal<String>) -> Self {
        let drafted = Self {
            thread,
            liked: Liked::follow(thread.ui),
            text,
            card: RwSignal::new(None),
            current: StoredValue::new(None),
            unwanted: StoredValue::default(),
            asking: RwSignal::new(false),
            keystrokes: StoredValue::new(0),
        };
        Effect::new(move |_| {
            text.track();
            drafted.keystrokes.update_value(|n| *n += 1);
            let number = drafted.keystrokes.get_value();
            browser::after(REST_MS, move || {
                if drafted.keystrokes.try_get_value() == Some(number) {
                    drafted.look();
                }
            });
        });
        on_cleanup(move || drafted.let_go());
        drafted
    }

    /// Takes the preview for a text that is being sent.
    pub(super) fn take(self, text: &str) -> Option<NewPreview> {
        self.current.set_value(None);
        let card = self.card.try_update(Option::take).flatten()?;
        if first_link(text).as_deref() != Some(card.url.as_str()) {
            self.discard(&card);
            return None;
        }
        Some(NewPreview {
            url: card.url,
            title: card.title,
            picture: card.picture.map(|picture| picture.id),
        })
    }

    /// Looks whether the text has a link that is to be asked or visited.
    fn look(self) {
        let link = self.text.with_untracked(|text| first_link(text));
        if self.current.get_value() == link {
            return;
        }
        self.let_go();
        let Some(link) = link else { return };
        let Some((on, asked)) = self
            .liked
            .part_untracked(|known| (known.link_previews, known.link_previews_asked))
        else {
            return;
        };
        if !asked {
            self.asking.set(true);
        } else if on && !self.unwanted.with_value(|links| links.contains(&link)) {
            self.make(link);
        }
    }

    fn make(self, link: String) {
        self.current.set_value(Some(link.clone()));
        spawn_local(async move {
            let made = self.thread.ui.core.ask(MakePreview { url: link.clone() }).await;
            let Ok(Some(made)) = made else { return };
            if self.current.try_get_value().flatten().as_ref() == Some(&link) {
                self.card.set(Some(made));
            } else {
                self.discard(&made);
            }
        });
    }

    /// Closes the card; the same link gets none again.
    fn close(self) {
        if let Some(link) = self.current.get_value() {
            self.unwanted.update_value(|links| {
                links.insert(link);
            });
        }
        self.let_go();
    }

    fn let_go(self) {
        self.current.try_update_value(Option::take);
        if let Some(Some(card)) = self.card.try_update(Option::take) {
            self.discard(&card);
        }
    }

    fn discard(self, card: &LinkPreview) {
        if let Some(picture) = &card.picture {
            self.thread.ui.order(DiscardFile {
                attachment: picture.id,
            });
        }
    }

    fn answer(self, on: bool) {
        self.asking.set(false);
        spawn_local(async move {
            let kept = self.liked.keep(|preferences| {
                preferences.link_previews_asked = true;
                preferences.link_previews = on;
            });
            let link = match kept.await && on {
                true => self.text.try_with_untracked(|text| first_link(text)).flatten(),
                false => None,
            };
            if let Some(link) = link {
                self.make(link);
            }
        });
    }
}

/// The card above the composer, and the question before the first one.
#[component]
pub(super) fn DraftedPreview(drafted: Drafted) -> impl IntoView {
    let card = move || {
        drafted.card.get().map(|card| {
            view! {
                <div class="preview-bar" data-testid="preview-card">
                    {card.picture.as_ref().map(|picture| view! {
                        <img class="preview-small" src=media_url(picture.id, Some(SMALL_SIDE)) alt=""/>
                    })}
                    <Words preview=card/>
                    <button class="icon-button" aria-label=t!("preview-remove") data-testid="preview-remove" on:click=move |_| drafted.close()>
                        <Glyph icon=CLOSE/>
                    </button>
                </div>
            }
        })
    };
    view! {
        {card}
        <Show when=move || drafted.asking.get()>
            <Question drafted/>
        </Show>
    }
}

#[component]
fn Question(drafted: Drafted) -> impl IntoView {
    view! {
        <Modal title=t!("preview-title") testid="preview-question" place=Place::Middle on_close=Callback::new(move |()| drafted.answer(false))>
            <p class="modal-text" data-testid="dlg-body">{t!("preview-body")}</p>
            <div class="modal-buttons">
                <button class="button primary" data-testid="preview-on" on:click=move |_| drafted.answer(true)>
                    {t!("preview-on")}
                </button>
                <button class="button plain" data-testid="dlg-cancel" autofocus=true on:click=move |_| drafted.answer(false)>
                    {t!("preview-off")}
                </button>
            </div>
        </Modal>
    }
}

/// The preview of a message; a tap asks whether to open the link.
#[component]
pub(super) fn PreviewCard(
    thread: Thread,
    preview: LinkPreview,
    mine: bool,
    /// Set to the link when it is to be opened.
    link: RwSignal<Option<String>>,
) -> impl IntoView {
    let url = preview.url.clone();
    let picture = preview
        .picture
        .clone()
        .filter(|it| it.state != AttachmentState::Gone);
    let name = t!("msg-link", url = url.as_str());
    view! {
        <div class="preview" data-testid="msg-preview">
            {picture.map(|picture| view! { <Files thread files=vec![picture] mine/> })}
            <button class="preview-open" aria-label=name data-testid="msg-preview-open" on:click=move |_| link.set(Some(url.clone()))>
                <Words preview/>
            </button>
        </div>
    }
}

/// The title, and whose page it is.
#[component]
fn Words(preview: LinkPreview) -> impl IntoView {
    let host = host_of(&preview.url).to_owned();
    let title = preview.title;
    view! {
        <span class="preview-words">
            {(!title.is_empty()).then(|| view! { <bdi class="preview-title">{title}</bdi> })}
            <span class="preview-host" dir="ltr">{host}</span>
        </span>
    }
}

/// The first link of a text of which a preview can be made.
fn first_link(text: &str) -> Option<String> {
    pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Link(link) if is_whole(&link) => Some(link),
        _ => None,
    })
}

/// Whether it is a secure address that looks finished: a name with a dot, or with a port.
fn is_whole(link: &str) -> bool {
    let secure = link
        .get(..8)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    let host = host_of(link);
    let whole = host
        .split_once(['.', ':'])
        .is_some_and(|(first, rest)| !first.is_empty() && rest.chars().count() > 1);
    secure && whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_secure_link_that_is_finished_gets_a_preview() {
        let first = |text: &str| first_link(text).unwrap_or_default();
        assert_eq!(first("see https://example.org/a, then"), "https://example.org/a");
        assert_eq!(first("http://a.example https://b.example"), "https://b.example");
        assert_eq!(first("https://localhost:8443/x"), "https://localhost:8443/x");
        assert_eq!(first("HTTPS://EXAMPLE.ORG"), "HTTPS://EXAMPLE.ORG");
        for none in [
            "",
            "hello",
            "https://",
            "https://exa",
            "https://example.o",
            "http://example.org",
            "https://example.",
        ] {
            assert_eq!(first(none), "", "{none}");
        }
    }
}
