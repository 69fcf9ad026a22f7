//! Which sent times this account has used, so that none is ever used twice.
//!
//! Times are given out in a rising line. When the line has run far ahead of the network, because this device's clock or
//! another device's was wrong, it is taken back; what was used up there is remembered, and passed over when the line
//! comes there again. Spec: messages §9 (ENG-02, ENG-03).

use protocol::TimestampMs;
use rusqlite::params;

use crate::{Reading, StoreError, Writing};

/// Used times that are closer together than this are remembered as one run; a line this far ahead is left as it is.
const NEAR_MS: i64 = 10 * 60_000;
/// Runs remembered. With more, the two nearest become one: what lies between them is not used any more.
const MOST_RUNS: usize = 32;

/// Times used, from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    first: i64,
    last: i64,
}

/// All times used: where the line stands, and runs in order, apart from each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Used {
    line: i64,
    runs: Vec<Run>,
}

impl Used {
    /// The first time that is at `now` or later, behind the line, and unused.
    fn next(&self, now: i64) -> i64 {
        let mut next = now.max(self.line.saturating_add(1));
        for run in &self.runs {
            if (run.first..=run.last).contains(&next) {
                next = run.last.saturating_add(1);
            }
        }
        next
    }

    /// Moves the line to a time.
    fn take(&mut self, time: i64) {
        let mut taken = Run {
            first: time,
            last: time,
        };
        if self.line <= time && time.saturating_sub(self.line) <= NEAR_MS {
            taken.first = self.line;
        }
        self.line = time;
        self.runs.retain(|run| {
            let apart = run.last < taken.first || run.first > taken.last;
            if !apart {
                taken.first = taken.first.min(run.first);
                taken.last = taken.last.max(run.last);
            }
            apart
        });
        let at = self.runs.partition_point(|run| run.first < taken.first);
        self.runs.insert(at, taken);
        while self.runs.len() > MOST_RUNS {
            self.join_nearest();
        }
    }

    fn join_nearest(&mut self) {
        let gap = |pair: &[Run]| match pair {
            [before, after] => after.first.saturating_sub(before.last),
            _ => i64::MAX,
        };
        let nearest = self.runs.windows(2).enumerate().min_by_key(|(_, pair)| gap(pair));
        if let Some((at, _)) = nearest {
            let after = self.runs.remove(at + 1);
            self.runs[at].last = after.last;
        }
    }

    /// Takes the line back when it is far ahead of the network's time. Answers whether it did.
    fn settle(&mut self, network_now: i64) -> bool {
        if self.line.saturating_sub(network_now) <= NEAR_MS {
            return false;
        }
        let near = network_now.saturating_add(NEAR_MS);
        let before = self.runs.iter().take_while(|run| run.first <= near).last();
        let line = before.map_or(0, |run| run.last);
        let back = line < self.line;
        self.line = line;
        back
    }
}

impl Reading<'_> {
    fn used_times(&self) -> Result<Used, StoreError> {
        let line = self
            .conn
            .prepare_cached("SELECT last_sent_at FROM account")?
            .query_row([], |row| row.get(0))?;
        let mut statement = self
            .conn
            .prepare_cached("SELECT first_sent_at, last_sent_at FROM sent_runs ORDER BY first_sent_at")?;
        let runs = statement
            .query_map([], |row| {
                Ok(Run {
                    first: row.get(0)?,
                    last: row.get(1)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(Used { line, runs })
    }

    /// Whether the line of sent times is far ahead of the network's time, so that [`Writing::settle_sent_times`] has
    /// something to do. `false` without an account.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sent_times_are_ahead(&self, network_now: TimestampMs) -> Result<bool, StoreError> {
        match self.used_times() {
            Ok(mut used) => Ok(used.settle(network_now.0)),
            Err(StoreError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Writing<'_> {
    /// Gives out the sent time of the next thing sent: `now`, or the first later one that is behind the last one given
    /// out and was never used. No two things that an account sends share a sent time.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without an account.
    pub fn next_sent_at(&self, now: TimestampMs) -> Result<TimestampMs, StoreError> {
        let mut used = self.used_times()?;
        let next = used.next(now.0);
        self.take_sent_time(&mut used, next)?;
        Ok(TimestampMs(next))
    }

    /// Makes sure that times up to `seen` are not given out: for messages of ours that another device sent.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without an account.
    pub fn raise_sent_at(&self, seen: TimestampMs) -> Result<(), StoreError> {
        let mut used = self.used_times()?;
        match seen.0 > used.line {
            true => self.take_sent_time(&mut used, seen.0),
            false => Ok(()),
        }
    }

    /// Takes the line of sent times back to the network's time when it is more than ten minutes ahead of it. To be called
    /// only with a time that the network has confirmed: a clock that is behind must not move the line.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without an account.
    pub fn settle_sent_times(&self, network_now: TimestampMs) -> Result<(), StoreError> {
        let mut used = self.used_times()?;
        match used.settle(network_now.0) {
            true => self.set_sent_line(used.line),
            false => Ok(()),
        }
    }

    fn take_sent_time(&self, used: &mut Used, time: i64) -> Result<(), StoreError> {
        let before = used.runs.clone();
        used.take(time);
        let mut delete = self
            .conn
            .prepare_cached("DELETE FROM sent_runs WHERE first_sent_at = ?1")?;
        for gone in before.iter().filter(|run| !used.runs.contains(run)) {
            delete.execute([gone.first])?;
        }
        let mut insert = self
            .conn
            .prepare_cached("INSERT INTO sent_runs (first_sent_at, last_sent_at) VALUES (?1, ?2)")?;
        for new in used.runs.iter().filter(|run| !before.contains(run)) {
            insert.execute(params![new.first, new.last])?;
        }
        self.set_sent_line(used.line)
    }

    fn set_sent_line(&self, line: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE account SET last_sent_at = ?1")?
            .execute([line])?;
        Ok(())
    }
}

#[cfg(test)]
#[path = "sent_times_tests.rs"]
mod tests;
