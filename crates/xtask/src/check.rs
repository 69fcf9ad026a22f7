//! `test`: everything that CI runs, cheapest first, each step with its time.
//!
//! All host builds take the whole workspace in one profile, so that every library is compiled once.

use std::process::Command;
use std::time::Instant;

use anyhow::bail;
use clap::Args;

use crate::run::built;
use crate::setup::{self, Purpose};
use crate::ui::{self, UiArguments};
use crate::{places, program, room, tidy};

/// How to run the checks.
#[derive(Args)]
pub(crate) struct TestArguments {
    /// Goes on after a step that failed, and names all of them at the end.
    #[arg(long)]
    keep_going: bool,
}

/// Runs every check.
pub(crate) fn run(arguments: &TestArguments) -> anyhow::Result<()> {
    let mut steps = Steps {
        keep_going: arguments.keep_going,
        done: Vec::new(),
    };
    let clippy = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "--deny",
        "warnings",
    ];
    let outcome = steps
        .step("set-up", || {
            room::make()?;
            setup::ensure(Purpose::Tests)
        })
        .and_then(|()| {
            steps.step("format", || {
                cargo(&["fmt", "--all", "--", "--check", "--files-with-diff"])
            })
        })
        .and_then(|()| steps.step("tidy", tidy::run))
        .and_then(|()| steps.step("ui", || ui::build(&UiArguments::shipping())))
        .and_then(|()| steps.step("clippy", || cargo(&clippy)))
        .and_then(|()| steps.step("tests", || nextest("not package(app-tests)")))
        .and_then(|()| {
            steps.step("examples", || {
                cargo(&["test", "--workspace", "--doc", "--locked", "--quiet"])
            })
        })
        .and_then(|()| {
            steps.step("programs", || {
                cargo(&["build", "--workspace", "--bins", "--locked"])
            })
        })
        .and_then(|()| steps.step("vectors", vectors))
        .and_then(|()| steps.step("app flows", || nextest("package(app-tests)")));
    steps.print();
    outcome.and_then(|()| steps.verdict())
}

fn vectors() -> anyhow::Result<()> {
    program::run(Command::new(built("vectors")?).arg(places::root().join("tests/vectors")))
}

fn cargo(arguments: &[&str]) -> anyhow::Result<()> {
    program::run(built_once()?.args(arguments))
}

/// Cargo without the files of incremental builds: they would be a third of all that a run writes.
fn built_once() -> anyhow::Result<Command> {
    let mut cargo = program::cargo()?;
    cargo.env("CARGO_INCREMENTAL", "0");
    Ok(cargo)
}

fn nextest(filter: &str) -> anyhow::Result<()> {
    let quiet = ["--status-level", "slow", "--final-status-level", "fail"];
    let mut nextest = built_once()?;
    nextest
        .args(["nextest", "run", "--workspace", "--locked", "--filterset", filter])
        .args(quiet);
    program::run(&mut nextest)
}

/// What was done, how long it took and whether it passed.
struct Steps {
    keep_going: bool,
    done: Vec<(&'static str, f32, bool)>,
}

impl Steps {
    fn step(&mut self, name: &'static str, run: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
        println!("── {name}");
        let started = Instant::now();
        let outcome = run();
        self.done
            .push((name, started.elapsed().as_secs_f32(), outcome.is_ok()));
        match outcome {
            Err(error) if self.keep_going => {
                eprintln!("xtask: {error:#}");
                Ok(())
            }
            outcome => outcome,
        }
    }

    fn print(&self) {
        println!("── time");
        for (name, seconds, passed) in &self.done {
            println!(
                "   {seconds:7.1} s  {name}{}",
                if *passed { "" } else { ": FAILED" }
            );
        }
        let whole: f32 = self.done.iter().map(|(_, seconds, _)| seconds).sum();
        println!("   {whole:7.1} s  in all");
    }

    fn verdict(&self) -> anyhow::Result<()> {
        let failed: Vec<&str> = self
            .done
            .iter()
            .filter(|(_, _, passed)| !passed)
            .map(|(name, ..)| *name)
            .collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }
}
