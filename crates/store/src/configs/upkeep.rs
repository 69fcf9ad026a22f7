//! How each config fares in the account's swarm, so that what was done for it is known after a restart.

use protocol::TimestampMs;
use protocol::storage::Namespace;
use rusqlite::{OptionalExtension, params};

use crate::{Reading, StoreError, Writing};

/// How one config fares in the account's swarm. Network time, `None` for never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConfigUpkeep {
    /// When swarm and device last had the same.
    pub in_step_at: Option<TimestampMs>,
    /// The swarm has not taken what was edited here.
    pub waits: bool,
    /// When the swarm last promised to keep it for its whole lifetime.
    pub kept_at: Option<TimestampMs>,
    /// When it was last stored again because the swarm had lost it.
    pub restored_at: Option<TimestampMs>,
}

impl Reading<'_> {
    /// How a config fares; nothing is known of one that never was in a swarm.
    ///
    /// # Errors
    /// When the database fails.
    pub fn config_upkeep(&self, namespace: Namespace) -> Result<ConfigUpkeep, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT in_step_at, waits, kept_at, restored_at FROM config_upkeep WHERE namespace = ?1",
        )?;
        let time = |row: &rusqlite::Row<'_>, column| -> rusqlite::Result<_> {
            let at: i64 = row.get(column)?;
            Ok((at != 0).then_some(TimestampMs(at)))
        };
        let upkeep = statement.query_row([namespace.0], |row| {
            Ok(ConfigUpkeep {
                in_step_at: time(row, 0)?,
                waits: row.get(1)?,
                kept_at: time(row, 2)?,
                restored_at: time(row, 3)?,
            })
        });
        Ok(upkeep.optional()?.unwrap_or_default())
    }
}

impl Writing<'_> {
    /// Changes how a config fares.
    ///
    /// # Errors
    /// When the database fails.
    pub fn change_config_upkeep(
        &self,
        namespace: Namespace,
        change: impl FnOnce(&mut ConfigUpkeep),
    ) -> Result<(), StoreError> {
        let before = self.config_upkeep(namespace)?;
        let mut upkeep = before;
        change(&mut upkeep);
        if upkeep == before {
            return Ok(());
        }
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO config_upkeep (namespace, in_step_at, waits, kept_at, restored_at)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (namespace) DO UPDATE SET in_step_at = excluded.in_step_at, waits = excluded.waits,
                 kept_at = excluded.kept_at, restored_at = excluded.restored_at",
        )?;
        let time = |at: Option<TimestampMs>| at.map_or(0, |at| at.0);
        statement.execute(params![
            namespace.0,
            time(upkeep.in_step_at),
            upkeep.waits,
            time(upkeep.kept_at),
            time(upkeep.restored_at)
        ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::*;

    #[test]
    fn how_a_config_fares_is_kept_by_type_and_goes_with_the_account() {
        let store = store();
        let fares = |number| store.read(|r| r.config_upkeep(Namespace(number))).unwrap();
        assert_eq!(fares(3), ConfigUpkeep::default());
        let mut upkeep = ConfigUpkeep {
            in_step_at: Some(NOW),
            waits: true,
            kept_at: None,
            restored_at: Some(NOW.plus_ms(1)),
        };
        for waits in [true, false] {
            upkeep.waits = waits;
            store
                .write(|w| w.change_config_upkeep(Namespace(3), |known| *known = upkeep))
                .unwrap();
            assert_eq!(fares(3), upkeep);
        }
        assert_eq!(fares(2), ConfigUpkeep::default());
        store.write(|w| w.delete_account()).unwrap();
        assert_eq!(fares(3), ConfigUpkeep::default());
    }
}
