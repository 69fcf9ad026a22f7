//! Contrast of the tokens, computed as WCAG 2.2 does, in every theme with every accent: text at least 4.5:1, icons and
//! edges at least 3:1, and text at least 7:1 in high contrast.

use std::collections::BTreeMap;

use super::*;

const SHEETS: [&str; 3] = [
    include_str!("../style/00-tokens.css"),
    include_str!("../style/02-accents.css"),
    include_str!("../style/03-contrast.css"),
];

/// Colours by name, each as (light, dark).
type Colours = BTreeMap<String, [String; 2]>;

/// A theme as it is drawn.
struct Look {
    name: String,
    colours: BTreeMap<String, String>,
    high_contrast: bool,
}

/// The blocks of the style sheets: selector and colours.
fn blocks() -> Vec<(String, Colours)> {
    let mut blocks = Vec::new();
    for sheet in SHEETS {
        for block in sheet.split('}') {
            let Some((before, declarations)) = block.rsplit_once('{') else {
                continue;
            };
            let selector = before.rsplit("*/").next().unwrap_or(before).trim().to_owned();
            let colours = declarations.split(';').filter_map(|declaration| {
                let (name, value) = declaration.rsplit_once("--")?.1.split_once(':')?;
                let pair = value.trim().strip_prefix("light-dark(")?.strip_suffix(')')?;
                let (light, dark) = pair.split_once(", ")?;
                Some((name.trim().to_owned(), [light.to_owned(), dark.to_owned()]))
            });
            blocks.push((selector, colours.collect()));
        }
    }
    blocks
}

/// Light and dark, plain and in high contrast, with each accent.
fn looks() -> Vec<Look> {
    let blocks = blocks();
    let mut looks = Vec::new();
    for accent in Accent::ALL {
        let accent = accent_name(accent);
        for theme in [Theme::System, Theme::HighContrast] {
            let high_contrast = theme == Theme::HighContrast;
            let of_accent = format!("[data-accent=\"{accent}\"]");
            let of_theme = format!("[data-theme=\"{}\"]", name(theme));
            // In the order of what wins over what.
            let selectors = [":root", &of_accent, &of_theme, &format!("{of_theme}{of_accent}")];
            let mut all = Colours::new();
            for selector in selectors {
                let is_for = |of: &str| of.split(',').any(|one| one.trim() == selector);
                for (_, colours) in blocks.iter().filter(|(of, _)| is_for(of)) {
                    all.extend(colours.clone());
                }
            }
            for (index, ground) in ["light", "dark"].iter().enumerate() {
                looks.push(Look {
                    name: format!("{} {ground} {accent}", name(theme)),
                    colours: all
                        .iter()
                        .map(|(token, pair)| (token.clone(), pair[index].clone()))
                        .collect(),
                    high_contrast,
                });
            }
        }
    }
    looks
}

fn channels(colour: &str) -> [f64; 3] {
    let digits = colour.strip_prefix('#').expect("a hex colour");
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&digits[at..at + 2], 16).expect("hex")))
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] = colour.map(|value| {
        let value = value / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// A token, or `a+8%b`: a ground with so much of another colour in it.
fn colour(look: &Look, name: &str) -> [f64; 3] {
    let of = |name: &str| {
        let found = look.colours.get(name);
        channels(found.unwrap_or_else(|| panic!("no token {name}")))
    };
    let Some((ground, (part, other))) = name
        .split_once('+')
        .and_then(|(ground, mixed)| Some((ground, mixed.split_once('%')?)))
    else {
        return of(name);
    };
    let part: f64 = part.parse().expect("a number");
    let (ground, other) = (of(ground), of(other));
    std::array::from_fn(|n| (ground[n] * (100.0 - part) + other[n] * part) / 100.0)
}

#[track_caller]
fn assert_contrast(fore: &str, back: &str, least: f64) {
    for look in looks() {
        let found = contrast(colour(&look, fore), colour(&look, back));
        assert!(found >= least, "{}: {fore} on {back} is {found:.2}:1", look.name);
    }
}

#[track_caller]
fn assert_readable(fore: &str, back: &str) {
    for look in looks() {
        let least = if look.high_contrast { 7.0 } else { 4.5 };
        let found = contrast(colour(&look, fore), colour(&look, back));
        assert!(found >= least, "{}: {fore} on {back} is {found:.2}:1", look.name);
    }
}

#[test]
fn the_measure_itself_is_right() {
    let of = |one: &str, other: &str| contrast(channels(one), channels(other));
    assert!((of("#ffffff", "#000000") - 21.0).abs() < 0.01);
    assert!((of("#777777", "#ffffff") - 4.48).abs() < 0.01);
}

#[test]
fn every_accent_and_theme_has_values_of_its_own() {
    let looks = looks();
    assert_eq!(looks.len(), 7 * 2 * 2);
    let mut seen: Vec<_> = looks.iter().map(|look| look.colours["accent"].as_str()).collect();
    seen.sort_unstable();
    seen.dedup();
    // In dark, high contrast needs no other accent: what stands on it is black instead.
    assert!(seen.len() >= 21, "{seen:?}");
}

#[test]
fn text_is_readable_on_every_ground_it_stands_on() {
    for ground in ["bg", "surface", "raised", "field"] {
        for ink in ["ink", "ink-2", "ink-3", "accent-ink", "danger", "good"] {
            assert_readable(ink, ground);
        }
    }
    for (fore, back) in [
        ("on-accent", "accent"),
        ("on-accent", "accent-press"),
        ("accent-ink", "accent-soft"),
        ("ink", "accent-soft"),
        ("ink", "press"),
        ("on-mine", "mine"),
        ("on-mine-2", "mine"),
        ("on-mine", "mine+8%on-mine"),
        ("on-theirs", "theirs"),
        ("on-theirs", "theirs+8%on-theirs"),
        ("link-theirs", "theirs"),
        ("on-signal", "signal"),
        ("warn-ink", "warn-soft"),
        ("danger", "danger-soft"),
        ("on-danger", "danger-fill"),
        ("on-toast", "toast"),
        ("ink-2", "accent-soft"),
    ] {
        assert_readable(fore, back);
    }
}

#[test]
fn initials_are_readable_on_every_avatar() {
    for n in 0..12 {
        assert_readable("on-avatar", &format!("avatar-{n}"));
    }
    assert_readable("on-avatar", "avatar-note");
}

#[test]
fn icons_edges_and_focus_rings_can_be_told_from_their_ground() {
    for ground in ["bg", "surface", "raised", "field"] {
        for sign in [
            "focus",
            "edge",
            "accent",
            "state-connected",
            "state-connecting",
            "state-down",
            "state-offline",
        ] {
            assert_contrast(sign, ground, 3.0);
        }
    }
    for edge in ["mine-edge", "theirs-edge"] {
        assert_contrast(edge, "bg", 3.0);
    }
}
