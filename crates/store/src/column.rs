//! How values of other crates, and plain enums, are kept in columns.

use protocol::account::AccountId;
use rusqlite::Row;

/// Reads a 33-byte column.
pub(crate) fn account_id(row: &Row<'_>, index: usize) -> rusqlite::Result<AccountId> {
    row.get::<_, [u8; 33]>(index).map(AccountId::from_bytes)
}

/// Declares an enum that is stored as an integer; the numbers are forever.
macro_rules! stored_enum {
    ($(#[$doc:meta])* $name:ident { $( $(#[$vdoc:meta])* $variant:ident = $number:literal, )* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[$vdoc])* $variant = $number, )* }

        impl $name {
            fn from_number(number: i64) -> Option<Self> {
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
