//! A person's picture, or initials on a colour that follows from the Account ID, the same on every device.

use contract::PictureId;
use leptos::prelude::*;

use crate::browser;

use super::icon::{BOOKMARK, Glyph, PERSON};

/// Colours to choose from; `ui/style` has one class for each.
const COLOURS: u32 = 12;

/// Draws an avatar. The name beside it says who it is, so it is hidden from assistive technology.
#[component]
pub(crate) fn Avatar(
    /// The Account ID.
    #[prop(into)]
    id: String,
    /// The name shown for it.
    #[prop(into)]
    name: Signal<String>,
    /// Whether it stands for Note to Self.
    #[prop(optional, into)]
    note: Signal<bool>,
    /// Their picture, when it is here.
    #[prop(optional, into)]
    picture: Signal<Option<PictureId>>,
) -> impl IntoView {
    let colour = colour(&id);
    // A picture that was replaced between two looks is not there any more.
    let broken = RwSignal::new(None::<PictureId>);
    let shown = Memo::new(move |_| {
        let picture = picture.get().filter(|_| !note.get());
        picture.filter(|picture| broken.with(|broken| broken.as_ref() != Some(picture)))
    });
    let class = move || {
        if note.get() {
            "avatar avatar-note".to_owned()
        } else {
            format!("avatar avatar-{colour}")
        }
    };
    view! {
        <span class=class aria-hidden="true">
            {move || {
                if note.get() {
                    return view! { <Glyph icon=BOOKMARK/> }.into_any();
                }
                if let Some(picture) = shown.get() {
                    let src = format!("{}/picture/{}", browser::media_origin(), picture.0);
                    return view! {
                        <img class="avatar-picture" alt="" draggable="false" data-testid="avatar-picture" src=src on:error=move |_| broken.set(Some(picture.clone()))/>
                    }
                        .into_any();
                }
                match initials(&name.get()) {
                    Some(letters) => letters.into_any(),
                    None => view! { <Glyph icon=PERSON/> }.into_any(),
                }
            }}
        </span>
    }
}

/// Index of the colour of an Account ID: FNV-1a over its text, its bits mixed once more.
fn colour(id: &str) -> u32 {
    let hash = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (hash ^ (hash >> 15)).wrapping_mul(0x85eb_ca6b).rotate_right(16) % COLOURS
}

/// First letters of the first and the last word; nothing for a shortened Account ID.
fn initials(name: &str) -> Option<String> {
    if name.contains('…') {
        return None;
    }
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next()?;
    Some(
        std::iter::once(first)
            .chain(words.next_back())
            .flat_map(char::to_uppercase)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        assert_eq!(initials("mira anna Kovač").as_deref(), Some("MK"));
        assert_eq!(initials("  dad ").as_deref(), Some("D"));
        assert_eq!(initials("Ölander").as_deref(), Some("Ö"));
        assert_eq!(initials("🙂"), None);
        assert_eq!(initials("05ab…9f3c"), None);
        assert_eq!(initials(""), None);
    }

    #[test]
    fn every_colour_is_used_and_stays_the_same() {
        let mut seen: Vec<u32> = (0..200).map(|n| colour(&format!("05{n:064x}"))).collect();
        assert_eq!(
            seen,
            (0..200)
                .map(|n| colour(&format!("05{n:064x}")))
                .collect::<Vec<_>>()
        );
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, (0..COLOURS).collect::<Vec<_>>());
    }
}
