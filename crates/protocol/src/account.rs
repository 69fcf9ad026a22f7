//! Accounts: the secret seed, the keys made from it, the Account ID that others see, and the recovery phrase.
//!
//! Owns every way from one of these forms to another. Does not keep anything: the store and the keychain do.
//! Invariant: all keys of an account follow from its [`Seed`]; there is no second secret.

mod account_id;
mod account_name;
mod ed25519_point;
mod keys;
pub mod recovery_phrase;
mod seed;

pub use account_id::{AccountId, AccountIdError};
pub use account_name::{AccountName, AccountNameError, UnopenedName};
pub(crate) use ed25519_point::ForeignKey;
pub use ed25519_point::{ForeignKeyError, verify_signature, x25519_from_ed25519};
pub use keys::AccountKeys;
pub use seed::{Seed, SeedError};
