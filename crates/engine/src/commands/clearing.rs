//! Erasing the account: from this device, and what the network keeps of it.
//!
//! The network comes first, because its deletion needs the keys; nothing is erased here before every member of the account's
//! swarm has proven that it deleted, or the user does without that. Then the store is condemned, and the engine ends: its
//! owner closes it, and with that the store is erased. Spec: sync §7 (SYN-70 to SYN-72)

use std::collections::BTreeSet;

use contract::{ClearData, ClearScope, Done, ErrorCode, Failure};
use network::RequestError;
use protocol::TimestampMs;
use protocol::account::AccountKeys;
use protocol::storage::entries::Entry;
use protocol::storage::replies::MemberReplies;
use protocol::storage::{DeleteAll, NamespaceScope, Request, SignedParams, Signer};

use crate::core::Core;
use crate::failure::Stopped;

pub(super) async fn clear_data(core: &Core, params: ClearData) -> Result<Done, Stopped> {
    let keys = core.keys()?;
    // From here on nobody sends, looks or pushes for this account: what was deleted must not be made anew.
    core.set_keys(None);
    core.data.cancel();
    core.history.cancel();
    let cleared = clear(core, &keys, params.scope).await;
    match cleared {
        Ok(()) => core.cancel.cancel(),
        Err(_) => take_up_again(core).await?,
    }
    cleared.map(|()| Done {})
}

async fn clear(core: &Core, keys: &AccountKeys, scope: ClearScope) -> Result<(), Stopped> {
    if scope == ClearScope::DeviceAndNetwork {
        delete_from_swarm(core, keys).await?;
    }
    core.with_store(|store| Ok(store.condemn()?)).await
}

/// The account stays: everything goes on where it stood.
async fn take_up_again(core: &Core) -> Result<(), Stopped> {
    let account = core.read(|reading| Ok(reading.account()?)).await?;
    core.set_keys(account.map(|account| AccountKeys::from_seed(&account.seed)));
    core.inbox_wake.notify_one();
    core.outbox_wake.notify_one();
    core.transfer_wake.notify_one();
    core.sync_wake.notify_one();
    Ok(())
}

/// Has all members of the account's swarm delete everything, in all namespaces. Spec: sync §7 (SYN-71)
async fn delete_from_swarm(core: &Core, keys: &AccountKeys) -> Result<(), Stopped> {
    let request = |now: TimestampMs| {
        let delete = DeleteAll {
            account: keys.account_id(),
            scope: NamespaceScope::All,
            timestamp: now,
        };
        Request::DeleteAll(delete.sign(&Signer::account(keys)))
    };
    // Members sign the time that they were asked at, so the request that was answered is kept.
    let asked = std::sync::Mutex::new(None);
    let build = |now: TimestampMs, _: &[u8; 32]| {
        let request = request(now);
        *asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(request.clone());
        request
    };
    let answer = match core.ask_cleared_swarm(keys, &build).await {
        Ok(answer) => answer,
        Err(RequestError::Offline) => return Err(ErrorCode::Offline.into()),
        Err(_) => return Err(unconfirmed(0, 0).into()),
    };
    let asked = asked
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let replies = asked.and_then(|asked| {
        let replies = MemberReplies::parse(&answer.body, &asked).ok()?;
        Some((replies, asked))
    });
    let Some((replies, asked)) = replies else {
        return Err(unconfirmed(0, 0).into());
    };
    let members: BTreeSet<[u8; 32]> = answer.members.iter().copied().chain([answer.node]).collect();
    let confirmed = replies
        .proven(&asked)
        .filter(|(node, entry)| members.contains(*node) && matches!(entry, Entry::Deleted(_)))
        .count();
    match members.len().saturating_sub(confirmed) {
        0 => Ok(()),
        silent => Err(unconfirmed(silent, members.len()).into()),
    }
}

/// `silent` of so many members did not confirm; none of none when nobody was reached.
fn unconfirmed(silent: usize, members: usize) -> Failure {
    Failure::new(ErrorCode::ClearNetwork)
        .with("n", silent)
        .with("m", members)
}
