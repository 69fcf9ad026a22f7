//! How values of other crates, and plain enums, are kept in columns.

use protocol::account::AccountId;
use protocol::message::{Disappearing, DisappearingMode};
use rusqlite::Row;

/// Reads a 33-byte column.
pub(crate) fn account_id(row: &Row<'_>, index: usize) -> rusqlite::Result<AccountId> {
    row.get::<_, [u8; 33]>(index).map(AccountId::from_bytes)
}

/// The quota that what came too early counts for: one for each account that is known well enough, one for all others.
pub(crate) fn quota(account_id: Option<AccountId>) -> Vec<u8> {
    account_id.map_or(Vec::new(), |account_id| account_id.to_bytes().to_vec())
}

/// Reads a column of a mode and, behind it, one of its seconds.
pub(crate) fn disappearing(row: &Row<'_>, mode: usize) -> rusqlite::Result<Option<Disappearing>> {
    Ok(disappearing_of(row.get(mode)?, row.get(mode.saturating_add(1))?))
}

/// The setting that a mode and its seconds stand for.
pub(crate) fn disappearing_of(mode: i64, seconds: u32) -> Option<Disappearing> {
    let mode = match mode {
        1 => DisappearingMode::AfterRead,
        2 => DisappearingMode::AfterSend,
        _ => return None,
    };
    (seconds > 0).then_some(Disappearing { mode, seconds })
}

/// How a setting is written into the two columns that [`disappearing`] reads.
pub(crate) fn disappearing_values(setting: Option<Disappearing>) -> (i64, u32) {
    match setting {
        None => (0, 0),
        Some(Disappearing { mode, seconds }) => match mode {
            DisappearingMode::AfterRead => (1, seconds),
            DisappearingMode::AfterSend => (2, seconds),
        },
    }
}

/// Declares an enum that is stored as an integer; the numbers are forever.
macro_rules! stored_enum {
    ($(#[$doc:meta])* $name:ident { $( $(#[$vdoc:meta])* $variant:ident = $number:literal, )* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[$vdoc])* $variant = $number, )* }

        impl $name {
            pub(crate) fn from_number(number: i64) -> Option<Self> {
                match number {
                    $( $number => Some(Self::$variant), )*
                    _ => None,
                }
            }
        }

        impl rusqlite::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok((*self as i64).into())
            }
        }

        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                let number = value.as_i64()?;
                Self::from_number(number).ok_or(rusqlite::types::FromSqlError::OutOfRange(number))
            }
        }
    };
}

/// Declares an identifier that is a row's id.
macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl rusqlite::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                value.as_i64().map(Self)
            }
        }
    };
}

pub(crate) use {row_id, stored_enum};
