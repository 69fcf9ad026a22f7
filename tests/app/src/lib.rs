//! Drives the real app, as a person would, through WebDriver.
//!
//! Owns: the app under WebDriver on a virtual display ([`App`]), the small
//! vocabulary of the flows, and the local network they run against. Every wait is bounded and ends as soon as what
//! it waits for is there. Nothing here reaches into the app: what cannot be seen on the screen cannot be tested
//! here.

mod app;
mod devices;
mod display;
mod driver;
mod microphone;
mod pointer;
mod scripts;
mod tern;
mod world;

pub use app::{App, Patience};
pub use microphone::Microphone;
pub use world::{Person, World, compact};
