//! Fields that several types of config share.

use super::state::Config;
use super::value::{Dict, Scalar, Value};

/// Longest name and nickname, bytes of UTF-8.
pub(super) const MAX_NAME_LEN_BYTES: usize = 100;

/// Longest address of a picture, bytes.
const MAX_URL_LEN_BYTES: usize = 223;

/// Where a picture is and what decrypts it.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Address at a file server.
    pub url: String,
    /// The key.
    pub key: [u8; 32],
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Picture(redacted)")
    }
}

/// What a conversation notifies of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notifications {
    /// As the kind of conversation does.
    #[default]
    Default,
    /// Every message.
    All,
    /// Nothing.
    Disabled,
    /// Messages that name me; of groups and communities only.
    MentionsOnly,
}

impl Notifications {
    pub(super) fn of(dict: &Dict) -> Self {
        match int(dict, "@") {
            1 => Self::All,
            2 => Self::Disabled,
            3 => Self::MentionsOnly,
            _ => Self::Default,
        }
    }

    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Default => 0,
            Self::All => 1,
            Self::Disabled => 2,
            Self::MentionsOnly => 3,
        }
    }
}

/// When messages of a conversation disappear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpirationMode {
    /// Counted from when they were sent.
    AfterSend,
    /// Counted from when they were read.
    AfterRead,
}

/// Cuts a text so that it has at most `len` bytes, between characters.
pub fn truncate(text: &str, len: usize) -> &str {
    let end = text.floor_char_boundary(len);
    text.get(..end).unwrap_or(text)
}

/// The integer under a key, or zero.
pub(super) fn int(dict: &Dict, key: &str) -> i64 {
    dict.get(key.as_bytes())
        .and_then(Value::as_int)
        .unwrap_or_default()
}

/// The text under a key, or an empty one. What is no UTF-8 is shown with replacement characters, never dropped.
pub(super) fn text(dict: &Dict, key: &str) -> String {
    let bytes = dict.get(key.as_bytes()).and_then(Value::as_bytes);
    String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
}

/// The `N` bytes under a key.
pub(super) fn array<const N: usize>(dict: &Dict, key: &str) -> Option<[u8; N]> {
    dict.get(key.as_bytes())?.as_bytes()?.try_into().ok()
}

/// Seconds since 1970; some clients wrote milli- or microseconds. Spec: config §10 (CFG-52)
pub(super) const fn seconds(value: i64) -> i64 {
    match value {
        9_000_000_000_001.. => value.wrapping_div(1_000_000),
        9_000_000_001.. => value.wrapping_div(1_000),
        _ => value,
    }
}

/// A picture counts only with both its halves.
pub(super) fn picture(dict: &Dict, url_key: &str, key_key: &str) -> Option<Picture> {
    let url = text(dict, url_key);
    let key = array(dict, key_key)?;
    (!url.is_empty()).then_some(Picture { url, key })
}

/// One entry of a config, written field by field, so that fields of later versions stay.
pub(super) struct Entry<'a> {
    config: &'a mut Config,
    path: Vec<&'a [u8]>,
}

impl<'a> Entry<'a> {
    pub(super) fn new(config: &'a mut Config, path: &[&'a [u8]]) -> Self {
        Self {
            config,
            path: path.to_vec(),
        }
    }

    fn path_to<'k>(&self, key: &'k str) -> Vec<&'k [u8]>
    where
        'a: 'k,
    {
        let mut path: Vec<&'k [u8]> = self.path.clone();
        path.push(key.as_bytes());
        path
    }

    /// Writes a value that stays even when empty.
    pub(super) fn always(&mut self, key: &str, value: impl Into<Scalar>) -> &mut Self {
        let path = self.path_to(key);
        self.config.set(&path, Value::Scalar(value.into()));
        self
    }

    /// Writes a value, or removes it.
    pub(super) fn option(&mut self, key: &str, value: Option<impl Into<Scalar>>) -> &mut Self {
        match value {
            Some(value) => self.always(key, value),
            None => {
                let path = self.path_to(key);
                self.config.remove(&path);
                self
            }
        }
    }

    /// Writes a set, or removes an empty one.
    pub(super) fn set(&mut self, key: &str, value: super::Set) -> &mut Self {
        let path = self.path_to(key);
        self.config.set(&path, Value::Set(value));
        self
    }

    pub(super) fn flag(&mut self, key: &str, on: bool) -> &mut Self {
        self.option(key, on.then_some(1))
    }

    pub(super) fn positive(&mut self, key: &str, value: i64) -> &mut Self {
        self.option(key, (value > 0).then_some(value))
    }

    pub(super) fn nonzero(&mut self, key: &str, value: i64) -> &mut Self {
        self.option(key, (value != 0).then_some(value))
    }

    /// Writes a text of at most 100 bytes, or removes an empty one.
    pub(super) fn name(&mut self, key: &str, name: &str) -> &mut Self {
        let name = truncate(name, MAX_NAME_LEN_BYTES);
        self.option(key, (!name.is_empty()).then_some(name))
    }

    /// Writes both halves of a picture, or removes both. A longer address than others take is none.
    pub(super) fn picture(&mut self, url_key: &str, key_key: &str, picture: Option<&Picture>) -> &mut Self {
        let picture = picture.filter(|picture| (1..=MAX_URL_LEN_BYTES).contains(&picture.url.len()));
        self.option(url_key, picture.map(|picture| picture.url.as_str()))
            .option(key_key, picture.map(|picture| picture.key.as_slice()))
    }
}
