//! The revision that a device holds, which grows with its edits.

use std::sync::Arc;

use crate::config::change::{Change, Diff, difference};
use crate::config::revision::{Authority, Revision, RevisionId};
use crate::config::value::{Dict, Value};

/// A revision, and what follows from it: its message and its id are worked out when they are asked for, and kept until
/// the next edit. The data is without empty parts. Every method of one draft gets the same authority.
#[derive(Clone, Debug)]
pub(in crate::config) struct Draft {
    revision: Revision,
    /// The data that the revision's diff starts from, while that may still grow.
    base: Option<Dict>,
    /// Whether the diff is up to the data.
    is_settled: bool,
    message: Option<Vec<u8>>,
    id: Option<RevisionId>,
}

impl Draft {
    /// A revision that was never written, or whose message is not at hand. With a `base`, its diff will be what leads
    /// from there to its data; otherwise it has its own.
    pub(in crate::config) const fn new(revision: Revision, base: Option<Dict>) -> Self {
        Self {
            is_settled: base.is_none(),
            revision,
            base,
            message: None,
            id: None,
        }
    }

    /// A revision that was taken as it came.
    pub(super) fn taken(revision: Revision, id: RevisionId) -> Self {
        Self {
            id: Some(id),
            ..Self::new(revision, None)
        }
    }

    /// A revision to edit: the one after this.
    pub(in crate::config) fn next(&mut self, authority: &Authority) -> Self {
        let id = self.id(authority);
        let base = self.revision.data.clone();
        Self::new(self.revision.next(id), Some(base))
    }

    pub(super) const fn seqno(&self) -> i64 {
        self.revision.seqno
    }

    pub(super) const fn data(&self) -> &Dict {
        &self.revision.data
    }

    /// How many values the revision changed.
    pub(super) fn edits(&self) -> usize {
        match &self.base {
            Some(base) if !self.is_settled => leaves(&difference(base, &self.revision.data)),
            _ => leaves(&self.revision.diff),
        }
    }

    /// Puts a value at the end of a path; what stands in the way and is no dictionary becomes one.
    pub(super) fn insert(&mut self, path: &[&[u8]], value: Value) {
        insert(self.edit(), path, value);
    }

    /// Removes a value, and the dictionaries on the way that it leaves empty. Returns whether it was there.
    pub(super) fn remove(&mut self, path: &[&[u8]]) -> bool {
        remove(self.edit(), path)
    }

    fn edit(&mut self) -> &mut Dict {
        self.is_settled = false;
        self.message = None;
        self.id = None;
        &mut self.revision.data
    }

    /// The revision, its diff up to its data.
    pub(in crate::config) fn settled(&mut self) -> &Revision {
        if let (Some(base), false) = (&self.base, self.is_settled) {
            self.revision.diff = Arc::new(difference(base, &self.revision.data));
        }
        self.is_settled = true;
        &self.revision
    }

    /// The revision as it travels.
    pub(super) fn message(&mut self, authority: &Authority) -> &[u8] {
        self.settled();
        let write = || self.revision.to_bytes(authority);
        self.message.get_or_insert_with(write)
    }

    /// As [`Draft::message`]; keeps no copy of it.
    pub(in crate::config) fn take_message(&mut self, authority: &Authority) -> Vec<u8> {
        self.settled();
        let write = || self.revision.to_bytes(authority);
        self.message.take().unwrap_or_else(write)
    }

    /// The number, and the hash of the message.
    pub(super) fn id(&mut self, authority: &Authority) -> RevisionId {
        if let Some(id) = self.id {
            return id;
        }
        let seqno = self.seqno();
        let id = RevisionId::of(seqno, self.message(authority));
        self.id = Some(id);
        id
    }
}

/// Values that a diff changes.
fn leaves(diff: &Diff) -> usize {
    diff.values().fold(0, |sum: usize, change| {
        sum.saturating_add(match change {
            Change::Within(diff) => leaves(diff),
            Change::Assigned | Change::Removed | Change::Members { .. } => 1,
        })
    })
}

fn insert(dict: &mut Dict, path: &[&[u8]], value: Value) {
    match path {
        [] => {}
        [last] => {
            dict.insert(last.to_vec(), value);
        }
        [key, rest @ ..] => {
            let inner = dict.entry(key.to_vec()).or_insert_with(empty_dict);
            if inner.as_dict().is_none() {
                *inner = empty_dict();
            }
            if let Value::Dict(inner) = inner {
                insert(Arc::make_mut(inner), rest, value);
            }
        }
    }
}

fn empty_dict() -> Value {
    Value::Dict(Arc::default())
}

fn remove(dict: &mut Dict, path: &[&[u8]]) -> bool {
    match path {
        [] => false,
        [last] => dict.remove(*last).is_some(),
        [key, rest @ ..] => {
            let Some(Value::Dict(inner)) = dict.get_mut(*key) else {
                return false;
            };
            let was_there = remove(Arc::make_mut(inner), rest);
            if inner.is_empty() {
                dict.remove(*key);
            }
            was_there
        }
    }
}
