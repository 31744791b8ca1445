//! What a catalog of 100,000 kinds costs: time, and the most memory that is held at once.
//!
//! `cargo bench --features build --bench catalog`; a number after `--` is another size. The last rows are of a tenth of the kinds,
//! of which 1,000 methods declare five each.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may panic")]

use std::{
    env, fs,
    hint::black_box,
    path::{Path, PathBuf},
    process,
    time::{Duration, Instant},
};

use errwire::{
    Catalog,
    catalog::{Form, Loader, diff, generate},
};
use prost_types::{FileDescriptorProto, FileDescriptorSet};
use protox::{
    Compiler,
    file::{ChainFileResolver, DescriptorSetFileResolver, File, GoogleFileResolver, IncludeFileResolver},
};

const KINDS: usize = 100_000;

fn main() {
    let size = env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(KINDS);
    let folder = Folder::new();
    let text = yaml(size, "404");
    let changed = Catalog::from_yaml("new", &yaml(size, "410")).unwrap();
    let catalog = Catalog::from_yaml("old", &text).unwrap();
    assert_eq!((catalog.own().len(), diff(&catalog, &changed).len()), (size, size));
    let proto = generate(&catalog, Form::Proto).remove(0).text;
    let yaml = folder.write("errors.yaml", text.as_bytes());
    let proto = folder.write("errors.proto", proto.as_bytes());
    let set = folder.write("errors.binpb", &set(&folder.0));

    println!("| {size} kinds | size of the file | time | most memory at once |\n|---|--:|--:|--:|");
    for (name, path) in [("YAML", &yaml), (".proto", &proto), ("descriptor set", &set)] {
        let load = || Catalog::load([path]).unwrap();
        assert_eq!(load().own().len(), size);
        row(&format!("load {name}"), Some(path), load);
    }
    for (name, path) in [("YAML", &yaml), (".proto", &proto)] {
        row(&format!("check {name}"), Some(path), || Loader::new().check([path]));
    }
    row("diff, every kind changed", None, || diff(&catalog, &changed));
    for (name, form) in [("YAML", Form::Yaml), (".proto", Form::Proto), ("Rust", Form::Rust)] {
        row(&format!("generate {name}"), None, || generate(&catalog, form));
    }

    let size = size / 10;
    let text = self::yaml(size, "404") + &methods(size, 1);
    let changed = Catalog::from_yaml("new", &(self::yaml(size, "404") + &methods(size, 2))).unwrap();
    let catalog = Catalog::from_yaml("old", &text).unwrap();
    assert_eq!((catalog.own().len(), catalog.methods().len()), (size, METHODS));
    assert!(diff(&catalog, &changed).len() >= METHODS);
    let path = folder.write("methods.yaml", text.as_bytes());
    let name = |what: &str| format!("{what} {size} kinds and {METHODS} methods");
    row(&name("load"), Some(&path), || Catalog::load([&path]).unwrap());
    row(&name("check"), Some(&path), || Loader::new().check([&path]));
    row(&name("diff"), None, || diff(&catalog, &changed));
    row(&name("generate YAML of"), None, || generate(&catalog, Form::Yaml));
}

const METHODS: usize = 1_000;

/// Methods that declare five kinds each; `step` tells two versions apart.
fn methods(kinds: usize, step: usize) -> String {
    let method = |n: usize| {
        let declared: Vec<String> =
            (0..5).map(|at| format!("kind_{}_not_found", (n * 5 + at * step) % kinds.max(1))).collect();
        format!("  tasks.v1.Service{}/Method{n}: [{}]\n", n % 20, declared.join(", "))
    };
    let methods: String = (0..METHODS).map(method).collect();
    format!("methods:\n{methods}")
}

/// A catalog of this many kinds, with all that a careful team writes.
fn yaml(kinds: usize, status: &str) -> String {
    let kind = |n: usize| {
        format!(
            "  kind_{n}_not_found:\n    status: {status}\n    code: NOT_FOUND\n    \
             message: \"The thing {{thing_id}} of kind {n} does not exist. Verify its ID.\"\n    \
             description: Thing {n} does not exist\n    help_url: https://api.example.com/errors/kind_{n}_not_found\n    \
             localized:\n      de: \"Das Ding {{thing_id}} der Art {n} gibt es nicht. Prüfen Sie seine ID.\"\n    owner: team-{}\n",
            n % 100
        )
    };
    let kinds: String = (0..kinds).map(kind).collect();
    format!("domain: api.example.com\nkinds:\n{kinds}")
}

/// Without positions, which cost the compiler the square of the number of options.
fn set(folder: &Path) -> Vec<u8> {
    let text = fs::read_to_string(folder.join("errors.proto")).unwrap();
    let file =
        FileDescriptorProto { source_code_info: None, ..File::from_source("errors.proto", &text).unwrap().into() };
    let mut resolver = ChainFileResolver::new();
    resolver.add(DescriptorSetFileResolver::new(FileDescriptorSet { file: vec![file] }));
    resolver.add(IncludeFileResolver::new(errwire::build::include_dir().to_owned()));
    resolver.add(GoogleFileResolver::new());
    let mut compiler = Compiler::with_file_resolver(resolver);
    compiler.open_file("errors.proto").unwrap();
    compiler.encode_file_descriptor_set()
}

/// The fastest of three runs, and the memory of one more.
fn row<T>(name: &str, file: Option<&PathBuf>, run: impl Fn() -> T) {
    let time = || {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    };
    let fastest: Duration = [time(), time(), time()].into_iter().min().unwrap();
    let held = allocation_counter::measure(|| drop(black_box(run()))).bytes_max;
    let mib = |bytes: u64| format!("{:.1} MiB", bytes as f64 / 1024.0 / 1024.0);
    let size = file.map(|file| mib(fs::metadata(file).unwrap().len())).unwrap_or_default();
    println!("| {name} | {size} | {:.2} s | {} |", fastest.as_secs_f64(), mib(held));
}

/// A folder that goes with the value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = env::temp_dir().join(format!("errwire-bench-{}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
