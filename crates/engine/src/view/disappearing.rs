//! How messages disappear.

use protocol::message::{Disappearing, DisappearingMode};

pub(crate) const fn disappearing(setting: Disappearing) -> contract::Disappearing {
    contract::Disappearing {
        mode: match setting.mode {
            DisappearingMode::AfterRead => contract::DisappearingMode::AfterRead,
            DisappearingMode::AfterSend => contract::DisappearingMode::AfterSend,
        },
        seconds: setting.seconds,
    }
}

/// The setting that a shell asks for; `None` when its time is not above zero.
pub(crate) const fn parse_disappearing(setting: contract::Disappearing) -> Option<Disappearing> {
    if setting.seconds == 0 {
        return None;
    }
    Some(Disappearing {
        mode: match setting.mode {
            contract::DisappearingMode::AfterRead => DisappearingMode::AfterRead,
            contract::DisappearingMode::AfterSend => DisappearingMode::AfterSend,
        },
        seconds: setting.seconds,
    })
}
