//! The self-signed certificate that clients see.

use std::fmt;
use std::path::Path;

use rcgen::{CertificateParams, DnType, KeyPair, PublicKeyData};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use zeroize::Zeroizing;

use crate::secret_file;

/// The name in the certificate; what the network's nodes use, so that ours do not stand out.
const COMMON_NAME: &str = "localhost";

/// A P-256 key and a certificate for it, signed by itself.
///
/// Only the key is kept in the file (PKCS#8, PEM): a pin is on the key, and the certificate is made anew around it.
pub struct Certificate {
    key: KeyPair,
    der: CertificateDer<'static>,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// The key file cannot be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The file holds no key, or the certificate cannot be made.
    #[error("the certificate's key is unusable: {0}")]
    Key(#[from] rcgen::Error),
}

impl Certificate {
    /// Makes a new key and its certificate.
    ///
    /// # Errors
    /// [`CertificateError::Key`]
    pub fn generate() -> Result<Self, CertificateError> {
        Self::with_key(KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?)
    }

    /// Reads the key from a file, or makes one and writes it there, readable by its owner only.
    ///
    /// # Errors
    /// [`CertificateError`]
    pub fn load_or_create(path: &Path) -> Result<Self, CertificateError> {
        if let Some(pem) = secret_file::read(path)? {
            return Self::with_key(KeyPair::from_pem(&pem)?);
        }
        let certificate = Self::generate()?;
        secret_file::write(path, &Zeroizing::new(certificate.key.serialize_pem()))?;
        Ok(certificate)
    }

    fn with_key(key: KeyPair) -> Result<Self, CertificateError> {
        let mut params = CertificateParams::new(vec![COMMON_NAME.to_owned()])?;
        params.distinguished_name.push(DnType::CommonName, COMMON_NAME);
        let der = params.self_signed(&key)?.der().clone();
        Ok(Self { key, der })
    }

    /// The certificate.
    pub(crate) fn der(&self) -> CertificateDer<'static> {
        self.der.clone()
    }

    /// The DER of its SubjectPublicKeyInfo; its SHA-256 is the pin of a network profile.
    pub fn spki(&self) -> Vec<u8> {
        self.key.subject_public_key_info()
    }

    /// The private key.
    pub(crate) fn expose_key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()))
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificate(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_and_so_the_pin_survive_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tls-key.pem");
        let made = Certificate::load_or_create(&path).unwrap();
        assert_eq!(Certificate::load_or_create(&path).unwrap().spki(), made.spki());
        assert_ne!(Certificate::generate().unwrap().spki(), made.spki());
    }

    #[test]
    fn a_file_without_a_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tls-key.pem");
        std::fs::write(&path, "no key").unwrap();
        assert!(matches!(
            Certificate::load_or_create(&path),
            Err(CertificateError::Key(_))
        ));
    }
}
