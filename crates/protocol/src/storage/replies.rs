//! Answers of storage nodes, built by nodes and read by clients.
//!
//! Spec: storage §10 (STO-50 to STO-59), §11

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use serde_json::{Map, Value as Json, json};

use super::entries::{MemberFailure, MemberResult, ReplyError, parse_member};
use super::{MessageHash, Request, SwarmId, base64};
use crate::TimestampMs;

/// What every ordinary answer carries: the node's clock and the network's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// `t`: the node's clock.
    pub now: TimestampMs,
    /// `hf`: hard fork, `[major, minor]`.
    pub hf: [u8; 2],
}

impl Stamp {
    /// Adds `t` and `hf` to an answer.
    pub fn put_into(self, reply: &mut Map<String, Json>) {
        reply.insert("t".to_owned(), self.now.0.into());
        reply.insert("hf".to_owned(), json!(self.hf));
    }
}

/// A message as `retrieve` answers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetrievedMessage {
    /// Its hash.
    pub hash: MessageHash,
    /// When it was made, as its sender said.
    pub timestamp: TimestampMs,
    /// When it expires; it may have expired already. STO-52.
    pub expiry: TimestampMs,
    /// The message.
    pub data: Vec<u8>,
}

/// Answer to `retrieve`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retrieved {
    /// In the order in which the node stored them.
    pub messages: Vec<RetrievedMessage>,
    /// Whether there are further ones after the last.
    pub more: bool,
}

impl Retrieved {
    /// Builds the answer.
    pub fn to_json(&self, stamp: Stamp) -> Json {
        let message = |message: &RetrievedMessage| {
            json!({
                "hash": message.hash,
                "timestamp": message.timestamp.0,
                "expiration": message.expiry.0,
                "data": base64::encode(&message.data),
            })
        };
        let mut reply = Map::new();
        reply.insert("messages".to_owned(), self.messages.iter().map(message).collect());
        reply.insert("more".to_owned(), self.more.into());
        stamp.put_into(&mut reply);
        Json::Object(reply)
    }

    /// Reads the answer. One malformed message spoils the whole: a node that sends such is not to be trusted with the
    /// others either.
    ///
    /// # Errors
    /// [`ReplyError::Field`].
    pub fn parse(reply: &Json) -> Result<Self, ReplyError> {
        let messages = reply
            .get("messages")
            .and_then(Json::as_array)
            .ok_or(ReplyError::Field("messages"))?;
        let messages = messages.iter().map(parse_message).collect::<Result<_, _>>()?;
        Ok(Self {
            messages,
            more: reply.get("more").and_then(Json::as_bool).unwrap_or(false),
        })
    }
}

fn parse_message(message: &Json) -> Result<RetrievedMessage, ReplyError> {
    let text = |key| message.get(key).and_then(Json::as_str).map(str::as_bytes);
    Ok(RetrievedMessage {
        hash: text("hash")
            .and_then(MessageHash::parse)
            .ok_or(ReplyError::Field("hash"))?,
        timestamp: time(message, "timestamp")?,
        expiry: time(message, "expiration")?,
        data: text("data")
            .and_then(base64::decode)
            .ok_or(ReplyError::Field("data"))?,
    })
}

fn time(object: &Json, field: &'static str) -> Result<TimestampMs, ReplyError> {
    object
        .get(field)
        .and_then(Json::as_i64)
        .map(TimestampMs)
        .ok_or(ReplyError::Field(field))
}

/// A node as `get_swarm` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwarmMember {
    /// Its Ed25519 key.
    pub ed25519: [u8; 32],
    /// Its X25519 key, for onion layers.
    pub x25519: [u8; 32],
    /// Its key on the chain.
    pub legacy: [u8; 32],
    /// Its address.
    pub ip: Ipv4Addr,
    /// Port of its HTTPS server.
    pub https_port: u16,
    /// Port of its QUIC and OMQ servers.
    pub quic_port: u16,
}

/// Answer to `get_swarm`, and the body of a 421 refusal. STO-54, STO-46.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwarmInfo {
    /// The nodes that keep the account's messages.
    pub members: Vec<SwarmMember>,
    /// Their swarm.
    pub swarm: SwarmId,
}

impl SwarmInfo {
    /// Builds the answer.
    pub fn to_json(&self, stamp: Stamp) -> Json {
        let mut reply = Map::new();
        reply.insert(
            "snodes".to_owned(),
            self.members.iter().map(SwarmMember::to_json).collect(),
        );
        reply.insert("swarm".to_owned(), self.swarm.to_string().into());
        stamp.put_into(&mut reply);
        Json::Object(reply)
    }

    /// Reads the answer; members without a valid key or address are left out.
    ///
    /// # Errors
    /// [`ReplyError::Field`] without a list of nodes or a swarm.
    pub fn parse(reply: &Json) -> Result<Self, ReplyError> {
        let members = reply
            .get("snodes")
            .and_then(Json::as_array)
            .ok_or(ReplyError::Field("snodes"))?;
        let swarm = reply
            .get("swarm")
            .and_then(Json::as_str)
            .and_then(SwarmId::from_hex);
        Ok(Self {
            members: members.iter().filter_map(SwarmMember::parse).collect(),
            swarm: swarm.ok_or(ReplyError::Field("swarm"))?,
        })
    }
}

impl SwarmMember {
    fn to_json(&self) -> Json {
        let hex = |key: &[u8; 32]| data_encoding::HEXLOWER.encode(key);
        json!({
            "address": format!("{}.snode", base32z(&self.legacy)),
            "pubkey_legacy": hex(&self.legacy),
            "pubkey_x25519": hex(&self.x25519),
            "pubkey_ed25519": hex(&self.ed25519),
            // Old clients read a text here.
            "port": self.https_port.to_string(),
            "port_https": self.https_port,
            "port_omq": self.quic_port,
            "port_quic": self.quic_port,
            "ip": self.ip.to_string(),
        })
    }

    fn parse(member: &Json) -> Option<Self> {
        let key = |field| -> Option<[u8; 32]> {
            let text = member.get(field)?.as_str()?;
            data_encoding::HEXLOWER_PERMISSIVE
                .decode(text.as_bytes())
                .ok()?
                .try_into()
                .ok()
        };
        let port = |field| match member.get(field)? {
            Json::String(text) => text.parse().ok(),
            other => other.as_u64().and_then(|port| u16::try_from(port).ok()),
        };
        let ed25519 = key("pubkey_ed25519")?;
        Some(Self {
            ed25519,
            x25519: key("pubkey_x25519")?,
            legacy: key("pubkey_legacy").unwrap_or(ed25519),
            ip: member.get("ip")?.as_str()?.parse().ok()?,
            https_port: port("port_https").or_else(|| port("port"))?,
            quic_port: port("port_quic").or_else(|| port("port_omq"))?,
        })
    }
}

/// The alphabet of `.snode` addresses.
fn base32z(bytes: &[u8]) -> String {
    static BASE32Z: std::sync::LazyLock<Option<data_encoding::Encoding>> = std::sync::LazyLock::new(|| {
        let mut specification = data_encoding::Specification::new();
        specification.symbols.push_str("ybndrfg8ejkmcpqxot1uwisza345h769");
        specification.encoding().ok()
    });
    BASE32Z
        .as_ref()
        .map(|base32z| base32z.encode(bytes))
        .unwrap_or_default()
}

/// Answer to `info`. STO-47.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeInfo {
    /// Version of the storage server.
    pub version: [u16; 3],
    /// The node's clock.
    pub now: TimestampMs,
}

impl NodeInfo {
    /// Builds the answer.
    pub fn to_json(&self, hf: [u8; 2]) -> Json {
        json!({ "version": self.version, "timestamp": self.now.0, "t": self.now.0, "hf": hf })
    }

    /// Reads the answer; either name of the clock is taken.
    ///
    /// # Errors
    /// [`ReplyError::Field`].
    pub fn parse(reply: &Json) -> Result<Self, ReplyError> {
        let part = |index: usize| {
            reply
                .get("version")?
                .get(index)?
                .as_u64()
                .and_then(|part| u16::try_from(part).ok())
        };
        let (Some(major), Some(minor), Some(patch)) = (part(0), part(1), part(2)) else {
            return Err(ReplyError::Field("version"));
        };
        let now = time(reply, "timestamp").or_else(|_| time(reply, "t"))?;
        Ok(Self {
            version: [major, minor, patch],
            now,
        })
    }
}

/// Answer to a request that all members of a swarm run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberReplies {
    /// What each member did, by its Ed25519 key; not yet verified.
    pub members: BTreeMap<[u8; 32], MemberResult>,
}

impl MemberReplies {
    /// Reads the answer to `request`. A member whose entry makes no sense counts as one that failed.
    ///
    /// # Errors
    /// [`ReplyError::Field`] without entries, [`ReplyError::NotRecursive`] for other requests.
    pub fn parse(reply: &Json, request: &Request) -> Result<Self, ReplyError> {
        if !request.is_recursive() {
            return Err(ReplyError::NotRecursive);
        }
        let entries = reply
            .get("swarm")
            .and_then(Json::as_object)
            .ok_or(ReplyError::Field("swarm"))?;
        let mut members = BTreeMap::new();
        for (key, entry) in entries {
            let key = data_encoding::HEXLOWER_PERMISSIVE.decode(key.as_bytes()).ok();
            let Some(key) = key.and_then(|key| <[u8; 32]>::try_from(key).ok()) else {
                continue;
            };
            members.insert(
                key,
                parse_member(entry, request).unwrap_or(Err(MemberFailure::BadResponse)),
            );
        }
        Ok(Self { members })
    }

    /// The members that proved by their signature what they did in answer to `request`.
    pub fn proven<'r>(
        &'r self,
        request: &'r Request,
    ) -> impl Iterator<Item = (&'r [u8; 32], &'r super::entries::Entry)> + 'r {
        self.members.iter().filter_map(|(node, result)| match result {
            Ok(signed) if signed.verify(request, node) => Some((node, &signed.entry)),
            Ok(_) | Err(_) => None,
        })
    }
}

/// One result of a batch or sequence, or the result of the branch that ran.
#[derive(Clone, Debug, PartialEq)]
pub struct SubReply {
    /// Status.
    pub code: u16,
    /// The answer, or the text of a refusal.
    pub body: Json,
}

impl SubReply {
    /// Whether the request succeeded.
    pub const fn is_success(&self) -> bool {
        matches!(self.code, 200..=299)
    }

    /// The value as it stands in the answer.
    pub fn to_json(&self) -> Json {
        json!({ "code": self.code, "body": self.body })
    }

    fn parse(result: &Json) -> Result<Self, ReplyError> {
        let code = result
            .get("code")
            .and_then(Json::as_u64)
            .and_then(|code| u16::try_from(code).ok());
        let body = result.get("body").cloned().unwrap_or(Json::Null);
        Ok(Self {
            code: code.ok_or(ReplyError::Field("code"))?,
            body,
        })
    }

    /// Reads the answer to a batch or sequence; a sequence may have fewer results than requests.
    ///
    /// # Errors
    /// [`ReplyError::Field`].
    pub fn parse_all(reply: &Json) -> Result<Vec<Self>, ReplyError> {
        let results = reply
            .get("results")
            .and_then(Json::as_array)
            .ok_or(ReplyError::Field("results"))?;
        results.iter().map(Self::parse).collect()
    }
}

/// Reads the answer to `get_expiries`: texts that name no message are left out.
///
/// # Errors
/// [`ReplyError::Field`].
pub fn parse_expiries(reply: &Json) -> Result<BTreeMap<MessageHash, TimestampMs>, ReplyError> {
    let expiries = reply
        .get("expiries")
        .and_then(Json::as_object)
        .ok_or(ReplyError::Field("expiries"))?;
    let parse = |(hash, expiry): (&String, &Json)| {
        Some((
            MessageHash::parse(hash.as_bytes())?,
            TimestampMs(expiry.as_i64()?),
        ))
    };
    Ok(expiries.iter().filter_map(parse).collect())
}
