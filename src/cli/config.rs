//! The meaning of the arguments.

use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf},
};

use clap_complete::Shell;

use super::{
    args::{self, Args, CheckFormat, Command, DiffFormat, Format, Lang, TranslateFormat, Wire},
    generate::Docs,
    outcome::Failure,
    server_catalog::{self, Address},
};
use crate::{
    catalog::{Catalog, Loader},
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
        catalogs.push(server_catalog::read(&server, true)?);
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
        Some(address) => server_catalog::read(address, next_to_file),
        None => loader.load([typed]).map_err(Failure::Catalog),
    };
    Ok((load(&typed[0], &addresses[0])?, load(&typed[1], &addresses[1])?))
}

fn loader(imports: args::Imports) -> Loader {
    imports.folders.into_iter().fold(Loader::new(), Loader::with_include)
}
