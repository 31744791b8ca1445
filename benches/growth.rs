//! What one size and 16 times that size cost: readers, writers, the budget and the builders. `tests/allocations/growth.rs` counts the
//! same; here is the time of it, which should grow 16-fold at most.

#![allow(clippy::unwrap_used, reason = "the inputs are constants")]

#[path = "../tests/allocations/inputs.rs"]
mod inputs;

use std::fmt;

use divan::{Bencher, black_box};
use errwire::{Error, ReadOptions, Translator, wire::grpc::Received};
use http::HeaderMap;

use inputs::{BODIES, BUDGETS, LONG, N, SORTS, STEPS, response, translator, with_details, write_everywhere};

fn main() {
    divan::main();
}

/// A row of a table, and how many items.
struct Row<T>(&'static str, usize, T);

impl<T> fmt::Display for Row<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.0, self.1)
    }
}

fn rows<T: Copy>(name: &'static str, row: T) -> [Row<T>; 2] {
    [Row(name, N, row), Row(name, 16 * N, row)]
}

#[divan::bench(args = BODIES.into_iter().flat_map(|body| rows(body.0, body)))]
fn read_http(bencher: Bencher<'_, '_>, row: &Row<inputs::Body>) {
    let (_, status, media, body) = row.2;
    let (translator, response) = (Translator::default(), response(status, media, body(row.1)));
    bencher.bench(|| translator.read_http(black_box(&response)).unwrap());
}

#[divan::bench(args = SORTS.into_iter().flat_map(|(name, sort)| rows(name, sort)))]
fn read_grpc(bencher: Bencher<'_, '_>, row: &Row<fn(usize) -> errwire::Detail>) {
    let mut headers = HeaderMap::new();
    translator(usize::MAX).write_grpc(&with_details(row.2, row.1)).write_to(&mut headers);
    let (translator, options) = (Translator::default(), ReadOptions::new());
    bencher.bench(|| translator.read_grpc_with(Received::from_headers(black_box(&headers)), &options).unwrap());
}

/// All of them, with room for all and with room for nothing.
#[divan::bench(args = SORTS.into_iter().flat_map(|(name, sort)| rows(name, sort)), consts = BUDGETS)]
fn write_details<const BUDGET: usize>(bencher: Bencher<'_, '_>, row: &Row<fn(usize) -> errwire::Detail>) {
    let (translator, error) = (translator(BUDGET), with_details(row.2, row.1));
    bencher.bench(|| write_everywhere(&translator, black_box(&error)));
}

#[divan::bench(args = LONG.into_iter().flat_map(|(name, error)| rows(name, error)), consts = BUDGETS)]
fn write_long<const BUDGET: usize>(bencher: Bencher<'_, '_>, row: &Row<fn(usize) -> Error>) {
    let (translator, error) = (translator(BUDGET), row.2(row.1));
    bencher.bench(|| write_everywhere(&translator, black_box(&error)));
}

#[divan::bench(args = STEPS.into_iter().flat_map(|steps| rows(steps.0, steps)))]
fn build(row: &Row<inputs::Steps>) -> Error {
    let (_, start, step) = row.2;
    (0..row.1).fold(start(), step)
}
