//! How keys, pins and swarm numbers are written in JSON.

use data_encoding::{BASE64, HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Deserializer, Serializer, de::Error};

fn parse_key<E: Error>(text: &str) -> Result<[u8; 32], E> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| E::custom("a key is 64 hex digits"))
}

/// 32 bytes as 64 hex digits.
pub(crate) mod key {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(key: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&HEXLOWER.encode(key))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        parse_key(&String::deserialize(deserializer)?)
    }
}

/// The same, where it may be absent.
pub(crate) mod optional_key {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(key: &Option<[u8; 32]>, serializer: S) -> Result<S::Ok, S::Error> {
        match key {
            Some(key) => super::key::serialize(key, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<[u8; 32]>, D::Error> {
        Option::<String>::deserialize(d)?
            .map(|text| parse_key(&text))
            .transpose()
    }
}

/// A list of keys as hex digits.
pub(crate) mod keys {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(keys: &[[u8; 32]], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(keys.iter().map(|key| HEXLOWER.encode(key)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<[u8; 32]>, D::Error> {
        let texts = Vec::<String>::deserialize(d)?;
        texts.iter().map(|text| parse_key(text)).collect()
    }
}

/// A list of 32-byte hashes as base64.
pub(crate) mod pins {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(pins: &[[u8; 32]], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(pins.iter().map(|pin| BASE64.encode(pin)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<[u8; 32]>, D::Error> {
        let parse = |text: &String| BASE64.decode(text.as_bytes()).ok()?.try_into().ok();
        let texts = Vec::<String>::deserialize(d)?;
        let pins: Option<Vec<[u8; 32]>> = texts.iter().map(parse).collect();
        pins.ok_or_else(|| D::Error::custom("a pin is the base64 of 32 bytes"))
    }
}

/// A swarm's number as hex, where it is known.
pub(crate) mod swarm {
    use protocol::storage::SwarmId;

    use super::*;

    pub(crate) fn serialize<S: Serializer>(
        swarm: &Option<SwarmId>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match swarm {
            Some(swarm) => serializer.serialize_str(&swarm.to_string()),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<SwarmId>, D::Error> {
        let parse = |text: String| SwarmId::from_hex(&text).ok_or_else(|| D::Error::custom("a swarm is hex"));
        Option::<String>::deserialize(d)?.map(parse).transpose()
    }
}
