//! What is generated and checked in says what `proto/` and the protos of the tasks example say.
//! `BLESS=1 cargo test --test catalog -- generated` writes it: do that first after a change of a `.proto` file.

mod checked_in;
mod descriptors;
mod kinds;

use std::{env, error::Error, fs, path::Path};

#[track_caller]
fn is_fresh(folder: &str, names: &[&str], generate: fn(&Path) -> Result<(), Box<dyn Error>>) {
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated").join(folder);
    fs::create_dir_all(&fresh).unwrap();
    generate(&fresh).unwrap();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    for name in names {
        let bytes = fs::read(fresh.join(name)).unwrap();
        if env::var_os("BLESS").is_some() {
            fs::write(kept.join(name), &bytes).unwrap();
        }
        let is_fresh = fs::read(kept.join(name)).is_ok_and(|kept| kept == bytes);
        assert!(is_fresh, "{folder}/{name} is stale: run `BLESS=1 cargo test --test catalog -- generated`");
    }
}

#[test]
fn of_the_core() {
    is_fresh("src/model/generated", &["descriptors.bin", "google.rpc.rs", "kinds.rs"], checked_in::core);
}

#[test]
fn of_the_tasks_example() {
    is_fresh("examples/tasks/app/generated", &["tasks.v1.bin", "tasks.v1.rs"], checked_in::tasks);
}
