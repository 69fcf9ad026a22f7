//! Time that passes, and time that the processors spend on this process.

use std::ops::{Add, Sub};

use rustix::time::{ClockId, clock_gettime};

/// Two times in seconds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cost {
    /// On the clock.
    pub(super) wall_s: f64,
    /// On the processors, in all threads of this process.
    pub(super) cpu_s: f64,
}

impl Cost {
    /// Since some moment that is always the same.
    pub(super) fn so_far() -> Self {
        Self {
            wall_s: seconds(ClockId::Monotonic),
            cpu_s: seconds(ClockId::ProcessCPUTime),
        }
    }
}

fn seconds(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            wall_s: self.wall_s + other.wall_s,
            cpu_s: self.cpu_s + other.cpu_s,
        }
    }
}

impl Sub for Cost {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            wall_s: self.wall_s - other.wall_s,
            cpu_s: self.cpu_s - other.cpu_s,
        }
    }
}
