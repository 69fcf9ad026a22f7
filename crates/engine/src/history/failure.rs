//! What is said of a move that came to nothing.

use contract::{ErrorCode, Failure};
use nearby::{NearbyError, Reason};

/// The code of what went wrong between two devices.
pub(super) fn of_nearby(error: NearbyError) -> Failure {
    let code = match error {
        NearbyError::NoNetwork => ErrorCode::HistoryNetwork,
        NearbyError::Io(error) => {
            tracing::warn!(kind = ?error.kind(), "the local network cannot be used");
            ErrorCode::HistoryNetwork
        }
        NearbyError::Address => ErrorCode::HistoryAddress,
        NearbyError::Unreachable => ErrorCode::HistoryUnreachable,
        NearbyError::OtherAccount => ErrorCode::HistoryOther,
        NearbyError::Version(_) => ErrorCode::HistoryVersion,
        NearbyError::Unconfirmed => ErrorCode::HistoryUnconfirmed,
        NearbyError::CodesDiffer | NearbyError::Ended(Reason::CodesDiffer) => ErrorCode::HistoryCode,
        NearbyError::Ended(Reason::Cancelled) => ErrorCode::HistoryEnded,
        NearbyError::Ended(Reason::Space) => ErrorCode::HistorySpace,
        // Also what a later version may add.
        _ => ErrorCode::HistoryBroken,
    };
    code.into()
}
