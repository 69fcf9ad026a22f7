//! Contrast of the tokens, computed as WCAG 2.2 does: text at least 4.5:1, icons and edges at least 3:1.

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../style/00-tokens.css");
const THEMES: [&str; 2] = ["light", "dark"];

/// Every colour token as (light, dark).
fn colours() -> BTreeMap<String, [String; 2]> {
    TOKENS
        .split(';')
        .filter_map(|declaration| {
            let (name, value) = declaration.rsplit_once("--")?.1.split_once(':')?;
            let pair = value.trim().strip_prefix("light-dark(")?.strip_suffix(')')?;
            let (light, dark) = pair.split_once(',')?;
            Some((
                name.trim().to_owned(),
                [light.trim().to_owned(), dark.trim().to_owned()],
            ))
        })
        .collect()
}

fn luminance(colour: &str) -> f64 {
    let digits = colour.strip_prefix('#').expect("a hex colour");
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&digits[at..at + 2], 16).expect("hex")) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[track_caller]
fn assert_contrast(fore: &str, back: &str, least: f64) {
    let colours = colours();
    let of = |name: &str| colours.get(name).unwrap_or_else(|| panic!("no token {name}"));
    for (index, theme) in THEMES.iter().enumerate() {
        let found = contrast(&of(fore)[index], &of(back)[index]);
        assert!(found >= least, "{theme}: {fore} on {back} is {found:.2}:1");
    }
}

#[test]
fn the_measure_itself_is_right() {
    assert!((contrast("#ffffff", "#000000") - 21.0).abs() < 0.01);
    assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.01);
}

#[test]
fn text_is_readable_on_every_ground_it_stands_on() {
    for ground in ["bg", "surface", "raised", "field"] {
        for ink in ["ink", "ink-2", "ink-3", "accent-ink", "danger", "good"] {
            assert_contrast(ink, ground, 4.5);
        }
    }
    for (fore, back) in [
        ("on-accent", "accent"),
        ("accent-ink", "accent-soft"),
        ("ink", "accent-soft"),
        ("on-mine", "mine"),
        ("on-mine-2", "mine"),
        ("on-theirs", "theirs"),
        ("link-theirs", "theirs"),
        ("on-signal", "signal"),
        ("warn-ink", "warn-soft"),
        ("danger", "danger-soft"),
        ("on-danger", "danger-fill"),
        ("on-toast", "toast"),
        ("ink-2", "accent-soft"),
    ] {
        assert_contrast(fore, back, 4.5);
    }
}

#[test]
fn initials_are_readable_on_every_avatar() {
    for n in 0..12 {
        assert_contrast("on-avatar", &format!("avatar-{n}"), 4.5);
    }
    assert_contrast("on-avatar", "avatar-note", 4.5);
}

#[test]
fn icons_edges_and_focus_rings_can_be_told_from_their_ground() {
    for ground in ["bg", "surface", "raised", "field"] {
        for sign in [
            "focus",
            "edge",
            "state-connected",
            "state-connecting",
            "state-down",
            "state-offline",
        ] {
            assert_contrast(sign, ground, 3.0);
        }
    }
}
