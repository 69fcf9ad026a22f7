//! What a node does with an onion layer: opens it, then answers, hands on, or asks a server.
//!
//! A relay learns the node before it and the node after it, and nothing else; nothing of a request is logged. Refusals
//! that the network passes back unencrypted have exactly the network's texts, as clients read in them whose fault it was.
//! Spec: onion §5 to §9 (ONI-08 to ONI-18)

mod exit;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use data_encoding::{BASE64, HEXLOWER};
use futures::future::{BoxFuture, FutureExt};
use protocol::onion::{
    EncType, Layer, LayerError, NodeReply, OpenedLayer, PeerRequest, PeerRequestError, ReplyForm, open_layer,
    parse_outer, passable_status,
};
use protocol::storage::SwarmId;
use tokio::sync::Semaphore;

use crate::identity::NodeIdentity;
use crate::memory::Memory;
use crate::node_list::NodeList;
use crate::seam::{Answer, BodyKind, PeerError, PeerReply, Peers, Storage};
use crate::{clock, random};

pub use exit::Exits;
use exit::Server;
pub(crate) use exit::ServerClient;

/// The command under which a layer goes to the next node. Spec: onion §6 (ONI-12)
pub(crate) const ONION_COMMAND: &str = "sn.onion_request";
/// How long the next node may take.
const NEXT_NODE_TIMEOUT: Duration = Duration::from_secs(30);
/// Onion requests in progress at once; one more is told that the server is busy.
const AT_ONCE: usize = 2_000;

/// What a relay works with.
pub(crate) struct RelaySetup {
    pub(crate) identity: Arc<NodeIdentity>,
    pub(crate) nodes: Arc<NodeList>,
    pub(crate) peers: Arc<dyn Peers>,
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) servers: ServerClient,
    /// For opened layers and answers.
    pub(crate) memory: Memory,
}

/// Opens this node's layers.
///
/// Invariant: each layer and each answer is counted in `memory` for as long as it is in memory, an answer until the last
/// of its bytes is written.
pub(crate) struct Relay {
    setup: RelaySetup,
    permits: Semaphore,
}

/// What goes back towards the client: opaque where `status` is 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Relayed {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
}

impl Relayed {
    fn text(status: u16, text: impl Into<String>) -> Self {
        Self {
            status,
            body: text.into().into(),
        }
    }

    /// As another node or a server answered; every hop knows the same few statuses. Spec: onion §5 (ONI-17)
    fn passed(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            status: passable_status(status),
            body: body.into(),
        }
    }
}

/// Where an opened layer goes.
enum Next {
    Server(Server),
    Node([u8; 32], PeerRequest),
}

/// One layer to open.
struct Sealed<'a> {
    ciphertext: &'a [u8],
    ephemeral_key: [u8; 32],
    enc_type: EncType,
    hop_no: u32,
}

impl Relay {
    pub(crate) fn new(setup: RelaySetup) -> Self {
        Self {
            setup,
            permits: Semaphore::new(AT_ONCE),
        }
    }

    pub(crate) const fn nodes(&self) -> &Arc<NodeList> {
        &self.setup.nodes
    }

    /// Whether this node is in a swarm.
    pub(crate) fn is_ready(&self) -> bool {
        let RelaySetup { identity, nodes, .. } = &self.setup;
        nodes
            .get(&identity.ed25519())
            .is_some_and(|own| own.swarm != SwarmId::NONE)
    }

    /// Handles the body of `/onion_req/v2`.
    pub(crate) async fn handle_outer(&self, body: &[u8]) -> Relayed {
        let Ok(_permit) = self.permits.try_acquire() else {
            return Relayed::text(503, "Server busy, try again later");
        };
        match parse_outer(body) {
            Ok(outer) => {
                self.handle_layer(Sealed {
                    ciphertext: outer.ciphertext,
                    ephemeral_key: outer.ephemeral_key,
                    enc_type: outer.enc_type,
                    hop_no: outer.hop_no,
                })
                .await
            }
            Err(error) => Relayed::text(400, format!("Error parsing onion request: {error}")),
        }
    }

    /// Handles what another node handed on.
    pub(crate) async fn handle_peer(&self, payload: &[u8]) -> Relayed {
        let (Ok(_permit), Some(_share)) = (self.permits.try_acquire(), self.setup.memory.take(payload.len()))
        else {
            return self.not_ready();
        };
        match PeerRequest::parse(payload) {
            Ok(request) => self.handle_peer_request(&request).await,
            Err(PeerRequestError::TooManyHops) => {
                Relayed::text(400, PeerRequestError::TooManyHops.to_string())
            }
            Err(error) => Relayed::text(400, format!("Error parsing onion request: {error}")),
        }
    }

    async fn handle_peer_request(&self, request: &PeerRequest) -> Relayed {
        self.handle_layer(Sealed {
            ciphertext: &request.ciphertext,
            ephemeral_key: request.ephemeral_key,
            enc_type: request.enc_type,
            hop_no: request.hop_no,
        })
        .await
    }

    async fn handle_layer(&self, sealed: Sealed<'_>) -> Relayed {
        if !self.is_ready() {
            return self.not_ready();
        }
        let Sealed {
            ciphertext,
            ephemeral_key,
            enc_type,
            hop_no,
        } = sealed;
        let RelaySetup {
            identity,
            storage,
            servers,
            memory,
            ..
        } = &self.setup;
        let Some(_share) = memory.take(ciphertext.len()) else {
            return self.not_ready();
        };
        let Ok(opened) = open_layer(identity.layer_secret(), enc_type, &ephemeral_key, ciphertext) else {
            return Relayed::text(400, "Invalid ciphertext");
        };
        let refuse = |error: LayerError| seal(&opened, ReplyForm::default(), &error.to_reply());
        let layer = match Layer::parse(&opened.plaintext) {
            Ok(layer) => layer,
            Err(error) => return refuse(error),
        };
        // Of what is sent on there is one copy while the answer is awaited.
        let next = match &layer {
            Layer::Final { body, form } => {
                let answer = storage.handle(clock::now(), body).await;
                return self.counted(seal(&opened, *form, &node_reply(answer)));
            }
            Layer::Server {
                host,
                target,
                port,
                protocol,
            } => {
                let allowed = layer
                    .server_url()
                    .ok()
                    .and_then(|_| Server::new(protocol, host, *port, target));
                match allowed {
                    Some(server) => Next::Server(server),
                    None => return refuse(LayerError::InvalidUrl),
                }
            }
            Layer::Forward {
                ciphertext,
                destination,
                ephemeral_key,
                enc_type,
            } => {
                let request = PeerRequest::forward(ciphertext, *ephemeral_key, *enc_type, hop_no);
                Next::Node(*destination, request)
            }
        };
        match next {
            Next::Server(server) => {
                let posted = servers.post(&server, opened.plaintext.into(), memory).await;
                posted.unwrap_or_else(|_| self.not_ready())
            }
            Next::Node(destination, request) => {
                drop(opened);
                self.forward(&destination, request).await
            }
        }
    }

    /// What is also said when the memory is used up, as it names who cannot serve.
    fn not_ready(&self) -> Relayed {
        let own = HEXLOWER.encode(&self.setup.identity.ed25519());
        Relayed::text(503, format!("Snode not ready: {own}"))
    }

    /// Counts an answer until the last of its bytes is written.
    fn counted(&self, Relayed { status, body }: Relayed) -> Relayed {
        match self.setup.memory.hold(body) {
            Some(body) => Relayed { status, body },
            None => self.not_ready(),
        }
    }

    async fn forward(&self, destination: &[u8; 32], request: PeerRequest) -> Relayed {
        if *destination == self.setup.identity.ed25519() {
            return self.hand_to_self(request).await;
        }
        let key = || HEXLOWER.encode(destination);
        let payload = request.encode();
        drop(request);
        let sent = self
            .setup
            .peers
            .send(destination, ONION_COMMAND, payload, NEXT_NODE_TIMEOUT);
        match sent.await {
            Ok(PeerReply { status, body }) => self.counted(Relayed::passed(status, body)),
            Err(PeerError::Unknown) => Relayed::text(502, format!("Next node not found: {}", key())),
            Err(PeerError::Unreachable) => {
                Relayed::text(502, format!("Next node is currently unreachable: {}", key()))
            }
            Err(PeerError::Timeout) => Relayed::text(504, "Request time out"),
            Err(PeerError::BadResponse) => Relayed::text(500, "Invalid response from snode"),
        }
    }

    /// A node may be its own next hop; the count of hops bounds how often.
    fn hand_to_self(&self, request: PeerRequest) -> BoxFuture<'_, Relayed> {
        async move {
            if request.hop_no > protocol::onion::HOP_LIMIT {
                return Relayed::text(400, PeerRequestError::TooManyHops.to_string());
            }
            self.handle_peer_request(&request).await
        }
        .boxed()
    }
}

fn seal(layer: &OpenedLayer, form: ReplyForm, reply: &NodeReply) -> Relayed {
    Relayed {
        status: 200,
        body: layer.seal_node_reply(&mut random::rng(), form, reply).into(),
    }
}

/// The answer as text; bytes go as base64. Spec: node §4 (NDE-15)
fn node_reply(answer: Answer) -> NodeReply {
    let body = match answer.kind {
        BodyKind::Json | BodyKind::Text => match String::from_utf8(answer.body) {
            Ok(text) => text,
            Err(bytes) => String::from_utf8_lossy(bytes.as_bytes()).into_owned(),
        },
        BodyKind::Binary => BASE64.encode(&answer.body),
    };
    NodeReply {
        status: answer.status,
        body,
    }
}

#[cfg(test)]
#[path = "relay/relay_tests.rs"]
mod tests;
