//! One's own name, picture and settings.
//!
//! | key | value |
//! |---|---|
//! | `n` | name, at most 100 bytes |
//! | `p`, `q` | picture: address, 32-byte key |
//! | `P`, `Q` | the same after a device uploaded it again by itself |
//! | `t`, `T` | seconds of the last change, and of the last upload |
//! | `+` | priority of Note to Self: -1 hidden, above 0 pinned |
//! | `e` | seconds after which notes disappear |
//! | `M` | whether requests from communities are taken |
//!
//! Spec: config §10 (CFG-50)

use super::entry::{Entry, MAX_NAME_LEN_BYTES, Picture, int, picture, text};
use super::state::Config;

/// What the account says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserProfile {
    /// Name; empty when there is none.
    pub name: String,
    /// Picture, as it was uploaded last.
    pub picture: Option<Picture>,
    /// When name or picture last changed, seconds; 0 if nobody said.
    pub updated_s: i64,
    /// Priority of Note to Self: -1 hidden, 0 in its place, above pinned.
    pub note_to_self_priority: i64,
    /// Seconds after which notes disappear, or 0.
    pub note_to_self_expiry_s: i64,
    /// Whether requests from communities are taken; `None` when never said.
    pub community_requests: Option<bool>,
}

/// The name has more than 100 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name has at most 100 bytes")]
pub struct NameTooLong;

/// Reads the profile.
pub fn profile(config: &Config) -> UserProfile {
    let data = config.data();
    let (changed, uploaded) = (int(data, "t"), int(data, "T"));
    let uploaded_again = (uploaded > changed).then(|| picture(data, "P", "Q")).flatten();
    UserProfile {
        name: text(data, "n"),
        picture: uploaded_again.or_else(|| picture(data, "p", "q")),
        updated_s: if changed == 0 { 0 } else { changed.max(uploaded) },
        note_to_self_priority: int(data, "+"),
        note_to_self_expiry_s: int(data, "e").max(0),
        community_requests: config
            .get(&[b"M"])
            .and_then(super::Value::as_int)
            .map(|value| value != 0),
    }
}

/// Sets the name. `now_s`: seconds of network time, or `None` to leave the time of the last change alone.
///
/// # Errors
/// [`NameTooLong`].
pub fn set_name(config: &mut Config, name: &str, now_s: Option<i64>) -> Result<(), NameTooLong> {
    if name.len() > MAX_NAME_LEN_BYTES {
        return Err(NameTooLong);
    }
    let old = text(config.data(), "n");
    if old != name {
        root(config).name("n", name);
        touch(config, now_s);
    }
    Ok(())
}

/// Sets or removes the picture that the user chose.
pub fn set_picture(config: &mut Config, picture: Option<&Picture>, now_s: Option<i64>) {
    if profile(config).picture.as_ref() != picture {
        root(config).picture("p", "q", picture).picture("P", "Q", None);
        touch(config, now_s);
    }
}

/// Notes that the same picture was uploaded again. Spec: config §10 (CFG-51)
pub fn set_uploaded_again(config: &mut Config, picture: &Picture, now_s: i64) {
    root(config).picture("P", "Q", Some(picture)).positive("T", now_s);
}

/// Sets the priority of Note to Self.
pub fn set_note_to_self_priority(config: &mut Config, priority: i64) {
    root(config).nonzero("+", priority);
}

/// Sets after how many seconds notes disappear; 0 turns it off.
pub fn set_note_to_self_expiry(config: &mut Config, seconds: i64) {
    root(config).positive("e", seconds);
}

/// Sets whether requests from communities are taken. `now_s` as of [`set_name`].
pub fn set_community_requests(config: &mut Config, taken: Option<bool>, now_s: Option<i64>) {
    if profile(config).community_requests != taken {
        root(config).option("M", taken.map(i64::from));
        touch(config, now_s);
    }
}

fn root(config: &mut Config) -> Entry<'_> {
    Entry::new(config, &[])
}

/// Other devices and people believe the later of the two times.
fn touch(config: &mut Config, now_s: Option<i64>) {
    let Some(now_s) = now_s else {
        return;
    };
    let key = if int(config.data(), "T") > int(config.data(), "t") {
        "T"
    } else {
        "t"
    };
    root(config).positive(key, now_s);
    if key == "T" && int(config.data(), "t") == 0 {
        root(config).positive("t", now_s);
    }
}
