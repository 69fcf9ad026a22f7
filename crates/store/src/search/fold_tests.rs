//! What counts of a text, and where it is.

use proptest::prelude::*;

use super::*;

#[test]
fn letter_case_and_accents_make_no_difference() {
    for (text, expected) in [
        ("Ünïcödé  CAFÉ", "unicode cafe"),
        ("e\u{301}tude", "etude"),
        ("Straße Æon Łódź Øre", "strasse aeon lodz ore"),
        ("İstanbul ISPARTA ısı", "istanbul isparta isi"),
        ("ΆΘΗΝΑ", "αθηνα"),
        ("Ёлка", "елка"),
        ("ﬁne Ｗｉｄｅ ①", "fine wide 1"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        ("हिन्दी", "हिन्दी"),
        ("한국어 말", "한국어 말"),
        ("don't e-mail me@example.org", "don t e mail me example org"),
        ("\"a\" OR b* NEAR(c) -d:e", "a or b near c d e"),
        ("?! … —", ""),
    ] {
        assert_eq!(folded(text), expected, "{text:?}");
    }
}

#[test]
fn scripts_without_spaces_and_emoji_give_a_token_a_character() {
    assert_eq!(folded("今天看电影"), "今 天 看 电 影");
    assert_eq!(folded("がくせい"), "が く せ い");
    assert_eq!(folded("ok👍🏽ja 🎂"), "ok 👍 ja 🎂");
    assert_eq!(folded("5€"), "5 €");
    assert!(tokens("ok").iter().all(|token| token.word));
    assert!(tokens("電🎂").iter().all(|token| !token.word));
}

#[test]
fn a_long_word_counts_by_its_beginning() {
    let long = "x".repeat(100);
    assert_eq!(folded(&long), "x".repeat(TOKEN_CHARS));
    assert_eq!(tokens(&long)[0].end, 100);
}

proptest! {
    /// Nothing of a text can mean something to the index: no quotes, no operators, no blanks inside of a token.
    #[test]
    fn tokens_are_plain_and_lie_in_order_inside_of_the_text(text in "\\PC{0,40}") {
        let mut last = 0;
        for token in tokens(&text) {
            prop_assert!(token.start >= last && token.start < token.end && token.end <= text.len());
            prop_assert!(text.is_char_boundary(token.start) && text.is_char_boundary(token.end));
            prop_assert!(!token.text.is_empty());
            for character in token.text.chars() {
                prop_assert!(!character.is_whitespace() && !character.is_control());
                prop_assert!(!character.is_ascii() || character.is_ascii_lowercase() || character.is_ascii_digit(),
                    "{character:?}");
            }
            last = token.end;
        }
    }
}
