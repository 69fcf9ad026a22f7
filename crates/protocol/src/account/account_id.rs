//! The public name of an account, a group or a blinded identity.

use std::fmt;
use std::str::FromStr;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Names whom a message is for: an account, a group or a blinded identity.
///
/// Binary form, 33 bytes: `prefix (1) || key (32)`. Text form: 66 lower-case hex characters of the same bytes. For an
/// account the prefix is `05` and the key is its X25519 public key. Spec: identity §2 (IDN-06).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId {
    prefix: u8,
    key: [u8; 32],
}

/// Why a text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccountIdError {
    /// It does not have 66 characters.
    #[error("an id has 66 characters, not {0}")]
    Length(usize),
    /// A character is not a hex digit.
    #[error("an id is made of hex digits only")]
    NotHex,
    /// It is an id, but not of an account.
    #[error("ids with prefix {0:02x} do not name an account")]
    NotAnAccount(u8),
    /// It has an account's form, but nothing can be encrypted to its key.
    #[error("the key of this id is weak")]
    WeakKey,
}

impl AccountId {
    /// Prefix of accounts; the key is X25519.
    pub const ACCOUNT: u8 = 0x05;
    /// Prefix of groups; the key is Ed25519.
    pub const GROUP: u8 = 0x03;

    /// The id of the account with this X25519 public key.
    pub const fn account(x25519_public: [u8; 32]) -> Self {
        Self {
            prefix: Self::ACCOUNT,
            key: x25519_public,
        }
    }

    /// Takes an id apart; every prefix is allowed.
    pub const fn from_bytes(bytes: [u8; 33]) -> Self {
        let [prefix, key @ ..] = bytes;
        Self { prefix, key }
    }

    /// Parses the text form: 66 hex digits in any letter case, every prefix allowed, nothing around them.
    ///
    /// # Errors
    /// [`AccountIdError::Length`] or [`AccountIdError::NotHex`].
    pub fn parse(text: &str) -> Result<Self, AccountIdError> {
        if text.len() != 66 {
            return Err(AccountIdError::Length(text.chars().count()));
        }
        let bytes = HEXLOWER_PERMISSIVE
            .decode(text.as_bytes())
            .map_err(|_| AccountIdError::NotHex)?;
        bytes
            .try_into()
            .map(Self::from_bytes)
            .map_err(|_| AccountIdError::NotHex)
    }

    /// Parses what a person typed as an Account ID: blanks around it and letter case do not matter, the prefix must be
    /// `05`, and the key must be one that can be encrypted to. Spec: identity §2 (IDN-07).
    ///
    /// # Errors
    /// Every variant of [`AccountIdError`].
    pub fn parse_typed(text: &str) -> Result<Self, AccountIdError> {
        let id = Self::parse(text.trim())?;
        if id.prefix != Self::ACCOUNT {
            return Err(AccountIdError::NotAnAccount(id.prefix));
        }
        if id.has_weak_key() {
            return Err(AccountIdError::WeakKey);
        }
        Ok(id)
    }

    /// The first byte.
    pub const fn prefix(&self) -> u8 {
        self.prefix
    }

    /// The 32 bytes after the prefix.
    pub const fn key(&self) -> &[u8; 32] {
        &self.key
    }

    /// Whether the prefix is that of an account.
    pub const fn is_account(&self) -> bool {
        self.prefix == Self::ACCOUNT
    }

    /// The binary form, prefix first.
    pub fn to_bytes(self) -> [u8; 33] {
        let mut bytes = [self.prefix; 33];
        if let Some((_, key)) = bytes.split_first_mut() {
            key.copy_from_slice(&self.key);
        }
        bytes
    }

    /// The text form, lower case.
    pub fn to_hex(&self) -> String {
        HEXLOWER.encode(&self.to_bytes())
    }

    /// Whether the key is an X25519 point of small order, to which every shared secret is zero.
    fn has_weak_key(&self) -> bool {
        // Any clamped scalar is a multiple of the cofactor, so one product tells.
        x25519_dalek::x25519([8; 32], self.key) == [0; 32]
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountId({})", self.to_hex())
    }
}

impl FromStr for AccountId {
    type Err = AccountIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for AccountId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for AccountId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "05d2ad010eeb72d72e561d9de7bd7b6989af77dcabffa03a5111a6c859ae5c3a72";

    #[test]
    fn parse_takes_any_letter_case_and_prints_lower_case() {
        let id = AccountId::parse(&ID.to_uppercase()).unwrap();
        assert_eq!(id.to_string(), ID);
        assert_eq!(AccountId::from_bytes(id.to_bytes()), id);
        assert_eq!((id.prefix(), id.is_account()), (5, true));
    }

    #[test]
    fn parse_refuses_other_lengths_and_digits() {
        assert_eq!(AccountId::parse(&ID[..64]), Err(AccountIdError::Length(64)));
        assert_eq!(
            AccountId::parse(&format!("{ID} ")),
            Err(AccountIdError::Length(67))
        );
        assert_eq!(
            AccountId::parse(&ID.replace('d', "g")),
            Err(AccountIdError::NotHex)
        );
        // 66 bytes but fewer characters.
        assert_eq!(
            AccountId::parse(&format!("{}é", &ID[..64])),
            Err(AccountIdError::NotHex)
        );
    }

    #[test]
    fn idn_07_typed_ids_are_trimmed_and_must_name_an_account() {
        assert!(AccountId::parse_typed(&format!("\n {} ", ID.to_uppercase())).is_ok());
        let group = format!("03{}", &ID[2..]);
        assert_eq!(
            AccountId::parse_typed(&group),
            Err(AccountIdError::NotAnAccount(3))
        );
    }

    #[test]
    fn idn_07_small_order_keys_are_refused() {
        for point in ["00".repeat(32), format!("01{}", "00".repeat(31))] {
            assert_eq!(
                AccountId::parse_typed(&format!("05{point}")),
                Err(AccountIdError::WeakKey)
            );
        }
        // u = p - 1, of order four.
        let minus_one = format!("05ec{}7f", "ff".repeat(30));
        assert_eq!(AccountId::parse_typed(&minus_one), Err(AccountIdError::WeakKey));
    }

    #[test]
    fn serde_form_is_the_text() {
        let id = AccountId::parse(ID).unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{ID}\""));
        assert_eq!(
            serde_json::from_str::<AccountId>(&format!("\"{ID}\"")).unwrap(),
            id
        );
        assert!(serde_json::from_str::<AccountId>("\"05\"").is_err());
    }
}
