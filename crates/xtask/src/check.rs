//! `test`: everything that CI runs, cheapest first, each step with its time.
//!
//! All host builds take the whole workspace in one profile, so that every library is compiled once.

use std::process::Command;
use std::time::Instant;

use crate::setup::{self, Purpose};
use crate::ui::{self, UiArguments};
use crate::{places, program, tidy};

/// Runs every check; stops at the first that fails.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut steps = Steps::default();
    steps.step("set-up", || setup::ensure(Purpose::Tests))?;
    steps.step("format", || cargo(&["fmt", "--all", "--check"]))?;
    steps.step("tidy", tidy::run)?;
    steps.step("ui", || ui::build(&UiArguments::shipping()))?;
    let clippy = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "--deny",
        "warnings",
    ];
    steps.step("clippy", || cargo(&clippy))?;
    steps.step("tests", || nextest("not package(app-tests)"))?;
    steps.step("examples", || {
        cargo(&["test", "--workspace", "--doc", "--locked", "--quiet"])
    })?;
    steps.step("programs", || {
        cargo(&["build", "--workspace", "--bins", "--locked"])
    })?;
    steps.step("vectors", || {
        program::run(built("vectors")?.arg(places::root().join("tests/vectors")))
    })?;
    steps.step("app flows", || nextest("package(app-tests)"))?;
    steps.print();
    Ok(())
}

/// A program that the step "programs" has built.
fn built(name: &str) -> anyhow::Result<Command> {
    Ok(Command::new(places::target()?.join("debug").join(name)))
}

fn cargo(arguments: &[&str]) -> anyhow::Result<()> {
    program::run(program::cargo()?.args(arguments))
}

fn nextest(filter: &str) -> anyhow::Result<()> {
    let quiet = ["--status-level", "slow", "--final-status-level", "fail"];
    let mut nextest = program::cargo()?;
    nextest
        .args(["nextest", "run", "--workspace", "--locked", "--filterset", filter])
        .args(quiet);
    program::run(&mut nextest)
}

/// Names and times of the steps that passed.
#[derive(Default)]
struct Steps(Vec<(&'static str, f32)>);

impl Steps {
    fn step(&mut self, name: &'static str, run: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
        println!("── {name}");
        let started = Instant::now();
        let outcome = run();
        let seconds = started.elapsed().as_secs_f32();
        self.0.push((name, seconds));
        if outcome.is_err() {
            self.print();
            println!("   {name} failed");
        }
        outcome
    }

    fn print(&self) {
        println!("── time");
        let mut whole = 0.0;
        for (name, seconds) in &self.0 {
            println!("   {seconds:7.1} s  {name}");
            whole += seconds;
        }
        println!("   {whole:7.1} s  in all");
    }
}
