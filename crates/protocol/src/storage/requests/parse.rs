//! From a body or a bare command to a typed request.

use serde_json::{Map, Value as Json};

use super::params::{ParamError, Params};
use super::{Request, endpoints, meta};
use crate::bencode;

/// Why a request is refused before anyone looks at what it asks. All are answered with status 400 and this text.
/// Spec: storage §10 (STO-40).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The body is not one JSON value.
    #[error("invalid json")]
    Json,
    /// There is no method, or it is not text.
    #[error("invalid json: no `method` field")]
    NoMethod,
    /// There are no parameters, or they are not an object.
    #[error("invalid json: no `params` field")]
    NoParams,
    /// The parameters of a bare command are neither JSON nor a bencoded dictionary.
    #[error("invalid body: expected json or bt_dict")]
    Body,
    /// Nobody knows this method.
    #[error("no method {0}")]
    UnknownMethod(String),
    /// The parameters are wrong.
    #[error("invalid request: {0}")]
    Params(#[from] ParamError),
    /// A member of the swarm passed on what is not passed on.
    #[error("invalid request: received invalid forwarded non-forwardable request")]
    NotForwardable,
}

/// One method's parameters to a request.
pub(super) type Load = fn(Params<'_>) -> Result<Request, ParamError>;

impl Request {
    /// Parses the body of an HTTPS or onion request: `{"method": text, "params": {...}}`, other keys ignored.
    ///
    /// # Errors
    /// [`ParseError`], whose text is the answer. Spec: storage §10 (STO-40).
    pub fn parse(body: &[u8]) -> Result<Self, ParseError> {
        let body: Json = serde_json::from_slice(body).map_err(|_| ParseError::Json)?;
        let method = body
            .get("method")
            .and_then(Json::as_str)
            .ok_or(ParseError::NoMethod)?;
        let params = body
            .get("params")
            .and_then(Json::as_object)
            .ok_or(ParseError::NoParams)?;
        Self::parse_params(method, params)
    }

    /// Parses a method and its JSON parameters.
    ///
    /// # Errors
    /// [`ParseError::UnknownMethod`] or [`ParseError::Params`].
    pub fn parse_params(method: &str, params: &Map<String, Json>) -> Result<Self, ParseError> {
        let load = load_of(method).ok_or_else(|| ParseError::UnknownMethod(method.to_owned()))?;
        Ok(load(Params::Json(params))?)
    }

    /// Parses a bare command: `params` is a bencoded dictionary when it starts with `d`, else JSON; nothing means `{}`.
    ///
    /// # Errors
    /// [`ParseError::UnknownMethod`], [`ParseError::Body`] or [`ParseError::Params`]. Spec: storage §10 (STO-42).
    pub fn parse_command(method: &str, params: &[u8]) -> Result<Self, ParseError> {
        let load = load_of(method).ok_or_else(|| ParseError::UnknownMethod(method.to_owned()))?;
        if params.first() == Some(&b'd') {
            let value = bencode::parse(params, bencode::Limits::default()).map_err(|_| ParseError::Body)?;
            let dict = value.as_dict().ok_or(ParseError::Body)?;
            return Ok(load(Params::Bencoded(dict))?);
        }
        let params = if params.is_empty() { b"{}" } else { params };
        let params: Json = serde_json::from_slice(params).map_err(|_| ParseError::Body)?;
        let empty = Map::new();
        Ok(load(Params::Json(params.as_object().unwrap_or(&empty)))?)
    }

    /// Parses what one member of a swarm passes on to another: a method and bencoded parameters.
    ///
    /// # Errors
    /// As [`Self::parse_command`], and [`ParseError::NotForwardable`]. Spec: storage §12 (STO-60).
    pub fn parse_forwarded(method: &str, params: &[u8]) -> Result<Self, ParseError> {
        let request = Self::parse_command(method, params)?;
        if request.is_recursive() {
            Ok(request)
        } else {
            Err(ParseError::NotForwardable)
        }
    }
}

/// The loader of a method, aliases included.
pub(super) fn load_of(method: &str) -> Option<Load> {
    Some(match method {
        "store" => endpoints::store,
        "retrieve" => endpoints::retrieve,
        "delete" => endpoints::delete,
        "delete_all" => endpoints::delete_all,
        "delete_before" => endpoints::delete_before,
        "expire" => endpoints::expire,
        "expire_all" => endpoints::expire_all,
        "get_expiries" => endpoints::get_expiries,
        "revoke_subaccount" => endpoints::revoke_subaccount,
        "unrevoke_subaccount" => endpoints::unrevoke_subaccount,
        "revoked_subaccounts" => endpoints::revoked_subaccounts,
        "get_swarm" | "get_snodes_for_pubkey" => endpoints::get_swarm,
        "info" => |_| Ok(Request::Info),
        "active_nodes_bin" => |_| Ok(Request::ActiveNodes),
        "oxend_request" => endpoints::oxend_request,
        "batch" => |params| meta::subrequests(params).map(Request::Batch),
        "sequence" => |params| meta::subrequests(params).map(Request::Sequence),
        "ifelse" => |params| meta::if_else(params).map(|request| Request::IfElse(Box::new(request))),
        _ => return None,
    })
}
