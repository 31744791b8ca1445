//! Kinds by name, in catalogs of several sizes.

use std::collections::HashMap;

use divan::{Bencher, black_box};
use errwire::{Catalog, Code, HttpStatus, KindEntry, MessageTemplate};

const SIZES: [usize; 4] = [50, 1_000, 10_000, 100_000];

// After the setup the caches are cold, which would make divan choose samples of one call.
#[divan::bench(args = SIZES, sample_size = 10_000)]
fn errwire(bencher: Bencher<'_, '_>, size: usize) {
    let status = HttpStatus::new(409).unwrap();
    let entry =
        |at| KindEntry::new(name(at), "api.example.com".into(), status, Code::Aborted, MessageTemplate::from(name(at)));
    let catalog = Catalog::with_entries((0..size).map(entry));
    let wanted = name(size / 2);
    bencher.bench(|| catalog.get(black_box(&wanted)));
}

// After the setup the caches are cold, which would make divan choose samples of one call.
#[divan::bench(args = SIZES, sample_size = 10_000)]
fn by_hand(bencher: Bencher<'_, '_>, size: usize) {
    let kinds: HashMap<String, (u16, tonic::Code)> =
        (0..size).map(|at| (name(at), (409, tonic::Code::Aborted))).collect();
    let wanted = name(size / 2);
    bencher.bench(|| kinds.get(black_box(&wanted)).copied());
}

fn name(at: usize) -> String {
    format!("kind_number_{at}")
}
