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
const RUN: usize = 5;
/// What more functions than this have in common says nothing about them.
const COMMON: usize = 1_000;

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

/// The functions in an order in which each is followed by the one most like it of those that are left; where none is like
/// it, by the smallest.
fn by_likeness(bodies: &[&[u8]]) -> Vec<usize> {
    let runs: Vec<Vec<u64>> = bodies.iter().map(|body| runs(body)).collect();
    let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
    for (function, runs) in runs.iter().enumerate() {
        for run in runs {
            holders.entry(*run).or_default().push(function);
        }
    }
    holders.retain(|_, functions| (2..=COMMON).contains(&functions.len()));

    let mut by_size: Vec<usize> = (0..bodies.len()).collect();
    by_size.sort_by_key(|&function| bodies[function].len());
    let mut smallest = by_size.into_iter();
    let mut is_left = vec![true; bodies.len()];
    let mut order: Vec<usize> = Vec::with_capacity(bodies.len());
    let mut shared = vec![0; bodies.len()];
    loop {
        let mut alike = Vec::new();
        if let Some(&last) = order.last() {
            for function in runs[last].iter().filter_map(|run| holders.get(run)).flatten() {
                if is_left[*function] {
                    if shared[*function] == 0 {
                        alike.push(*function);
                    }
                    shared[*function] += 1;
                }
            }
        }
        let likeness = |function: usize| {
            let all = runs[function].len() + order.last().map_or(0, |&last| runs[last].len());
            // In millionths, and the first of equals: the same input gives the same file everywhere.
            (
                shared[function] * 1_000_000 / (all - shared[function]),
                std::cmp::Reverse(function),
            )
        };
        let next = alike.iter().copied().max_by_key(|&function| likeness(function));
        for function in alike {
            shared[function] = 0;
        }
        let Some(next) = next.or_else(|| smallest.find(|&function| is_left[function])) else {
            return order;
        };
        is_left[next] = false;
        order.push(next);
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
