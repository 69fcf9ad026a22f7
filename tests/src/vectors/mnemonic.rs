//! `mnemonic.json` and `mnemonic_wordlist_english.json`: recovery phrases and the list they are made of.

use data_encoding::HEXLOWER;
use protocol::account::recovery_phrase::{
    self, PhraseError, checksum_index, decode, decode_words, encode_bytes, encode_bytes_without_check, words,
};
use serde_json::Value;

use super::field::{Check, equal, hex, number, text};
use super::{CaseResult, each_case};

/// Runs `mnemonic.json`.
pub(super) fn run(file: &Value) -> Vec<CaseResult> {
    let mut results = vec![CaseResult {
        name: "english_list".to_owned(),
        outcome: list(&file["english_list"]),
    }];
    results.extend(each_case(file, |case| match text(case, "kind")? {
        "decode_ok" => decode_ok(case),
        "decode_ok_after_normalise" => decodes_to_seed(case),
        "decode_error" => decode_error(case),
        "encode_ok_any_length" => any_length(case),
        "encode_no_checksum" => no_check_word(case),
        "checksum" => checksum(case),
        other => Err(format!("unknown kind {other}")),
    }));
    results
}

/// Runs the word list.
pub(super) fn run_wordlist(file: &Value) -> Vec<CaseResult> {
    let theirs: Vec<&str> = file["words"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    vec![CaseResult {
        name: "words".to_owned(),
        outcome: equal("words", words(), &theirs[..]),
    }]
}

fn list(facts: &Value) -> Check {
    let words = words();
    let length = |pick: fn(_) -> Option<usize>| pick(words.iter().map(|word| word.len()));
    equal("count", words.len() as i64, number(facts, "count")?)?;
    equal(
        "first",
        words.first().copied().unwrap_or_default(),
        text(facts, "first")?,
    )?;
    equal(
        "last",
        words.last().copied().unwrap_or_default(),
        text(facts, "last")?,
    )?;
    equal(
        "shortest",
        length(Iterator::min),
        facts["word_len_min"].as_u64().map(|length| length as usize),
    )?;
    equal(
        "longest",
        length(Iterator::max),
        facts["word_len_max"].as_u64().map(|length| length as usize),
    )
}

fn decode_ok(case: &Value) -> Check {
    decodes_to_seed(case)?;
    let typed = text(case, "words")?;
    let written: Vec<_> = recovery_phrase::encode(&decode(typed).map_err(|error| error.to_string())?);
    let completed: Vec<_> = recovery_phrase::typed_words(typed)
        .into_iter()
        .map(|(_, word)| word.unwrap_or_default())
        .collect();
    equal("words written again", written, completed)
}

fn decodes_to_seed(case: &Value) -> Check {
    match decode(text(case, "words")?) {
        Ok(seed) => equal("seed", seed.expose_secret().to_vec(), hex(case, "seed_hex")?),
        Err(error) => Err(format!("refused: {error}")),
    }
}

fn decode_error(case: &Value) -> Check {
    let Err(error) = decode(text(case, "words")?) else {
        return Err("accepted".to_owned());
    };
    let kind = match error {
        PhraseError::TooShort(_) => "too_short",
        PhraseError::TooLong(_) => "too_long",
        PhraseError::UnknownWord { .. } => "unknown_word",
        PhraseError::Check => "checksum",
        PhraseError::Overflow => "overflow",
        _ => "other",
    };
    let expected = text(case, "error")?;
    if expected.contains(kind) {
        Ok(())
    } else {
        Err(format!("error {kind}, expected {expected}"))
    }
}

fn any_length(case: &Value) -> Check {
    let seed = hex(case, "seed_hex")?;
    let typed: Vec<&str> = text(case, "words")?.split(' ').collect();
    equal("words", encode_bytes(&seed), Ok(typed.clone()))?;
    equal(
        "bytes",
        decode_words(&typed).map(|bytes| bytes.to_vec()),
        Ok(seed.clone()),
    )?;
    if let Some(theirs) = case["indices"].as_array() {
        let body = &typed[..typed.len() - 1];
        let ours: Vec<_> = body
            .iter()
            .map(|word| words().iter().position(|known| known == word))
            .collect();
        let theirs: Vec<_> = theirs
            .iter()
            .map(|index| index.as_u64().map(|index| index as usize))
            .collect();
        equal("indices", ours, theirs)?;
    }
    if seed.len() == 32 {
        let decoded = decode(text(case, "words")?).map(|decoded| HEXLOWER.encode(decoded.expose_secret()));
        equal("legacy seed", decoded, Ok(HEXLOWER.encode(&seed)))?;
    }
    Ok(())
}

fn no_check_word(case: &Value) -> Check {
    let typed: Vec<&str> = text(case, "words")?.split(' ').collect();
    equal(
        "words",
        encode_bytes_without_check(&hex(case, "seed_hex")?),
        Ok(typed),
    )
}

fn checksum(case: &Value) -> Check {
    let words: Vec<&str> = text(case, "words12")?.split(' ').collect();
    equal("index", checksum_index(&words) as i64, number(case, "index")?)
}
