//! Memory and processor time of a process, as Linux counts them.

use std::time::{Duration, Instant};

use anyhow::Context;

/// Between two looks at a process that is to come to rest.
const LOOK: Duration = Duration::from_millis(100);
/// What never rests is looked at for so long.
const LONGEST: Duration = Duration::from_secs(30);
/// Changes below this are none.
const SAME_KB: u64 = 64;
/// Ticks of processor time in a second; the same on every Linux that programs see.
const TICKS_PER_S: f64 = 100.0;

/// Memory of one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Memory {
    /// Its share of all pages that it uses; pages of files that others use as well count in part.
    pub proportional_kb: u64,
    /// All pages that it uses.
    pub resident_kb: u64,
}

/// Reads the memory of a process.
///
/// # Errors
/// When there is no such process.
pub fn of(process: u32) -> anyhow::Result<Memory> {
    let text = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    };
    Ok(Memory {
        proportional_kb: field("Pss:").context("no Pss")?,
        resident_kb: field("Rss:").context("no Rss")?,
    })
}

/// The memory of a process once it has not changed for `rest`.
///
/// # Errors
/// When there is no such process.
pub fn at_rest(process: u32, rest: Duration) -> anyhow::Result<Memory> {
    let end = Instant::now() + LONGEST;
    let (mut last, mut since) = (of(process)?, Instant::now());
    while since.elapsed() < rest && Instant::now() < end {
        std::thread::sleep(LOOK);
        let now = of(process)?;
        if now.resident_kb.abs_diff(last.resident_kb) > SAME_KB {
            (last, since) = (now, Instant::now());
        }
    }
    of(process)
}

/// Processor time that a process has used, in user and system mode.
///
/// # Errors
/// When there is no such process.
pub fn processor_time(process: u32) -> anyhow::Result<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name of the program, in parentheses, may hold anything.
    let (_, fields) = text.rsplit_once(')').context("no name")?;
    let ticks = |index: usize| {
        let field = fields.split_whitespace().nth(index);
        field
            .and_then(|field| field.parse::<u64>().ok())
            .context("no time")
    };
    let all = ticks(11)?.saturating_add(ticks(12)?);
    Ok(Duration::from_secs_f64(all as f64 / TICKS_PER_S))
}
