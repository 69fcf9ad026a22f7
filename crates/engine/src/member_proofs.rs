//! What the members of a swarm prove, each by its signature, about how long they keep messages.
//!
//! One member alone is not believed: it may lie, or may have missed something. Spec: messages §12 (DIS-09), sync §5 (SYN-52)

use std::collections::{BTreeMap, BTreeSet};

use network::SwarmAnswer;
use protocol::TimestampMs;
use protocol::storage::entries::Entry;
use protocol::storage::replies::MemberReplies;
use protocol::storage::{MessageHash, Request};

/// So many members must say that a message is gone, or goes sooner, before that is believed.
const SURE_MEMBERS: usize = 2;

/// How many of so many members are believed.
pub(crate) fn enough(members: usize) -> usize {
    members.clamp(1, SURE_MEMBERS)
}

/// What members have proven in answer to a request to expire.
pub(crate) struct MemberProofs {
    /// Members that answered.
    members: usize,
    /// How many of them have a message.
    having: BTreeMap<MessageHash, usize>,
    /// When those who did not change a message drop it.
    kept_until: BTreeMap<MessageHash, Vec<TimestampMs>>,
    needed: usize,
}

impl MemberProofs {
    /// Reads an answer; `None` when no member proves anything.
    pub(crate) fn read(request: &Request, answer: &SwarmAnswer) -> Option<Self> {
        let replies = MemberReplies::parse(&answer.body, request).ok()?;
        let mut proofs = Self {
            members: 0,
            having: BTreeMap::new(),
            kept_until: BTreeMap::new(),
            needed: enough(answer.members.len()),
        };
        for (node, entry) in replies.proven(request) {
            let Entry::Expired {
                updated, unchanged, ..
            } = entry
            else {
                continue;
            };
            if !answer.members.contains(node) {
                continue;
            }
            proofs.members = proofs.members.saturating_add(1);
            let unchanged = unchanged.iter().flatten();
            let has: BTreeSet<_> = updated
                .iter()
                .chain(unchanged.clone().map(|(hash, _)| hash))
                .collect();
            for hash in has {
                let count = proofs.having.entry(*hash).or_default();
                *count = count.saturating_add(1);
            }
            for (hash, expiry) in unchanged {
                proofs.kept_until.entry(*hash).or_default().push(*expiry);
            }
        }
        (proofs.members > 0).then_some(proofs)
    }

    /// Whether as many answered as are believed.
    pub(crate) const fn is_enough(&self) -> bool {
        self.members >= self.needed
    }

    /// Nobody has it, and enough have said so: another device has removed it.
    pub(crate) fn lacks(&self, hash: &MessageHash) -> bool {
        self.is_enough() && !self.having.contains_key(hash)
    }

    /// Enough members do not have it, whatever others say.
    pub(crate) fn has_lost(&self, hash: &MessageHash) -> bool {
        let having = self.having.get(hash).copied().unwrap_or(0);
        self.members.saturating_sub(having) >= self.needed
    }

    /// The time by which enough members drop a message, so that none of them alone makes it go sooner.
    pub(crate) fn proven_expiry(&self, hash: &MessageHash) -> Option<TimestampMs> {
        let mut times = self.kept_until.get(hash)?.clone();
        times.sort_unstable();
        times.get(self.needed.checked_sub(1)?).copied()
    }
}
