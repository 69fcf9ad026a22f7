//! TLS 1.3 with raw Ed25519 public keys (RFC 7250) on both ends.
//!
//! The key that a node signs its handshake with is the Ed25519 key of the node list, so a finished handshake proves who is
//! at the other end, and nothing recorded on one connection is of use on another.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{AlwaysResolvesClientRawPublicKeys, ClientConfig, Resumption};
use rustls::crypto::{CryptoProvider, verify_tls13_signature_with_raw_key};
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, SubjectPublicKeyInfoDer, UnixTime,
};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{AlwaysResolvesServerRawPublicKeys, ServerConfig};
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme, version};
use zeroize::Zeroizing;

use super::{PEER_PROTOCOL, provider};
use crate::identity::NodeIdentity;
use crate::node_list::NodeList;

/// What stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo. RFC 8410 §4
const SPKI_HEAD: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// What stands before the 32 bytes of an Ed25519 seed in its PKCS#8 form. RFC 8410 §7
const PKCS8_HEAD: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// Accepts the nodes of a list, as the receiving end.
pub(crate) fn server_config(
    identity: &NodeIdentity,
    nodes: Arc<NodeList>,
) -> Result<Arc<ServerConfig>, Error> {
    let provider = provider();
    let verifier = ListedNode {
        nodes,
        provider: provider.clone(),
    };
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13])?
        .with_client_cert_verifier(Arc::new(verifier))
        .with_cert_resolver(Arc::new(AlwaysResolvesServerRawPublicKeys::new(own_key(
            identity,
        )?)));
    config.alpn_protocols = vec![PEER_PROTOCOL.to_vec()];
    config.send_tls13_tickets = 0;
    Ok(Arc::new(config))
}

/// Connects as `identity` to the one node that has the Ed25519 key `expected`.
pub(crate) fn client_config(identity: &NodeIdentity, expected: [u8; 32]) -> Result<Arc<ClientConfig>, Error> {
    let provider = provider();
    let verifier = OneNode {
        expected,
        provider: provider.clone(),
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_client_cert_resolver(Arc::new(AlwaysResolvesClientRawPublicKeys::new(own_key(
            identity,
        )?)));
    config.alpn_protocols = vec![PEER_PROTOCOL.to_vec()];
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
}

/// The Ed25519 key that a raw public key holds.
pub(crate) fn peer_key(raw: &CertificateDer<'_>) -> Option<[u8; 32]> {
    raw.strip_prefix(&SPKI_HEAD)?.try_into().ok()
}

fn own_key(identity: &NodeIdentity) -> Result<Arc<CertifiedKey>, Error> {
    let secret = Zeroizing::new([&PKCS8_HEAD[..], identity.expose_seed()].concat());
    let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(secret.as_slice()));
    let signer = rustls::crypto::ring::sign::any_supported_type(&secret)?;
    let public = [&SPKI_HEAD[..], &identity.ed25519()].concat();
    Ok(Arc::new(CertifiedKey::new(
        vec![CertificateDer::from(public)],
        signer,
    )))
}

fn verify_signature(
    provider: &CryptoProvider,
    message: &[u8],
    raw: &CertificateDer<'_>,
    signature: &DigitallySignedStruct,
) -> Result<HandshakeSignatureValid, Error> {
    let key = SubjectPublicKeyInfoDer::from(raw.as_ref());
    verify_tls13_signature_with_raw_key(
        message,
        &key,
        signature,
        &provider.signature_verification_algorithms,
    )
}

fn refused() -> Error {
    Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure)
}

fn only_tls13() -> Error {
    Error::General("nodes speak TLS 1.3 to each other".to_owned())
}

/// Any node of the list.
#[derive(Debug)]
struct ListedNode {
    nodes: Arc<NodeList>,
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for ListedNode {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        raw: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let listed = peer_key(raw).is_some_and(|key| self.nodes.get(&key).is_some());
        listed.then(ClientCertVerified::assertion).ok_or_else(refused)
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(only_tls13())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        raw: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_signature(&self.provider, message, raw, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

/// The one node that is to be at the other end.
#[derive(Debug)]
struct OneNode {
    expected: [u8; 32],
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for OneNode {
    fn verify_server_cert(
        &self,
        raw: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        (peer_key(raw) == Some(self.expected))
            .then(ServerCertVerified::assertion)
            .ok_or_else(refused)
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(only_tls13())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        raw: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_signature(&self.provider, message, raw, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}
