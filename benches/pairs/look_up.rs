//! Kinds by name, in catalogs of several sizes.

use std::collections::HashMap;

use divan::{Bencher, black_box};
use errwire::{Catalog, Code, HttpStatus, KindEntry, MessageTemplate};

const SIZES: [usize; 4] = [50, 1_000, 10_000, 100_000];

// After the setup the caches are cold, which would make divan choose samples of one call.
#[divan::bench(args = SIZES, sample_size = 10_000)]
fn errwire(bencher: Bencher<'_, '_>, size: usize) {
    let catalog = Catalog::with_entries((0..size).map(entry));
    let wanted = name(size / 2);
    bencher.bench(|| catalog.get(black_box(&wanted)));
}

// After the setup the caches are cold, which would make divan choose samples of one call.
#[divan::bench(args = SIZES, sample_size = 10_000)]
fn by_hand(bencher: Bencher<'_, '_>, size: usize) {
    let kinds = by_name(size);
    let wanted = name(size / 2);
    bencher.bench(|| kinds.get(black_box(&wanted)).copied());
}

/// Another name each time, so that in a large catalog each look-up misses the cache.
mod cold {
    use super::*;

    #[divan::bench(args = SIZES, sample_size = 10_000)]
    fn errwire(bencher: Bencher<'_, '_>, size: usize) {
        let catalog = Catalog::with_entries((0..size).map(entry));
        let mut names = scattered(size);
        bencher.bench_local(|| catalog.get(black_box(names())).is_some());
    }

    #[divan::bench(args = SIZES, sample_size = 10_000)]
    fn by_hand(bencher: Bencher<'_, '_>, size: usize) {
        let kinds = by_name(size);
        let mut names = scattered(size);
        bencher.bench_local(|| kinds.get(black_box(names())).copied());
    }

    fn scattered(size: usize) -> impl FnMut() -> &'static str {
        // 7,919 is a prime that divides no size, so all names have their turn. They live as long as the program.
        let names: &[String] = Vec::leak((0..size).map(|at| name(at * 7_919 % size)).collect());
        let mut names = names.iter().cycle();
        move || names.next().map_or("", |name| name)
    }
}

fn entry(at: usize) -> KindEntry {
    let status = HttpStatus::new(409).unwrap();
    KindEntry::new(name(at), "api.example.com".into(), status, Code::Aborted, MessageTemplate::from(name(at)))
}

fn by_name(size: usize) -> HashMap<String, (u16, tonic::Code)> {
    (0..size).map(|at| (name(at), (409, tonic::Code::Aborted))).collect()
}

fn name(at: usize) -> String {
    format!("kind_number_{at}")
}
