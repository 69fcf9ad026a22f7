//! Which starts ask for a passphrase, and which passphrases are tried.

use super::*;

#[test]
fn only_a_missing_or_wrong_passphrase_is_asked_for() {
    let needed = Failure::new(ErrorCode::PassphraseNeeded);
    assert_eq!(
        Asking::of(&needed.clone().with("first", "yes")),
        Some(Asking::Choose)
    );
    assert_eq!(Asking::of(&needed), Some(Asking::Type));
    assert_eq!(
        Asking::of(&Failure::new(ErrorCode::PassphraseWrong)),
        Some(Asking::Type)
    );
    assert_eq!(Asking::of(&Failure::new(ErrorCode::Store)), None);
    assert_eq!(Asking::of(&Failure::new(ErrorCode::Keyring)), None);
}

#[test]
fn a_new_passphrase_has_8_characters_and_is_typed_twice() {
    let choose = |passphrase, again| check(Asking::Choose, passphrase, again);
    assert_eq!(choose("", ""), Err(Wrong::Empty));
    assert_eq!(choose("seven77", "seven77"), Err(Wrong::Short));
    assert_eq!(choose("ééééééé", "ééééééé"), Err(Wrong::Short));
    assert_eq!(choose("éééééééé", "éééééééé"), Ok(()));
    assert_eq!(choose("eight888", ""), Err(Wrong::Different));
    assert_eq!(choose("eight888", "Eight888"), Err(Wrong::Different));
    assert_eq!(choose("eight 88 ", "eight 88 "), Ok(()));
}

#[test]
fn a_chosen_passphrase_is_tried_whatever_its_length() {
    assert_eq!(check(Asking::Type, "", ""), Err(Wrong::Empty));
    assert_eq!(check(Asking::Type, "short", ""), Ok(()));
}

#[test]
fn only_a_difference_is_mended_in_the_second_field() {
    assert!(Wrong::Different.is_about_the_second());
    let refused = Wrong::Refused(ErrorCode::PassphraseWrong.into());
    for wrong in [Wrong::Empty, Wrong::Short, refused] {
        assert!(!wrong.is_about_the_second(), "{wrong:?}");
    }
}
