//! One config message, as plain text.
//!
//! ```text
//! d 1:# i<seqno>e                              must come first
//!   1:& d...e                                  the whole data
//!   1:< l l i<seqno>e 32:<hash> <diff> e ... e what earlier revisions changed, ascending
//!   1:= <diff>                                 what this revision changed
//!   1:~ 64:<signature>                         of groups only; must come last
//! e
//! ```
//!
//! Keys that sort between these and are not known are kept as they are. A revision's hash is BLAKE2b with 32 bytes of
//! output over all of it. Spec: config §3 (CFG-08 to CFG-12)

use std::collections::BTreeMap;
use std::ops::Bound;

use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};
use ed25519_dalek::{Signer, SigningKey};

use super::change::{Diff, diff_of, difference, encode_diff};
use super::value::{Dict, dict_of, encode_dict_into, prune};
use crate::account::verify_signature;
use crate::bencode::{self, Limits, encode_bytes, encode_int};

/// A message speaks for the changes of this many revisions, its own included.
pub const LAG: i64 = 5;

/// What is parsed at all: 10 MB of plain text, nested as deep as no type needs.
pub(super) const LIMITS: Limits = Limits {
    max_len_bytes: 10_000_000,
    max_depth: 32,
};

const SEQNO: &[u8] = b"#";
const DATA: &[u8] = b"&";
const LAGGED: &[u8] = b"<";
const DIFF: &[u8] = b"=";
const SIGNATURE: &[u8] = b"~";

/// Which revision: its number and its hash, in the order in which revisions win.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionId {
    /// Counts up with each revision.
    pub seqno: i64,
    /// BLAKE2b-256 of the message.
    pub hash: [u8; 32],
}

/// Why bytes are not a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RevisionError {
    /// Not bencode.
    #[error(transparent)]
    Bencode(#[from] bencode::Error),
    /// A key that every message has is missing, stands at the wrong place or holds something else.
    #[error("key {0:?} is missing or wrong")]
    Key(char),
    /// The data has an empty part, a set without order, or what no config holds.
    #[error("the data is not that of a config")]
    Data,
    /// A diff says what cannot be.
    #[error("a diff is malformed")]
    Diff,
    /// Earlier revisions are out of order, or later than this one.
    #[error("earlier revisions are malformed")]
    Lagged,
    /// The signature is missing.
    #[error("there is no signature")]
    Unsigned,
    /// The signature does not match.
    #[error("the signature does not match")]
    Signature,
}

/// Who may write a config.
#[derive(Clone)]
pub enum Authority {
    /// Whoever can decrypt it: the account's own devices.
    Unsigned,
    /// The admins of a group, and I am none. Holds their Ed25519 public key.
    Reader([u8; 32]),
    /// The admins of a group, and I am one.
    Admin(Box<SigningKey>),
}

impl Authority {
    /// Whether nothing can be written.
    pub const fn is_read_only(&self) -> bool {
        matches!(self, Self::Reader(_))
    }

    fn public_key(&self) -> Option<[u8; 32]> {
        match self {
            Self::Unsigned => None,
            Self::Reader(key) => Some(*key),
            Self::Admin(key) => Some(key.verifying_key().to_bytes()),
        }
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unsigned => "Unsigned",
            Self::Reader(_) => "Reader",
            Self::Admin(_) => "Admin",
        })
    }
}

/// One revision of a config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    pub(super) seqno: i64,
    pub(super) data: Dict,
    pub(super) lagged: BTreeMap<RevisionId, Diff>,
    pub(super) diff: Diff,
    /// Keys of the message that are not known, with their encoded values.
    pub(super) unknown: BTreeMap<Vec<u8>, Vec<u8>>,
    /// A signature that was verified, so that a reader can store the admin's bytes again.
    pub(super) signature: Option<[u8; 64]>,
}

impl Default for Revision {
    /// Nothing, at seqno 0.
    fn default() -> Self {
        Self {
            seqno: 0,
            data: Dict::new(),
            lagged: BTreeMap::new(),
            diff: Diff::new(),
            unknown: BTreeMap::new(),
            signature: None,
        }
    }
}

impl Revision {
    /// Makes the first revision of some data.
    pub fn first(seqno: i64, mut data: Dict) -> Self {
        prune(&mut data);
        Self {
            seqno,
            diff: difference(&Dict::new(), &data),
            data,
            ..Self::default()
        }
    }

    /// The revision's number.
    pub const fn seqno(&self) -> i64 {
        self.seqno
    }

    /// The whole data.
    pub const fn data(&self) -> &Dict {
        &self.data
    }

    /// What the revision changed.
    pub const fn diff(&self) -> &Diff {
        &self.diff
    }

    /// Takes a message apart and checks its signature where `authority` asks for one.
    ///
    /// # Errors
    /// [`RevisionError`].
    pub fn parse(bytes: &[u8], authority: &Authority) -> Result<Self, RevisionError> {
        let parsed = bencode::parse(bytes, LIMITS)?;
        let dict = parsed.as_dict().ok_or(RevisionError::Key('#'))?;
        let in_order = dict
            .first_key_value()
            .is_some_and(|(key, _)| key.as_ref() == SEQNO)
            && dict
                .last_key_value()
                .is_some_and(|(key, _)| key.as_ref() <= SIGNATURE);
        let seqno = dict
            .get(SEQNO)
            .and_then(bencode::Value::as_integer)
            .filter(|_| in_order)
            .ok_or(RevisionError::Key('#'))?;
        let data = dict
            .get(DATA)
            .and_then(bencode::Value::as_dict)
            .ok_or(RevisionError::Key('&'))?;
        Ok(Self {
            seqno,
            data: dict_of(data)?,
            lagged: dict
                .get(LAGGED)
                .map_or(Ok(BTreeMap::new()), |value| lagged_of(value, seqno))?,
            diff: dict.get(DIFF).map_or(Ok(Diff::new()), diff_of)?,
            unknown: dict
                .iter()
                .filter(|(key, _)| ![SEQNO, DATA, LAGGED, DIFF, SIGNATURE].contains(&key.as_ref()))
                .map(|(key, value)| (key.to_vec(), value.to_bytes()))
                .collect(),
            signature: verified(bytes, dict, authority)?,
        })
    }

    /// Writes the message, signed by an admin; a reader keeps the signature that it verified.
    pub fn to_bytes(&self, authority: &Authority) -> Vec<u8> {
        let mut out = self.signed_bytes();
        let signature = match authority {
            Authority::Unsigned | Authority::Reader(_) => self.signature,
            Authority::Admin(key) => Some(key.sign(&out).to_bytes()),
        };
        if let Some(signature) = signature {
            encode_bytes(SIGNATURE, &mut out);
            encode_bytes(&signature, &mut out);
        }
        out.push(b'e');
        out
    }

    /// Everything before the signature: the message without its last byte.
    fn signed_bytes(&self) -> Vec<u8> {
        let mut out = vec![b'd'];
        encode_bytes(SEQNO, &mut out);
        encode_int(self.seqno, &mut out);
        self.encode_unknown(SEQNO, DATA, &mut out);
        encode_bytes(DATA, &mut out);
        encode_dict_into(&self.data, &mut out);
        self.encode_unknown(DATA, LAGGED, &mut out);
        encode_bytes(LAGGED, &mut out);
        out.push(b'l');
        for (id, diff) in self
            .lagged
            .iter()
            .filter(|(id, _)| is_lagged(id.seqno, self.seqno))
        {
            out.push(b'l');
            encode_int(id.seqno, &mut out);
            encode_bytes(&id.hash, &mut out);
            encode_diff(diff, &mut out);
            out.push(b'e');
        }
        out.push(b'e');
        self.encode_unknown(LAGGED, DIFF, &mut out);
        encode_bytes(DIFF, &mut out);
        encode_diff(&self.diff, &mut out);
        self.encode_unknown(DIFF, SIGNATURE, &mut out);
        out
    }

    fn encode_unknown(&self, after: &[u8], before: &[u8], out: &mut Vec<u8>) {
        let range = (Bound::Excluded(after), Bound::Excluded(before));
        for (key, value) in self.unknown.range::<[u8], _>(range) {
            encode_bytes(key, out);
            out.extend_from_slice(value);
        }
    }

    /// Number and hash of a message as it travels.
    pub fn id(&self, authority: &Authority) -> RevisionId {
        self.id_of(&self.to_bytes(authority))
    }

    pub(super) fn id_of(&self, message: &[u8]) -> RevisionId {
        RevisionId {
            seqno: self.seqno,
            hash: Blake2b::<U32>::digest(message).into(),
        }
    }

    /// The revision after this one, with other data.
    #[must_use]
    pub fn revise(&self, mut data: Dict, authority: &Authority) -> Self {
        prune(&mut data);
        Self {
            diff: difference(&self.data, &data),
            data,
            ..self.next(authority)
        }
    }

    /// The revision after this one, with the same data: it changed nothing as yet. Spec: config §3 (CFG-12)
    #[must_use]
    pub(super) fn next(&self, authority: &Authority) -> Self {
        let mut lagged: BTreeMap<_, _> = self
            .lagged
            .iter()
            .filter(|(id, _)| is_lagged(id.seqno, self.seqno))
            .map(|(id, diff)| (*id, diff.clone()))
            .collect();
        lagged.insert(self.id(authority), self.diff.clone());
        Self {
            seqno: self.seqno.saturating_add(1),
            data: self.data.clone(),
            lagged,
            diff: Diff::new(),
            unknown: self.unknown.clone(),
            signature: None,
        }
    }
}

/// Whether a revision still speaks for an earlier one.
pub(super) const fn is_lagged(earlier: i64, seqno: i64) -> bool {
    earlier < seqno && earlier > seqno.saturating_sub(LAG)
}

fn lagged_of(value: &bencode::Value<'_>, seqno: i64) -> Result<BTreeMap<RevisionId, Diff>, RevisionError> {
    let mut lagged = BTreeMap::new();
    for item in value.as_list().ok_or(RevisionError::Lagged)? {
        let item = item.as_list().ok_or(RevisionError::Lagged)?;
        let earlier = item
            .first()
            .and_then(bencode::Value::as_integer)
            .filter(|earlier| *earlier < seqno)
            .ok_or(RevisionError::Lagged)?;
        if !is_lagged(earlier, seqno) {
            continue;
        }
        let [_, hash, diff] = item else {
            return Err(RevisionError::Lagged);
        };
        let id = RevisionId {
            seqno: earlier,
            hash: hash.as_array().ok_or(RevisionError::Lagged)?,
        };
        if lagged.last_key_value().is_some_and(|(last, _)| *last >= id) {
            return Err(RevisionError::Lagged);
        }
        lagged.insert(id, diff_of(diff)?);
    }
    Ok(lagged)
}

/// The signature, if it is there and right. Without an authority none is looked at: nobody could say whose it is.
fn verified(
    bytes: &[u8],
    dict: &bencode::Dict<'_>,
    authority: &Authority,
) -> Result<Option<[u8; 64]>, RevisionError> {
    let signature = match dict.get(SIGNATURE) {
        Some(value) => Some(value.as_array::<64>().ok_or(RevisionError::Signature)?),
        None => None,
    };
    let Some(key) = authority.public_key() else {
        return Ok(None);
    };
    let signature = signature.ok_or(RevisionError::Unsigned)?;
    let signed = bencode::prefix_before_key(bytes, SIGNATURE, LIMITS)?;
    if verify_signature(&key, signed, &signature) {
        Ok(Some(signature))
    } else {
        Err(RevisionError::Signature)
    }
}

#[cfg(test)]
#[path = "revision_tests.rs"]
mod tests;
