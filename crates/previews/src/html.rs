//! What a page's HTML says of the page.
//!
//! Only the tokens of the HTML standard are looked at, up to the limit of what is read; no tree is built and nothing runs.

use std::cell::RefCell;

use encoding_rs::{Encoding, UTF_8};
use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// Longest title or address that is kept, in bytes.
const LONGEST: usize = 2_048;

/// Where a page must name its encoding, in bytes from its beginning.
const ENCODING_WITHIN: usize = 1_024;

/// What a page says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// `og:title`, else `twitter:title`, else the first `<title>`.
    pub(crate) title: String,
    /// `og:image`, else `twitter:image`: an address, perhaps relative to the page's.
    pub(crate) picture: Option<String>,
}

/// Reads a page. `content_type` is what its host says of it.
pub(crate) fn read(page: &[u8], content_type: &str) -> Said {
    let (text, ..) = encoding(page, content_type).decode(page);
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&text));
    let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    let found = tokenizer.sink.found.into_inner();
    Said {
        title: found
            .og_title
            .or(found.twitter_title)
            .or(found.title)
            .unwrap_or_default(),
        picture: found.og_image.or(found.twitter_image),
    }
}

/// By what the host says, else by what the page says of itself, else UTF-8.
fn encoding(page: &[u8], content_type: &str) -> &'static Encoding {
    let start = page.get(..ENCODING_WITHIN).unwrap_or(page);
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let label = label_after(&content_type.to_ascii_lowercase()).or_else(|| label_after(&start));
    label
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .unwrap_or(UTF_8)
}

/// What follows `charset=`.
fn label_after(text: &str) -> Option<String> {
    let (_, label) = text.split_once("charset=")?;
    let label = label.trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c)));
    Some(label.get(..end.unwrap_or(label.len()))?.to_owned())
}

#[derive(Debug, Default)]
struct Found {
    og_title: Option<String>,
    twitter_title: Option<String>,
    title: Option<String>,
    og_image: Option<String>,
    twitter_image: Option<String>,
    in_title: bool,
}

/// Takes tokens.
#[derive(Debug, Default)]
struct Reader {
    found: RefCell<Found>,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut found = self.found.borrow_mut();
        match token {
            Token::TagToken(tag) => return found.take_tag(&tag),
            Token::CharacterTokens(text) if found.in_title => {
                let title = found.title.get_or_insert_default();
                if title.len().saturating_add(text.len()) <= LONGEST {
                    title.push_str(&text);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Found {
    fn take_tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        match (tag.kind, &*tag.name) {
            (TagKind::StartTag, "title") => {
                self.in_title = self.title.is_none();
                return TokenSinkResult::RawData(RawKind::Rcdata);
            }
            (TagKind::EndTag, "title") => self.in_title = false,
            (TagKind::StartTag, "meta") => self.take_meta(tag),
            // What stands in these is no markup.
            (TagKind::StartTag, "script") => return TokenSinkResult::RawData(RawKind::ScriptData),
            (TagKind::StartTag, "style" | "noscript" | "iframe" | "xmp") => {
                return TokenSinkResult::RawData(RawKind::Rawtext);
            }
            (TagKind::StartTag, "textarea") => return TokenSinkResult::RawData(RawKind::Rcdata),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn take_meta(&mut self, tag: &Tag) {
        let value = |name: &str| {
            let mut attributes = tag.attrs.iter();
            let found = attributes.find(|attribute| &*attribute.name.local == name);
            found.map(|attribute| attribute.value.trim().to_owned())
        };
        let Some(name) = value("property").or_else(|| value("name")) else {
            return;
        };
        let Some(content) = value("content").filter(|it| !it.is_empty() && it.len() <= LONGEST) else {
            return;
        };
        let place = match name.to_ascii_lowercase().as_str() {
            "og:title" => &mut self.og_title,
            "twitter:title" => &mut self.twitter_title,
            "og:image" | "og:image:url" | "og:image:secure_url" => &mut self.og_image,
            "twitter:image" | "twitter:image:src" => &mut self.twitter_image,
            _ => return,
        };
        // A page may name several; the first is the one it means.
        place.get_or_insert(content);
    }
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
