//! What the arguments mean.

use std::path::PathBuf;

use super::{
    args::{self, Args, Command, Format, Wire},
    failure::Failure,
};
use crate::{Catalog, Policy, Translator, server::App};

/// Everything that a command needs, read and checked.
pub(super) enum Config {
    Serve { listen: String, app: App },
    Translate { translator: Translator, to: Option<Wire>, input: Input },
    Kinds { translator: Translator, format: Format },
    Explain { translator: Translator, kind: String },
    Check { files: Vec<PathBuf> },
}

pub(super) enum Input {
    Stdin,
    File(PathBuf),
}

impl Config {
    pub(super) fn resolve(args: Args) -> Result<Self, Failure> {
        Ok(match args.command {
            Command::Serve(args::Serve { listen, catalog }) => {
                Self::Serve { listen, app: App::new(translator(catalog)?) }
            }
            Command::Translate(args::Translate { to, file, catalog }) => {
                let input = if file.as_os_str() == "-" { Input::Stdin } else { Input::File(file) };
                Self::Translate { translator: translator(catalog)?, to, input }
            }
            Command::Kinds(args::Kinds { format, catalog }) => Self::Kinds { translator: translator(catalog)?, format },
            Command::Explain(args::Explain { kind, catalog }) => {
                Self::Explain { translator: translator(catalog)?, kind }
            }
            Command::Check(args::Check { files }) => Self::Check { files },
        })
    }
}

fn translator(args: args::Catalog) -> Result<Translator, Failure> {
    let catalog = match &*args.files {
        [] => Catalog::builtin(),
        files => Catalog::load(files).map_err(Failure::Catalog)?,
    };
    let mut policy = Policy::default();
    if let Some(domain) = args.domain {
        policy.domain = domain.into();
    }
    Ok(Translator::with_policy(catalog, policy))
}
