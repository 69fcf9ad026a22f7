//! Parameters of the methods about subaccount tokens; only an account's owner may use them.

use super::super::authorization::{AuthorizationFields, Common, require};
use super::super::params::{ParamError, Params};
use super::super::{Request, RevokeSubaccount, RevokedSubaccounts, UnrevokeSubaccount};
use crate::storage::{Signed, SubaccountToken};

pub(in super::super) fn revoke_subaccount(params: Params<'_>) -> Result<Request, ParamError> {
    let pubkey = params.text("pubkey")?;
    let pubkey_ed25519 = params.text("pubkey_ed25519")?;
    let revoke = params.texts("revoke")?;
    let signature = params.text("signature")?;
    let timestamp = params.timestamp("timestamp")?;

    let authorization = AuthorizationFields {
        params,
        pubkey_ed25519,
        signature,
        subaccount: None,
        subaccount_sig: None,
    };
    let (account, authorization) = Common {
        pubkey,
        authorization,
    }
    .load()?;
    let revoke = require("revoke", revoke)?;
    if revoke.len() > RevokeSubaccount::MAX_TOKENS {
        return Err(ParamError::TooManyTokens(RevokeSubaccount::MAX_TOKENS));
    }
    let wrong = if params.is_binary() {
        "invalid revoke subaccount: invalid subaccount tag length"
    } else {
        "invalid revoke: expected base64 or hex-encoded subaccount tag"
    };
    let tokens = tokens(params, &revoke, wrong)?;
    let timestamp = require("timestamp", timestamp)?;
    Ok(Request::RevokeSubaccount(Signed {
        params: RevokeSubaccount {
            account,
            tokens,
            timestamp,
        },
        authorization,
    }))
}

pub(in super::super) fn unrevoke_subaccount(params: Params<'_>) -> Result<Request, ParamError> {
    let common = Common::of_owner(params)?;
    let timestamp = params.timestamp("timestamp")?;
    let unrevoke = params.texts("unrevoke")?;

    let (account, authorization) = common.load()?;
    let timestamp = require("timestamp", timestamp)?;
    let unrevoke = require("unrevoke", unrevoke)?;
    let wrong = if params.is_binary() {
        "invalid unrevoke subaccount: invalid subaccount tag length"
    } else {
        "invalid unrevoke: expected base64 or hex-encoded subaccount tag"
    };
    let tokens = tokens(params, &unrevoke, wrong)?;
    let params = UnrevokeSubaccount {
        account,
        tokens,
        timestamp,
    };
    Ok(Request::UnrevokeSubaccount(Signed {
        params,
        authorization,
    }))
}

fn tokens(
    params: Params<'_>,
    texts: &[&[u8]],
    wrong: &'static str,
) -> Result<Vec<SubaccountToken>, ParamError> {
    let parse = |text: &[u8]| {
        if params.is_binary() {
            text.try_into().ok().map(SubaccountToken::from_bytes)
        } else {
            SubaccountToken::parse(text)
        }
    };
    texts
        .iter()
        .map(|text| parse(text).ok_or(ParamError::Other(wrong)))
        .collect()
}

pub(in super::super) fn revoked_subaccounts(params: Params<'_>) -> Result<Request, ParamError> {
    let common = Common::of_owner(params)?;
    let timestamp = params.timestamp("timestamp")?;
    let (account, authorization) = common.load()?;
    let timestamp = require("timestamp", timestamp)?;
    Ok(Request::RevokedSubaccounts(Signed {
        params: RevokedSubaccounts { account, timestamp },
        authorization,
    }))
}
