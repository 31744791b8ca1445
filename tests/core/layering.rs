//! Guards the floors of the house (`docs/architecture.md`): imports point down only and name the room that owns an item,
//! files stay short, and `mod.rs` says what there is and nothing more.

mod circles;
mod external;
mod paths;
mod tokens;

use std::{collections::BTreeMap, fs, path::Path};

/// From top to bottom. Rooms on one floor do not know each other.
const FLOORS: [&[&str]; 12] = [
    &["cli"],
    &["server"],
    &["docs"],
    &["service"],
    &["remote"],
    &["layer"],
    &["adapter", "build", "testing"],
    &["translate"],
    &["wire", "wire::grpc", "wire::http", "catalog", "pb"],
    &["yaml"],
    &["diagnostic"],
    &["model"],
];

/// Lines of code, and lines with comments and tests.
const LONGEST_FILE: (usize, usize) = (300, 500);

#[test]
fn imports_point_down() {
    let sources = Source::all();
    let root = sources.iter().find(|source| source.file == "src/lib.rs").expect("the library has a root");
    let house = House::new(&root.text);
    let findings: Vec<String> = sources.iter().flat_map(|source| house.findings(source)).collect();
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}

/// What a major version of one of these would break, users see.
#[test]
fn the_public_interface_names_the_listed_crates_only() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).expect("a manifest");
    let allowed = external::allowed(&manifest);
    let dependencies = external::dependencies(&manifest);
    let named = external::named(&Source::all(), &dependencies);
    let more: Vec<_> = named.iter().filter(|(owner, _)| !allowed.contains(*owner)).collect();
    assert!(more.is_empty(), "list it in Cargo.toml, or keep it out of the public interface: {more:?}");
    let unknown: Vec<_> = allowed.iter().filter(|owner| !dependencies.contains(*owner)).collect();
    assert!(unknown.is_empty() && !allowed.is_empty(), "{unknown:?} are listed, and are not dependencies");
}

/// The page says what each is for.
#[test]
fn the_page_names_every_dependency() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("a manifest");
    let page = fs::read_to_string(root.join("docs/architecture.md")).expect("a page");
    let named = page.split("\n## Dependencies\n").nth(1).expect("a section").replace('-', "_");
    let missing: Vec<_> = (external::dependencies(&manifest).into_iter())
        .filter(|dependency| !named.contains(&format!("`{dependency}`")))
        .collect();
    assert!(missing.is_empty(), "docs/architecture.md does not say what these are for: {missing:?}");
}

#[test]
fn no_files_need_each_other() {
    let circles = circles::circles(&Source::all());
    assert!(circles.is_empty(), "\n{}", circles.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn files_are_short() {
    let long: Vec<String> = Source::all()
        .iter()
        .map(|source| (&source.file, source.code_lines(), source.text.lines().count()))
        .filter(|(_, code, all)| *code > LONGEST_FILE.0 || *all > LONGEST_FILE.1)
        .map(|(file, code, all)| format!("{file} has {code} lines of code, and {all} with comments and tests"))
        .collect();
    assert!(long.is_empty(), "at most {LONGEST_FILE:?}:\n{}", long.join("\n"));
}

#[test]
fn mod_files_hold_no_code() {
    let findings: Vec<String> = Source::all()
        .iter()
        .filter(|source| source.file.ends_with("/mod.rs"))
        .flat_map(|source| code_beside_modules(&source.text).map(|item| format!("{}: `{item}`", source.file)))
        .collect();
    assert!(findings.is_empty(), "only docs, `mod` and `use` belong there:\n{}", findings.join("\n"));
}

struct Source {
    file: String,
    /// The module that the file is: `["wire", "grpc"]`. Empty for the roots.
    module: Vec<String>,
    text: String,
}

impl Source {
    fn all() -> Vec<Self> {
        let mut sources = Vec::new();
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self::collect(package, &package.join("src"), &mut sources);
        assert!(sources.len() > 10, "the sources are not where this test looks");
        sources
    }

    fn collect(package: &Path, folder: &Path, sources: &mut Vec<Self>) {
        for entry in fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display())) {
            let path = entry.unwrap_or_else(|why| panic!("{}: {why}", folder.display())).path();
            if path.ends_with("generated") {
                continue;
            }
            if path.is_dir() {
                Self::collect(package, &path, sources);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
                let relative = path.strip_prefix(package).unwrap_or(&path);
                let file: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
                sources.push(Self::new(&file.join("/"), &text));
            }
        }
    }

    fn new(file: &str, text: &str) -> Self {
        let inner = file.trim_start_matches("src/").trim_end_matches(".rs");
        let inner = if inner == "lib" || inner == "main" { "" } else { inner.trim_end_matches("/mod") };
        let module = inner.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Self { file: file.to_owned(), module, text: text.to_owned() }
    }

    fn code_lines(&self) -> usize {
        let code = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with("//");
        circles::without_tests(&self.text).lines().filter(code).count()
    }
}

struct House {
    /// What `lib.rs` re-exports, and from where: `Error` is `model::Error`.
    exports: BTreeMap<String, Vec<String>>,
}

impl House {
    fn new(root: &str) -> Self {
        let leaves = paths::uses(&tokens::tokens(root));
        Self { exports: leaves.into_iter().map(|leaf| (leaf.name, leaf.path)).collect() }
    }

    fn findings(&self, source: &Source) -> Vec<String> {
        if source.module.is_empty() {
            return Vec::new();
        }
        let Some(from) = room(&source.module) else {
            return vec![format!("{} is on no floor: give it one in this test", source.file)];
        };
        paths::references(&tokens::tokens(&source.text), &source.module)
            .into_iter()
            .filter_map(|path| self.refuses(from, &path).map(|why| (path, why)))
            .map(|(path, why)| format!("{}: {from} may not use `crate::{}`{why}", source.file, path.join("::")))
            .collect()
    }

    /// Why a file in the room `from` may not name `path`. A name that leads nowhere is refused too.
    fn refuses(&self, from: &str, path: &[String]) -> Option<String> {
        if let Some(owner) = path.first().and_then(|name| self.exports.get(name)) {
            return Some(format!(": inside the crate, import from the owner, `crate::{}`", owner.join("::")));
        }
        // An exported macro is at the root, wherever it is written.
        if path.len() == 1 && path[0].starts_with("__") {
            return None;
        }
        let to = room(path);
        let enters = |to: &str| to.strip_prefix(from).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
        let allowed = to.is_some_and(|to| enters(to) || floor(to) > floor(from));
        (!allowed).then(String::new)
    }
}

/// The innermost room that a module or an item is in.
fn room(path: &[String]) -> Option<&'static str> {
    let rooms = FLOORS.iter().flat_map(|rooms| rooms.iter().copied());
    rooms.filter(|room| starts_with(path, room)).max_by_key(|room| room.len())
}

fn starts_with(path: &[String], room: &str) -> bool {
    let mut path = path.iter();
    room.split("::").all(|part| path.next().is_some_and(|name| name == part))
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The items of a `mod.rs` that are neither `mod x;` nor `use x;`.
fn code_beside_modules(text: &str) -> impl Iterator<Item = String> {
    let tokens = tokens::without_attributes(&tokens::tokens(text));
    let items: Vec<String> = tokens.split(|token| token == ";").map(|item| item.join(" ")).collect();
    items.into_iter().filter(|item| {
        let bare = item.trim_start_matches("pub ");
        let bare = bare.strip_prefix("( ").and_then(|scope| scope.split_once(") ")).map_or(bare, |(_, bare)| bare);
        let is_list = bare.starts_with("use ") || bare.starts_with("mod ") && !bare.contains('{');
        !item.is_empty() && !is_list
    })
}

/// The guard itself must be able to fail.
mod guard {
    use super::{House, Source, circles, code_beside_modules, external};

    const ROOT: &str = "mod model; pub mod wire; pub use model::{Error, kinds}; pub use translate::{Translator as T};";

    fn findings(file: &str, text: &str) -> usize {
        House::new(ROOT).findings(&Source::new(file, text)).len()
    }

    #[test]
    fn lets_imports_down_pass() {
        for (file, text) in [
            ("src/cli/serve.rs", "use crate::{server::Server, translate::{self, Report}};"),
            ("src/translate/mod.rs", "use crate::wire::{grpc, http::Dialect}; use crate::catalog::Catalog;"),
            (
                "src/wire/grpc/status.rs",
                "use super::Trailers; use crate::model::Code; fn f() -> crate::model::Error {}",
            ),
            ("src/wire/mod.rs", "pub use self::grpc::Status; pub use crate::wire::http::Head;"),
            ("src/model/kind.rs", "use super::KindEntry; mod tests { use super::*; use super::super::code::Code; }"),
            ("src/model/kind.rs", "// crate::cli\n/* crate::cli /* */ super::super::cli */ const C: char = '\"';"),
            ("src/model/kind.rs", r##"const A: &str = "crate::cli"; const B: &str = r#"crate::cli"#;"##),
            ("src/model/kind.rs", "pub(crate) fn f<'a>(x: &'a str) {} pub(in crate::model) fn g() {}"),
            ("src/main.rs", "fn main() { errwire::cli::main() }"),
        ] {
            assert_eq!(findings(file, text), 0, "{file}: {text}");
        }
    }

    #[test]
    fn stops_imports_up_and_sideways() {
        for (file, text) in [
            ("src/model/kind.rs", "use crate::catalog::Catalog;"),
            ("src/model/kind.rs", "use crate::{model::Error, translate::Report};"),
            ("src/server/run.rs", "use crate::Error;"),
            ("src/server/run.rs", "fn f() -> crate::kinds::Kind {}"),
            ("src/model/kind.rs", "use crate::T;"),
            ("src/model/error/tests.rs", "fn f() { super::super::super::wire::grpc::decode(); }"),
            ("src/model/kind.rs", "mod tests { use super::super::super::catalog::Catalog; }"),
            ("src/model/kind.rs", "const Q: char = '\\''; use crate::cli::Args;"),
            ("src/model/kind.rs", "fn f<'a>(x: &'a u8) { crate::server::start(x) }"),
            ("src/model/kind.rs", "macro_rules! m { () => { $crate::wire::grpc::Status } }"),
            ("src/model/kind.rs", "use crate::NotReexported;"),
            ("src/model/kind.rs", "use crate::*;"),
            ("src/model/kind.rs", "use crate as root;"),
            ("src/catalog/file.rs", "use crate::wire::grpc::Status;"),
            ("src/wire/grpc/status.rs", "use crate::catalog::Catalog;"),
            ("src/wire/grpc/status.rs", "use super::super::http::Head;"),
            ("src/wire/http/reading.rs", "use crate::wire::{http::Head, grpc::Status};"),
            ("src/wire/http/mod.rs", "use super::*;"),
            ("src/adapter/tonic.rs", "use crate::service::Mapping;"),
            ("src/utils/mod.rs", ""),
        ] {
            assert_eq!(findings(file, text), 1, "{file}: {text}");
        }
    }

    #[test]
    fn finds_circles_through_mod_files() {
        let sources = |y| {
            [("src/a/mod.rs", "pub use x::X; pub use y::Y;"), ("src/a/x.rs", "use super::Y;"), ("src/a/y.rs", y)]
                .map(|(file, text)| Source::new(file, text))
        };
        assert_eq!(circles::circles(&sources("")).len(), 0);
        assert_eq!(circles::circles(&sources("use crate::a::X;")).len(), 1);
    }

    #[test]
    fn finds_foreign_crates_in_signatures() {
        let crates = ["http".to_owned()].into_iter().collect();
        let named = |text| external::named(&[Source::new("src/a.rs", text)], &crates).len();
        for text in ["use http::Response; pub fn f() -> Response<()> {}", "pub struct S { pub a: http::Uri }"] {
            assert_eq!(named(text), 1, "{text}");
        }
        for text in ["use http::Response; pub fn f() { Response::new(()) }", "pub(crate) fn f(a: http::Uri) {}"] {
            assert_eq!(named(text), 0, "{text}");
        }
    }

    #[test]
    fn finds_code_in_mod_files() {
        let text = "//! Docs.\n#[cfg(feature = \"tonic\")]\npub mod a;\nmod b;\npub(crate) use b::{C, D};\npub(in crate::x) use b::E;\n";
        assert_eq!(code_beside_modules(text).count(), 0);
        for code in ["fn f() {}", "pub struct S;", "include!(\"x.rs\");", "mod tests { fn f() {} }"] {
            assert_eq!(code_beside_modules(&format!("{text}{code}")).count(), 1, "{code}");
        }
    }
}
