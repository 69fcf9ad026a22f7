//! How much of something is done.

/// In percent, 100 at most; `None` of nothing.
pub(crate) fn percent(done: u64, whole: u64) -> Option<u8> {
    let percent = done.saturating_mul(100).checked_div(whole)?;
    u8::try_from(percent.min(100)).ok()
}
