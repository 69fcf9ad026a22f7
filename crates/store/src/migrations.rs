//! The numbered steps from an empty file to the schema in use.
//!
//! Forward only; each runs in its own transaction, and a released file never changes. Where the file stands is in the
//! database's `user_version`.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::StoreError;

macro_rules! migrations {
    ($($file:literal),* $(,)?) => {
        &[$(M::up(include_str!(concat!("../migrations/", $file, ".sql"))).foreign_key_check()),*]
    };
}

const STEPS: &[M<'static>] = migrations![
    "0001_create_account",
    "0002_create_contacts",
    "0003_create_conversations",
    "0004_create_messages",
    "0005_create_outbox",
    "0006_create_swarm_state",
    "0007_create_network_state",
    "0008_create_preferences",
    "0009_create_reactions",
    "0010_add_disappearing",
    "0011_manage_lists",
    "0012_create_attachments",
    "0013_add_quotes",
    "0014_create_deletions",
    "0015_create_sent_runs",
    "0016_create_search",
    "0017_create_receipts",
    "0018_note_blocking",
    "0019_create_pictures",
    "0020_bound_downloads",
    "0021_keep_backups",
    "0022_create_link_previews",
    "0023_note_durations",
    "0024_key_early_words",
    "0025_create_thumbnails",
    "0026_create_configs",
    "0027_create_config_upkeep",
    "0028_create_proxy",
    "0029_keep_voice_drafts",
    "0030_report_restores",
    "0031_add_community_requests",
    "0032_index_files",
];

const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// How far an earlier version's database is on its way to the schema in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upgrade {
    /// Steps that were taken.
    pub done: u32,
    /// All that this opening takes, at least one.
    pub of: u32,
}

/// Brings the database to the latest schema. Of an earlier version's database `tell` hears before each step; a new one and
/// one that is up to date are not told of.
///
/// # Errors
/// [`StoreError::TooNew`] when the file knows more steps than this program.
pub(crate) fn run(conn: &mut Connection, tell: &dyn Fn(Upgrade)) -> Result<(), StoreError> {
    let from: u32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if from > 0 {
        let missing: Vec<usize> = (1..=STEPS.len()).skip(from as usize).collect();
        let of = missing.len() as u32;
        for (step, done) in missing.into_iter().zip(0..) {
            tell(Upgrade { done, of });
            MIGRATIONS.to_version(conn, step)?;
        }
    }
    Ok(MIGRATIONS.to_latest(conn)?)
}

#[cfg(test)]
#[path = "migrations_tests.rs"]
mod tests;
