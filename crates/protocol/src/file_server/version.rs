//! The question for the newest release of the official application, and who asks it.
//!
//! Official clients sign it with a key of its own, so that the server can count them. This project does not ask; a
//! server of ours answers. Spec: attachments §3 (ATT-19)

use std::collections::BTreeMap;

use data_encoding::{BASE64, HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Serialize};

use super::FileServerError;
use super::replies::{json_reply, parse_json, time_from_seconds, to_seconds};
use super::requests::header;
use crate::TimestampMs;
use crate::account::verify_signature;
use crate::onion::{ServerReply, ServerRequest};

/// How far the time in a signed request may be from the server's, in milliseconds: a day.
const TOLERANCE_MS: u64 = 24 * 60 * 60 * 1_000;
/// First byte of a key that signs such requests.
const KEY_PREFIX: u8 = 0x07;

const KEY_HEADER: &str = "X-FS-Pubkey";
const TIME_HEADER: &str = "X-FS-Timestamp";
const SIGNATURE_HEADER: &str = "X-FS-Signature";

/// A system that the official application runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// Computers.
    Desktop,
    /// Android.
    Android,
    /// iOS.
    Ios,
}

impl Platform {
    /// Parses a name on the wire.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Desktop, Self::Android, Self::Ios]
            .into_iter()
            .find(|platform| platform.name() == name)
    }

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Desktop => "desktop",
            Self::Android => "android",
            Self::Ios => "ios",
        }
    }
}

/// A kind of release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReleaseChannel {
    /// For everybody.
    Stable,
    /// For early testers.
    Alpha,
    /// For testers.
    Prerelease,
}

impl ReleaseChannel {
    /// Parses a name on the wire.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Stable, Self::Alpha, Self::Prerelease]
            .into_iter()
            .find(|channel| channel.name() == name)
    }

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Alpha => "alpha",
            Self::Prerelease => "prerelease",
        }
    }
}

/// The newest release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionReply {
    /// When the server last looked.
    pub updated: TimestampMs,
    /// The release's number, for instance `1.2.3`.
    pub version: String,
}

#[derive(Serialize, Deserialize)]
struct VersionJson {
    status_code: u16,
    updated: f64,
    result: String,
}

impl VersionReply {
    /// Reads the answer.
    ///
    /// # Errors
    /// [`FileServerError`]
    pub fn parse(reply: &ServerReply) -> Result<Self, FileServerError> {
        let json: VersionJson = parse_json(reply)?;
        Ok(Self {
            updated: time_from_seconds(json.updated).ok_or(FileServerError::Malformed)?,
            version: json.result,
        })
    }

    /// Writes the answer, as a server does.
    pub fn to_reply(&self) -> ServerReply {
        json_reply(
            200,
            &VersionJson {
                status_code: 200,
                updated: to_seconds(self.updated),
                result: self.version.clone(),
            },
        )
    }
}

/// Who signed a request. Signed are `timestamp ‖ method ‖ endpoint ‖ body`, the time in decimal seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionAuth {
    /// Ed25519 key, 32 bytes, without its prefix `07`.
    pub key: [u8; 32],
    /// When it was signed, in seconds since 1970.
    pub timestamp_s: u64,
    /// Ed25519 signature, 64 bytes.
    pub signature: [u8; 64],
}

/// Why a signed request is refused. The text is the one that servers answer with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VersionAuthError {
    /// One or two of the three headers are there.
    #[error("Invalid authentication: one or more X-FS-* auth headers is missing")]
    Missing,
    /// The key does not start with `07`.
    #[error("Invalid authentication: X-FS-Pubkey must be 07- prefixed")]
    KeyPrefix,
    /// A header is not of its form.
    #[error("Invalid authentication: an X-FS-* auth header is malformed")]
    Malformed,
    /// The time is more than a day off.
    #[error("Invalid authentication: X-FS-Timestamp is too far from current time")]
    Timestamp,
    /// The signature is not by the key.
    #[error("Invalid authentication: X-FS-Signature verification failed")]
    Signature,
}

impl VersionAuthError {
    /// The HTTP status that tells a client so.
    pub const fn status(self) -> u16 {
        match self {
            Self::Missing | Self::KeyPrefix | Self::Malformed => 400,
            Self::Timestamp => 425,
            Self::Signature => 401,
        }
    }
}

impl VersionAuth {
    /// Reads the three headers of a request; `None` where it has none of them. Nothing is verified.
    ///
    /// # Errors
    /// [`VersionAuthError::Missing`], [`VersionAuthError::KeyPrefix`], [`VersionAuthError::Malformed`]
    pub fn parse(headers: &BTreeMap<String, String>) -> Result<Option<Self>, VersionAuthError> {
        let fields = [KEY_HEADER, TIME_HEADER, SIGNATURE_HEADER].map(|name| header(headers, name));
        let (key, time, signature) = match fields {
            [Some(key), Some(time), Some(signature)] => (key, time, signature),
            [None, None, None] => return Ok(None),
            _ => return Err(VersionAuthError::Missing),
        };
        let key = HEXLOWER_PERMISSIVE
            .decode(key.as_bytes())
            .map_err(|_| VersionAuthError::Malformed)?;
        let Some((&KEY_PREFIX, key)) = key.split_first() else {
            return Err(VersionAuthError::KeyPrefix);
        };
        let signature = BASE64
            .decode(signature.as_bytes())
            .map_err(|_| VersionAuthError::Malformed)?;
        Ok(Some(Self {
            key: key.try_into().map_err(|_| VersionAuthError::Malformed)?,
            timestamp_s: time.parse().map_err(|_| VersionAuthError::Malformed)?,
            signature: signature
                .as_slice()
                .try_into()
                .map_err(|_| VersionAuthError::Malformed)?,
        }))
    }

    /// The headers, as a client sends them.
    pub fn to_headers(&self) -> BTreeMap<String, String> {
        let key = format!("{KEY_PREFIX:02x}{}", HEXLOWER.encode(&self.key));
        BTreeMap::from([
            (KEY_HEADER.to_owned(), key),
            (TIME_HEADER.to_owned(), self.timestamp_s.to_string()),
            (SIGNATURE_HEADER.to_owned(), BASE64.encode(&self.signature)),
        ])
    }

    /// Whether the request was signed by the key, within a day of `now`. The same request may come twice.
    ///
    /// # Errors
    /// [`VersionAuthError::Timestamp`], [`VersionAuthError::Signature`]
    pub fn verify(&self, now: TimestampMs, request: &ServerRequest) -> Result<(), VersionAuthError> {
        let signed_at = i64::try_from(self.timestamp_s.saturating_mul(1_000)).unwrap_or(i64::MAX);
        if now.since_ms(TimestampMs(signed_at)).unsigned_abs() > TOLERANCE_MS {
            return Err(VersionAuthError::Timestamp);
        }
        let mut signed = self.timestamp_s.to_string().into_bytes();
        signed.extend_from_slice(request.method.as_bytes());
        signed.extend_from_slice(request.endpoint.as_bytes());
        signed.extend_from_slice(request.body.as_deref().unwrap_or_default());
        if verify_signature(&self.key, &signed, &self.signature) {
            Ok(())
        } else {
            Err(VersionAuthError::Signature)
        }
    }
}

#[cfg(test)]
#[path = "version/version_tests.rs"]
mod tests;
