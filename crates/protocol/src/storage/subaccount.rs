//! Subaccount tokens: an owner lets another key act on its boxes.

use std::fmt;
use std::ops::BitOr;

use super::base64;
use crate::account::{AccountId, verify_signature};

/// What a token allows, as bits. SUB-02.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Access(pub u8);

impl Access {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Retrieve, ask for expiries, monitor.
    pub const READ: Self = Self(1);
    /// Store, and lengthen expiries.
    pub const WRITE: Self = Self(2);
    /// Delete, and shorten expiries.
    pub const DELETE: Self = Self(4);
    /// The token is good for accounts of any prefix.
    pub const ANY_PREFIX: Self = Self(8);

    /// Whether all bits of `other` are set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Access {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Access({:#06b})", self.0)
    }
}

/// A token of 36 bytes: `prefix (1) || access (1) || reserved (2) || Ed25519 key (32)`.
///
/// Makers set the reserved bytes to zero, readers ignore them and the unknown access bits. Revocation is of these exact
/// 36 bytes. Spec: storage §8 (SUB-01).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubaccountToken([u8; 36]);

impl SubaccountToken {
    /// Length in bytes.
    pub const LEN: usize = 36;

    /// Makes the token that lets `key` (Ed25519, 32 bytes) act for accounts with this prefix.
    pub fn new(prefix: u8, access: Access, key: &[u8; 32]) -> Self {
        let mut bytes = [0; Self::LEN];
        let parts = [prefix, access.0, 0, 0].into_iter().chain(*key);
        for (byte, part) in bytes.iter_mut().zip(parts) {
            *byte = part;
        }
        Self(bytes)
    }

    /// Takes any 36 bytes.
    pub const fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// Parses the text forms: 48 characters of base64 or 72 of hex. SUB-04.
    pub fn parse(text: &[u8]) -> Option<Self> {
        match text.len() {
            48 => base64::decode_array(text).map(Self),
            72 => data_encoding::HEXLOWER_PERMISSIVE
                .decode(text)
                .ok()?
                .try_into()
                .ok()
                .map(Self),
            _ => None,
        }
    }

    /// The 36 bytes.
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// The text form that we send: base64, 48 characters.
    pub fn to_base64(&self) -> String {
        base64::encode(&self.0)
    }

    /// What it allows.
    pub const fn access(&self) -> Access {
        let [_, access, ..] = self.0;
        Access(access)
    }

    /// The Ed25519 key that signs requests.
    pub fn key(&self) -> [u8; 32] {
        self.0.last_chunk::<32>().copied().unwrap_or_default()
    }

    const fn prefix(&self) -> u8 {
        let [prefix, ..] = self.0;
        prefix
    }
}

impl fmt::Debug for SubaccountToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SubaccountToken({})", data_encoding::HEXLOWER.encode(&self.0))
    }
}

/// A token with its owner's signature over the 36 bytes; not yet verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedSubaccount {
    /// The token.
    pub token: SubaccountToken,
    /// The owner's Ed25519 signature.
    pub signature: [u8; 64],
}

/// Why a token does not allow what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SubaccountError {
    /// The token is for accounts of another prefix.
    #[error("the token is for accounts of another kind")]
    Prefix,
    /// The token lacks one of the bits.
    #[error("the token does not allow this")]
    Access,
    /// The owner did not sign it.
    #[error("the token is not signed by the account's owner")]
    Signature,
}

impl SignedSubaccount {
    /// Checks that the owner allowed `required` on its account.
    ///
    /// `owner`: the Ed25519 key that owns the account, 32 bytes. Does not know of revocation.
    ///
    /// # Errors
    /// [`SubaccountError`], checked in the order of its variants. Spec: storage §8 (SUB-02, SUB-03).
    pub fn verify(
        &self,
        account: AccountId,
        required: Access,
        owner: &[u8; 32],
    ) -> Result<(), SubaccountError> {
        let access = self.token.access();
        if self.token.prefix() != account.prefix() && !access.contains(Access::ANY_PREFIX) {
            return Err(SubaccountError::Prefix);
        }
        if !access.contains(required) {
            return Err(SubaccountError::Access);
        }
        if !verify_signature(owner, self.token.as_bytes(), &self.signature) {
            return Err(SubaccountError::Signature);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};

    use super::*;

    fn signed(prefix: u8, access: u8) -> (SignedSubaccount, [u8; 32]) {
        let owner = SigningKey::from_bytes(&[7; 32]);
        let token = SubaccountToken::new(prefix, Access(access), &[9; 32]);
        let signature = owner.sign(token.as_bytes()).to_bytes();
        (
            SignedSubaccount { token, signature },
            owner.verifying_key().to_bytes(),
        )
    }

    const GROUP: AccountId = AccountId::from_bytes([3; 33]);

    #[test]
    fn sub_01_the_layout_is_prefix_access_reserved_key() {
        let (subaccount, _) = signed(3, 2);
        let bytes = subaccount.token.as_bytes();
        assert_eq!(&bytes[..4], &[3, 2, 0, 0]);
        assert_eq!(subaccount.token.key(), [9; 32]);
        let text = subaccount.token.to_base64();
        assert_eq!(SubaccountToken::parse(text.as_bytes()), Some(subaccount.token));
        assert_eq!(
            SubaccountToken::parse(data_encoding::HEXUPPER.encode(bytes).as_bytes()),
            Some(subaccount.token)
        );
        assert_eq!(SubaccountToken::parse(&text.as_bytes()[..47]), None);
    }

    #[test]
    fn sub_02_every_required_bit_must_be_set() {
        for have in 0..8 {
            for need in 0..8 {
                let (subaccount, owner) = signed(3, have);
                let allowed = subaccount.verify(GROUP, Access(need), &owner).is_ok();
                assert_eq!(allowed, have & need == need, "have {have:03b}, need {need:03b}");
            }
        }
    }

    #[test]
    fn sub_03_prefix_and_signature_must_fit() {
        let (subaccount, owner) = signed(5, 7);
        assert_eq!(
            subaccount.verify(GROUP, Access::READ, &owner),
            Err(SubaccountError::Prefix)
        );
        let (subaccount, owner) = signed(5, 15);
        assert_eq!(subaccount.verify(GROUP, Access::READ, &owner), Ok(()));
        assert_eq!(
            subaccount.verify(GROUP, Access::READ, &[1; 32]),
            Err(SubaccountError::Signature)
        );
        let mut changed = subaccount;
        changed.signature[0] ^= 1;
        assert_eq!(
            changed.verify(GROUP, Access::READ, &owner),
            Err(SubaccountError::Signature)
        );
    }
}
