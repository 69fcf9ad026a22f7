//! Account IDs and recovery phrases as people type them.

use protocol::account::{AccountId, recovery_phrase};

pub(crate) fn account_id(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(id) = AccountId::parse(text) {
        assert_eq!(
            AccountId::parse(&id.to_string()),
            Ok(id),
            "an id parses from its own text"
        );
    }
    if let Ok(id) = AccountId::parse_typed(text) {
        assert!(id.to_string().starts_with("05"));
    }
}

pub(crate) fn recovery_phrase(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let _ = recovery_phrase::typed_words(text);
    if let Ok(seed) = recovery_phrase::decode(text) {
        let again = recovery_phrase::decode(&recovery_phrase::encode(&seed).join(" "));
        let again = again.expect("a phrase made from a seed decodes");
        assert_eq!(again.expose_secret(), seed.expose_secret());
    }
}
