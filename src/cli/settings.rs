//! The flags of `errwire serve`: one for each setting of the server.

use std::{env, path::PathBuf};

use clap::{
    Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches, builder::NonEmptyStringValueParser, value_parser,
};

use crate::server::config::{Config, Setting, Sources};

const ABOUT: &str = "Serve the translations over gRPC";

const LONG_ABOUT: &str = "Serve the translations over gRPC\n\n\
    Offers errwire.v1.ErrorMappingService, errwire.v1.CatalogService, grpc.health.v1.Health and server reflection, over \
    gRPC and over plain HTTP. The first line on standard output is `listening on ADDR`, the second one `admin on ADDR`. \
    Stops on SIGTERM and Ctrl-C, once the calls in flight are done; a second signal stops at once. SIGHUP looks at \
    certificates and catalog files again.\n\n\
    Each flag but --config and --print-config is also a key of the file, with _ in place of -, and a variable: \
    --max-connections is `max_connections` and ERRWIRE_MAX_CONNECTIONS. A flag is stronger than a variable, and that \
    is stronger than the file.";

/// What was typed behind `errwire serve`.
#[derive(Debug)]
pub(super) struct Serve {
    pub(super) print_config: bool,
    file: Option<PathBuf>,
    flags: Vec<(&'static str, Vec<String>)>,
}

impl Serve {
    /// These flags, the environment, and the file that either names.
    pub(super) fn sources(self) -> Sources {
        let mut sources = Sources::default();
        let file = self.file.or_else(|| env::var_os("ERRWIRE_CONFIG").filter(|path| !path.is_empty()).map(Into::into));
        if let Some(file) = file {
            sources.add_file(&file);
        }
        sources.add_env(env::vars_os());
        for (name, texts) in self.flags {
            sources.add_flag(name, texts);
        }
        sources
    }
}

impl Args for Serve {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new("config")
            .long("config")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .help("A YAML file with settings; ERRWIRE_CONFIG names one too");
        let print = Arg::new("print-config")
            .long("print-config")
            .action(ArgAction::SetTrue)
            .help("Print the whole configuration as such a file, with the source of each value, and exit");
        let command = command.about(ABOUT).long_about(LONG_ABOUT).args([file, print]);
        command.args(Config::SETTINGS.iter().map(flag))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn flag(setting: &'static Setting) -> Arg {
    let default = match setting.default_text() {
        text if text.is_empty() => String::new(),
        text => format!(" [default: {text}]"),
    };
    let flag = Arg::new(setting.name)
        .long(setting.name.replace('_', "-"))
        .value_name(setting.value)
        .help_heading(setting.group.title())
        .help(format!("{}{default}", setting.summary().trim_end_matches('.').replace('`', "")))
        .value_parser(NonEmptyStringValueParser::new())
        .action(if setting.list { ArgAction::Append } else { ArgAction::Set });
    match setting.name {
        // As in protoc.
        "proto_path" => flag.short('I'),
        _ if setting.list => flag,
        // Of several the last one counts, so that a script can add to what it was given.
        _ if setting.switch => {
            flag.num_args(0..=1).require_equals(true).default_missing_value("true").overrides_with(setting.name)
        }
        _ => flag.overrides_with(setting.name),
    }
}

impl FromArgMatches for Serve {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let texts = |setting: &Setting| {
            let texts: Vec<String> = matches.get_many(setting.name)?.cloned().collect();
            Some((setting.name, texts))
        };
        Ok(Self {
            print_config: matches.get_flag("print-config"),
            file: matches.get_one("config").cloned(),
            flags: Config::SETTINGS.iter().filter_map(texts).collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
