//! Who may ask: the strings that are signed, signing them, and checking signatures.

use super::{
    Access, Delete, DeleteAll, DeleteBefore, Expire, ExpireAll, ExpireRule, GetExpiries, MessageHash,
    Namespace, Retrieve, RevokeSubaccount, RevokedSubaccounts, SignedSubaccount, Store, SubaccountToken,
    UnrevokeSubaccount,
};
use crate::TimestampMs;
use crate::account::{AccountId, AccountKeys, verify_signature, x25519_from_ed25519};

/// The proof that goes with a request; not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The owner's Ed25519 key: sent for `05` accounts, whose id holds the X25519 key instead; never for others.
    pub pubkey_ed25519: Option<[u8; 32]>,
    /// Ed25519 signature of the request's signed bytes, by the owner or, with a subaccount, by the token's key.
    pub signature: [u8; 64],
    /// The token under which a key other than the owner's signs.
    pub subaccount: Option<SignedSubaccount>,
}

/// An authorization and the time that its signature covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// When it was made, in network time; relays accept 60 s either way.
    pub timestamp: TimestampMs,
    /// The signature and whose it is.
    pub authorization: Authorization,
}

/// Parameters with the authorization that every relay asks of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<T> {
    /// What is asked.
    pub params: T,
    /// Who asks.
    pub authorization: Authorization,
}

/// Parameters that are never sent without an authorization.
pub trait SignedParams: Sized {
    /// The account they are about.
    fn account(&self) -> AccountId;

    /// The bytes that are signed. Spec: storage §9 (STO-30).
    fn signed_bytes(&self) -> Vec<u8>;

    /// Signs them.
    fn sign(self, signer: &Signer<'_>) -> Signed<Self> {
        let authorization = signer.authorize(&self.signed_bytes());
        Signed {
            params: self,
            authorization,
        }
    }
}

/// Makes an Ed25519 signature of 64 bytes.
type SignBytes<'a> = dyn Fn(&[u8]) -> [u8; 64] + Send + Sync + 'a;

/// Someone who can sign requests for an account.
pub struct Signer<'a> {
    sign: Box<SignBytes<'a>>,
    pubkey_ed25519: Option<[u8; 32]>,
    subaccount: Option<SignedSubaccount>,
}

impl<'a> Signer<'a> {
    /// The owner of a `05` account.
    pub fn account(keys: &'a AccountKeys) -> Self {
        Self {
            sign: Box::new(|bytes| keys.sign(bytes)),
            pubkey_ed25519: Some(keys.ed25519_public()),
            subaccount: None,
        }
    }

    /// The owner of an account whose id holds its Ed25519 key, such as a group's admin.
    ///
    /// `sign` makes an Ed25519 signature with that key.
    pub fn owner(sign: impl Fn(&[u8]) -> [u8; 64] + Send + Sync + 'a) -> Self {
        Self {
            sign: Box::new(sign),
            pubkey_ed25519: None,
            subaccount: None,
        }
    }

    /// The holder of a token. `sign` signs with the token's key.
    pub fn subaccount(
        subaccount: SignedSubaccount,
        sign: impl Fn(&[u8]) -> [u8; 64] + Send + Sync + 'a,
    ) -> Self {
        Self {
            sign: Box::new(sign),
            pubkey_ed25519: None,
            subaccount: Some(subaccount),
        }
    }

    /// Signs the bytes of a request.
    pub fn authorize(&self, signed_bytes: &[u8]) -> Authorization {
        Authorization {
            pubkey_ed25519: self.pubkey_ed25519,
            signature: (self.sign)(signed_bytes),
            subaccount: self.subaccount,
        }
    }
}

impl std::fmt::Debug for Signer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer(redacted)")
    }
}

impl Authorization {
    /// Whether the owner of `account`, or a token with all bits of `required`, signed `signed_bytes`.
    ///
    /// For a `05` account the owner's key is [`Self::pubkey_ed25519`], which must convert to the key of the id; without
    /// it, and for every other prefix, the id's own 32 bytes are the Ed25519 key. `is_revoked` is asked once, only when
    /// a token is used. Spec: storage §9 (STO-31, STO-32).
    pub fn verify(
        &self,
        account: AccountId,
        required: Access,
        signed_bytes: &[u8],
        is_revoked: impl FnOnce(&SubaccountToken) -> bool,
    ) -> bool {
        let Some(owner) = self.owner_key(account) else {
            return false;
        };
        let Some(subaccount) = &self.subaccount else {
            return verify_signature(&owner, signed_bytes, &self.signature);
        };
        !is_revoked(&subaccount.token)
            && subaccount.verify(account, required, &owner).is_ok()
            && verify_signature(&subaccount.token.key(), signed_bytes, &self.signature)
    }

    /// As [`Self::verify`], for what only the owner may do; a token is passed over.
    pub fn verify_owner(&self, account: AccountId, signed_bytes: &[u8]) -> bool {
        self.owner_key(account)
            .is_some_and(|owner| verify_signature(&owner, signed_bytes, &self.signature))
    }

    fn owner_key(&self, account: AccountId) -> Option<[u8; 32]> {
        match self.pubkey_ed25519 {
            Some(key) if account.is_account() => {
                (x25519_from_ed25519(&key).ok()? == *account.key()).then_some(key)
            }
            Some(_) | None => Some(*account.key()),
        }
    }
}

/// Joins the parts of a signed string.
fn join<T: AsRef<[u8]>>(parts: impl IntoIterator<Item = T>) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        out.extend_from_slice(part.as_ref());
    }
    out
}

/// `method || timestamp || the raw tokens, in request order`.
fn with_tokens(method: &str, timestamp: TimestampMs, tokens: &[SubaccountToken]) -> Vec<u8> {
    let head = with_time(method, "", timestamp);
    join(
        [&head[..]]
            .into_iter()
            .chain(tokens.iter().map(|token| &token.as_bytes()[..])),
    )
}

fn with_time(method: &str, namespace: &str, time: TimestampMs) -> Vec<u8> {
    format!("{method}{namespace}{}", time.0).into_bytes()
}

impl Store {
    /// The bytes that are signed: `"store" || namespace || sig_timestamp`.
    pub fn signed_bytes(namespace: Namespace, sig_timestamp: TimestampMs) -> Vec<u8> {
        with_time("store", &namespace.signed_text(), sig_timestamp)
    }

    /// Adds a proof made at `now`.
    #[must_use]
    pub fn sign(mut self, now: TimestampMs, signer: &Signer<'_>) -> Self {
        let authorization = signer.authorize(&Self::signed_bytes(self.namespace, now));
        self.proof = Some(Proof {
            timestamp: now,
            authorization,
        });
        self
    }
}

impl Retrieve {
    /// The bytes that are signed: `"retrieve" || namespace || timestamp`.
    pub fn signed_bytes(namespace: Namespace, timestamp: TimestampMs) -> Vec<u8> {
        with_time("retrieve", &namespace.signed_text(), timestamp)
    }

    /// Adds a proof made at `now`.
    #[must_use]
    pub fn sign(mut self, now: TimestampMs, signer: &Signer<'_>) -> Self {
        let authorization = signer.authorize(&Self::signed_bytes(self.namespace, now));
        self.proof = Some(Proof {
            timestamp: now,
            authorization,
        });
        self
    }
}

impl SignedParams for Delete {
    fn account(&self) -> AccountId {
        self.account
    }

    fn signed_bytes(&self) -> Vec<u8> {
        join(
            [&b"delete"[..]]
                .into_iter()
                .chain(self.messages.iter().map(MessageHash::as_bytes)),
        )
    }
}

impl SignedParams for DeleteAll {
    fn account(&self) -> AccountId {
        self.account
    }

    fn signed_bytes(&self) -> Vec<u8> {
        with_time("delete_all", &self.scope.signed_text(), self.timestamp)
    }
}

impl SignedParams for DeleteBefore {
    fn account(&self) -> AccountId {
        self.account
    }

    fn signed_bytes(&self) -> Vec<u8> {
        with_time("delete_before", &self.scope.signed_text(), self.before)
    }
}

impl SignedParams for Expire {
    fn account(&self) -> AccountId {
        self.account
    }

    fn signed_bytes(&self) -> Vec<u8> {
        let rule = match self.rule {
            ExpireRule::Set => "",
            ExpireRule::Shorten => "shorten",
            ExpireRule::Extend => "extend",
        };
        let mut text = format!("expire{rule}");
        for expiry in &self.expiry {
            text.push_str(&expiry.0.to_string());
        }
        for hash in &self.messages {
            text.push_str(hash.as_str());
        }
        text.into_bytes()
    }
}

impl SignedParams for ExpireAll {
    fn account(&self) -> AccountId {
        self.account
    }

    fn signed_bytes(&self) -> Vec<u8> {
        with_time("expire_all", &self.scope.signed_text(), self.expiry)
    }
}

impl SignedParams for GetExpiries {
    fn account(&self) -> AccountId {
        self.account
    }

    fn signed_bytes(&self) -> Vec<u8> {
        let head = with_time("get_expiries", "", self.timestamp);
        join(
            [&head[..]]
                .into_iter()
                .chain(self.messages.iter().map(Vec::as_slice)),
        )
    }
}

impl SignedParams for RevokeSubaccount {
    fn account(&self) -> AccountId {
        self.account
    }

    fn signed_bytes(&self) -> Vec<u8> {
        with_tokens("revoke_subaccount", self.timestamp, &self.tokens)
    }
}

impl SignedParams for UnrevokeSubaccount {
    fn account(&self) -> AccountId {
        self.account
    }

    fn signed_bytes(&self) -> Vec<u8> {
        with_tokens("unrevoke_subaccount", self.timestamp, &self.tokens)
    }
}

impl SignedParams for RevokedSubaccounts {
    fn account(&self) -> AccountId {
        self.account
    }

    fn signed_bytes(&self) -> Vec<u8> {
        with_time("revoked_subaccounts", "", self.timestamp)
    }
}
