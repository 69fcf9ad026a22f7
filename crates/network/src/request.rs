//! A request to an account's swarm, with all its tries.
//!
//! Each try takes another member, and another path where the path is what failed. Only requests that may be repeated come
//! here: storing the same message twice stores it once. Spec: network §6 (NET-30 to NET-36)

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use protocol::account::AccountId;
use protocol::onion::NodeReply;
use protocol::storage::Request;
use protocol::storage::replies::SwarmInfo;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::bounds::parse_json;
use crate::core::Core;
use crate::exchange::{Failure, Question, ask};
use crate::path::{Path, Wish};
use crate::relay_pool::{MEMBER_DOUBT, PoolRelay, sample};
use crate::seam::{BuildRequest, ConnectionState, RequestError, SwarmAnswer};
use crate::swarms;
use crate::upkeep::learn_clock;

mod hedge;
mod verdict;

use hedge::{Asked, Way, ask_hedged};
use verdict::{Verdict, judge};

/// Tries of one request, should they all fail fast.
const MOST_TRIES: usize = 14;
/// How often all members may be gone through.
const MOST_ROUNDS: usize = 3;
/// How often a node may send us on to another swarm.
const MOST_REDIRECTS: usize = 2;
/// How often a request is signed anew because a node says that the clock is wrong.
const MOST_RESIGNINGS: usize = 2;
/// How long a request waits for the first look at the network's clock.
const CLOCK_WAIT: Duration = Duration::from_secs(3);

/// Sends a request to the account's swarm.
pub(crate) async fn to_swarm(
    core: &Core,
    account: AccountId,
    build: &BuildRequest<'_>,
) -> Result<SwarmAnswer, RequestError> {
    let deadline = Instant::now() + core.timing.request;
    let run = async {
        let _turn = core.requests.acquire().await;
        Tries::new(core, account).run(build).await
    };
    match timeout_at(deadline, run).await {
        Ok(result) => result,
        Err(_) => Err(match core.connection() {
            ConnectionState::Offline => RequestError::Offline,
            ConnectionState::Connecting | ConnectionState::NotConnected => RequestError::NoPath,
            ConnectionState::Connected => RequestError::SwarmSilent,
        }),
    }
}

/// What the tries so far taught.
struct Tries<'c> {
    core: &'c Core,
    account: AccountId,
    count: usize,
    rounds: usize,
    redirects: usize,
    resignings: usize,
    /// Members that failed in this round.
    failed: BTreeSet<[u8; 32]>,
    /// Paths that failed.
    avoid: Vec<u64>,
    /// Paths that said of a member that it cannot be reached.
    accusers: BTreeSet<u64>,
    /// The swarm that a node sent us on to, where the list of relays says otherwise.
    sent_on: Vec<PoolRelay>,
}

impl<'c> Tries<'c> {
    fn new(core: &'c Core, account: AccountId) -> Self {
        Self {
            core,
            account,
            count: 0,
            rounds: 0,
            redirects: 0,
            resignings: 0,
            failed: BTreeSet::new(),
            avoid: Vec::new(),
            accusers: BTreeSet::new(),
            sent_on: Vec::new(),
        }
    }

    async fn run(&mut self, build: &BuildRequest<'_>) -> Result<SwarmAnswer, RequestError> {
        while self.count < MOST_TRIES {
            self.pause().await;
            self.count = self.count.saturating_add(1);
            path_ready(self.core).await?;
            clock_ready(self.core).await;
            let Some(member) = self.next_member().await? else {
                return Err(RequestError::SwarmSilent);
            };
            let Some(way) = Way::new(self.core, member.clone(), &self.avoid) else {
                self.failed.insert(member.key());
                continue;
            };
            let spare = self.spare_for(&member);
            let round = ask_hedged(self.core, build, way, spare, &self.avoid).await;
            self.failed.extend(round.silent.iter().map(PoolRelay::key));
            for Asked { way, result } in round.asked {
                match result {
                    Ok(reply) => {
                        if let Some(result) = self.after_reply(&way.member, &reply).await {
                            return result;
                        }
                    }
                    Err(failure) => self.after_failure(&way, &failure),
                }
            }
        }
        Err(RequestError::SwarmSilent)
    }

    /// Leaves a member out for this round, and the path it was asked over for this request unless it is the member's fault.
    /// A path that says so of two members is not believed a third time.
    fn after_failure(&mut self, way: &Way, failure: &Failure) {
        self.failed.insert(way.member.key());
        if !failure.is_destinations(&way.member.key()) || !self.accusers.insert(way.path.id) {
            self.avoid.push(way.path.id);
        }
    }

    /// Decides on an answer; `None` to try again.
    async fn after_reply(
        &mut self,
        member: &PoolRelay,
        reply: &NodeReply,
    ) -> Option<Result<SwarmAnswer, RequestError>> {
        match judge(member.key(), reply) {
            Verdict::Answer(mut answer) => {
                answer.members = self.known_members().iter().map(PoolRelay::key).collect();
                return Some(Ok(answer));
            }
            Verdict::Refused(error) => return Some(Err(error)),
            Verdict::WrongSwarm(told) => self.redirect(member, told),
            Verdict::WrongClock(error) => {
                self.resignings = self.resignings.saturating_add(1);
                if self.resignings > MOST_RESIGNINGS {
                    return Some(Err(error));
                }
                if self.resignings == MOST_RESIGNINGS {
                    self.failed.insert(member.key());
                }
                learn_clock(self.core).await;
            }
            Verdict::Overloaded => {
                self.failed.insert(member.key());
            }
            Verdict::Nonsense => {
                self.core.strike(&member.key());
                self.failed.insert(member.key());
            }
        }
        None
    }

    /// The members that a node named for this request, else those that are known without asking.
    fn known_members(&self) -> Vec<PoolRelay> {
        if !self.sent_on.is_empty() {
            return self.sent_on.clone();
        }
        let pool = self.core.pool();
        self.core.swarms().members(&pool, &self.account)
    }

    /// Follows a node that says which swarm is right, within limits. Where the swarm can be computed, what it says counts
    /// for this request only: one lying member must not keep an account away from the others. Spec: network §3 (NET-12)
    fn redirect(&mut self, member: &PoolRelay, told: Option<SwarmInfo>) {
        self.redirects = self.redirects.saturating_add(1);
        let told = told.filter(|_| self.redirects <= MOST_REDIRECTS);
        let pool = self.core.pool();
        let mut swarms = self.core.swarms();
        let followed = match told {
            Some(told) if pool.knows_swarms() => {
                self.sent_on = swarms::usable(&pool, &told);
                !self.sent_on.is_empty()
            }
            Some(told) => swarms.learn(&pool, self.account, &told),
            None => false,
        };
        if followed {
            self.failed.clear();
        } else {
            swarms.drop_member(&pool, self.account, &member.key());
        }
        self.failed.insert(member.key());
    }

    /// A member that did not fail in this round; the members again, when all did, up to a limit.
    async fn next_member(&mut self) -> Result<Option<PoolRelay>, RequestError> {
        let members = self.members().await;
        let fresh = |member: &&PoolRelay| !self.failed.contains(&member.key());
        let mut fresh: Vec<&PoolRelay> = members.iter().filter(fresh).collect();
        if fresh.is_empty() {
            self.rounds = self.rounds.saturating_add(1);
            if members.is_empty() || self.rounds >= MOST_ROUNDS {
                return Ok(None);
            }
            self.failed.clear();
            sleep(Duration::from_secs(1)).await;
            fresh = members.iter().collect();
        }
        Ok(self.pick(fresh))
    }

    /// Another member to ask when this one keeps silent.
    fn spare_for(&self, member: &PoolRelay) -> Option<PoolRelay> {
        let members = self.known_members();
        let spare = |other: &&PoolRelay| other.key() != member.key() && !self.failed.contains(&other.key());
        self.pick(members.iter().filter(spare).collect())
    }

    /// Any of these members, rather one that did not fail lately.
    fn pick(&self, members: Vec<&PoolRelay>) -> Option<PoolRelay> {
        let now = self.core.device_now();
        let doubtful = self.core.pool().doubtful(now, MEMBER_DOUBT);
        let (good, poor): (Vec<_>, Vec<_>) = members
            .into_iter()
            .partition(|member| !doubtful.contains(&member.key()));
        let candidates = if good.is_empty() { poor } else { good };
        sample(&mut self.core.rng(), candidates, 1).pop().cloned()
    }

    /// The account's swarm, asking a node for it where it cannot be computed.
    async fn members(&mut self) -> Vec<PoolRelay> {
        let known = self.known_members();
        if !known.is_empty() {
            return known;
        }
        for _ in 0..3 {
            let now = self.core.device_now();
            let nodes: Vec<PoolRelay> = self.core.pool().usable(now).into_iter().cloned().collect();
            let Some(node) = sample(&mut self.core.rng(), nodes, 1).pop() else {
                break;
            };
            let Some(path) = path_for(self.core, Some(&node.key()), &[]) else {
                break;
            };
            let request = Request::GetSwarm(self.account);
            let question = Question::new(node.hop, &request, self.core.timing.exchange);
            let reply = ask(self.core, &path, question).await;
            let told = reply.ok().filter(|reply| reply.status == 200);
            let told = told.and_then(|reply| parse_json(reply.body.as_bytes()));
            let Some(told) = told.and_then(|body| SwarmInfo::parse(&body).ok()) else {
                continue;
            };
            let pool = self.core.pool();
            let mut swarms = self.core.swarms();
            if swarms.learn(&pool, self.account, &told) {
                return swarms.members(&pool, &self.account);
            }
        }
        Vec::new()
    }

    /// Lets a moment pass before later tries, so that fast failures do not use them up.
    async fn pause(&self) {
        if let Some(late) = self.count.checked_sub(3) {
            let millis = 200_u64.saturating_mul(1 << late.min(3));
            sleep(Duration::from_millis(millis)).await;
        }
    }
}

/// Waits until there is a path, or it is clear that there will be none soon.
pub(crate) async fn path_ready(core: &Core) -> Result<(), RequestError> {
    let mut state = core.watch_state();
    let settled = state
        .wait_for(|state| state.connection != ConnectionState::Connecting)
        .await;
    match settled.map(|state| state.connection) {
        Ok(ConnectionState::Connected) => Ok(()),
        Ok(ConnectionState::Offline) => Err(RequestError::Offline),
        Ok(ConnectionState::NotConnected | ConnectionState::Connecting) | Err(_) => Err(RequestError::NoPath),
    }
}

/// Waits a little for the first look at the network's clock, as a request signed by a wrong one is refused.
async fn clock_ready(core: &Core) {
    if !core.clock.is_known() {
        // Without an answer the device's own clock is the best guess.
        let _ = timeout(CLOCK_WAIT, learn_clock(core)).await;
    }
}

/// A path for a destination, if that is a node: one in use, else one made up of the same guard and other relays.
pub(crate) fn path_for(core: &Core, destination: Option<&[u8; 32]>, avoid: &[u64]) -> Option<Arc<Path>> {
    let in_use = core.paths().choose(destination, avoid);
    if let Some(path) = in_use {
        core.publish();
        return Some(path);
    }
    let now = core.device_now();
    let guards = {
        let paths = core.paths();
        let live = paths.live().iter().filter(|path| !avoid.contains(&path.id));
        live.map(|path| path.guard().key())
            .chain(paths.guards(now))
            .collect()
    };
    let wish = Wish {
        guards,
        never: destination.copied().into_iter().collect(),
        ..Wish::default()
    };
    core.choose_relays(wish).map(|relays| core.new_path(relays))
}
