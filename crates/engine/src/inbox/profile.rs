//! What others say of themselves.

use protocol::message::content;
use store::Profile;

use crate::pictures;

/// Longest name that is taken over, in bytes of UTF-8.
const LONGEST_NAME: usize = 100;

/// Takes a profile over as far as it can be shown. `key`: what stands beside it for its picture.
/// Spec: messages §10 (INB-10), attachments §7 (ATT-45).
pub(super) fn to_profile(profile: &content::Profile, key: Option<&[u8]>) -> Profile {
    Profile {
        name: clean_name(profile.display_name.as_deref().unwrap_or_default()),
        updated_s: profile
            .last_update_seconds
            .and_then(|time| i64::try_from(time).ok())
            .unwrap_or(0),
        picture: pictures::said(profile, key),
    }
}

/// A name without what cannot be seen or would change what stands around it; empty when nothing else is left.
fn clean_name(name: &str) -> String {
    let kept: String = name
        .chars()
        .filter(|character| !is_deceptive(*character))
        .collect();
    let shows = |character: char| !character.is_whitespace() && !is_joiner(character);
    if !kept.chars().any(shows) {
        return String::new();
    }
    let kept = kept.trim();
    kept.get(..kept.floor_char_boundary(LONGEST_NAME))
        .unwrap_or_default()
        .trim_end()
        .to_owned()
}

/// Controls, line breaks, marks that reorder text, and characters that show nothing.
fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}'
                ..='\u{200f}' | '\u{2028}'
                ..='\u{202e}' | '\u{2060}'
                ..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'
                ..='\u{fffb}'
        )
}

/// Joins emoji and letters of some scripts, and shows nothing by itself.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inb_10_a_name_keeps_only_what_can_be_seen() {
        for (sent, shown) in [
            ("Alice", "Alice"),
            ("  Alice \n", "Alice"),
            ("Ali\u{202e}ec", "Aliec"),
            ("\u{2067}Bob\u{2069}", "Bob"),
            ("Note\u{200b} to Self\u{feff}", "Note to Self"),
            ("\u{1b}[31mred", "[31mred"),
            ("two\u{2028}lines", "twolines"),
            ("\u{3164}\u{2800} \u{200d}", ""),
            ("\u{1f469}\u{200d}\u{1f680}", "\u{1f469}\u{200d}\u{1f680}"),
            ("\u{645}\u{6cc}\u{200c}\u{62e}", "\u{645}\u{6cc}\u{200c}\u{62e}"),
        ] {
            assert_eq!(clean_name(sent), shown, "{sent:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let name = clean_name(&"\u{e9}".repeat(200));
        assert_eq!(name, "\u{e9}".repeat(50));
        assert_eq!(clean_name(&format!("{} b", "a".repeat(99))), "a".repeat(99));
    }
}
