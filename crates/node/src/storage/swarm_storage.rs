//! The storage of a real node: the service, and the way to the other members of its swarm.

use std::sync::Arc;

use futures::future::BoxFuture;
use protocol::TimestampMs;
use protocol::bencode::{self, Limits, Value};
use protocol::storage::entries::MemberFailure;
use protocol::storage::{MessageHash, Store};

use super::database::{Kept, NewMessage, Urgency};
use super::writer::{NotKept, Writer};
use super::{Database, DatabaseError, StorageService, Swarm, handle, handle_forwarded};
use crate::node_list::NodeRecord;
use crate::seam::{
    Answer, FORWARD_TIMEOUT, PeerError, PeerReply, Peers, STORAGE_COMMAND, Storage, StorageSetup,
};

/// Why a storage does not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file cannot be opened or is no database of ours.
    #[error("the database does not open")]
    Database(#[from] DatabaseError),
    /// The system has no thread for the writer.
    #[error("the writer does not start")]
    Writer(#[from] std::io::Error),
}

/// Keeps messages and repeats each change on the other members of the swarm.
pub struct SwarmStorage {
    service: StorageService,
    writer: Writer,
    peers: Arc<dyn Peers>,
}

impl SwarmStorage {
    /// Opens the database.
    ///
    /// # Errors
    /// [`OpenError`]
    pub fn open(setup: StorageSetup) -> Result<Self, OpenError> {
        let database = match &setup.database {
            Some(path) => Database::open(path)?,
            None => Database::in_memory()?,
        };
        let service = StorageService::new(setup.identity, database, setup.nodes);
        let writer = Writer::start(Arc::clone(service.database()))?;
        Ok(Self {
            service,
            writer,
            peers: setup.peers,
        })
    }

    /// The part without a network, for instance to look into the database.
    pub const fn service(&self) -> &StorageService {
        &self.service
    }
}

impl Storage for SwarmStorage {
    fn handle<'a>(&'a self, now: TimestampMs, body: &'a [u8]) -> BoxFuture<'a, Answer> {
        Box::pin(async move { handle(&self.service, self, now, body).await.into() })
    }

    fn handle_peer<'a>(
        &'a self,
        now: TimestampMs,
        from: &'a NodeRecord,
        command: &'a str,
        payload: &'a [u8],
    ) -> BoxFuture<'a, PeerReply> {
        Box::pin(self.run_peer(now, from, command, payload))
    }

    fn clean_up(&self, now: TimestampMs) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            match self.service.database().clean_up(now) {
                Ok(0) => {}
                Ok(count) => tracing::debug!(count, "forgot expired messages"),
                Err(error) => tracing::warn!(kind = %error, "expired messages could not be forgotten"),
            }
            self.writer.checkpoint_soon();
        })
    }
}

impl SwarmStorage {
    /// Only members of the own swarm may have requests repeated. Spec: storage §12 (STO-60)
    async fn run_peer(
        &self,
        now: TimestampMs,
        from: &NodeRecord,
        command: &str,
        payload: &[u8],
    ) -> PeerReply {
        if command != STORAGE_COMMAND {
            return PeerReply::text(404, "unknown command");
        }
        let own = self.service.nodes().get(&self.service.identity().ed25519());
        if own.is_none_or(|own| own.swarm != from.swarm) {
            return PeerReply::text(403, "not a member of this swarm");
        }
        let Some((method, params)) = parse_forward(payload) else {
            return PeerReply::text(400, "invalid request");
        };
        match handle_forwarded(&self.service, self, now, &method, &params).await {
            Ok(entry) => PeerReply {
                status: 200,
                body: entry.into(),
            },
            Err(refusal) => refusal.into_peer_reply(),
        }
    }
}

/// Takes `[method, params]` apart.
fn parse_forward(payload: &[u8]) -> Option<(String, Vec<u8>)> {
    let list = bencode::parse(payload, Limits::default()).ok()?;
    match list.as_list()? {
        [method, params] => Some((method.as_text()?.to_owned(), params.as_bytes()?.to_vec())),
        _ => None,
    }
}

impl Swarm for SwarmStorage {
    fn forward<'a>(
        &'a self,
        member: [u8; 32],
        method: &'static str,
        payload: &'a [u8],
    ) -> BoxFuture<'a, Result<Vec<u8>, MemberFailure>> {
        Box::pin(async move {
            let forward = Value::List(vec![Value::from(method), Value::from(payload)]).to_bytes();
            match self
                .peers
                .send(&member, STORAGE_COMMAND, forward, FORWARD_TIMEOUT)
                .await
            {
                Ok(PeerReply { status: 200, body }) => Ok(body.into()),
                Ok(PeerReply { status, body }) => {
                    let reason = String::from_utf8_lossy(&body).into_owned();
                    Err(MemberFailure::Refused { code: status, reason })
                }
                // A member that cannot be reached is as silent as one that does not answer.
                Err(PeerError::Timeout | PeerError::Unreachable | PeerError::Unknown) => {
                    Err(MemberFailure::Timeout)
                }
                Err(PeerError::BadResponse) => Err(MemberFailure::BadResponse),
            }
        })
    }

    fn keep<'a>(
        &'a self,
        _service: &'a StorageService,
        store: Arc<Store>,
        hash: MessageHash,
    ) -> BoxFuture<'a, Result<Kept, NotKept>> {
        Box::pin(async move {
            match self.service.database().take(&NewMessage::of(&store, hash)) {
                Some((kept, urgency)) => {
                    if urgency == Urgency::Due {
                        self.writer.settle_soon();
                    }
                    Ok(kept)
                }
                None => self.writer.keep(store, hash).await,
            }
        })
    }
}
