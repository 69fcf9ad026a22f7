//! Device time: read and waited for through one trait, so that tests set it.

mod manual;

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::FutureExt;
use futures::future::BoxFuture;
use protocol::TimestampMs;

pub use manual::ManualClock;

/// The clock of this device. It may be wrong and may jump; network time is this plus the offset learnt from relays.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since the Unix epoch by this device.
    fn now(&self) -> TimestampMs;

    /// Ends when the clock shows `deadline` or later.
    fn sleep_until(&self, deadline: TimestampMs) -> BoxFuture<'static, ()>;
}

/// The operating system's clock.
#[derive(Clone, Debug, Default)]
pub struct SystemClock {
    offset_file: Option<PathBuf>,
}

impl SystemClock {
    /// The system's clock as it is.
    pub const fn new() -> Self {
        Self { offset_file: None }
    }

    /// The system's clock plus the milliseconds written in a file, read at each call; for trying out what time does.
    pub const fn with_offset_file(file: PathBuf) -> Self {
        Self {
            offset_file: Some(file),
        }
    }

    /// As [`SystemClock::with_offset_file`] with the file that the variable `TERN_CLOCK_OFFSET_FILE` names, in debug
    /// builds only; otherwise the clock as it is.
    pub fn from_environment() -> Self {
        let offset_file = match cfg!(debug_assertions) {
            true => std::env::var_os("TERN_CLOCK_OFFSET_FILE").map(PathBuf::from),
            false => None,
        };
        Self { offset_file }
    }

    fn offset_ms(&self) -> i64 {
        let text = self
            .offset_file
            .as_ref()
            .and_then(|file| std::fs::read_to_string(file).ok());
        text.and_then(|text| text.trim().parse().ok()).unwrap_or(0)
    }
}

impl Clock for SystemClock {
    fn now(&self) -> TimestampMs {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        TimestampMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)).plus_ms(self.offset_ms())
    }

    fn sleep_until(&self, deadline: TimestampMs) -> BoxFuture<'static, ()> {
        // Timers of the runtime do not see that the clock jumps or the device sleeps: look again now and then.
        let look_again = Duration::from_millis(if self.offset_file.is_some() { 200 } else { 15_000 });
        let clock = self.clone();
        async move {
            loop {
                let left = deadline.since_ms(clock.now());
                let Some(left) = u64::try_from(left).ok().filter(|left| *left > 0) else {
                    return;
                };
                tokio::time::sleep(Duration::from_millis(left).min(look_again)).await;
            }
        }
        .boxed()
    }
}

impl network::WallClock for SystemClock {
    fn now(&self) -> TimestampMs {
        Clock::now(self)
    }
}
