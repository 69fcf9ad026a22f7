//! Signalling of calls.

use prost::Message;

/// One step of setting up or ending a call.
#[derive(Clone, PartialEq, Message)]
pub struct CallMessage {
    /// 1, required: [`CallType`].
    #[prost(enumeration = "CallType", optional, tag = "1")]
    pub r#type: Option<i32>,
    /// 2: session descriptions, or candidates.
    #[prost(string, repeated, tag = "2")]
    pub sdps: Vec<String>,
    /// 3: line of each candidate.
    #[prost(uint32, repeated, packed = "false", tag = "3")]
    pub sdp_m_line_indexes: Vec<u32>,
    /// 4: media section of each candidate.
    #[prost(string, repeated, tag = "4")]
    pub sdp_mids: Vec<String>,
    /// 5, required: names the call.
    #[prost(string, optional, tag = "5")]
    pub uuid: Option<String>,
}

/// Which step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum CallType {
    /// An offer of media.
    Offer = 1,
    /// The answer to it.
    Answer = 2,
    /// Not used.
    ProvisionalAnswer = 3,
    /// Ways to reach each other.
    IceCandidates = 4,
    /// The end.
    EndCall = 5,
    /// Somebody calls.
    PreOffer = 6,
}
