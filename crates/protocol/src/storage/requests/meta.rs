//! Requests that hold other requests: `batch`, `sequence`, `ifelse`.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

use super::params::{ParamError, Params};
use super::{Request, parse::load_of};
use crate::bencode::{self, Dict};

/// Most requests in one batch or sequence. STO-58.
pub const MAX_SUBREQUESTS: usize = 20;

/// Parameters of `ifelse`: at least one branch is there.
#[derive(Clone, Debug, PartialEq)]
pub struct IfElse {
    /// What decides.
    pub condition: Condition,
    /// Runs when all of the condition holds.
    pub then: Option<Request>,
    /// Runs otherwise.
    pub otherwise: Option<Request>,
}

/// What must hold of the node; every part that is given. STO-59.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// The block height is this or more.
    pub height_at_least: Option<i32>,
    /// The block height is less.
    pub height_before: Option<i32>,
    /// The hard fork, `[major, minor]`, is this or later.
    pub hf_at_least: Option<[i32; 2]>,
    /// The hard fork is earlier.
    pub hf_before: Option<[i32; 2]>,
    /// The storage server's version is this or later.
    pub v_at_least: Option<[i32; 3]>,
    /// The storage server's version is earlier.
    pub v_before: Option<[i32; 3]>,
}

/// What conditions ask about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeFacts {
    /// Block height.
    pub height: i32,
    /// Hard fork, `[major, minor]`.
    pub hf: [i32; 2],
    /// Version of the storage server.
    pub version: [i32; 3],
}

impl Condition {
    /// Whether all parts hold.
    pub fn holds(&self, node: &NodeFacts) -> bool {
        self.height_at_least.is_none_or(|least| node.height >= least)
            && self.height_before.is_none_or(|end| node.height < end)
            && self.hf_at_least.is_none_or(|least| node.hf >= least)
            && self.hf_before.is_none_or(|end| node.hf < end)
            && self.v_at_least.is_none_or(|least| node.version >= least)
            && self.v_before.is_none_or(|end| node.version < end)
    }

    fn read(params: Params<'_>) -> Result<Self, ParamError> {
        let condition = Self {
            height_at_least: params.integer("height_at_least")?,
            height_before: params.integer("height_before")?,
            hf_at_least: version(params, "hf_at_least")?,
            hf_before: version(params, "hf_before")?,
            v_at_least: version(params, "v_at_least")?,
            v_before: version(params, "v_before")?,
        };
        if condition == Self::default() {
            let wrong = "Invalid ifelse request: must specify at least one \"if\" condition";
            return Err(ParamError::Other(wrong));
        }
        Ok(condition)
    }
}

/// A version in as many parts as are asked for: missing ones are 0, further ones do not count, none at all is absent.
fn version<const N: usize>(params: Params<'_>, field: &'static str) -> Result<Option<[i32; N]>, ParamError> {
    let Some(given) = params.integers(field)?.filter(|given| !given.is_empty()) else {
        return Ok(None);
    };
    let mut version = [0; N];
    for (part, given) in version.iter_mut().zip(given) {
        *part = given;
    }
    Ok(Some(version))
}

/// The requests of a batch or sequence. One that is malformed spoils the whole. STO-58.
pub(super) fn subrequests(params: Params<'_>) -> Result<Vec<Request>, ParamError> {
    match params {
        Params::Json(map) => json_subrequests(map),
        Params::Bencoded(dict) => bencoded_subrequests(dict),
    }
}

fn json_subrequests(params: &Map<String, Json>) -> Result<Vec<Request>, ParamError> {
    let requests = params
        .get("requests")
        .and_then(Json::as_array)
        .filter(|requests| !requests.is_empty());
    let requests = requests.ok_or(ParamError::Other(
        "Invalid batch request: no valid \"requests\" field",
    ))?;
    if requests.len() > MAX_SUBREQUESTS {
        return Err(ParamError::Other(
            "Invalid batch request: subrequest limit exceeded",
        ));
    }
    requests.iter().map(json_subrequest).collect()
}

fn json_subrequest(request: &Json) -> Result<Request, ParamError> {
    let request = request.as_object().ok_or(ParamError::Other(
        "Invalid batch request: requests must be objects",
    ))?;
    let method = request.get("method").and_then(Json::as_str);
    let params = request.get("params").and_then(Json::as_object);
    let (Some(method), Some(params)) = (method, params) else {
        return Err(ParamError::Other(
            "Invalid batch request: subrequests must have method/params keys",
        ));
    };
    subrequest(method, Params::Json(params))
}

fn bencoded_subrequests(params: &Dict<'_>) -> Result<Vec<Request>, ParamError> {
    let requests = params
        .get(&b"requests"[..])
        .and_then(bencode::Value::as_list)
        .ok_or(ParamError::Other(
            "Invalid batch request: no valid \"requests\" field",
        ))?;
    if requests.is_empty() {
        return Err(ParamError::Other(
            "Invalid batch request: empty \"requests\" list",
        ));
    }
    if requests.len() > MAX_SUBREQUESTS {
        return Err(ParamError::Other(
            "Invalid batch request: subrequest limit exceeded",
        ));
    }
    requests.iter().map(bencoded_subrequest).collect()
}

fn bencoded_subrequest(request: &bencode::Value<'_>) -> Result<Request, ParamError> {
    if request.as_dict().is_none() {
        return Err(ParamError::Other("Invalid batch request: requests must be dicts"));
    }
    let method = request
        .get("method")
        .and_then(bencode::Value::as_bytes)
        .ok_or(ParamError::Other(
            "Invalid batch request: subrequests must have a method",
        ))?;
    let params = request
        .get("params")
        .and_then(bencode::Value::as_dict)
        .ok_or(ParamError::Other(
            "Invalid batch request: subrequests must have a params dict",
        ))?;
    subrequest(&String::from_utf8_lossy(method), Params::Bencoded(params))
}

fn subrequest(method: &str, params: Params<'_>) -> Result<Request, ParamError> {
    let load = load_of(method).ok_or_else(|| ParamError::SubrequestMethod(method.to_owned()))?;
    let request = load(params)?;
    if request.is_meta() {
        let wrong = "Invalid batch subrequest: subrequests may not contain meta-requests";
        return Err(ParamError::Other(wrong));
    }
    Ok(request)
}

/// A condition and its branches; both are parsed whichever will run. STO-59.
pub(super) fn if_else(params: Params<'_>) -> Result<IfElse, ParamError> {
    let (condition, then, otherwise) = match params {
        Params::Json(map) => {
            let condition = map.get("if").and_then(Json::as_object).ok_or(NO_CONDITION)?;
            let condition = Condition::read(Params::Json(condition))?;
            (condition, json_branch(map, "then")?, json_branch(map, "else")?)
        }
        Params::Bencoded(dict) => {
            let otherwise = bencoded_branch(dict, "else")?;
            let condition = dict
                .get(&b"if"[..])
                .and_then(bencode::Value::as_dict)
                .ok_or(NO_CONDITION)?;
            let condition = Condition::read(Params::Bencoded(condition))?;
            (condition, bencoded_branch(dict, "then")?, otherwise)
        }
    };
    if then.is_none() && otherwise.is_none() {
        let wrong = "Invalid ifelse request: at least one of \"then\"/\"else\" required";
        return Err(ParamError::Other(wrong));
    }
    Ok(IfElse {
        condition,
        then,
        otherwise,
    })
}

const NO_CONDITION: ParamError = ParamError::Other("Invalid ifelse request: no valid \"if\" field");

fn json_branch(params: &Map<String, Json>, branch: &'static str) -> Result<Option<Request>, ParamError> {
    let wrong = |problem| ParamError::Branch { branch, problem };
    let Some(request) = params.get(branch) else {
        return Ok(None);
    };
    let request = request.as_object().ok_or_else(|| wrong("must be an object"))?;
    let method = request.get("method").and_then(Json::as_str);
    let (Some(method), Some(params)) = (method, request.get("params")) else {
        return Err(wrong("must have method/params keys"));
    };
    let empty = Map::new();
    let params = Params::Json(params.as_object().unwrap_or(&empty));
    load_of(method).ok_or(ParamError::BranchMethod(branch))?(params).map(Some)
}

fn bencoded_branch(params: &Dict<'_>, branch: &'static str) -> Result<Option<Request>, ParamError> {
    let wrong = |problem| ParamError::Branch { branch, problem };
    let Some(request) = params.get(branch.as_bytes()) else {
        return Ok(None);
    };
    if request.as_dict().is_none() {
        return Err(wrong("must be a dict"));
    }
    let method = request.get("method").and_then(bencode::Value::as_bytes);
    let method: Cow<'_, str> = String::from_utf8_lossy(method.ok_or_else(|| wrong("missing method"))?);
    let load = load_of(&method).ok_or(ParamError::BranchMethod(branch))?;
    let params = request.get("params").and_then(bencode::Value::as_dict);
    load(Params::Bencoded(params.ok_or_else(|| wrong("missing params"))?)).map(Some)
}
