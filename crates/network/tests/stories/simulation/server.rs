//! What a simulated HTTP server does.

use std::collections::BTreeMap;

use network::ServerAddress;
use protocol::onion::{HopSecret, ServerReply, ServerRequest, open_layer, parse_outer};

use super::Simulation;
use super::relay::{Answer, plain, rng};

/// Where the server is.
const HOST: &str = "files.test";

/// How the server behaves.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Serving {
    /// Answers with what it was sent, its method and endpoint in the headers.
    #[default]
    Echo,
    /// Answers with this status.
    Status(u16),
    /// Answers with so many bytes.
    Sends(usize),
    /// Answers with this status and text in the clear, as a server does that cannot read requests.
    Says(u16, String),
    /// Says nothing.
    Silent,
}

fn secret() -> HopSecret {
    HopSecret::from_bytes([77; 32])
}

impl Simulation {
    pub(crate) fn server(&self) -> ServerAddress {
        ServerAddress {
            url: format!("http://{HOST}").parse().expect("a URL"),
            x25519: *secret().public(),
        }
    }

    pub(crate) fn set_serving(&self, serving: Serving) {
        self.lock().serving = serving;
    }

    /// How often the server was asked.
    pub(crate) fn asked_server(&self) -> usize {
        self.lock().asked_server
    }

    /// Posts what an exit relay opened to a server.
    pub(super) async fn ask_server(&self, host: &str, plaintext: &[u8]) -> Answer {
        if host != HOST {
            return plain(502, format!("Could not resolve host: {host}"));
        }
        let serving = {
            let mut state = self.lock();
            state.asked_server += 1;
            state.serving.clone()
        };
        let outer = parse_outer(plaintext).expect("clients keep to the protocol");
        let layer = open_layer(&secret(), outer.enc_type, &outer.ephemeral_key, outer.ciphertext);
        let layer = layer.expect("clients use the server's key");
        let request = ServerRequest::parse(&layer.plaintext).expect("clients keep to the protocol");
        let reply = |code, body| ServerReply {
            code,
            headers: BTreeMap::from([
                ("method".to_owned(), request.method.clone()),
                ("endpoint".to_owned(), request.endpoint.clone()),
            ]),
            body,
        };
        let reply = match serving {
            Serving::Echo => reply(200, request.body.clone().unwrap_or_default()),
            Serving::Status(code) => reply(code, Vec::new()),
            Serving::Sends(len) => reply(200, vec![7; len]),
            Serving::Says(status, text) => return plain(status, text),
            Serving::Silent => std::future::pending().await,
        };
        (200, layer.seal_server_reply(&mut rng(), &reply.encode()))
    }
}
