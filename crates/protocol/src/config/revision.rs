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
use std::sync::Arc;

use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};
use ed25519_dalek::{Signer, SigningKey};

use super::change::{Diff, difference, encode_diff, read_diff};
use super::value::{Dict, encode_dict_into, prune, read_dict};
use crate::account::verify_signature;
use crate::bencode::{self, Kind, Limits, Reader, encode_bytes, encode_int};

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

impl RevisionId {
    /// The id of the message with this number.
    pub(super) fn of(seqno: i64, message: &[u8]) -> Self {
        Self {
            seqno,
            hash: Blake2b::<U32>::digest(message).into(),
        }
    }
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
    pub(super) lagged: BTreeMap<RevisionId, Arc<Diff>>,
    pub(super) diff: Arc<Diff>,
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
            diff: Arc::default(),
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
            diff: Arc::new(difference(&Dict::new(), &data)),
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
    pub fn diff(&self) -> &Diff {
        &self.diff
    }

    /// Takes a message apart and checks its signature where `authority` asks for one.
    ///
    /// # Errors
    /// [`RevisionError`].
    pub fn parse(bytes: &[u8], authority: &Authority) -> Result<Self, RevisionError> {
        Self::parse_like(bytes, authority, &Dict::new())
    }

    /// As [`Revision::parse`]; shares with `known`, which may be like its data, what is the same in both.
    ///
    /// # Errors
    /// [`RevisionError`].
    pub fn parse_like(bytes: &[u8], authority: &Authority, known: &Dict) -> Result<Self, RevisionError> {
        let mut reader = Reader::new(bytes, LIMITS)?;
        if reader.kind()? != Kind::Dict {
            return Err(RevisionError::Key('#'));
        }
        let mut keys = reader.open_dict()?;
        let seqno = match (keys.next(&mut reader)?, reader.kind()) {
            (Some(SEQNO), Ok(Kind::Int)) => reader.int()?.try_into().ok(),
            _ => None,
        };
        let mut revision = Self {
            seqno: seqno.ok_or(RevisionError::Key('#'))?,
            ..Self::default()
        };
        let mut data = None;
        // Beside the signature, what it signs.
        let mut signature = None;
        loop {
            let before = reader.passed();
            let Some(key) = keys.next(&mut reader)? else {
                break;
            };
            match key {
                DATA if reader.kind()? == Kind::Dict => data = Some(read_dict(&mut reader, known)?),
                DATA => return Err(RevisionError::Key('&')),
                LAGGED => revision.lagged = read_lagged(&mut reader, revision.seqno)?,
                DIFF => revision.diff = Arc::new(read_diff(&mut reader)?),
                SIGNATURE => signature = Some((read_signature(&mut reader)?, before)),
                unknown if unknown < SIGNATURE => {
                    let value = reader.skip()?.to_vec();
                    revision.unknown.insert(unknown.to_vec(), value);
                }
                _ => return Err(RevisionError::Key('#')),
            }
        }
        reader.finish()?;
        revision.data = data.ok_or(RevisionError::Key('&'))?;
        revision.signature = verified(signature, authority)?;
        Ok(revision)
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
        RevisionId::of(self.seqno, &self.to_bytes(authority))
    }

    /// The revision after this one, with other data.
    #[must_use]
    pub fn revise(&self, mut data: Dict, authority: &Authority) -> Self {
        prune(&mut data);
        Self {
            diff: Arc::new(difference(&self.data, &data)),
            data,
            ..self.next(self.id(authority))
        }
    }

    /// The revision after this one, whose id this is, with the same data: it changed nothing as yet.
    /// Spec: config §3 (CFG-12)
    #[must_use]
    pub(super) fn next(&self, id: RevisionId) -> Self {
        let mut lagged: BTreeMap<_, _> = self
            .lagged
            .iter()
            .filter(|(id, _)| is_lagged(id.seqno, self.seqno))
            .map(|(id, diff)| (*id, Arc::clone(diff)))
            .collect();
        lagged.insert(id, Arc::clone(&self.diff));
        Self {
            seqno: self.seqno.saturating_add(1),
            data: self.data.clone(),
            lagged,
            diff: Arc::default(),
            unknown: self.unknown.clone(),
            signature: None,
        }
    }
}

/// Whether a revision still speaks for an earlier one.
pub(super) const fn is_lagged(earlier: i64, seqno: i64) -> bool {
    earlier < seqno && earlier > seqno.saturating_sub(LAG)
}

fn read_lagged(
    reader: &mut Reader<'_>,
    seqno: i64,
) -> Result<BTreeMap<RevisionId, Arc<Diff>>, RevisionError> {
    let mut lagged = BTreeMap::new();
    expect(reader, Kind::List, RevisionError::Lagged)?;
    reader.open_list()?;
    while !reader.close()? {
        expect(reader, Kind::List, RevisionError::Lagged)?;
        reader.open_list()?;
        expect(reader, Kind::Int, RevisionError::Lagged)?;
        let earlier = i64::try_from(reader.int()?)
            .ok()
            .filter(|earlier| *earlier < seqno)
            .ok_or(RevisionError::Lagged)?;
        if !is_lagged(earlier, seqno) {
            while !reader.close()? {
                reader.skip()?;
            }
            continue;
        }
        expect(reader, Kind::Bytes, RevisionError::Lagged)?;
        let hash = reader.bytes()?;
        let id = RevisionId {
            seqno: earlier,
            hash: hash.try_into().map_err(|_| RevisionError::Lagged)?,
        };
        if lagged.last_key_value().is_some_and(|(last, _)| *last >= id) {
            return Err(RevisionError::Lagged);
        }
        expect(reader, Kind::Dict, RevisionError::Lagged)?;
        lagged.insert(id, Arc::new(read_diff(reader)?));
        if !reader.close()? {
            return Err(RevisionError::Lagged);
        }
    }
    Ok(lagged)
}

fn read_signature(reader: &mut Reader<'_>) -> Result<[u8; 64], RevisionError> {
    expect(reader, Kind::Bytes, RevisionError::Signature)?;
    reader.bytes()?.try_into().map_err(|_| RevisionError::Signature)
}

fn expect(reader: &Reader<'_>, kind: Kind, otherwise: RevisionError) -> Result<(), RevisionError> {
    match reader.kind() {
        Ok(found) if found == kind => Ok(()),
        _ => Err(otherwise),
    }
}

/// The signature, given with what it signs, if it is there and right. Without an authority none is looked at: nobody
/// could say whose it is.
fn verified(
    signature: Option<([u8; 64], &[u8])>,
    authority: &Authority,
) -> Result<Option<[u8; 64]>, RevisionError> {
    let Some(key) = authority.public_key() else {
        return Ok(None);
    };
    let (signature, signed) = signature.ok_or(RevisionError::Unsigned)?;
    if verify_signature(&key, signed, &signature) {
        Ok(Some(signature))
    } else {
        Err(RevisionError::Signature)
    }
}

#[cfg(test)]
#[path = "revision_tests.rs"]
mod tests;
