//! Replays what fuzzing kept, and mutations of it.

#![allow(clippy::unwrap_used)] // A failing step is the failure of the test.

use std::path::{Path, PathBuf};

use fuzz_entries::ENTRIES;
use rand_core::{Rng, SeedableRng};

/// Mutations tried of each decoder's corpus, in all.
const MUTATIONS: usize = 10_000;

fn corpus(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(name);
    let mut inputs: Vec<(PathBuf, Vec<u8>)> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("no corpus for {name}: {error}"))
        .map(|file| file.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    inputs.sort();
    assert!(!inputs.is_empty(), "the corpus of {name} is empty");
    inputs
}

#[test]
fn every_decoder_holds_its_rules_for_the_corpus() {
    for (name, entry) in ENTRIES {
        for (path, input) in corpus(name) {
            let outcome = std::panic::catch_unwind(|| entry(&input));
            assert!(outcome.is_ok(), "{}", path.display());
        }
    }
}

#[test]
fn every_decoder_survives_ten_thousand_mutations() {
    for (name, entry) in ENTRIES {
        let inputs = corpus(name);
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(20);
        for round in 0..MUTATIONS {
            let (_, input) = &inputs[round % inputs.len()];
            let mutated = mutate(&mut rng, input);
            let outcome = std::panic::catch_unwind(|| entry(&mutated));
            assert!(outcome.is_ok(), "{name}, round {round}: {mutated:02x?}");
        }
    }
}

#[test]
fn every_entry_has_a_fuzz_target() {
    for (name, _) in ENTRIES {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../fuzz/fuzz_targets/{name}.rs"));
        let source = std::fs::read_to_string(&target).unwrap();
        assert!(
            source.contains(&format!("entry(\"{name}\")")),
            "{}",
            target.display()
        );
    }
}

/// Flips, cuts, repeats, inserts or exchanges a few bytes.
fn mutate(rng: &mut impl Rng, input: &[u8]) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=rng.next_u32() % 4 {
        let place = if bytes.is_empty() {
            0
        } else {
            rng.next_u32() as usize % bytes.len()
        };
        match rng.next_u32() % 6 {
            0 if !bytes.is_empty() => bytes[place] ^= 1 << (rng.next_u32() % 8),
            1 if !bytes.is_empty() => bytes[place] = rng.next_u32() as u8,
            2 => bytes.truncate(place),
            3 => bytes.insert(place, rng.next_u32() as u8),
            4 => bytes.extend_from_within(place..),
            _ if !bytes.is_empty() => drop(bytes.remove(place)),
            _ => bytes.push(rng.next_u32() as u8),
        }
        bytes.truncate(100_000);
    }
    bytes
}
