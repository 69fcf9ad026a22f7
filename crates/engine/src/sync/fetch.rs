//! Reading the account's settings from its swarm.

use std::collections::BTreeSet;
use std::sync::Arc;

use network::RequestError;
use protocol::TimestampMs;
use protocol::account::AccountKeys;
use protocol::config::ConfigType;
use protocol::storage::Request;
use protocol::storage::replies::{Retrieved, SubReply};
use store::{LastHash, Stage};

use super::state::note_in_step;
use super::step::{Fetched, take};
use super::{first, upkeep};
use crate::core::Core;
use crate::failure::Stopped;
use crate::inbox::retrieve;

/// Pages of one look; settings are a few messages.
const MOST_PAGES: usize = 16;

/// Looks for what other devices pushed, and has the swarm keep what it has. The inner failure is the network's; answers
/// whether the account has settings.
pub(crate) async fn fetch(core: &Core) -> Result<Result<bool, RequestError>, Stopped> {
    let keys = core.keys()?;
    let first = is_first(core).await?;
    let looked = match first {
        true => first::read_first(core, &keys)
            .await?
            .map(|found| (found, BTreeSet::new())),
        false => read(core, &keys).await?,
    };
    let (found, blank) = match looked {
        Ok(looked) => looked,
        Err(error) => return Ok(Err(error)),
    };
    note_in_step(core).await?;
    if first && found {
        core.settings_were_found().await?;
    }
    upkeep::keep(core, &keys, blank).await?;
    Ok(Ok(found))
}

/// Reads what nodes have not given yet. Answers as well of which types a node had nothing at all.
async fn read(
    core: &Core,
    keys: &Arc<AccountKeys>,
) -> Result<Result<(bool, BTreeSet<ConfigType>), RequestError>, Stopped> {
    let (mut found, mut blank) = (false, BTreeSet::new());
    for _ in 0..MOST_PAGES {
        let page = match ask(core, keys).await {
            Ok(page) => page,
            Err(error) => return Ok(Err(error)),
        };
        blank.extend(page.blank);
        if page.fetched.is_empty() && is_home(core).await? {
            return Ok(Ok((true, blank)));
        }
        found = take(core, keys, page.fetched).await?;
        if !page.more {
            break;
        }
    }
    core.sync_wake.notify_one();
    Ok(Ok((found, blank)))
}

/// Whether the account's settings were never read.
pub(crate) async fn is_first(core: &Core) -> Result<bool, Stopped> {
    core.read(|reading| Ok(!reading.settings_were_read()?)).await
}

/// Whether nobody waits for the settings any more.
async fn is_home(core: &Core) -> Result<bool, Stopped> {
    core.read(|reading| {
        let stage = reading.account()?.map(|account| account.stage);
        Ok(stage == Some(Stage::Home))
    })
    .await
}

/// What one node gave.
pub(super) struct Page {
    pub(super) node: [u8; 32],
    /// How many nodes the swarm has.
    pub(super) members: usize,
    pub(super) fetched: Fetched,
    /// Types of which the node, asked from the beginning, gave nothing.
    pub(super) blank: BTreeSet<ConfigType>,
    pub(super) more: bool,
}

/// One page of each type, all from one node. Spec: sync §2 (SYN-10)
pub(super) async fn ask(core: &Core, keys: &Arc<AccountKeys>) -> Result<Page, RequestError> {
    let build = |now: TimestampMs, node: &[u8; 32]| {
        Request::Batch(
            ConfigType::ALL
                .map(|config_type| retrieve(core, keys, config_type.namespace(), now, node))
                .to_vec(),
        )
    };
    let answer = core.ask_own_swarm(keys, &build).await?;
    let replies = SubReply::parse_all(&answer.body).map_err(|_| RequestError::SwarmSilent)?;
    if answer.status != 200 || replies.len() != ConfigType::ALL.len() {
        return Err(RequestError::SwarmSilent);
    }
    let mut page = Page {
        node: answer.node,
        members: answer.members.len(),
        fetched: Fetched::default(),
        blank: BTreeSet::new(),
        more: false,
    };
    for (config_type, reply) in ConfigType::ALL.into_iter().zip(replies) {
        // Half an answer is none: what is missing must not look as if it were not there.
        let retrieved = Retrieved::parse(&reply.body).map_err(|_| RequestError::SwarmSilent)?;
        if !reply.is_success() {
            return Err(RequestError::SwarmSilent);
        }
        page.more |= retrieved.more;
        match retrieved.messages.last() {
            Some(last) => page.fetched.last.push(LastHash {
                node: answer.node,
                account_id: keys.account_id(),
                namespace: config_type.namespace(),
                hash: last.hash,
                expires_at: last.expiry,
            }),
            None if gave_nothing(core, keys, config_type, &answer.node) => {
                page.blank.insert(config_type);
            }
            None => {}
        }
        let messages = retrieved.messages.into_iter();
        let messages = messages.map(|message| (message.hash, message.data)).collect();
        page.fetched.messages.insert(config_type, messages);
    }
    Ok(page)
}

/// Whether a node never gave anything of a type, so that an answer without messages says that it has none.
fn gave_nothing(core: &Core, keys: &AccountKeys, config_type: ConfigType, node: &[u8; 32]) -> bool {
    let (account, namespace) = (keys.account_id(), config_type.namespace());
    let now = core.network_now();
    // One look at an index; not worth a thread of its own.
    core.store
        .read(|reading| reading.last_hash(node, &account, namespace, now))
        .is_ok_and(|last| last.is_none())
}
