//! What a simulated node does as a relay.

use std::net::SocketAddr;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use futures::FutureExt;
use futures::future::BoxFuture;
use network::{HttpReply, TransportError};
use protocol::onion::{EncType, Layer, OpenedLayer, PeerRequest, ReplyForm, open_layer, parse_outer};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tokio::time::sleep;

use super::{Behaviour, LATENCY, Simulation};

/// A status and a body as they travel back.
pub(super) type Answer = (u16, Vec<u8>);

pub(super) fn plain(status: u16, text: impl Into<String>) -> Answer {
    (status, text.into().into_bytes())
}

impl Simulation {
    /// Answers a client's request at the guard.
    pub(super) async fn as_guard(
        &self,
        address: SocketAddr,
        body: &[u8],
    ) -> Result<HttpReply, TransportError> {
        let index = self
            .lock()
            .nodes
            .iter()
            .position(|node| node.address == address)
            .expect("connected");
        let behaviour = self.lock().nodes[index].behaviour.clone();
        let (status, body) = match behaviour {
            Behaviour::Silent => std::future::pending().await,
            Behaviour::Says(status, text) => plain(status, text),
            Behaviour::Huge => return Err(TransportError::TooLong),
            _ => match parse_outer(body) {
                Ok(outer) => {
                    let ciphertext = outer.ciphertext.to_vec();
                    self.at_node(
                        index,
                        outer.enc_type,
                        outer.ephemeral_key,
                        ciphertext,
                        outer.hop_no,
                    )
                    .await
                }
                Err(error) => plain(400, format!("Error parsing onion request: {error}")),
            },
        };
        Ok(HttpReply {
            status,
            body: Bytes::from(body),
        })
    }

    fn at_node(
        &self,
        index: usize,
        enc_type: EncType,
        ephemeral_key: [u8; 32],
        ciphertext: Vec<u8>,
        hop_no: u32,
    ) -> BoxFuture<'_, Answer> {
        async move {
            let opened = open_layer(
                &self.lock().nodes[index].secret,
                enc_type,
                &ephemeral_key,
                &ciphertext,
            );
            let Ok(opened) = opened else {
                return plain(400, "Invalid ciphertext");
            };
            match Layer::parse(&opened.plaintext) {
                Ok(Layer::Final { body, form }) => self.finally(index, &opened, body, form).await,
                Ok(Layer::Forward {
                    ciphertext,
                    destination,
                    ephemeral_key,
                    enc_type,
                }) => {
                    let behaviour = self.lock().nodes[index].behaviour.clone();
                    match behaviour {
                        Behaviour::Drops => return std::future::pending().await,
                        Behaviour::Denies => {
                            let key = HEXLOWER.encode(&destination);
                            return plain(502, format!("Next node not found: {key}"));
                        }
                        _ => {}
                    }
                    let request = PeerRequest::forward(ciphertext, ephemeral_key, enc_type, hop_no);
                    self.forward(request, destination).await
                }
                Ok(Layer::Server { host, .. }) => {
                    sleep(LATENCY).await;
                    self.ask_server(&host, &opened.plaintext).await
                }
                Err(error) => {
                    let reply = error.to_reply();
                    (
                        200,
                        opened.seal_node_reply(&mut rng(), ReplyForm::default(), &reply),
                    )
                }
            }
        }
        .boxed()
    }

    async fn forward(&self, request: PeerRequest, destination: [u8; 32]) -> Answer {
        let next = {
            let state = self.lock();
            let index = state.nodes.iter().position(|node| node.ed25519 == destination);
            index.map(|index| (index, state.nodes[index].up, state.nodes[index].behaviour.clone()))
        };
        let hex = HEXLOWER.encode(&destination);
        let Some((index, up, behaviour)) = next else {
            return plain(502, format!("Next node not found: {hex}"));
        };
        sleep(LATENCY).await;
        if !up {
            return plain(502, format!("Next node is currently unreachable: {hex}"));
        }
        if behaviour == Behaviour::Silent {
            return std::future::pending().await;
        }
        let request = PeerRequest::parse(&request.encode()).expect("its own encoding");
        let PeerRequest {
            ciphertext,
            ephemeral_key,
            enc_type,
            hop_no,
        } = request;
        self.at_node(index, enc_type, ephemeral_key, ciphertext, hop_no)
            .await
    }

    async fn finally(&self, index: usize, opened: &OpenedLayer, body: &[u8], form: ReplyForm) -> Answer {
        let behaviour = self.lock().nodes[index].behaviour.clone();
        if let Behaviour::Late(delay) = behaviour {
            sleep(delay).await;
        }
        let reply = self.rpc(index, body);
        (200, opened.seal_node_reply(&mut rng(), form, &reply))
    }
}

pub(super) fn rng() -> ChaCha20Rng {
    ChaCha20Rng::from_seed([3; 32])
}
