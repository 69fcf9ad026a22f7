//! What each member of a swarm did: one signed entry per node in the answer to a request that all members run.
//!
//! The signature is by the node's Ed25519 key, so a client can tell what a member did from what another member claims
//! that it did. Spec: storage §11 (STO-70 to STO-74)

use std::collections::BTreeMap;

use super::{MessageHash, Namespace, Request, base64};
use crate::TimestampMs;
use crate::account::{AccountId, verify_signature};

mod forms;
mod json;

pub(super) use forms::parse_member;
pub use json::{MemberPart, MemberParts};

/// Messages that a method on one box or on all boxes touched, in the order of their hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Affected {
    /// Of the one box that was named.
    One(Vec<MessageHash>),
    /// Of all boxes; boxes without any are left out.
    All(BTreeMap<Namespace, Vec<MessageHash>>),
}

impl Affected {
    /// All hashes in one order, whichever box they are of.
    fn sorted(&self) -> Vec<MessageHash> {
        let mut hashes = match self {
            Self::One(hashes) => hashes.clone(),
            Self::All(boxes) => boxes.values().flatten().copied().collect(),
        };
        hashes.sort_unstable();
        hashes
    }

    /// Whether nothing was touched.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::One(hashes) => hashes.is_empty(),
            Self::All(boxes) => boxes.values().all(Vec::is_empty),
        }
    }
}

/// The expiries that `expire` set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppliedExpiry {
    /// One was asked for all messages: the value after capping, also when nothing changed.
    One(TimestampMs),
    /// One was asked for each message: those applied, in the order of `updated`.
    Each(Vec<TimestampMs>),
}

/// What one member did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// `store`.
    Stored {
        /// Hash of the message.
        hash: MessageHash,
        /// When it will expire.
        expiry: TimestampMs,
        /// Whether the member had it before.
        already: bool,
    },
    /// `delete`, `delete_all`, `delete_before`: what is gone.
    Deleted(Affected),
    /// `expire_all`: what expires earlier.
    ExpiredAll(Affected),
    /// `expire`.
    Expired {
        /// The expiries that were set.
        expiry: AppliedExpiry,
        /// Hashes whose expiry changed, sorted.
        updated: Vec<MessageHash>,
        /// With `shorten` or `extend`: what did not change, with its expiry.
        unchanged: Option<BTreeMap<MessageHash, TimestampMs>>,
    },
    /// `revoke_subaccount`.
    Revoked,
    /// `unrevoke_subaccount`.
    Unrevoked {
        /// How many of the tokens were revoked before.
        count: u64,
    },
}

/// An entry with its node's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedEntry {
    /// What the node did.
    pub entry: Entry,
    /// Ed25519 signature by the node.
    pub signature: [u8; 64],
}

/// Why a member has no entry. STO-73.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberFailure {
    /// It did not answer in time.
    Timeout,
    /// It refused.
    Refused {
        /// Its status.
        code: u16,
        /// Its words.
        reason: String,
    },
    /// Its answer makes no sense.
    BadResponse,
    /// Its database failed.
    QueryFailure,
    /// It failed without saying why.
    Unknown,
}

/// A member's part of the answer.
pub type MemberResult = Result<SignedEntry, MemberFailure>;

/// An answer that has not the form its request calls for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplyError {
    /// A field is missing or has another type.
    #[error("the answer has no valid `{0}`")]
    Field(&'static str),
    /// The request is not one that all members answer.
    #[error("this request has no entries per member")]
    NotRecursive,
}

impl Entry {
    /// The bytes that the node signs, given the request it answers; `None` when the request is of another kind.
    /// Spec: storage §11 (STO-71).
    pub fn signed_bytes(&self, request: &Request) -> Option<Vec<u8>> {
        Some(match (self, request) {
            (Self::Stored { hash, .. }, Request::Store(_)) => hash.as_bytes().to_vec(),
            (Self::Deleted(deleted), Request::Delete(signed)) => Text::of(signed.params.account)
                .hashes(&signed.params.messages)
                .hashes(&deleted.sorted())
                .done(),
            (Self::Deleted(deleted), Request::DeleteAll(signed)) => Text::of(signed.params.account)
                .time(signed.params.timestamp)
                .hashes(&deleted.sorted())
                .done(),
            (Self::Deleted(deleted), Request::DeleteBefore(signed)) => Text::of(signed.params.account)
                .time(signed.params.before)
                .hashes(&deleted.sorted())
                .done(),
            (Self::ExpiredAll(updated), Request::ExpireAll(signed)) => Text::of(signed.params.account)
                .time(signed.params.expiry)
                .hashes(&updated.sorted())
                .done(),
            (
                Self::Expired {
                    expiry,
                    updated,
                    unchanged,
                },
                Request::Expire(signed),
            ) => {
                let text = Text::of(signed.params.account);
                let text = match expiry {
                    AppliedExpiry::One(time) => text.time(*time),
                    AppliedExpiry::Each(times) => times.iter().fold(text, |text, time| text.time(*time)),
                };
                let mut sorted = updated.clone();
                sorted.sort_unstable();
                let text = text.hashes(&signed.params.messages).hashes(&sorted);
                unchanged
                    .iter()
                    .flatten()
                    .fold(text, |text, (hash, time)| text.hashes(&[*hash]).time(*time))
                    .done()
            }
            (Self::Revoked, Request::RevokeSubaccount(signed)) => {
                let text = Text::of(signed.params.account)
                    .time(signed.params.timestamp)
                    .done();
                signed
                    .params
                    .tokens
                    .iter()
                    .fold(text, |text, token| [&text[..], token.as_bytes()].concat())
            }
            (Self::Unrevoked { .. }, Request::UnrevokeSubaccount(signed)) => {
                let text = Text::of(signed.params.account)
                    .time(signed.params.timestamp)
                    .done();
                signed
                    .params
                    .tokens
                    .iter()
                    .fold(text, |text, token| [&text[..], token.as_bytes()].concat())
            }
            _ => return None,
        })
    }

    /// Whether the member deleted anything; entries of other methods did not.
    pub fn has_deleted(&self) -> bool {
        matches!(self, Self::Deleted(deleted) if !deleted.is_empty())
    }
}

impl SignedEntry {
    /// Signs an entry as the node that answers `request`. `sign` makes an Ed25519 signature with the node's key.
    ///
    /// # Errors
    /// [`ReplyError::NotRecursive`] when the entry does not answer the request.
    pub fn sign(
        entry: Entry,
        request: &Request,
        sign: impl FnOnce(&[u8]) -> [u8; 64],
    ) -> Result<Self, ReplyError> {
        let signed_bytes = entry.signed_bytes(request).ok_or(ReplyError::NotRecursive)?;
        Ok(Self {
            signature: sign(&signed_bytes),
            entry,
        })
    }

    /// Whether the node with this Ed25519 key (32 bytes) made the entry in answer to this request.
    /// Spec: storage §11 (STO-72).
    pub fn verify(&self, request: &Request, node: &[u8; 32]) -> bool {
        self.entry
            .signed_bytes(request)
            .is_some_and(|bytes| verify_signature(node, &bytes, &self.signature))
    }
}

/// Builds a signed text from its parts.
struct Text(String);

impl Text {
    fn of(account: AccountId) -> Self {
        Self(account.to_hex())
    }

    fn time(mut self, time: TimestampMs) -> Self {
        self.0.push_str(&time.0.to_string());
        self
    }

    fn hashes(mut self, hashes: &[MessageHash]) -> Self {
        for hash in hashes {
            self.0.push_str(hash.as_str());
        }
        self
    }

    fn done(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

#[cfg(test)]
#[path = "entries/entries_tests.rs"]
mod tests;
