//! Proto files and descriptor sets that load.

use std::path::PathBuf;

use protox::file::{ChainFileResolver, DescriptorSetFileResolver, File, FileResolver, GoogleFileResolver};

use crate::{
    catalog::{Catalog, Problems},
    model::{KindEntry, rpc::DESCRIPTORS},
};

pub(super) fn example(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "examples", "catalogs", name].iter().collect()
}

pub(super) fn entries(catalog: &Catalog) -> Vec<KindEntry> {
    catalog.iter().filter_map(|kind| kind.entry().cloned()).collect()
}

/// A resolver of one file.
struct One(String, String);

impl FileResolver for One {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        if name == self.0 { File::from_source(name, &self.1) } else { Err(protox::Error::file_not_found(name)) }
    }
}

/// The descriptor set that a user's compiler writes.
fn set(source: &str, imports: bool, positions: bool) -> Vec<u8> {
    compile("acme/errors.proto", source, imports, positions)
}

/// The descriptor set of one file alone.
pub(super) fn set_of(name: &str, source: &str) -> Vec<u8> {
    compile(name, source, false, false)
}

fn compile(name: &str, source: &str, imports: bool, positions: bool) -> Vec<u8> {
    let mut resolver = ChainFileResolver::new();
    resolver.add(One(name.to_owned(), source.to_owned()));
    resolver.add(DescriptorSetFileResolver::decode(DESCRIPTORS).unwrap());
    resolver.add(GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    compiler.include_imports(imports).include_source_info(positions).open_file(name).unwrap();
    compiler.encode_file_descriptor_set()
}

// docs/rules.md: R-CATALOG-1, R-CATALOG-3
#[test]
fn the_two_forms_of_the_example_are_equal() {
    let yaml = Catalog::load([example("tasks.yaml")]).unwrap();
    let proto = Catalog::load([example("tasks.proto")]).unwrap();
    assert_eq!(entries(&proto), entries(&yaml));
    assert_eq!(proto.domains().collect::<Vec<_>>(), ["api.example.com"]);
    let source = std::fs::read_to_string(example("tasks.proto")).unwrap();
    for (imports, positions) in [(true, true), (false, true), (true, false), (false, false)] {
        let set = Catalog::from_descriptor_set("tasks.binpb", &set(&source, imports, positions)).unwrap();
        assert_eq!(entries(&set), entries(&yaml));
    }
}

const BAD: &str = "syntax = \"proto3\";
package acme;
import \"errwire/v1/annotations.proto\";
message M {
  enum E {
    option (errwire.v1.catalog) = {domain: \"d\"};
    Z = 0;
    A_KIND = 1 [(errwire.v1.kind) = {status: 200 code: ABORTED message: \"m\"}];
    NOT_FOUND = 2 [(errwire.v1.kind).status = 404, (errwire.v1.kind).code = NOT_FOUND, (errwire.v1.kind).message = \"m {id}\",
      (errwire.v1.kind).retry_delay = {seconds: 3}];
  }
}
";

/// A set says where its parts come from, or names them.
#[test]
fn problems_of_a_set() {
    let problems = |set: &[u8]| -> Problems { Catalog::from_descriptor_set("e.binpb", set).unwrap_err() };
    assert_eq!(
        problems(&set(BAD, false, true)).to_string(),
        "\
e.binpb:acme/errors.proto:8:17: `200` is not the HTTP status of an error. Use a number from 400 to 599.
e.binpb:acme/errors.proto:9:5: The kind `not_found` is built in. Add `override: true` to replace it, or rename yours.
e.binpb:acme/errors.proto:10:7: `retry_delay` is used only with `retry: RETRY_AFTER_DELAY`. Add `retry: RETRY_AFTER_DELAY`, or remove the delay."
    );
    assert_eq!(
        problems(&set(BAD, true, false)).to_string(),
        "\
e.binpb:acme/errors.proto: In `A_KIND`: `200` is not the HTTP status of an error. Use a number from 400 to 599.
e.binpb:acme/errors.proto: In `NOT_FOUND`: `retry_delay` is used only with `retry: RETRY_AFTER_DELAY`. Add `retry: RETRY_AFTER_DELAY`, or remove the delay.
e.binpb:acme/errors.proto: The kind `not_found` is built in. Add `override: true` to replace it, or rename yours."
    );
    assert_eq!(
        problems(b"").to_string(),
        "e.binpb: No enum of the set is a catalog. Add the option `(errwire.v1.catalog)` to the enum of your errors, and its file to the set."
    );
    assert!(problems(b"hello").to_string().starts_with("e.binpb: The file is not a descriptor set: "));
}

/// The names of extensions are resolved as protobuf does, and the built-in enum is not a user's.
#[test]
fn names_are_relative() {
    for (package, name, loads) in [
        ("acme", "errwire.v1", true),
        ("acme", ".errwire.v1", true),
        ("errwire.v1", "errwire.v1", true),
        ("errwire.v2", "v1", true),
        ("errwire.v1.deep", "v1", true),
    ] {
        let text = format!(
            "syntax = \"proto3\"; package {package}; import \"errwire/v1/annotations.proto\";\n\
             enum E {{ option ({name}.catalog).domain = \"d\"; Z = 0; A_KIND = 1 [({name}.kind) = {{status: 0x1F4 code: 13 message: \"m\"}}]; }}"
        );
        let loaded = Catalog::from_proto("acme/errors.proto", &text);
        assert_eq!(loaded.is_ok(), loads, "{package} {name}: {loaded:?}");
        assert_eq!(loaded.unwrap().get("a_kind").unwrap().entry().unwrap().status, 500);
    }
}

/// Each enum has its own.
#[test]
fn an_enum_has_a_language() {
    let kind = "(errwire.v1.kind) = {status: 404 code: NOT_FOUND message: \"m\"}";
    let text = format!(
        "syntax = \"proto3\"; import \"errwire/v1/annotations.proto\";\n\
         enum D {{ option (errwire.v1.catalog) = {{domain: \"d\" language: \"de-at\"}}; DZ = 0; A_KIND = 1 [{kind}]; }}\n\
         enum E {{ option (errwire.v1.catalog).domain = \"d\"; EZ = 0; B_KIND = 1 [{kind}]; }}\n"
    );
    let source = Catalog::from_proto("acme/errors.proto", &text).unwrap_or_else(|problems| panic!("{problems}"));
    let compiled = Catalog::from_descriptor_set("set", &set(&text, false, false)).unwrap();
    for catalog in [source, compiled] {
        let language = |kind: &str| catalog.get(kind).unwrap().entry().unwrap().language.to_string();
        assert_eq!([language("a_kind"), language("b_kind")], ["de-AT", "en"]);
    }
    let bad = text.replace("de-at", "german");
    let problems = Catalog::from_proto("f", &bad.replace("german", "a german")).unwrap_err().to_string();
    assert_eq!(problems, "f:2:63: `a german` is not a language tag. Use a BCP 47 tag such as de, pt-BR or zh-Hant.");
}

/// What text format allows, read as the compiler reads it.
#[test]
fn the_compiler_and_we_read_the_same() {
    let values = [
        "{status: 0624 code: NOT_FOUND message: 'It\\'s \"{id}\"\\x21\\041\\u00e4\\U0001F980\\?\\t\\n\\\\'}",
        "{ status : 404 , code : NOT_FOUND ; message : \"a\"\n  // none: 1\n 'b' /* c */ \"d\" retry: 2 visibility: 2 }",
        "{status: 404, code: 5, message: \"ü\", localized <key: \"de\" value: \"b\">, localized: [{key: \"en\", value: \"c\"}],}",
        "{status: 503 code: UNAVAILABLE message: \"m\" retry: RETRY_AFTER_DELAY retry_delay {seconds: 0x10 nanos: 07} visibility: VISIBILITY_UNSPECIFIED}",
        "{status: 503 code: UNAVAILABLE message: \"m\" deprecated {} override: false retry: RETRY_UNSPECIFIED description: \"\"}",
    ];
    let mut text = "syntax = \"proto3\"; import \"errwire/v1/annotations.proto\";\nenum E { option (errwire.v1.catalog) = {domain: \"d\"}; Z = 0;\n".to_owned();
    for (number, value) in (1..).zip(values) {
        text.push_str(&format!("KIND_{number} = {number} [deprecated = true, (errwire.v1.kind) = {value}];\n"));
    }
    text.push_str("KIND_9 = 9 [(errwire.v1.kind).status = 404, (errwire.v1.kind).code = NOT_FOUND, (errwire.v1.kind).message = \"m\", (errwire.v1.kind).deprecated.since = \"1\", (errwire.v1.kind).deprecated.replaced_by = \"kind_1\"];\n}\n");
    let source = Catalog::from_proto("acme/errors.proto", &text).unwrap_or_else(|problems| panic!("{problems}"));
    let compiled = Catalog::from_descriptor_set("set", &set(&text, false, false)).unwrap();
    assert_eq!(entries(&source), entries(&compiled));
    let entry = source.get("kind_1").unwrap().entry().unwrap().clone();
    assert_eq!((entry.status.as_u16(), entry.code), (404, crate::model::Code::NotFound));
}
