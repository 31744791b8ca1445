//! The manifests of `deploy/`, compared with what they configure.

use std::{fs, path::Path};

use errwire::server::config::{Config, Size, Sources};

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(name)).unwrap()
}

/// The lines behind a line that ends with `key`, as long as they are indented deeper, without their indentation.
fn block(text: &str, key: &str) -> String {
    let mut lines = text.lines().skip_while(|line| !line.trim_end().ends_with(key));
    let depth = |line: &str| line.len() - line.trim_start().len();
    let outer = depth(lines.next().unwrap());
    let inner = lines.take_while(|line| line.is_empty() || depth(line) > outer);
    inner.map(|line| format!("{}\n", line.trim_start())).collect()
}

fn mib(text: &str, key: &str) -> u64 {
    let (_, rest) = text.split_once(key).unwrap();
    let (_, rest) = rest.split_once("memory: ").unwrap();
    rest.split_once("Mi").unwrap().0.parse::<u64>().unwrap() * 1024 * 1024
}

#[test]
fn the_memory_of_a_pod_is_more_than_its_limits_allow() {
    let configured = block(&read("kubernetes/configmap.yaml"), "config.yaml: |");
    // The catalog is checked by `.ci/deploy`, where it has a file.
    let settings: String =
        configured.lines().filter(|line| !line.starts_with("catalog:")).map(|line| format!("{line}\n")).collect();
    let mut sources = Sources::default();
    sources.add_file_text("config.yaml", &settings);
    let config = sources.resolve().unwrap().config;
    assert_eq!(config.max_connections.get(), 256, "{configured}");
    // By hand: 64 + 2 * 64 + (512 + 512) * 128 KiB + 256.
    assert_eq!(config.max_memory_bytes(), 576 * 1024 * 1024);
    let limit = mib(&read("kubernetes/deployment.yaml"), "limits:");
    assert!(config.max_memory_bytes() + 64 * 1024 * 1024 <= limit, "{limit}");
}

#[test]
fn memory_is_the_sum_of_the_limits() {
    // 64 MiB + 2 * 256 MiB + 8,192 * 128 KiB + 10,000 MiB.
    assert_eq!(Config::default().max_memory_bytes(), (64 + 512 + 1_024 + 10_000) * 1024 * 1024);
    let mut config = Config::default();
    config.max_buffered_bytes = Size::mib(512);
    assert_eq!(config.max_memory_bytes(), (64 + 1_024 + 1_024 + 10_000) * 1024 * 1024);
}

/// A variable of an image would be stronger than the file that somebody mounts.
#[test]
fn an_image_sets_no_variables() {
    let image = read("Containerfile");
    assert!(!image.lines().any(|line| line.trim_start().starts_with("ENV")), "{image}");
}
