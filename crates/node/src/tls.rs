//! TLS as a node speaks it: to clients with a self-signed certificate, to other nodes with bare Ed25519 keys.
//!
//! Both meet on one port. Which of the two a connection is, its first message tells: nodes name the application protocol
//! [`PEER_PROTOCOL`], clients name none that matters. A client never checks the certificate, as the keys of its onion
//! layers prove the node; between nodes TLS itself proves both ends.

mod certificate;
mod raw_key;

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::server::ServerConfig;

pub use certificate::{Certificate, CertificateError};
pub(crate) use raw_key::{
    client_config as peer_client_config, peer_key, server_config as peer_server_config,
};

/// The application protocol (ALPN) of the link between nodes.
pub(crate) const PEER_PROTOCOL: &[u8] = b"tern-node/1";

/// The cryptography of all connections.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// What clients meet: TLS 1.2 or 1.3, the self-signed certificate, resumption by tickets that the server does not have to
/// remember.
///
/// # Errors
/// When the key cannot be used, which is a bug.
pub(crate) fn client_facing_config(certificate: &Certificate) -> Result<Arc<ServerConfig>, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der()], certificate.expose_key())?;
    config.ticketer = rustls::crypto::ring::Ticketer::new()?;
    config.send_tls13_tickets = 1;
    Ok(Arc::new(config))
}
