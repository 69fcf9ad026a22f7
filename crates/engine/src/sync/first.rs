//! The first reading of an account's settings: what one node says is not yet what the account is.
//!
//! Whatever is set on this device goes into the configs after this, so it has to be sure what they are: of each type
//! something was read, or enough members said that there is nothing. Spec: sync §2 (SYN-12)

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use network::RequestError;
use protocol::account::AccountKeys;
use protocol::config::ConfigType;

use super::fetch::{Page, ask};
use super::step::{First, gather, settle_first};
use crate::core::Core;
use crate::failure::Stopped;
use crate::member_proofs::enough;

/// Requests of one look: nodes are chosen by chance.
const MOST_REQUESTS: usize = 24;

/// After so many requests that only one member has answered, what it gives is believed where it gives anything.
const PATIENCE: usize = 12;

/// Reads until it is sure. The inner failure is the network's; answers whether the account has a name there.
pub(super) async fn read_first(
    core: &Core,
    keys: &Arc<AccountKeys>,
) -> Result<Result<bool, RequestError>, Stopped> {
    let mut doubt = Doubt::default();
    for _ in 0..MOST_REQUESTS {
        let page = match ask(core, keys).await {
            Ok(page) => page,
            Err(error) => return Ok(Err(error)),
        };
        doubt.note(&page);
        let more = page.more;
        let first = gather(core, keys, page.fetched).await?;
        if !more && doubt.is_over(&first) {
            return Ok(Ok(settle_first(core, keys).await?));
        }
    }
    Ok(Err(RequestError::SwarmSilent))
}

/// Who said of which types that there is nothing.
#[derive(Default)]
struct Doubt {
    blank: BTreeMap<ConfigType, BTreeSet<[u8; 32]>>,
    needed: usize,
    requests: usize,
}

impl Doubt {
    fn note(&mut self, page: &Page) {
        self.requests = self.requests.saturating_add(1);
        self.needed = enough(page.members);
        for config_type in &page.blank {
            self.blank.entry(*config_type).or_default().insert(page.node);
        }
    }

    fn is_over(&self, first: &First) -> bool {
        // A node that gives something else than settings says nothing about them.
        let needed = match self.requests >= PATIENCE && !first.read.is_empty() {
            true => 1,
            false => self.needed,
        };
        let said = |config_type: &ConfigType| self.blank.get(config_type).map_or(0, BTreeSet::len);
        ConfigType::ALL
            .iter()
            .all(|config_type| first.read.contains(config_type) || said(config_type) >= needed)
    }
}
