//! Taking what other devices pushed.

use std::collections::BTreeSet;

use super::{Config, Draft, State};
use crate::TimestampMs;
use crate::config::compression;
use crate::config::encryption::{decrypt, unpad};
use crate::config::merge::{Merged, merge};
use crate::config::parts::{self, Taken};
use crate::config::revision::{Revision, RevisionId};
use crate::config::value::Dict;
use crate::storage::MessageHash;

impl Config {
    /// Takes what a swarm stores, unwrapped, in any order, again and again. Returns the storage hashes of what could be
    /// read; the rest may be of a later version and is left alone. Spec: config §8 (CFG-43 to CFG-45)
    pub fn merge<'a>(
        &mut self,
        messages: impl IntoIterator<Item = (MessageHash, &'a [u8])>,
        now: TimestampMs,
    ) -> BTreeSet<MessageHash> {
        self.lost_edits = false;
        self.needs_dump |= self.parts.forget(now);
        let mut accepted = BTreeSet::new();
        let mut candidates = Vec::new();
        let has_own = self.seqno() != 0 || self.state == State::Dirty;
        if has_own {
            candidates.push(Candidate {
                id: self.draft.id(&self.authority),
                revision: self.draft.settled().clone(),
                hashes: self.current.iter().copied().collect(),
            });
        }
        for (hash, sealed) in messages {
            self.read(hash, sealed, now, &mut accepted, &mut candidates);
        }
        let revisions: Vec<_> = candidates.iter().map(|one| (&one.revision, one.id)).collect();
        match merge(&revisions, &self.authority) {
            None => {}
            Some(Merged::Chosen(0)) if has_own => self.keep_own(&candidates),
            Some(Merged::Chosen(index)) => self.adopt(candidates, index),
            Some(Merged::Resolved(revision)) => self.resolve(&candidates, *revision),
        }
        accepted
    }

    /// Opens one stored message and adds what it holds to the candidates.
    fn read(
        &mut self,
        hash: MessageHash,
        sealed: &[u8],
        now: TimestampMs,
        accepted: &mut BTreeSet<MessageHash>,
        candidates: &mut Vec<Candidate>,
    ) {
        let domain = self.config_type.domain();
        let Some(text) = self
            .keys
            .iter()
            .find_map(|key| decrypt(sealed, &key.0, domain).ok())
        else {
            return;
        };
        let mut hashes = vec![hash];
        let mut text = unpad(&text).to_vec();
        if text.first() == Some(&parts::MARK) {
            match self.parts.take(&text, &hash, now) {
                Taken::Refused => return,
                Taken::Known => {
                    accepted.insert(hash);
                    return;
                }
                Taken::Kept => {
                    self.needs_dump = true;
                    accepted.insert(hash);
                    return;
                }
                Taken::Whole(whole, all) => {
                    self.needs_dump = true;
                    text = unpad(&whole).to_vec();
                    hashes = all;
                }
            }
        }
        if text.first() == Some(&compression::MARK) {
            match compression::decompress(&text) {
                Some(plain) => text = plain,
                None => return,
            }
        }
        if let Ok(revision) = Revision::parse_like(&text, &self.authority, self.data()) {
            accepted.insert(hash);
            candidates.push(Candidate {
                id: RevisionId::of(revision.seqno, &text),
                revision,
                hashes,
            });
        }
    }

    /// Ours says all that theirs say. The same message seen again is not obsolete, nor is one that is being pushed.
    fn keep_own(&mut self, candidates: &[Candidate]) {
        let Some((own, others)) = candidates.split_first() else {
            return;
        };
        let is_live = |other: &Candidate, hash: &MessageHash| {
            self.current.contains(hash) || (self.current.is_empty() && other.id == own.id)
        };
        let obsolete: Vec<_> = others
            .iter()
            .flat_map(|other| other.hashes.iter().filter(|hash| !is_live(other, hash)))
            .copied()
            .collect();
        self.needs_dump |= !obsolete.is_empty();
        self.obsolete.extend(obsolete);
    }

    fn adopt(&mut self, mut candidates: Vec<Candidate>, index: usize) {
        // The first is ours, if there are edits.
        let own = candidates.first().map(|own| own.id);
        let has_own = |chosen: &Candidate| own.is_some_and(|own| chosen.revision.lagged.contains_key(&own));
        self.lost_edits = self.state != State::Clean && !candidates.get(index).is_some_and(has_own);
        let chosen = candidates.swap_remove(index);
        self.current = chosen.hashes.into_iter().collect();
        self.obsolete
            .extend(candidates.into_iter().flat_map(|one| one.hashes));
        self.obsolete.retain(|hash| !self.current.contains(hash));
        self.draft = Draft::taken(chosen.revision, chosen.id);
        self.state = State::Clean;
        self.needs_dump = true;
    }

    fn resolve(&mut self, candidates: &[Candidate], revision: Revision) {
        self.obsolete
            .extend(candidates.iter().flat_map(|one| one.hashes.iter().copied()));
        self.current.clear();
        // A device without edits of its own lists everything as new, as all clients do: two that resolve one conflict
        // push the same bytes. Spec: config §4 (CFG-16)
        let base = if self.state == State::Dirty {
            revision.data.clone()
        } else {
            Dict::new()
        };
        self.draft = Draft::new(revision, Some(base));
        self.state = State::Dirty;
        self.needs_dump = true;
    }
}

/// One revision that takes part in a merge.
struct Candidate {
    revision: Revision,
    id: RevisionId,
    hashes: Vec<MessageHash>,
}
