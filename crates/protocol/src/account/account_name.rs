//! Names that people register for their Account ID, as service nodes keep them.
//!
//! A node knows a name's hash only, and the id encrypted under a key that follows from the name: who asks must know the
//! name. Registering is no affair of this project. Spec: identity §4 (IDN-20 to IDN-22)

use blake2::Blake2bMac;
use blake2::digest::consts::U32;
use blake2::digest::{FixedOutput, KeyInit, Update};
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::AeadInOut;
use data_encoding::BASE64;
use zeroize::Zeroizing;

use super::AccountId;

const TAG_LEN: usize = 16;
const ID_LEN: usize = 33;
/// Longest name in bytes.
const LONGEST: usize = 64;

/// A registered name: 1 to 64 characters of `a-z 0-9 _ -`, no `-` at either end; kept in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName(String);

/// Text that cannot be a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a registered name")]
pub struct AccountNameError;

/// An answer that does not hold this name's id: another name's, altered, or of a form from before nonces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer does not open with this name")]
pub struct UnopenedName;

impl AccountName {
    /// Reads a name in upper or lower case. Spec: identity §4 (IDN-20)
    ///
    /// # Errors
    /// [`AccountNameError`]
    pub fn parse(text: &str) -> Result<Self, AccountNameError> {
        let sound = text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        match text.len() {
            1..=LONGEST if sound && !text.starts_with('-') && !text.ends_with('-') => {
                Ok(Self(text.to_ascii_lowercase()))
            }
            _ => Err(AccountNameError),
        }
    }

    /// The name in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What nodes are asked for: base64 of BLAKE2b-256 of the name. Spec: identity §4 (IDN-21)
    pub fn to_lookup_hash(&self) -> String {
        BASE64.encode(&self.hash(None))
    }

    /// Opens a node's answer. `encrypted`: 33 bytes and a tag of 16; `nonce`: 24 bytes. Spec: identity §4 (IDN-22)
    ///
    /// # Errors
    /// [`UnopenedName`]; also where the id is none of an account.
    pub fn open(&self, encrypted: &[u8], nonce: &[u8]) -> Result<AccountId, UnopenedName> {
        let key = Zeroizing::new(self.hash(Some(&self.hash(None))));
        let (text, tag) = encrypted.split_last_chunk::<TAG_LEN>().ok_or(UnopenedName)?;
        let mut id: [u8; ID_LEN] = text.try_into().map_err(|_| UnopenedName)?;
        XChaCha20Poly1305::new((&*key).into())
            .decrypt_inout_detached(
                nonce.try_into().map_err(|_| UnopenedName)?,
                &[],
                id.as_mut_slice().into(),
                tag.into(),
            )
            .map_err(|_| UnopenedName)?;
        let id = AccountId::from_bytes(id);
        if id.is_account() {
            Ok(id)
        } else {
            Err(UnopenedName)
        }
    }

    fn hash(&self, key: Option<&[u8]>) -> [u8; 32] {
        let hash = Blake2bMac::<U32>::new_with_salt_and_personal(key, &[], &[]);
        let mut hash = hash.expect("a key of 32 bytes is allowed");
        hash.update(self.0.as_bytes());
        hash.finalize_fixed().into()
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    const VALUE: &str =
        "3575802dd9bfea72672a208840f37ca289ceade5d3ffacabe2d231f109d204329fc33e28c331580d9a8c9b8a64cacfec97";
    const NONCE: &str = "00112233445566778899aabbccddeeff00ffeeddccbbaa99";

    fn name(text: &str) -> AccountName {
        AccountName::parse(text).unwrap()
    }

    fn hex(text: &str) -> Vec<u8> {
        HEXLOWER.decode(text.as_bytes()).unwrap()
    }

    #[test]
    fn idn_20_names_are_compared_in_lower_case() {
        assert_eq!(name("KeeJef"), name("keejef"));
        let long = "a".repeat(64);
        for good in ["a", "_", "a-b", "some_name", long.as_str()] {
            assert_eq!(name(good).as_str(), good);
        }
        let too_long = "a".repeat(65);
        for bad in ["", "-", "-a", "a-", "a b", "a.b", "ä", "a\0", too_long.as_str()] {
            assert_eq!(AccountName::parse(bad), Err(AccountNameError), "{bad}");
        }
    }

    #[test]
    fn idn_22_only_the_name_opens_its_id() {
        let (value, nonce) = (hex(VALUE), hex(NONCE));
        let id = name("test").open(&value, &nonce).unwrap();
        assert_eq!(
            id.to_hex(),
            "05d2ad010eeb72d72e561d9de7bd7b6989af77dcabffa03a5111a6c859ae5c3a72"
        );
        assert_eq!(name("tesu").open(&value, &nonce), Err(UnopenedName));
        for bit in 0..value.len() * 8 {
            let mut altered = value.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(name("test").open(&altered, &nonce), Err(UnopenedName), "{bit}");
        }
        for len in 0..value.len() {
            assert_eq!(
                name("test").open(&value[..len], &nonce),
                Err(UnopenedName),
                "{len}"
            );
        }
        for len in [0, 23, 25] {
            assert_eq!(
                name("test").open(&value, &vec![0; len]),
                Err(UnopenedName),
                "{len}"
            );
        }
    }
}
