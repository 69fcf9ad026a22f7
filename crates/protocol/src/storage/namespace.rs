//! Namespaces: the separate boxes of one account, and who may do what in each.

use serde::{Deserialize, Serialize};

/// One of an account's 65,536 boxes. Spec: storage §4 (STO-10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Namespace(pub i16);

/// The box, or all boxes of an account: what the methods that act on whole boxes take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamespaceScope {
    /// One box.
    One(Namespace),
    /// Every box of the account.
    All,
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Namespace {
    /// One-to-one messages of an account; the default.
    pub const MESSAGES: Self = Self(0);
    /// Config: the account's own profile.
    pub const USER_PROFILE: Self = Self(2);
    /// Config: contacts.
    pub const CONTACTS: Self = Self(3);
    /// Config: what was read up to when.
    pub const CONVO_INFO_VOLATILE: Self = Self(4);
    /// Config: groups and communities of the account.
    pub const USER_GROUPS: Self = Self(5);
    /// Messages of a group.
    pub const GROUP_MESSAGES: Self = Self(11);
    /// Config: encryption keys of a group.
    pub const GROUP_KEYS: Self = Self(12);
    /// Config: name, picture and settings of a group.
    pub const GROUP_INFO: Self = Self(13);
    /// Config: members of a group.
    pub const GROUP_MEMBERS: Self = Self(14);
    /// Notices to removed members of a group, readable with a revoked token.
    pub const GROUP_REVOKED: Self = Self(-11);
    /// Groups of an older design; nothing sends there any more.
    pub const LEGACY_GROUPS: Self = Self(-10);

    /// Anyone may store here: the number is a multiple of ten. STO-11.
    pub const fn is_public_inbox(self) -> bool {
        self.0 % 10 == 0
    }

    /// Holds one message, written by the owner and readable by anyone: -1, -21, -41 and so on. STO-12.
    pub const fn is_public_outbox(self) -> bool {
        self.0 < 0 && self.0 % 20 == -1
    }

    /// Anyone may read: public outboxes and -10. STO-12.
    pub const fn is_public_to_read(self) -> bool {
        self.is_public_outbox() || self.0 == Self::LEGACY_GROUPS.0
    }

    /// A revoked token may still read: -11, -111, -211 and so on. STO-13.
    pub const fn is_readable_when_revoked(self) -> bool {
        self.0 < 0 && self.0 % 100 == -11
    }

    /// Set aside for tests by the newest relays. Older ones treat it as any public outbox, and so do we. STO-14.
    pub const fn is_reserved_for_testing(self) -> bool {
        self.0 == -3741
    }

    /// The longest time to live of a message in milliseconds: 14 days in public inboxes, else 30 days. STO-11.
    pub const fn max_ttl_ms(self) -> i64 {
        if self.is_public_inbox() {
            14 * DAY_MS
        } else {
            30 * DAY_MS
        }
    }

    /// How signed strings and hashes name it: nothing for the default, else decimal. STO-30.
    pub fn signed_text(self) -> String {
        if self == Self::MESSAGES {
            String::new()
        } else {
            self.0.to_string()
        }
    }
}

impl NamespaceScope {
    /// How signed strings name it: as [`Namespace::signed_text`], or `all`. STO-30.
    pub fn signed_text(self) -> String {
        match self {
            Self::One(namespace) => namespace.signed_text(),
            Self::All => "all".to_owned(),
        }
    }
}

impl From<Namespace> for NamespaceScope {
    fn from(namespace: Namespace) -> Self {
        Self::One(namespace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sto_11_to_13_rules_are_arithmetic() {
        for n in [0, 10, -10, -32760, 400] {
            assert!(Namespace(n).is_public_inbox());
        }
        for n in [-1, -21, -41, -3741] {
            assert!(Namespace(n).is_public_outbox() && Namespace(n).is_public_to_read());
        }
        for n in [1, 21, -11, -31, -20, i16::MIN, i16::MAX] {
            assert!(!Namespace(n).is_public_outbox());
        }
        for n in [-11, -111, -211] {
            assert!(Namespace(n).is_readable_when_revoked());
        }
        assert!(!Namespace(-31).is_readable_when_revoked() && !Namespace(89).is_readable_when_revoked());
    }

    #[test]
    fn sto_30_the_default_has_no_text() {
        assert_eq!(Namespace::MESSAGES.signed_text(), "");
        assert_eq!(NamespaceScope::One(Namespace(-42)).signed_text(), "-42");
        assert_eq!(NamespaceScope::All.signed_text(), "all");
    }
}
