//! How text is taken apart for searching and for sorting: into words without letter case and accents.
//!
//! One function for what is kept, for what is asked, and for finding the match again in a text, so that they never
//! disagree. Scripts written without spaces between words give one token a character, and so do emoji.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Characters of a token that count; the rest of a longer word makes no difference.
const TOKEN_CHARS: usize = 64;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What counts of it: letters, digits and marks, or one symbol. Never empty, no blanks, no ASCII but `a-z0-9`.
    pub(crate) text: String,
    /// Where it is in the text, in bytes.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// It is a word, of which a beginning may be asked for.
    pub(crate) word: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Part of a word.
    Word,
    /// A token of its own.
    Single,
    /// Makes no difference, and separates nothing.
    Nothing,
    /// Stands between tokens.
    Gap,
}

/// Takes a text apart.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut open = false;
    for (start, character) in text.char_indices() {
        let end = start.saturating_add(character.len_utf8());
        match class(character) {
            Class::Nothing => {}
            Class::Gap => open = false,
            Class::Single => {
                open = false;
                let mut text = String::new();
                push_folded(&mut text, character);
                if text.is_empty() {
                    text.push(character);
                }
                tokens.push(Token {
                    text,
                    start,
                    end,
                    word: false,
                });
            }
            Class::Word => match tokens.last_mut().filter(|_| open) {
                Some(token) => {
                    push_folded(&mut token.text, character);
                    token.end = end;
                }
                None => {
                    let mut text = String::new();
                    push_folded(&mut text, character);
                    // A mark by itself, which is no beginning of anything.
                    if !text.is_empty() {
                        open = true;
                        tokens.push(Token {
                            text,
                            start,
                            end,
                            word: true,
                        });
                    }
                }
            },
        }
    }
    for token in &mut tokens {
        if let Some((cut, _)) = token.text.char_indices().nth(TOKEN_CHARS) {
            token.text.truncate(cut);
        }
    }
    tokens
}

/// The tokens of a text with one blank between them.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for token in tokens(text) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(&token.text);
    }
    folded
}

fn class(character: char) -> Class {
    if character.is_ascii() {
        return match character.is_ascii_alphanumeric() {
            true => Class::Word,
            false => Class::Gap,
        };
    }
    if is_ignored(character) {
        return Class::Nothing;
    }
    if is_written_without_spaces(character) || is_symbol(character) {
        return Class::Single;
    }
    match character.is_alphanumeric() || is_combining_mark(character) {
        true => Class::Word,
        false => Class::Gap,
    }
}

/// Adds what is left of a character without letter case, accents and forms of presentation.
fn push_folded(to: &mut String, character: char) {
    if character.is_ascii() {
        to.push(character.to_ascii_lowercase());
        return;
    }
    // Syllables of Korean and letters of Japanese would come apart into strokes that mean something else.
    if matches!(character, '\u{3041}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}') {
        to.push(character);
        return;
    }
    decompose_compatible(character, |part| {
        if is_ignored(part) || !(part.is_alphanumeric() || is_combining_mark(part) || is_symbol(part)) {
            return;
        }
        for small in part.to_lowercase() {
            match plain_letters(small) {
                Some(plain) => to.push_str(plain),
                None if is_ignored(small) => {}
                None => to.push(small),
            }
        }
    });
}

/// Letters that people write as others where their keyboard lacks them, and that no table of Unicode takes apart.
const fn plain_letters(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        _ => return None,
    })
}

/// Accents and vowel points that are often left out, joiners, and the colour of a skin.
fn is_ignored(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}'
            | '\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
            | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{1f3fb}'..='\u{1f3ff}'
    )
}

/// Chinese, Japanese, Thai, Lao, Burmese, Khmer and Tibetan.
fn is_written_without_spaces(character: char) -> bool {
    matches!(
        character,
        '\u{e01}'..='\u{eff}' | '\u{f00}'..='\u{f03}' | '\u{f0e}'..='\u{fff}' | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17d3}' | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}'
            | '\u{3041}'..='\u{30fa}' | '\u{30fc}'..='\u{312f}' | '\u{31a0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9d}' | '\u{20000}'..='\u{3ffff}'
    )
}

/// Money, arrows, mathematical signs, emoji.
fn is_symbol(character: char) -> bool {
    matches!(
        character,
        '\u{a2}'..='\u{a5}' | '\u{a9}' | '\u{ae}' | '\u{b0}' | '\u{20a0}'..='\u{20cf}' | '\u{2190}'..='\u{23ff}'
            | '\u{2500}'..='\u{27bf}' | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1f0ff}'
            | '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f300}'..='\u{1faff}'
    )
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;
