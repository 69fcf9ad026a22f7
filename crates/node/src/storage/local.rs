//! Running one request on this node alone.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::entries::{Affected, AppliedExpiry, Entry};
use protocol::storage::replies::{Retrieved, Stamp};
use protocol::storage::{
    Expire, ExpireRule, MessageHash, NamespaceScope, Request, Retrieve, Signed, Store, compute_hash,
};
use serde_json::{Map, Value as Json, json};

use super::checks::{capped_expiry, extends_only};
use super::database::{ByNamespace, Kept, NewMessage, Page, answer_len};
use super::{Database, DatabaseError, RpcAnswer};

/// Most bytes of messages in one answer. STO-52.
const MAX_RETRIEVED_LEN: i64 = 7_800_000;
/// The share of it that is answered when nothing is asked for: one fifth.
const DEFAULT_SHARE: i64 = 5;

/// Bytes of messages that one answer may still hold, whatever the requests of a batch ask for together.
pub(super) struct AnswerRoom(AtomicUsize);

impl Default for AnswerRoom {
    fn default() -> Self {
        Self(AtomicUsize::new(usize::try_from(MAX_RETRIEVED_LEN).unwrap_or(0)))
    }
}

/// Why a request that passed all checks did not run.
pub(super) enum NotRun {
    /// It is refused after all.
    Refused(RpcAnswer),
    /// The database failed; the reason is in the log.
    Failed,
}

impl From<DatabaseError> for NotRun {
    fn from(error: DatabaseError) -> Self {
        tracing::warn!(kind = %error, "a request failed in the database");
        Self::Failed
    }
}

/// Runs a request that all members of a swarm run; `None` for any other.
pub(super) fn run_recursive(
    database: &Database,
    now: TimestampMs,
    request: &Request,
) -> Option<Result<Entry, NotRun>> {
    Some(match request {
        Request::Store(store) => keep(database, store).map_err(NotRun::from),
        Request::Delete(signed) => {
            let deleted = database.delete(signed.params.account, &signed.params.messages);
            deleted
                .map(|mut deleted| {
                    deleted.sort_unstable();
                    Entry::Deleted(Affected::One(deleted))
                })
                .map_err(NotRun::from)
        }
        Request::DeleteAll(signed) => {
            let deleted = database.delete_until(signed.params.account, signed.params.scope, None);
            deleted
                .map(|boxes| Entry::Deleted(affected(signed.params.scope, boxes)))
                .map_err(NotRun::from)
        }
        Request::DeleteBefore(signed) => {
            let before = Some(signed.params.before);
            let deleted = database.delete_until(signed.params.account, signed.params.scope, before);
            deleted
                .map(|boxes| Entry::Deleted(affected(signed.params.scope, boxes)))
                .map_err(NotRun::from)
        }
        Request::ExpireAll(signed) => {
            let updated =
                database.expire_all(signed.params.account, signed.params.scope, signed.params.expiry);
            updated
                .map(|boxes| Entry::ExpiredAll(affected(signed.params.scope, boxes)))
                .map_err(NotRun::from)
        }
        Request::Expire(signed) => expire(database, now, signed),
        Request::RevokeSubaccount(signed) => {
            let revoked = database.revoke(signed.params.account, &signed.params.tokens, now);
            revoked.map(|()| Entry::Revoked).map_err(NotRun::from)
        }
        Request::UnrevokeSubaccount(signed) => {
            let count = database.unrevoke(signed.params.account, &signed.params.tokens);
            count
                .map(|count| Entry::Unrevoked { count })
                .map_err(NotRun::from)
        }
        Request::Retrieve(_)
        | Request::GetExpiries(_)
        | Request::RevokedSubaccounts(_)
        | Request::GetSwarm(_)
        | Request::Info
        | Request::OxendRequest(_)
        | Request::ActiveNodes
        | Request::Batch(_)
        | Request::Sequence(_)
        | Request::IfElse(_) => return None,
    })
}

/// What a member did that kept a message.
pub(super) fn stored(hash: MessageHash, kept: Kept) -> Entry {
    Entry::Stored {
        hash,
        expiry: kept.expiry,
        already: kept.already,
    }
}

fn keep(database: &Database, store: &Store) -> Result<Entry, DatabaseError> {
    let hash = compute_hash(store.account, store.namespace, &store.data);
    database
        .keep(&NewMessage::of(store, hash))
        .map(|kept| stored(hash, kept))
}

fn affected(scope: NamespaceScope, mut boxes: ByNamespace) -> Affected {
    match scope {
        NamespaceScope::One(namespace) => Affected::One(boxes.remove(&namespace).unwrap_or_default()),
        NamespaceScope::All => Affected::All(boxes),
    }
}

/// Spec: storage §10 (STO-56).
fn expire(database: &Database, now: TimestampMs, signed: &Signed<Expire>) -> Result<Entry, NotRun> {
    let Expire {
        account,
        messages,
        expiry,
        rule,
    } = &signed.params;
    let extends_only =
        extends_only(&signed.authorization, *rule == ExpireRule::Shorten).map_err(NotRun::Refused)?;
    let applied_rule = if extends_only { ExpireRule::Extend } else { *rule };
    let single = match expiry.as_slice() {
        [one] => Some(capped_expiry(*one, now)),
        _ => None,
    };
    let changes: Vec<(MessageHash, TimestampMs)> = match single {
        Some(expiry) => messages.iter().map(|hash| (*hash, expiry)).collect(),
        None => messages
            .iter()
            .zip(expiry)
            .map(|(hash, expiry)| (*hash, capped_expiry(*expiry, now)))
            .collect(),
    };
    let updated = database.expire(*account, &changes, applied_rule)?;
    let unchanged = match rule {
        ExpireRule::Set => None,
        ExpireRule::Shorten | ExpireRule::Extend => {
            let others = messages
                .iter()
                .copied()
                .filter(|hash| !updated.contains_key(hash));
            Some(database.expiries(*account, others)?)
        }
    };
    let expiry = match single {
        Some(expiry) => AppliedExpiry::One(expiry),
        None => AppliedExpiry::Each(updated.values().copied().collect()),
    };
    Ok(Entry::Expired {
        expiry,
        updated: updated.into_keys().collect(),
        unchanged,
    })
}

/// Answers `retrieve`. Spec: storage §10 (STO-52).
pub(super) fn retrieve(
    database: &Database,
    retrieve: &Retrieve,
    stamp: Stamp,
    room: &AnswerRoom,
) -> Result<Json, DatabaseError> {
    // A negative count asks for nothing, and nothing is then left out.
    if retrieve.max_count.is_some_and(|count| count < 0) {
        return Ok(Retrieved {
            messages: Vec::new(),
            more: false,
        }
        .to_json(stamp));
    }
    let retrieved = database.read(
        retrieve.account,
        retrieve.namespace,
        retrieve.last_hash,
        page(retrieve, room),
    )?;
    let lens = retrieved
        .messages
        .iter()
        .map(|message| answer_len(message.data.len()));
    let len_bytes = lens.fold(0, usize::saturating_add);
    let left = room.0.load(Ordering::Relaxed).saturating_sub(len_bytes);
    room.0.store(left, Ordering::Relaxed);
    Ok(retrieved.to_json(stamp))
}

fn page(retrieve: &Retrieve, room: &AnswerRoom) -> Page {
    let max_count = retrieve.max_count.filter(|count| *count != 0);
    let max_size = retrieve.max_size.filter(|size| *size != 0).map(i64::from);
    let max_len = match max_size {
        Some(size) if size < 0 => MAX_RETRIEVED_LEN.checked_div(size.saturating_neg()).unwrap_or(0),
        Some(size) => size.min(MAX_RETRIEVED_LEN),
        None if max_count.is_some() => MAX_RETRIEVED_LEN,
        None => MAX_RETRIEVED_LEN / DEFAULT_SHARE,
    };
    Page {
        max_count: max_count.and_then(|count| usize::try_from(count).ok()),
        max_len_bytes: usize::try_from(max_len)
            .unwrap_or(0)
            .min(room.0.load(Ordering::Relaxed)),
    }
}

/// Answers `get_expiries`, which has no clock in it.
pub(super) fn expiries(
    database: &Database,
    account: AccountId,
    texts: &[Vec<u8>],
) -> Result<Json, DatabaseError> {
    let hashes = texts.iter().filter_map(|text| MessageHash::parse(text));
    let expiries: BTreeMap<_, _> = database.expiries(account, hashes)?;
    Ok(json!({ "expiries": expiries }))
}

/// Answers `revoked_subaccounts`.
pub(super) fn revoked(database: &Database, account: AccountId, stamp: Stamp) -> Result<Json, DatabaseError> {
    let tokens: Vec<_> = database
        .revoked(account)?
        .iter()
        .map(|token| token.to_base64())
        .collect();
    let mut reply = Map::new();
    reply.insert("revoked_subaccounts".to_owned(), json!(tokens));
    stamp.put_into(&mut reply);
    Ok(Json::Object(reply))
}
