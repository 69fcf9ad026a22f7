//! One try of a request: a member is asked and, when it keeps silent for a while, a second one over another path; the first
//! answer counts and the other question is dropped. Spec: network §6 (NET-36)

use std::pin::pin;
use std::sync::Arc;

use protocol::onion::NodeReply;
use tokio::sync::watch;
use tokio::time::sleep;

use super::path_for;
use crate::core::Core;
use crate::exchange::{Failure, Question, ask, blame_silence};
use crate::path::Path;
use crate::relay_pool::PoolRelay;
use crate::seam::BuildRequest;
use crate::server_request::Transfer;

/// A member and the path over which it is asked.
pub(super) struct Way {
    pub(super) member: PoolRelay,
    pub(super) path: Arc<Path>,
}

/// How asking a member went.
pub(super) struct Asked {
    pub(super) way: Way,
    pub(super) result: Result<NodeReply, Failure>,
}

/// How a try went.
pub(super) struct Round {
    /// Who answered or failed, in this order; at most the last one answered.
    pub(super) asked: Vec<Asked>,
    /// The member that had not answered when another one did.
    pub(super) silent: Option<PoolRelay>,
}

impl Round {
    fn of(asked: Vec<Asked>) -> Self {
        Self { asked, silent: None }
    }
}

impl Way {
    /// A path for a member; `None` where there is none beside those to avoid.
    pub(super) fn new(core: &Core, member: PoolRelay, avoid: &[u64]) -> Option<Self> {
        let path = path_for(core, Some(&member.key()), avoid)?;
        Some(Self { member, path })
    }

    async fn ask(self, core: &Core, build: &BuildRequest<'_>, progress: watch::Sender<Transfer>) -> Asked {
        let request = build(core.network_now(), &self.member.key());
        let question = Question {
            progress,
            ..Question::new(self.member.hop, &request, core.timing.exchange)
        };
        let result = ask(core, &self.path, question).await;
        Asked { way: self, result }
    }
}

/// Asks the first member and, after a silence, the spare one.
pub(super) async fn ask_hedged(
    core: &Core,
    build: &BuildRequest<'_>,
    first: Way,
    spare: Option<PoolRelay>,
    avoid: &[u64],
) -> Round {
    let (member, path) = (first.member.clone(), Arc::clone(&first.path));
    let progress = watch::Sender::default();
    let mut one = pin!(first.ask(core, build, progress.clone()));
    tokio::select! {
        asked = &mut one => return Round::of(vec![asked]),
        () = silence(core, &progress) => {}
    }
    let avoid: Vec<u64> = avoid.iter().copied().chain([path.id]).collect();
    let Some(second) = spare.and_then(|spare| Way::new(core, spare, &avoid)) else {
        return Round::of(vec![one.await]);
    };
    let mut two = pin!(second.ask(core, build, watch::Sender::default()));
    tokio::select! {
        asked = &mut one => match asked.result {
            Ok(_) => Round::of(vec![asked]),
            Err(_) => Round::of(vec![asked, two.await]),
        },
        asked = &mut two => match asked.result {
            Ok(_) => {
                blame_silence(core, &path, &member.key());
                Round { asked: vec![asked], silent: Some(member) }
            }
            Err(_) => Round::of(vec![asked, one.await]),
        },
    }
}

/// Ends when nothing of an answer came for a while; never, where it is on its way.
async fn silence(core: &Core, progress: &watch::Sender<Transfer>) {
    sleep(core.timing.hedge).await;
    if progress.borrow().received > 0 {
        std::future::pending().await
    }
}
