//! Subscriptions to newly stored messages. Bencode only; never over HTTPS or through onions.

use super::signing::Signer;
use super::subaccount::{Access, SignedSubaccount, SubaccountToken};
use super::{Authorization, Namespace};
use crate::account::AccountId;
use crate::bencode::{self, Limits, Value};

/// A request to be told of new messages of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitor {
    /// Whose messages.
    pub account: AccountId,
    /// Which boxes; at least one, strictly ascending.
    pub namespaces: Vec<Namespace>,
    /// Whether the messages themselves are wanted.
    pub wants_data: bool,
    /// When the request was made, in Unix **seconds**.
    pub timestamp_s: i64,
    /// Who asks.
    pub authorization: Authorization,
}

/// Why a subscription is refused, with the code that nodes answer. STO-82.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MonitorError {
    /// The arguments are malformed.
    #[error("malformed arguments")]
    Arguments,
    /// Neither or both of the account's forms are given, or one of a wrong length.
    #[error("malformed account")]
    Account,
    /// No namespaces, or not strictly ascending ones.
    #[error("malformed namespaces")]
    Namespaces,
    /// More than 14 days old or more than a day ahead.
    #[error("timestamp out of range")]
    Timestamp,
    /// Nobody who may read signed it.
    #[error("signature verification failed")]
    Signature,
}

impl MonitorError {
    /// The code on the wire.
    pub const fn code(self) -> u8 {
        match self {
            Self::Arguments => 1,
            Self::Account => 2,
            Self::Namespaces => 3,
            Self::Timestamp => 4,
            Self::Signature => 5,
        }
    }
}

const DAY_S: i64 = 24 * 60 * 60;

impl Monitor {
    /// Signs a subscription made at `now_s` (Unix seconds, network time). Namespaces are put in order.
    pub fn signed(
        account: AccountId,
        namespaces: impl IntoIterator<Item = Namespace>,
        wants_data: bool,
        now_s: i64,
        signer: &Signer<'_>,
    ) -> Self {
        let mut namespaces: Vec<_> = namespaces.into_iter().collect();
        namespaces.sort_unstable();
        namespaces.dedup();
        let signed_bytes = signed_bytes(account, &namespaces, wants_data, now_s);
        let authorization = signer.authorize(&signed_bytes);
        Self {
            account,
            namespaces,
            wants_data,
            timestamp_s: now_s,
            authorization,
        }
    }

    /// The bytes that are signed: `"MONITOR" || account in hex || time in seconds || "1" or "0" || namespaces joined by
    /// commas`. Spec: storage §13 (STO-81).
    pub fn signed_bytes(&self) -> Vec<u8> {
        signed_bytes(self.account, &self.namespaces, self.wants_data, self.timestamp_s)
    }

    /// Encodes the request. Keys: `P` the owner's Ed25519 key for a `05` account, else `p` the account; `S` and `T` the
    /// owner's signature of a token and the token; `d` 1 for data; `n` namespaces; `s` signature; `t` seconds.
    /// Spec: storage §13 (STO-80).
    pub fn encode(&self) -> Vec<u8> {
        let mut value = match &self.authorization.pubkey_ed25519 {
            Some(key) => Value::dict().with("P", key),
            None => Value::dict().with("p", self.account.to_bytes().to_vec()),
        };
        if let Some(subaccount) = &self.authorization.subaccount {
            value = value
                .with("S", &subaccount.signature)
                .with("T", subaccount.token.as_bytes());
        }
        if self.wants_data {
            value = value.with("d", true);
        }
        let namespaces = self
            .namespaces
            .iter()
            .map(|namespace| Value::from(namespace.0))
            .collect();
        value
            .with("n", Value::List(namespaces))
            .with("s", &self.authorization.signature)
            .with("t", self.timestamp_s)
            .to_bytes()
    }

    /// Parses a request; not yet verified.
    ///
    /// # Errors
    /// [`MonitorError::Arguments`], [`MonitorError::Account`] or [`MonitorError::Namespaces`].
    pub fn parse(bytes: &[u8]) -> Result<Self, MonitorError> {
        let value = bencode::parse(bytes, Limits::default()).map_err(|_| MonitorError::Arguments)?;
        value.as_dict().ok_or(MonitorError::Arguments)?;
        let (account, pubkey_ed25519) = match (value.get("p"), value.get("P")) {
            (Some(account), None) => (
                AccountId::from_bytes(account.as_array().ok_or(MonitorError::Account)?),
                None,
            ),
            (None, Some(key)) => {
                let key: [u8; 32] = key.as_array().ok_or(MonitorError::Account)?;
                let x25519 = crate::account::x25519_from_ed25519(&key).map_err(|_| MonitorError::Account)?;
                (AccountId::account(x25519), Some(key))
            }
            (Some(_), Some(_)) | (None, None) => return Err(MonitorError::Account),
        };
        let subaccount = match (value.get("S"), value.get("T")) {
            (Some(signature), Some(token)) => Some(SignedSubaccount {
                token: SubaccountToken::from_bytes(token.as_array().ok_or(MonitorError::Arguments)?),
                signature: signature.as_array().ok_or(MonitorError::Arguments)?,
            }),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(MonitorError::Arguments),
        };
        let signature = value
            .get("s")
            .and_then(Value::as_array)
            .ok_or(MonitorError::Arguments)?;
        Ok(Self {
            account,
            namespaces: parse_namespaces(&value).ok_or(MonitorError::Namespaces)?,
            wants_data: value
                .get("d")
                .and_then(Value::as_int)
                .is_some_and(|flag| flag != 0),
            timestamp_s: value
                .get("t")
                .and_then(Value::as_integer)
                .ok_or(MonitorError::Arguments)?,
            authorization: Authorization {
                pubkey_ed25519,
                signature,
                subaccount,
            },
        })
    }

    /// Checks age and signature. Revocation of tokens is not looked at.
    ///
    /// # Errors
    /// [`MonitorError::Timestamp`] or [`MonitorError::Signature`]. Spec: storage §13 (STO-81, STO-82).
    pub fn verify(&self, now_s: i64) -> Result<(), MonitorError> {
        let oldest = now_s.saturating_sub(DAY_S.saturating_mul(14));
        if self.timestamp_s < oldest || self.timestamp_s > now_s.saturating_add(DAY_S) {
            return Err(MonitorError::Timestamp);
        }
        if !self
            .authorization
            .verify(self.account, Access::READ, &self.signed_bytes(), |_| false)
        {
            return Err(MonitorError::Signature);
        }
        Ok(())
    }
}

fn parse_namespaces(value: &Value<'_>) -> Option<Vec<Namespace>> {
    let namespaces: Vec<Namespace> = value
        .get("n")?
        .as_list()?
        .iter()
        .map(|n| n.as_integer().map(Namespace))
        .collect::<Option<_>>()?;
    let ascends = namespaces
        .iter()
        .zip(namespaces.iter().skip(1))
        .all(|(left, right)| left < right);
    (!namespaces.is_empty() && ascends).then_some(namespaces)
}

fn signed_bytes(account: AccountId, namespaces: &[Namespace], wants_data: bool, timestamp_s: i64) -> Vec<u8> {
    let namespaces: Vec<_> = namespaces
        .iter()
        .map(|namespace| namespace.0.to_string())
        .collect();
    format!(
        "MONITOR{account}{timestamp_s}{}{}",
        u8::from(wants_data),
        namespaces.join(",")
    )
    .into_bytes()
}

#[cfg(test)]
#[path = "peer/monitor_tests.rs"]
mod tests;
