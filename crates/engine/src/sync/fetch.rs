//! Reading the account's settings from its swarm.

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
use crate::core::Core;
use crate::failure::Stopped;
use crate::inbox::retrieve;

/// Pages of one look; settings are a few messages.
const MOST_PAGES: usize = 16;

/// Looks for what other devices pushed. The inner failure is the network's; answers whether the account has settings.
pub(crate) async fn fetch(core: &Core) -> Result<Result<bool, RequestError>, Stopped> {
    let keys = core.keys()?;
    let mut found = false;
    for _ in 0..MOST_PAGES {
        let (fetched, more) = match ask(core, &keys).await {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error)),
        };
        if fetched.is_empty() && is_home(core).await? {
            note_in_step(core).await?;
            return Ok(Ok(true));
        }
        found = take(core, &keys, fetched).await?;
        if !more {
            note_in_step(core).await?;
            break;
        }
    }
    core.sync_wake.notify_one();
    Ok(Ok(found))
}

/// Whether the account's settings were never read.
pub(crate) async fn is_first(core: &Core) -> Result<bool, Stopped> {
    core.read(|reading| Ok(!reading.settings_were_read()?)).await
}

/// Whether settings were read before, and nobody waits for them.
async fn is_home(core: &Core) -> Result<bool, Stopped> {
    core.read(|reading| {
        let stage = reading.account()?.map(|account| account.stage);
        Ok(stage == Some(Stage::Home) && reading.settings_were_read()?)
    })
    .await
}

/// One page of each type, all from one node. Spec: sync §2 (SYN-10)
async fn ask(core: &Core, keys: &Arc<AccountKeys>) -> Result<(Fetched, bool), RequestError> {
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
    let (mut fetched, mut more) = (Fetched::default(), false);
    for (config_type, reply) in ConfigType::ALL.into_iter().zip(replies) {
        // Half an answer is none: what is missing must not look as if it were not there.
        let retrieved = Retrieved::parse(&reply.body).map_err(|_| RequestError::SwarmSilent)?;
        if !reply.is_success() {
            return Err(RequestError::SwarmSilent);
        }
        more |= retrieved.more;
        if let Some(last) = retrieved.messages.last() {
            fetched.last.push(LastHash {
                node: answer.node,
                account_id: keys.account_id(),
                namespace: config_type.namespace(),
                hash: last.hash,
                expires_at: last.expiry,
            });
        }
        let messages = retrieved.messages.into_iter();
        let messages = messages.map(|message| (message.hash, message.data)).collect();
        fetched.messages.insert(config_type, messages);
    }
    Ok((fetched, more))
}
