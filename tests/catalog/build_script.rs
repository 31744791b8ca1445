//! What a build script gets: a file, or every problem with its place. `examples/own_errors` has real ones.

use std::{error::Error, fs, path::PathBuf};

use errwire::build::{Builder, include_dir};

/// A folder that only this test has.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("build_script").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

#[test]
fn both_forms_make_the_same() {
    let folder = folder("forms");
    let set = folder.join("tasks.binpb");
    // `protox::compile` would drop options that prost does not know.
    let mut compiler = protox::Compiler::new(["examples/catalogs".as_ref(), include_dir()]).unwrap();
    fs::write(&set, compiler.open_file("tasks.proto").unwrap().encode_file_descriptor_set()).unwrap();

    let forms = ["examples/catalogs/tasks.yaml".into(), "examples/catalogs/tasks.proto".into(), set];
    let texts = forms.map(|form| {
        Builder::new().with_catalog(form).with_out_dir(folder.join("out")).compile("errors").unwrap();
        fs::read_to_string(folder.join("out/errors.rs")).unwrap()
    });
    assert_eq!(texts[0], texts[1]);
    assert_eq!(texts[0], texts[2]);
    assert_eq!(texts[0].matches("\npub const ").count(), 6);
}

/// Each kind that there is has its variant, once, under its constant.
#[test]
fn the_enum_may_have_the_built_in_kinds() {
    let folder = folder("builtin");
    let builder = Builder::new().with_catalog("examples/catalogs/tasks.yaml").with_builtin_kinds();
    builder.with_out_dir(&folder).compile("errors").unwrap();
    let text = fs::read_to_string(folder.join("errors.rs")).unwrap();
    let arms = text.lines().filter(|line| line.trim_start().starts_with("Self::") && line.contains(" => "));
    // One for kinds of other services.
    assert_eq!(arms.count() - 1, errwire::Catalog::load(["examples/catalogs/tasks.yaml"]).unwrap().len());
    // The catalog's own stands for the built-in one that it replaces.
    for part in ["Self::RateLimited => ::errwire::kinds::RATE_LIMITED,", "Self::TaskNotFound => TASK_NOT_FOUND,"] {
        assert_eq!(text.matches(part).count(), 1, "{part}");
    }
    assert_eq!(text.matches("\npub const ").count(), 6);
}

#[test]
fn several_files_become_one() {
    let folder = folder("several");
    let yaml = folder.join("more.yaml");
    fs::write(&yaml, "domain: d\nkinds: {more_kind: {status: 400, code: ABORTED, message: m}}").unwrap();
    let builder = Builder::new().with_catalog("examples/catalogs/tasks.proto").with_catalog(yaml);
    builder.with_out_dir(&folder).compile("joined").unwrap();
    let text = fs::read_to_string(folder.join("joined.rs")).unwrap();
    assert_eq!(text.matches("\npub const ").count(), 7);
    assert_eq!(text.matches("\npub enum Kind {").count(), 1);
}

#[test]
fn problems_are_shown_as_check_shows_them() {
    let folder = folder("problems");
    let (proto, yaml) = (folder.join("errors.proto"), folder.join("errors.yaml"));
    let text = "syntax = \"proto3\";\nimport \"errwire/v1/annotations.proto\";\nenum E {\n  option (errwire.v1.catalog).domain = \"d\";\n  \
                NONE = 0;\n  A_KIND = 1 [(errwire.v1.kind) = {status: 204 code: NOT_FOUND message: \"m\"}];\n}\n";
    fs::write(&proto, text).unwrap();
    fs::write(&yaml, "domain: d\nkinds:\n  a_kind: {status: 400, code: ABORTED, message: m, statuss: 1}\n").unwrap();
    let builder = Builder::new().with_catalog(&proto).with_catalog(&yaml).with_out_dir(&folder);
    let error = builder.compile("errors").unwrap_err();
    assert_eq!(error.problems().unwrap().iter().count(), 4);
    let shown = error.to_string().replace(&format!("{}/", folder.display()), "");
    assert_eq!(
        shown,
        "\
the catalog cannot be used

errors.proto:6:3: error[duplicate-kind]: The kind `a_kind` is also at errors.yaml:3:3.
  |
6 |   A_KIND = 1 [(errwire.v1.kind) = {status: 204 code: NOT_FOUND message: \"m\"}];
  |   ^
  = Keep one of the two, or rename one.

errors.proto:6:44: error[status-out-of-range]: `204` is not the HTTP status of an error.
  |
6 |   A_KIND = 1 [(errwire.v1.kind) = {status: 204 code: NOT_FOUND message: \"m\"}];
  |                                            ^
  = Use a number from 400 to 599.

errors.yaml:3:3: error[duplicate-kind]: The kind `a_kind` is also at errors.proto:6:3.
  |
3 |   a_kind: {status: 400, code: ABORTED, message: m, statuss: 1}
  |   ^
  = Keep one of the two, or rename one.

errors.yaml:3:52: error[unknown-key]: The key `statuss` is unknown.
  |
3 |   a_kind: {status: 400, code: ABORTED, message: m, statuss: 1}
  |                                                    ^
  = Write `status`.
"
    );
    assert_eq!(format!("{error:?}"), error.to_string(), "cargo shows `Debug` of what a build script returns");
    assert!(!folder.join("errors.rs").exists());
}

#[test]
fn other_failures_say_what_to_do() {
    let folder = folder("failures");
    let error = Builder::new().with_out_dir(&folder).compile("errors").unwrap_err();
    assert_eq!(error.to_string(), "no catalog was given: name a file with `with_catalog`");

    let error =
        Builder::new().with_catalog(folder.join("none.yaml")).with_out_dir(&folder).compile("errors").unwrap_err();
    assert!(error.to_string().contains("none.yaml: error[unreadable-file]: The file cannot be read: "), "{error}");

    fs::write(folder.join("file"), "").unwrap();
    let builder = Builder::new().with_catalog("examples/catalogs/tasks.yaml").with_out_dir(folder.join("file"));
    let error = builder.compile("errors").unwrap_err();
    assert_eq!(error.to_string(), format!("cannot write {}", folder.join("file/errors.rs").display()));
    assert!(error.source().is_some());
}

#[test]
fn the_protos_are_in_the_package() {
    for file in ["errwire/v1/annotations.proto", "google/rpc/code.proto"] {
        assert!(include_dir().join(file).is_file(), "{file}");
    }
    let mut cargo = std::process::Command::new(env!("CARGO"));
    let listed =
        cargo.args(["package", "--list", "--allow-dirty", "--offline"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let listed = String::from_utf8(listed.output().unwrap().stdout).unwrap();
    let listed: Vec<&str> = listed.lines().collect();
    for file in ["proto/errwire/v1/annotations.proto", "proto/google/rpc/code.proto"] {
        assert!(listed.contains(&file), "{file} is not among {listed:?}");
    }
    assert!(!listed.iter().any(|file| file.starts_with("examples/own_errors")), "the example is a package of its own");
}
