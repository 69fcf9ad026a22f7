//! The fields that requests share: whose account it is, and who may act on it.

use super::params::{ParamError, Params};
use crate::account::AccountId;
use crate::storage::{Authorization, SignedSubaccount, SubaccountToken, base64};

pub(super) fn require<T>(field: &'static str, value: Option<T>) -> Result<T, ParamError> {
    value.ok_or(ParamError::Missing(field))
}

/// The value under either name; one of them must be there.
pub(super) fn either<T>(
    name: &'static str,
    value: Option<T>,
    alias: &'static str,
    alias_value: Option<T>,
) -> Result<T, ParamError> {
    match (value, alias_value) {
        (Some(_), Some(_)) => Err(ParamError::Both(name, alias)),
        (value, alias_value) => require(name, value.or(alias_value)),
    }
}

/// An account: 66 hex digits or 33 raw bytes, in either form of request. STO-03.
pub(super) fn account(text: &[u8]) -> Option<AccountId> {
    match text.len() {
        66 => std::str::from_utf8(text)
            .ok()
            .and_then(|text| AccountId::parse(text).ok()),
        33 => text.try_into().ok().map(AccountId::from_bytes),
        _ => None,
    }
}

pub(super) fn account_or_error(text: &[u8]) -> Result<AccountId, ParamError> {
    account(text).ok_or(ParamError::Other("Pubkey must be 66 hex digits (33 bytes) long"))
}

/// The fields of an authorization, their types checked but not their content.
pub(super) struct AuthorizationFields<'p> {
    pub(super) params: Params<'p>,
    pub(super) pubkey_ed25519: Option<&'p [u8]>,
    pub(super) signature: Option<&'p [u8]>,
    pub(super) subaccount: Option<&'p [u8]>,
    pub(super) subaccount_sig: Option<&'p [u8]>,
}

impl<'p> AuthorizationFields<'p> {
    /// For methods that take the owner's key only.
    pub(super) fn of_owner(params: Params<'p>) -> Result<Self, ParamError> {
        let pubkey_ed25519 = params.text("pubkey_ed25519")?;
        let signature = params.text("signature")?;
        Ok(Self {
            params,
            pubkey_ed25519,
            signature,
            subaccount: None,
            subaccount_sig: None,
        })
    }

    pub(super) fn load(&self, account: AccountId) -> Result<Authorization, ParamError> {
        let signature = require("signature", self.signature)?;
        let pubkey_ed25519 = self
            .pubkey_ed25519
            .map(|key| ed25519_key(account, key))
            .transpose()?;
        let signature = self.signature_bytes(
            signature,
            "invalid signature: expected base64 encoded Ed25519 signature",
        )?;
        Ok(Authorization {
            pubkey_ed25519,
            signature,
            subaccount: self.signed_subaccount()?,
        })
    }

    fn signature_bytes(&self, text: &[u8], not_base64: &'static str) -> Result<[u8; 64], ParamError> {
        if self.params.is_binary() {
            let wrong = ParamError::Other("invalid signature: expected 64-byte Ed25519 signature");
            return text.try_into().map_err(|_| wrong);
        }
        // 86 characters, or 88 with padding; 87 would be wrong padding, which the decoder refuses.
        base64::decode_array(text).ok_or(ParamError::Other(not_base64))
    }

    fn signed_subaccount(&self) -> Result<Option<SignedSubaccount>, ParamError> {
        let Some(token) = self.subaccount.filter(|token| !token.is_empty()) else {
            return Ok(None);
        };
        let signature = self.subaccount_sig.ok_or(ParamError::Other(
            "invalid subaccount: subaccount_sig is required when using subaccount",
        ))?;
        let token = if self.params.is_binary() {
            let wrong = ParamError::Other("invalid subaccount token: invalid token length");
            token
                .try_into()
                .map(SubaccountToken::from_bytes)
                .map_err(|_| wrong)?
        } else {
            let wrong = "invalid subaccount: expected base64 or hex-encoded subaccount token";
            SubaccountToken::parse(token).ok_or(ParamError::Other(wrong))?
        };
        let signature = self.signature_bytes(
            signature,
            "invalid subaccount signature: expected base64 encoded Ed25519 signature",
        )?;
        Ok(Some(SignedSubaccount { token, signature }))
    }
}

/// An owner's key: 64 hex digits or 32 raw bytes, in either form of request.
fn ed25519_key(account: AccountId, key: &[u8]) -> Result<[u8; 32], ParamError> {
    if !account.is_account() {
        return Err(ParamError::Other(
            "pubkey_ed25519 is only permitted for 05[...] pubkeys",
        ));
    }
    match key.len() {
        64 => data_encoding::HEXLOWER_PERMISSIVE
            .decode(key)
            .ok()
            .and_then(|key| key.try_into().ok())
            .ok_or(ParamError::Other("invalid pubkey_ed25519: value is not hex")),
        _ => key
            .try_into()
            .map_err(|_| ParamError::Other("Invalid pubkey_ed25519: expected 64 hex char or 32 byte pubkey")),
    }
}

/// `pubkey` with the fields of an authorization.
pub(super) struct Common<'p> {
    pub(super) pubkey: Option<&'p [u8]>,
    pub(super) authorization: AuthorizationFields<'p>,
}

impl<'p> Common<'p> {
    pub(super) fn of_owner(params: Params<'p>) -> Result<Self, ParamError> {
        Ok(Self {
            pubkey: params.text("pubkey")?,
            authorization: AuthorizationFields::of_owner(params)?,
        })
    }

    pub(super) fn read(params: Params<'p>) -> Result<Self, ParamError> {
        let mut common = Self::of_owner(params)?;
        common.authorization.subaccount = params.text("subaccount")?;
        common.authorization.subaccount_sig = params.text("subaccount_sig")?;
        Ok(common)
    }

    pub(super) fn load(&self) -> Result<(AccountId, Authorization), ParamError> {
        let account = account_or_error(require("pubkey", self.pubkey)?)?;
        Ok((account, self.authorization.load(account)?))
    }
}
