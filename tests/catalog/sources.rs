//! Catalogs in both forms, on the command line: proto files, descriptor sets, several files, and one form from the other.

use std::{fs, path::PathBuf};

use crate::support::binary::run;

const YAML: &str = "domain: api.example.com\nkinds:\n  quota_used_up: {status: 429, code: RESOURCE_EXHAUSTED, message: Wait a day., description: Used up}\n";

/// A folder that only this test has.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("catalog_sources").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn write(folder: &std::path::Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn proto(package: &str, import: &str, domain: &str, value: &str) -> String {
    format!(
        "syntax = \"proto3\";\npackage {package};\nimport \"errwire/v1/annotations.proto\";\n{import}\n\
         enum Errors {{\n  option (errwire.v1.catalog) = {{domain: \"{domain}\"}};\n  UNSPECIFIED = 0;\n\
         \x20 {value} = 1 [(errwire.v1.kind) = {{status: 404 code: NOT_FOUND message: \"Look elsewhere.\" description: \"Lost\"}}];\n}}\n"
    )
}

#[test]
fn several_files_of_both_forms() {
    let folder = folder("several");
    let yaml = write(&folder, "errors.yaml", YAML);
    let proto = write(&folder, "errors.proto", &proto("acme", "", "acme.example", "ROCKET_LOST"));
    let ended = run(&["kinds", "--catalog", &yaml, "--catalog", &proto]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    for (kind, domain) in [("rocket_lost", "acme.example"), ("quota_used_up", "api.example.com")] {
        assert!(ended.stdout.lines().any(|line| line.starts_with(kind) && line.contains(domain)), "{}", ended.stdout);
    }
    let ended = run(&["check", &yaml, &proto]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "2 kinds, no problems\n"));
}

#[test]
fn a_conflict_is_reported_at_both_places() {
    let folder = folder("conflict");
    let yaml = write(&folder, "errors.yaml", YAML);
    let proto = write(&folder, "errors.proto", &proto("acme", "", "acme.example", "QUOTA_USED_UP"));
    let ended = run(&["check", &yaml, &proto]);
    assert_eq!(ended.code, Some(1));
    for line in [
        format!("{yaml}:3:3: error[duplicate-kind]: The kind `quota_used_up` is also at {proto}:8:3."),
        format!("{proto}:8:3: error[duplicate-kind]: The kind `quota_used_up` is also at {yaml}:3:3."),
    ] {
        assert!(ended.stdout.contains(&line), "{line} is not in\n{}", ended.stdout);
    }
}

/// Imports are found next to the file, above its package, and in the folders that are given.
#[test]
fn imports() {
    let folder = folder("imports");
    write(&folder, "root/acme/v1/other.proto", "syntax = \"proto3\"; package acme.v1; message Other {}");
    write(&folder, "third/far/away.proto", "syntax = \"proto3\"; package far; message Away {}");
    write(&folder, "root/acme/v1/beside.proto", "syntax = \"proto3\"; package acme.v1; message Beside {}");
    let imports = "import \"acme/v1/other.proto\"; import \"beside.proto\"; import \"google/rpc/status.proto\"; import \"far/away.proto\";";
    let errors = write(&folder, "root/acme/v1/errors.proto", &proto("acme.v1", imports, "acme.example", "ROCKET_LOST"));
    let third = folder.join("third");
    let ended = run(&["check", &errors, "-I", third.to_str().unwrap()]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "1 kind, no problems\n"), "{}", ended.stderr);
    let ended = run(&["explain", "rocket_lost", "--catalog", &errors, "--proto-path", third.to_str().unwrap()]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);

    let ended = run(&["check", &errors]);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stdout.contains(&format!(
            "{errors}:4:88: error[invalid-proto]: This is not a valid proto file: import 'far/away.proto' not found."
        )),
        "{}",
        ended.stdout
    );
}

#[test]
fn one_form_from_the_other() {
    let folder = folder("generate");
    let out = folder.join("out");
    let yaml = write(&folder, "errors.yaml", YAML);
    let ended = run(&["generate", "--lang", "proto", "--out", out.to_str().unwrap(), &yaml]);
    let written = out.join("com/example/api/errors.proto");
    assert_eq!((ended.code, ended.stdout), (Some(0), format!("{}\n", written.display())));

    let ended = run(&["generate", "--lang", "yaml", written.to_str().unwrap()]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (
            Some(0),
            "domain: api.example.com\n\nkinds:\n  quota_used_up:\n    status: 429\n    code: RESOURCE_EXHAUSTED\n    message: \"Wait a day.\"\n    description: Used up\n"
        )
    );

    let other = write(&folder, "other.proto", &proto("acme", "", "acme.example", "ROCKET_LOST"));
    let ended = run(&["generate", "--lang", "yaml", &yaml, &other]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    assert!(ended.stderr.contains("2 domains"), "{}", ended.stderr);
    let ended = run(&["generate", "--lang", "yaml", "--out", out.to_str().unwrap(), &yaml, &other]);
    assert_eq!(ended.code, Some(0));
    assert!(out.join("api.example.com.yaml").exists() && out.join("acme.example.yaml").exists());
}

/// One file for all domains, since one `match` is for all kinds.
#[test]
fn rust_from_both_forms() {
    let folder = folder("rust");
    let yaml = write(&folder, "errors.yaml", YAML);
    let other = write(&folder, "other.proto", &proto("acme", "", "acme.example", "ROCKET_LOST"));
    let ended = run(&["generate", "--lang", "rust", &yaml, &other]);
    assert_eq!((ended.code, &*ended.stderr), (Some(0), ""));
    for line in [
        "pub const QUOTA_USED_UP: ::errwire::Kind = {",
        "pub fn rocket_lost() -> ::errwire::Error {",
        "    RocketLost,",
    ] {
        assert!(ended.stdout.lines().any(|written| written == line), "{line} is not in\n{}", ended.stdout);
    }
    let out = folder.join("src");
    let written = run(&["generate", "--lang", "rust", "--out", out.to_str().unwrap(), &yaml, &other]);
    assert_eq!((written.code, written.stdout), (Some(0), format!("{}\n", out.join("errors.rs").display())));
    assert_eq!(fs::read_to_string(out.join("errors.rs")).unwrap(), ended.stdout);
}

#[test]
fn unreadable_files() {
    let folder = folder("unreadable");
    for (name, text, what) in [
        ("errors.binpb", YAML, "The file is not a descriptor set"),
        ("errors.pb", "", "No enum of the set is a catalog"),
    ] {
        let path = write(&folder, name, text);
        let ended = run(&["kinds", "--catalog", &path]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{name}");
        assert!(ended.stderr.contains(&format!("{path}: {what}")), "{}", ended.stderr);
    }
}

/// A pipe that nobody writes to would stop whoever opens it.
#[cfg(unix)]
#[test]
fn a_path_that_is_not_a_file_is_refused_at_once() {
    let folder = folder("special");
    let pipe = folder.join("errors.yaml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [pipe.to_str().unwrap(), "/dev/zero", folder.to_str().unwrap()] {
        for args in [&["check", path][..], &["kinds", "--catalog", path]] {
            let ended = run(args);
            assert_eq!(ended.code, Some(2), "{path}: {}{}", ended.stdout, ended.stderr);
            assert!(ended.stderr.contains("The file cannot be read: it is a "), "{}", ended.stderr);
        }
    }
}

#[cfg(unix)]
#[test]
fn imports_have_a_limit_and_do_not_show_the_targets_of_links() {
    use std::os::unix::fs::symlink;

    let folder = folder("limited-imports");
    let secret = write(&folder, "outside/secret", "hunter2 is the password\n");
    let file =
        write(&folder, "in/errors.proto", &proto("acme", "import \"other.proto\";", "acme.example", "ROCKET_LOST"));
    let other = folder.join("in/other.proto");
    let check = || run(&["check", &file]);

    symlink(&secret, &other).unwrap();
    let ended = check();
    assert_eq!(ended.code, Some(1));
    let told = format!("{}{}", ended.stdout, ended.stderr);
    assert!(told.contains("is a link to a file outside of its folder") && !told.contains("hunter2"), "{told}");

    fs::remove_file(&other).unwrap();
    symlink("/dev/zero", &other).unwrap();
    let ended = check();
    assert!(ended.stdout.contains("the import `other.proto`: it is a pipe, a socket or a device"), "{}", ended.stdout);

    // A link that stays in the folder, as of a ConfigMap, is like a file.
    fs::remove_file(&other).unwrap();
    write(&folder, "in/..data/other.proto", "syntax = \"proto3\"; message Broken {");
    symlink("..data/other.proto", &other).unwrap();
    assert!(check().stdout.contains("The import `other.proto` is"), "{}", check().stdout);
    write(&folder, "in/..data/other.proto", "syntax = \"proto3\";");
    assert_eq!(check().code, Some(0), "{}", check().stdout);

    // All imports together have a limit.
    let large = format!("syntax = \"proto3\";\n//{}\n", "x".repeat(3_000));
    write(&folder, "in/..data/other.proto", &format!("{large}import \"third.proto\";\n"));
    write(&folder, "in/third.proto", &large);
    let load = |bytes| errwire::catalog::Loader::new().with_max_bytes(bytes).load([&file]).map(drop);
    assert_eq!(load(10_000), Ok(()));
    let why = load(5_000).unwrap_err().to_string();
    assert!(why.contains("the import `third.proto`: it has more than"), "{why}");
}
