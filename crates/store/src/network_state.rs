//! What the network layer finds again after a restart, and when services were last heard.

use protocol::TimestampMs;
use rusqlite::{OptionalExtension, params};

use crate::{Reading, StoreError, Writing};

/// A part of what the network layer keeps, in its own encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CachePart {
    /// The relays known.
    Pool,
    /// The entry relays in use.
    Guards,
    /// Who keeps whose messages.
    Swarms,
    /// How far the device's clock is off.
    Clock,
}

/// When a service was last heard, in device time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServiceHealth {
    /// Its last answer.
    pub last_answered_at: Option<TimestampMs>,
    /// The first failure after that answer; `None` while it answers.
    pub silent_since: Option<TimestampMs>,
}

impl CachePart {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Pool => "pool",
            Self::Guards => "guards",
            Self::Swarms => "swarms",
            Self::Clock => "clock",
        }
    }
}

impl Reading<'_> {
    /// A part of the network cache; `None` when it was never saved.
    ///
    /// # Errors
    /// When the database fails.
    pub fn network_cache(&self, part: CachePart) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT bytes FROM network_cache WHERE part = ?1")?;
        Ok(statement
            .query_row([part.as_str()], |row| row.get(0))
            .optional()?)
    }

    /// What is known of a service, named as the caller likes.
    ///
    /// # Errors
    /// When the database fails.
    pub fn service_health(&self, service: &str) -> Result<ServiceHealth, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT last_answered_at, silent_since FROM services WHERE service = ?1")?;
        let health = statement.query_row([service], |row| {
            Ok(ServiceHealth {
                last_answered_at: row.get::<_, Option<i64>>(0)?.map(TimestampMs),
                silent_since: row.get::<_, Option<i64>>(1)?.map(TimestampMs),
            })
        });
        Ok(health.optional()?.unwrap_or_default())
    }
}

impl Writing<'_> {
    /// Saves a part of the network cache.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_network_cache(
        &self,
        part: CachePart,
        bytes: &[u8],
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO network_cache (part, bytes, saved_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (part) DO UPDATE SET bytes = excluded.bytes, saved_at = excluded.saved_at",
        )?;
        statement.execute(params![part.as_str(), bytes, now.0])?;
        Ok(())
    }

    /// Records an answer of a service.
    ///
    /// # Errors
    /// When the database fails.
    pub fn record_service_answer(&self, service: &str, now: TimestampMs) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO services (service, last_answered_at) VALUES (?1, ?2)
             ON CONFLICT (service) DO UPDATE SET last_answered_at = excluded.last_answered_at, silent_since = NULL",
        )?;
        statement.execute(params![service, now.0])?;
        Ok(())
    }

    /// Records that a service did not answer; the first time counts.
    ///
    /// # Errors
    /// When the database fails.
    pub fn record_service_silence(&self, service: &str, now: TimestampMs) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO services (service, silent_since) VALUES (?1, ?2)
             ON CONFLICT (service) DO UPDATE SET silent_since = ifnull(silent_since, excluded.silent_since)",
        )?;
        statement.execute(params![service, now.0])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    #[test]
    fn cache_parts_are_kept_apart_and_replaced() {
        let store = Store::in_memory().unwrap();
        store
            .write(|w| {
                w.set_network_cache(CachePart::Pool, b"old", TimestampMs(1))?;
                w.set_network_cache(CachePart::Guards, b"guards", TimestampMs(2))?;
                w.set_network_cache(CachePart::Pool, b"new", TimestampMs(3))
            })
            .unwrap();
        store
            .read::<_, StoreError>(|r| {
                assert_eq!(r.network_cache(CachePart::Pool)?.as_deref(), Some(&b"new"[..]));
                assert_eq!(
                    r.network_cache(CachePart::Guards)?.as_deref(),
                    Some(&b"guards"[..])
                );
                assert_eq!(r.network_cache(CachePart::Swarms)?, None);
                Ok(())
            })
            .unwrap();
    }

    #[test]
    fn silence_counts_from_its_beginning_and_ends_with_an_answer() {
        let store = Store::in_memory().unwrap();
        let health = |store: &Store| {
            store
                .read::<_, StoreError>(|r| r.service_health("seeds"))
                .unwrap()
        };
        assert_eq!(health(&store), ServiceHealth::default());
        for at in [5, 9] {
            store
                .write(|w| w.record_service_silence("seeds", TimestampMs(at)))
                .unwrap();
        }
        assert_eq!(
            health(&store),
            ServiceHealth {
                last_answered_at: None,
                silent_since: Some(TimestampMs(5))
            }
        );
        store
            .write(|w| w.record_service_answer("seeds", TimestampMs(12)))
            .unwrap();
        assert_eq!(
            health(&store),
            ServiceHealth {
                last_answered_at: Some(TimestampMs(12)),
                silent_since: None
            }
        );
    }
}
