//! Several revisions become one.
//!
//! The result depends on the revisions alone, not on their order or on who merges, so that two devices that see the same
//! conflict push the same bytes. Spec: config §4 (CFG-13 to CFG-17)

use std::collections::BTreeMap;
use std::sync::Arc;

use super::change::{Diff, replay};
use super::revision::{Authority, LAG, Revision, RevisionId};
use super::value::{Dict, prune};

/// What came of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged {
    /// One of the revisions says all that the others say, or nobody here may write another; its index.
    Chosen(usize),
    /// They disagree: a revision that nobody pushed yet, with an empty diff.
    Resolved(Box<Revision>),
}

/// Merges revisions with the hashes of their messages as they came. `None` when there are none.
pub fn merge(revisions: &[(&Revision, RevisionId)], authority: &Authority) -> Option<Merged> {
    let top = revisions.iter().map(|(_, id)| id.seqno).max()?;
    let mut kept: Vec<usize> = (0..revisions.len())
        .filter(|index| !is_redundant(revisions, *index, top))
        .collect();
    kept.sort_by_key(|index| revisions.get(*index).map(|(_, id)| std::cmp::Reverse(*id)));
    match kept.as_slice() {
        [] => None,
        [only] => Some(Merged::Chosen(*only)),
        [best, ..] if authority.is_read_only() => Some(Merged::Chosen(*best)),
        _ => {
            let kept: Vec<_> = kept
                .iter()
                .filter_map(|index| revisions.get(*index).copied())
                .collect();
            resolve(&kept, top).map(|revision| Merged::Resolved(Box::new(revision)))
        }
    }
}

/// Whether another revision speaks for this one, it came before already, or it is too old to matter.
fn is_redundant(revisions: &[(&Revision, RevisionId)], index: usize, top: i64) -> bool {
    let Some((_, id)) = revisions.get(index) else {
        return true;
    };
    top.saturating_sub(id.seqno) >= LAG
        || revisions.iter().enumerate().any(|(other, (revision, other_id))| {
            other != index && (revision.lagged.contains_key(id) || (other < index && other_id == id))
        })
}

/// Takes the data of the highest revision and repeats every change that any of them knows of, the oldest first. Where
/// two know the same change, the higher one's values count.
fn resolve(descending: &[(&Revision, RevisionId)], top: i64) -> Option<Revision> {
    let (highest, _) = descending.first()?;
    let mut changes: BTreeMap<RevisionId, (&Dict, &Arc<Diff>)> = BTreeMap::new();
    for (revision, id) in descending {
        changes.entry(*id).or_insert((&revision.data, &revision.diff));
        for (earlier, diff) in &revision.lagged {
            changes.entry(*earlier).or_insert((&revision.data, diff));
        }
    }
    let mut data = highest.data.clone();
    for (source, diff) in changes.values() {
        replay(&mut data, diff, source);
    }
    prune(&mut data);
    Some(Revision {
        seqno: top.saturating_add(1),
        data,
        lagged: changes
            .iter()
            .map(|(id, (_, diff))| (*id, Arc::clone(diff)))
            .collect(),
        ..Revision::default()
    })
}
