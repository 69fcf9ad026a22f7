//! Puts functions that are alike beside each other in a wasm file, which then compresses better by a tenth: much of the code
//! is one generic function made for many types, and gzip finds again only what it saw in the last 32 kB.
//!
//! Only the order changes, and with it the numbers by which functions are named.

use std::collections::HashMap;
use std::convert::Infallible;

use anyhow::anyhow;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef};

/// Bytes in a row that are compared.
const RUN: usize = 8;
/// What more functions than this have in common says nothing about them.
const COMMON: usize = 1_000;
/// Bytes of functions before a function that gzip still sees when it comes to its middle.
const WINDOW: usize = 28_000;

/// The same program with its functions in another order.
///
/// # Errors
/// When it is no wasm file that can be read.
pub(crate) fn arrange(wasm: &[u8]) -> anyhow::Result<Vec<u8>> {
    let (mut imported, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    let order = by_likeness(&bodies);
    let mut numbers = vec![0; order.len()];
    for (place, &function) in order.iter().enumerate() {
        numbers[function] = u32::try_from(imported + place)?;
    }
    let mut arranged = Module::new();
    let mut arranger = Arranger {
        imported,
        order,
        numbers,
    };
    utils::parse_core_module(&mut arranger, &mut arranged, Parser::new(0), wasm)
        .map_err(|error| anyhow!("cannot arrange the wasm file: {error}"))?;
    Ok(arranged.finish())
}

struct Arranger {
    /// How many functions come from outside; they are numbered first and stay where they are.
    imported: usize,
    /// Which of the file's own functions comes at each place.
    order: Vec<usize>,
    /// The number that each of the file's own functions gets.
    numbers: Vec<u32>,
}

impl Reencode for Arranger {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        let own = (function as usize).checked_sub(self.imported);
        Ok(own.map_or(function, |own| self.numbers[own]))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for &function in &self.order {
            functions.function(types[function]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let bodies = section
            .into_iter()
            .collect::<Result<Vec<FunctionBody<'_>>, _>>()?;
        for function in self.order.clone() {
            self.parse_function_body(code, bodies[function].clone())?;
        }
        Ok(())
    }
}

/// The functions in an order in which each has as much as possible in common with those right before it; where none has
/// anything, the smallest comes next.
fn by_likeness(bodies: &[&[u8]]) -> Vec<usize> {
    let runs: Vec<Vec<u64>> = bodies.iter().map(|body| runs(body)).collect();
    let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
    for (function, runs) in runs.iter().enumerate() {
        for run in runs {
            holders.entry(*run).or_default().push(function);
        }
    }
    holders.retain(|_, functions| (2..=COMMON).contains(&functions.len()));

    let mut left: Vec<usize> = (0..bodies.len()).collect();
    left.sort_by_key(|&function| bodies[function].len());
    let mut window = Window {
        holders,
        times: HashMap::new(),
        seen: vec![0; bodies.len()],
    };
    let (mut order, mut oldest, mut bytes) = (Vec::with_capacity(bodies.len()), 0, 0);
    while !left.is_empty() {
        // Much in common and little else. The first of equals: the same input gives the same file everywhere.
        let worth = |function: usize| window.seen[function].pow(2) * 1_000 / (runs[function].len() + 10);
        let best = (0..left.len()).rev().max_by_key(|&at| worth(left[at]));
        let next = left.remove(best.unwrap_or_default());
        order.push(next);
        bytes += bodies[next].len();
        window.take_in(&runs[next]);
        while bytes > WINDOW && oldest + 1 < order.len() {
            bytes -= bodies[order[oldest]].len();
            window.forget(&runs[order[oldest]]);
            oldest += 1;
        }
    }
    order
}

/// What the last functions consist of.
struct Window {
    /// The functions that have a run of bytes, for runs worth comparing.
    holders: HashMap<u64, Vec<usize>>,
    /// In how many of the last functions a run is.
    times: HashMap<u64, usize>,
    /// How many of its runs are in the last functions, for each function.
    seen: Vec<usize>,
}

impl Window {
    fn take_in(&mut self, runs: &[u64]) {
        for run in runs {
            let times = self.times.entry(*run).or_default();
            *times += 1;
            if *times == 1 {
                for &function in self.holders.get(run).into_iter().flatten() {
                    self.seen[function] += 1;
                }
            }
        }
    }

    fn forget(&mut self, runs: &[u64]) {
        for run in runs {
            let times = self.times.entry(*run).or_default();
            *times -= 1;
            if *times == 0 {
                for &function in self.holders.get(run).into_iter().flatten() {
                    self.seen[function] -= 1;
                }
            }
        }
    }
}

/// Every run of bytes in a function, once.
fn runs(body: &[u8]) -> Vec<u64> {
    let mut runs: Vec<u64> = body
        .windows(RUN)
        .map(|run| run.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
        .collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

#[cfg(test)]
#[path = "neighbours_tests.rs"]
mod tests;
