//! The meaning of the arguments, and the catalogs that they name: of files, and of running servers, which are read through
//! `errwire.v1.CatalogService`.

use std::{
    fmt,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    time::Duration,
};

use clap_complete::Shell;
use tokio::{runtime, time};
use tonic::{
    Status,
    transport::{Channel, Endpoint},
};

use super::{
    args::{self, Args, CheckFormat, Command, DiffFormat, Format, Lang, TranslateFormat, Wire},
    generate::Docs,
    outcome::Failure,
};
use crate::{
    adapter::StatusExt,
    catalog::{Catalog, Loader, Method},
    model::{Error, KindEntry, kinds},
    remote::{self, BadCatalog, Gather, Limits, watch_catalog},
    server::config::Resolved,
    translate::{Policy, Translator},
};

/// The arguments of a command, read and checked.
pub(super) enum Config {
    Serve(Box<Resolved>),
    Settings(Box<Resolved>),
    Translate { translator: Translator, asked: Asked, input: Input },
    Kinds { translator: Translator, format: Format },
    Explain { translator: Translator, name: String },
    Check { loader: Loader, files: Vec<PathBuf>, format: CheckFormat },
    Diff { old: Catalog, new: Catalog, format: DiffFormat, exhaustive: bool },
    Docs { translator: Translator, docs: Docs },
    Generate { catalog: Catalog, lang: Lang, out: Option<PathBuf> },
    Completions { shell: Shell },
    Man { command: Option<String> },
}

/// How to translate.
pub(super) struct Asked {
    pub(super) to: Option<Wire>,
    /// The status of a body that comes alone.
    pub(super) status: Option<u16>,
    /// Whether a person reads the output.
    pub(super) person: bool,
}

pub(super) enum Input {
    Stdin,
    File(PathBuf),
}

impl Config {
    pub(super) fn resolve(args: Args) -> Result<Self, Failure> {
        Ok(match args.command {
            Command::Serve(serve) => {
                let print = serve.print_config;
                let resolved = serve.sources().resolve().map(Box::new).map_err(Failure::Config)?;
                if print { Self::Settings(resolved) } else { Self::Serve(resolved) }
            }
            Command::Translate(args::Translate { to, status, format, file, catalog }) => {
                let person =
                    format.map_or_else(|| io::stdout().is_terminal(), |format| format == TranslateFormat::Text);
                let asked = Asked { to, status, person };
                let input = if file.as_os_str() == "-" { Input::Stdin } else { Input::File(file) };
                Self::Translate { translator: translator(catalog)?, asked, input }
            }
            Command::Kinds(args::Kinds { format, catalog }) => Self::Kinds { translator: translator(catalog)?, format },
            Command::Explain(args::Explain { name, catalog }) => {
                Self::Explain { translator: translator(catalog)?, name }
            }
            Command::Check(args::Check { files, format, imports }) => {
                Self::Check { loader: loader(imports), files, format }
            }
            Command::Diff(args::Diff { old, new, format, exhaustive, imports }) => {
                let (old, new) = versions(&loader(imports), [old, new])?;
                Self::Diff { old, new, format, exhaustive }
            }
            Command::Docs(args::Docs { format, out, merge, check, catalog }) => {
                Self::Docs { translator: translator(catalog)?, docs: Docs { format, out, merge, check } }
            }
            Command::Generate(args::Generate { lang, out, files, imports }) => {
                Self::Generate { catalog: loader(imports).load(files).map_err(Failure::Catalog)?, lang, out }
            }
            Command::Completions(args::Completions { shell }) => Self::Completions { shell },
            Command::Man(args::Man { command }) => Self::Man { command },
        })
    }
}

// docs/rules.md: R-CLI-4
fn translator(args: args::Catalog) -> Result<Translator, Failure> {
    let (servers, files): (Vec<_>, Vec<_>) = args.files.iter().partition(|typed| address(typed).is_some());
    let mut catalogs = Vec::new();
    if !files.is_empty() {
        catalogs.push(loader(args.imports).load(files).map_err(Failure::Catalog)?);
    }
    for server in servers.into_iter().filter_map(|typed| address(typed)) {
        catalogs.push(of_server(&server, true)?);
    }
    Ok(Translator::with_policy(Catalog::joined(catalogs), policy(args.domain)))
}

/// The address of a server in place of a file.
fn address(typed: &Path) -> Option<Address> {
    typed.to_str().and_then(Address::parse)
}

fn policy(domain: Option<String>) -> Policy {
    let mut policy = Policy::default();
    if let Some(domain) = domain {
        policy.domain = domain.into();
    }
    policy
}

/// The catalogs of files, or of running servers.
fn versions(loader: &Loader, typed: [PathBuf; 2]) -> Result<(Catalog, Catalog), Failure> {
    let addresses = typed.each_ref().map(|typed| address(typed));
    let next_to_file = addresses.iter().any(Option::is_none);
    let load = |typed: &PathBuf, address: &Option<Address>| match address {
        Some(address) => of_server(address, next_to_file),
        None => loader.load([typed]).map_err(Failure::Catalog),
    };
    Ok((load(&typed[0], &addresses[0])?, load(&typed[1], &addresses[1])?))
}

fn loader(imports: args::Imports) -> Loader {
    imports.folders.into_iter().fold(Loader::new(), Loader::with_include)
}

/// How long a server may take to begin, and from one part of its catalog to the next.
const PART_TIMEOUT: Duration = Duration::from_secs(10);

/// The most bytes of a part.
const MAX_PART: usize = 16 * 1024 * 1024;

/// Of all parts together.
const LIMITS: Limits = Limits::OWN;

/// An address that was typed in place of a file.
#[derive(Debug)]
struct Address {
    typed: String,
    url: String,
}

impl Address {
    /// `http://HOST:PORT` and `grpc://HOST:PORT`, and `https://`, which is refused later; `None` for anything else, which is a
    /// file. The default port is 50051, as that of `serve`.
    fn parse(text: &str) -> Option<Self> {
        let rest = ["http://", "grpc://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme))?;
        let host = rest.trim_end_matches('/');
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|c| c.is_ascii_digit()));
        let url = if has_port { format!("http://{host}") } else { format!("http://{host}:50051") };
        Some(Self { typed: text.to_owned(), url })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

/// The catalog of the server. Built-in kinds have the domain and the pages of the server's policy; next to a file, which has
/// none, that is not a change.
fn of_server(address: &Address, next_to_file: bool) -> Result<Catalog, Failure> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|why| Failure::Io("cannot start the threads".to_owned(), why))?;
    let read = runtime.block_on(version(address));
    let (entries, methods) = read.map_err(|why| Failure::Server(address.to_string(), why))?;
    let is_kept = |entry: &KindEntry| !next_to_file || remote::same_as_builtin(entry).is_none();
    let entries = entries.into_iter().filter(is_kept);
    Ok(Catalog::with_entries(entries).with_methods(methods))
}

/// The kinds and methods of the version that the server has now.
async fn version(address: &Address) -> Result<(Vec<KindEntry>, Vec<Method>), Error> {
    let mut parts = watch_catalog(connect(address).await?, MAX_PART).await.map_err(refused)?;
    let mut gather = Gather::new(LIMITS);
    let bad = |why: BadCatalog| unreadable(why.to_string());
    loop {
        let part = time::timeout(PART_TIMEOUT, parts.message()).await;
        let part = part.map_err(|_| unreadable("it stops in the middle of its catalog".to_owned()))?;
        let part = part.map_err(refused)?.ok_or_else(|| unreadable("its catalog is incomplete".to_owned()))?;
        if let Some(parts) = gather.take(part).map_err(bad)? {
            return remote::entries(&parts, LIMITS).map_err(bad);
        }
    }
}

async fn connect(address: &Address) -> Result<Channel, Error> {
    if address.typed.starts_with("https://") {
        return Err(unreadable("TLS is not supported here: use an http:// address, or compare files".to_owned()));
    }
    let endpoint = Endpoint::from_shared(address.url.clone());
    let endpoint = endpoint.map_err(|_| unreadable("it is not an address: write http://HOST:PORT".to_owned()))?;
    let channel = endpoint.connect_timeout(PART_TIMEOUT).timeout(PART_TIMEOUT).connect().await;
    channel.map_err(|why| {
        let message = "no server can be reached: start it, or fix the address";
        Error::new(kinds::SERVICE_UNAVAILABLE).with_message(message).with_source(why)
    })
}

/// What the server said; or, if it said nothing, that.
fn refused(status: Status) -> Error {
    match status.code() {
        tonic::Code::Unavailable => unreadable("the server there is not an `errwire serve`".to_owned()),
        _ => status.to_errwire(),
    }
}

fn unreadable(why: String) -> Error {
    Error::new(kinds::REQUEST_INVALID).with_message(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_addresses_from_files() {
        let rows = [
            ("http://127.0.0.1:50051", Some("http://127.0.0.1:50051")),
            ("grpc://127.0.0.1:7", Some("http://127.0.0.1:7")),
            ("grpc://errors.internal/", Some("http://errors.internal:50051")),
            ("http://[::1]:9", Some("http://[::1]:9")),
            ("http://[::1]", Some("http://[::1]:50051")),
            ("errors.yaml", None),
            ("127.0.0.1:50051", None),
        ];
        for (text, url) in rows {
            assert_eq!(Address::parse(text).map(|address| address.url).as_deref(), url, "{text}");
        }
    }
}
