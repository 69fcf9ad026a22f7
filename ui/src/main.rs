//! The phone UI of Tern, compiled to wasm and shown by the app's web view.
//!
//! Owns: what the user sees and touches, and its wording. Talks to the engine through [`core`] only, in the types of
//! `contract`; never stores a message, a key or a phrase, and never reaches the network.
//!
//! Where to look: `app` (start, routes, shared state), `screens/<screen>`, `components/<part>`, `core` (the one
//! client of the contract), `locale` (all wording), `theme`; the style sheets are in `ui/style`.

// Leptos gives every component's properties a `pub` of their own.
#![allow(unreachable_pub)]

mod app;
mod browser;
mod clock;
mod components;
mod core;
mod duration;
mod locale;
mod project;
mod screens;
mod theme;

fn main() {
    leptos::mount::mount_to_body(app::App);
}
