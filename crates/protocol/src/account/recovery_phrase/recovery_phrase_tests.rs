//! Rules of the recovery phrase.

use proptest::prelude::*;

use super::*;

const PHRASE: &str = "amaze buffet cake entrance symptoms tiger lamb maze nestle python dusted faxed faxed";
const SEED_HEX: &str = "000102030405060708090a0b0c0d0e0f";

fn seed() -> Seed {
    Seed::from_hex(SEED_HEX).unwrap()
}

#[test]
fn phr_03_a_seed_becomes_thirteen_words() {
    assert_eq!(encode(&seed()).join(" "), PHRASE);
}

#[test]
fn phr_06_case_commas_numbers_and_line_breaks_do_not_matter() {
    let messy: String = PHRASE
        .to_uppercase()
        .split(' ')
        .enumerate()
        .map(|(index, word)| format!("{}. {word},\n\t ", index + 1))
        .collect();
    assert_eq!(decode(&messy), Ok(seed()));
}

#[test]
fn phr_05_only_the_first_three_letters_count() {
    let sloppy = "amazing buffalo cakewalk entropy symbol tigger lambda mazurka nestling pythons dustpan faxing faxidermy";
    assert_eq!(decode(sloppy), Ok(seed()));
}

#[test]
fn too_few_words_are_counted() {
    assert_eq!(decode(""), Err(PhraseError::TooShort(0)));
    assert_eq!(decode(" ,;1234 "), Err(PhraseError::TooShort(0)));
    assert_eq!(decode("zork"), Err(PhraseError::TooShort(1)));
    let (twelve, _) = PHRASE.rsplit_once(' ').unwrap();
    assert_eq!(decode(twelve), Err(PhraseError::TooShort(12)));
}

#[test]
fn an_unknown_word_is_named_with_a_guess() {
    let typed = PHRASE.replace("python", "pyhton");
    let expected = PhraseError::UnknownWord {
        word: "pyhton".to_owned(),
        guess: "python",
    };
    assert_eq!(decode(&typed), Err(expected));
    // Also where the check word belongs.
    let typed = format!("{}zzzzz", PHRASE.strip_suffix("faxed").unwrap());
    assert!(matches!(decode(&typed), Err(PhraseError::UnknownWord { word, .. }) if word == "zzzzz"));
}

#[test]
fn long_nonsense_is_cut_before_it_is_named() {
    let typed = PHRASE.replace("python", &"q".repeat(100_000));
    assert!(matches!(decode(&typed), Err(PhraseError::UnknownWord { word, .. }) if word == "q".repeat(24)));
}

#[test]
fn too_many_words_are_refused() {
    assert_eq!(
        decode(&format!("{PHRASE} lamb lamb lamb")),
        Err(PhraseError::TooLong(16))
    );
    assert_eq!(
        decode(&format!("{PHRASE} {PHRASE}")),
        Err(PhraseError::TooLong(26))
    );
}

#[test]
fn phr_04_a_wrong_check_word_or_order_is_noticed() {
    assert_eq!(
        decode(&PHRASE.replace("faxed faxed", "faxed amaze")),
        Err(PhraseError::Check)
    );
    assert_eq!(
        decode(&PHRASE.replace("amaze buffet", "buffet amaze")),
        Err(PhraseError::Check)
    );
}

#[test]
fn phr_07_numbers_above_32_bits_are_refused() {
    let typed = "abbey abbey zoom entrance symptoms tiger lamb maze nestle python dusted faxed dusted";
    assert_eq!(decode(typed), Err(PhraseError::Overflow));
}

#[test]
fn phr_08_an_account_id_is_told_apart() {
    let id = "05D2ad010eeb72d72e561d9de7bd7b6989af77dcabffa03a5111a6c859ae5c3a72";
    assert_eq!(decode(id), Err(PhraseError::IsAccountId));
    assert_eq!(
        decode(&format!(" {} {}\n", &id[..4], &id[4..])),
        Err(PhraseError::IsAccountId)
    );
}

#[test]
fn phr_09_the_seed_as_hex_is_taken() {
    assert_eq!(decode(&format!(" {}\n", SEED_HEX.to_uppercase())), Ok(seed()));
    let legacy = "e317d04fe66ba4987709990d07586f2e3bcb135517181ae1539a5138bb22097b";
    assert_eq!(decode(legacy).unwrap().expose_secret().len(), 32);
    assert!(matches!(decode(&SEED_HEX[..30]), Err(PhraseError::TooShort(_))));
}

#[test]
fn typed_words_are_completed() {
    let words = typed_words("AMAzing zz buff");
    let shown: Vec<_> = words
        .iter()
        .map(|(typed, word)| (typed.as_str(), *word))
        .collect();
    assert_eq!(
        shown,
        [("amazing", Some("amaze")), ("zz", None), ("buff", Some("buffet"))]
    );
}

#[test]
fn codec_refuses_other_lengths() {
    assert_eq!(encode_bytes(&[]), Err(CodecError::Length));
    assert_eq!(encode_bytes(&[1; 6]), Err(CodecError::Length));
    assert_eq!(decode_words::<&str>(&[]), Err(CodecError::Length));
    assert_eq!(decode_words(&["abbey"]), Err(CodecError::Length));
    assert_eq!(decode_words(&["abbey"; 6]), Err(CodecError::Length));
}

proptest! {
    #[test]
    fn every_seed_comes_back(bytes in any::<[u8; 16]>()) {
        let seed = Seed::from_bytes(&bytes).unwrap();
        prop_assert_eq!(decode(&encode(&seed).join(" ")), Ok(seed));
    }

    #[test]
    fn every_legacy_seed_comes_back_from_25_words(bytes in any::<[u8; 32]>()) {
        let seed = Seed::from_bytes(&bytes).unwrap();
        let words = encode(&seed);
        prop_assert_eq!(words.len(), LEGACY_WORDS);
        prop_assert_eq!(decode(&words.join(" ")), Ok(seed));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,300}") {
        let _ = decode(&text);
        let _ = typed_words(&text);
    }
}
