//! Every input in `fuzz/corpus/` through its fuzz target, without a fuzzer.

#[path = "../../fuzz/harness.rs"]
mod harness;

use std::{
    fs, panic,
    path::{Path, PathBuf},
};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus")
}

#[test]
fn no_input_of_the_corpora_fails() {
    for (name, target) in harness::TARGETS {
        let mut files = 0;
        for file in fs::read_dir(corpus().join(name)).unwrap() {
            let path = file.unwrap().path();
            let input = fs::read(&path).unwrap();
            if panic::catch_unwind(|| target(&input)).is_err() {
                panic!("{} fails", path.display());
            }
            files += 1;
        }
        assert!(files > 0, "{name} has no corpus");
    }
}

#[test]
fn each_target_has_a_program_and_a_corpus() {
    let fuzz = corpus().parent().unwrap().to_owned();
    let names = |folder: &str| {
        let files = fs::read_dir(fuzz.join(folder)).unwrap();
        let mut names: Vec<_> =
            files.map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    let mut targets = harness::TARGETS.map(|(name, _)| name.to_owned());
    targets.sort();
    assert_eq!(names("corpus"), targets);
    assert_eq!(names("fuzz_targets"), targets);
}
