//! Moving history to another device.

use serde::{Deserialize, Serialize};

use crate::Failure;

/// Answer to `get_history`: the move that is under way, or how the last one ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryView {
    /// What this device does or did; `None` before the first move.
    pub role: Option<HistoryRole>,
    /// How far it is.
    pub stage: HistoryStage,
}

/// What a device does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryRole {
    /// It has the history and gives it.
    Send,
    /// It takes it.
    Receive,
}

/// How far a move is. In JSON: `{"stage": "code", "code": "042 917", "confirmed": false}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum HistoryStage {
    /// Nothing is under way.
    #[default]
    Idle,
    /// The other device is looked for.
    Waiting {
        /// Where this device can be reached, as `192.168.1.20:40123`; none at the device that receives.
        addresses: Vec<String>,
    },
    /// The people at both devices compare this code.
    Code {
        /// Six digits in two groups.
        code: String,
        /// It was confirmed here, and is waited for there.
        confirmed: bool,
    },
    /// History passes from one device to the other.
    Moving {
        /// How far it is.
        percent: u8,
    },
    /// It is put in its place at the receiving device.
    Storing {
        /// How far it is; at the sending device nobody knows.
        percent: Option<u8>,
    },
    /// Everything is in its place.
    Done {
        /// Messages that were sent, or that were missing here and came.
        messages: u64,
        /// Files likewise.
        files: u64,
    },
    /// It came to nothing, and can be begun again.
    Failed {
        /// Why.
        failure: Failure,
    },
}

impl HistoryStage {
    /// Whether something is under way.
    pub const fn is_under_way(&self) -> bool {
        match self {
            Self::Idle | Self::Done { .. } | Self::Failed { .. } => false,
            Self::Waiting { .. } | Self::Code { .. } | Self::Moving { .. } | Self::Storing { .. } => true,
        }
    }
}
