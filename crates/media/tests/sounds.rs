//! Sounds that other programs made, of a length that those programs named.
#![allow(clippy::unwrap_used)] // A failing step is the failure of the test.

use media::sound_duration_ms;
use proptest::prelude::*;

/// Files under `sounds/`, and how long each lasts in milliseconds: what was encoded, with the encoder's own start and end
/// where the container does not name them.
const SOUNDS: [(&str, &[u8], u32); 11] = [
    ("tone.mp3", include_bytes!("sounds/tone.mp3"), 1_567),
    ("tone-tagged.mp3", include_bytes!("sounds/tone-tagged.mp3"), 1_620),
    ("tone.aac", include_bytes!("sounds/tone.aac"), 1_533),
    ("tone.m4a", include_bytes!("sounds/tone.m4a"), 1_523),
    ("fragments.mp4", include_bytes!("sounds/fragments.mp4"), 1_523),
    ("tone.opus.ogg", include_bytes!("sounds/tone.opus.ogg"), 1_500),
    ("tone.vorbis.ogg", include_bytes!("sounds/tone.vorbis.ogg"), 1_500),
    ("tone.webm", include_bytes!("sounds/tone.webm"), 1_508),
    ("live.webm", include_bytes!("sounds/live.webm"), 1_501),
    ("tone.wav", include_bytes!("sounds/tone.wav"), 1_500),
    ("tone.flac", include_bytes!("sounds/tone.flac"), 500),
];

#[test]
fn every_container_says_how_long_it_lasts() {
    for (name, bytes, ms) in SOUNDS {
        assert_eq!(sound_duration_ms(bytes), Some(ms), "{name}");
    }
}

#[test]
fn what_is_no_sound_has_no_duration() {
    for (name, bytes, _) in SOUNDS {
        let head = bytes.get(..12).unwrap();
        assert_eq!(sound_duration_ms(head), None, "the head of {name}");
        let noise = [head, &[0x5a; 4_000]].concat();
        assert_eq!(sound_duration_ms(&noise), None, "noise behind the head of {name}");
    }
    for bytes in [&b""[..], b"ID3", b"%PDF-1.7", b"RIFF\0\0\0\0WAVEdata\0\0\0\0"] {
        assert_eq!(sound_duration_ms(bytes), None);
    }
}

#[test]
fn a_recording_that_was_cut_off_lasts_as_long_as_what_is_there() {
    for (name, bytes, ms) in SOUNDS {
        // The others' heads name the whole length, or they say nothing before their end.
        if !["tone.mp3", "tone-tagged.mp3", "tone.aac", "tone.wav", "live.webm"].contains(&name) {
            continue;
        }
        let half = bytes.get(..bytes.len() / 2).unwrap();
        let measured = sound_duration_ms(half).unwrap();
        assert!((ms / 4..ms * 3 / 4).contains(&measured), "{name}: {measured} ms");
    }
}

proptest! {
    #[test]
    fn no_mutation_panics(
        which in 0..SOUNDS.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut: prop::sample::Index,
    ) {
        let mut bytes = SOUNDS[which].1.to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len().min(600));
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        let _ = sound_duration_ms(&bytes);
    }
}
