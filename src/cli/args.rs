//! The command line as it was typed.

use std::path::PathBuf;

use clap::{
    Args as Group, Parser, Subcommand, ValueEnum,
    builder::{NonEmptyStringValueParser, PathBufValueParser, TypedValueParser},
};
use clap_complete::Shell;

const EXAMPLES: &str = include_str!("examples.txt");

/// A file to read; `-` is standard input.
fn file() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().map(|path| if path.as_os_str() == "-" { PathBuf::from("/dev/stdin") } else { path })
}

/// One API error, defined once, read the same on every wire.
///
/// Translates errors between gRPC (code, message, rich details of google.rpc.Status) and HTTP
/// ({"kind": "task_not_found", "message": "..."}), in both directions, without loss.
#[derive(Debug, Parser)]
#[command(name = "errwire", version, after_long_help = EXAMPLES, max_term_width = 120)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Serve(super::serve::Serve),
    Translate(Translate),
    Kinds(Kinds),
    Explain(Explain),
    Check(Check),
    Diff(Diff),
    Docs(Docs),
    Generate(Generate),
    Completions(Completions),
    Man(Man),
}

/// Translate errors: JSON lines, or what curl, grpcurl or a gRPC client has printed
///
/// If the input does not begin with a JSON line, it is one error: the output of curl -i, -v, -iL or --trace, HTTPie or wget -S, of which
/// the last response counts; a body alone with --status; a google.rpc.Status in JSON or text format; what grpcurl, evans or a gRPC client
/// in C++, Go, Python, Java, C#, Node, Ruby, Dart, Elixir or Rust prints; the lines grpc-status and grpc-message; or any text that
/// mentions a status, such as a log, with the JSON behind it. On a terminal the output is for a person.
///
/// Each line is the ProtoJSON of a message of errwire.v1, and its content says which: with `response` or `error` it is
/// an HttpToGrpcRequest, with `status` or `trailers` a GrpcToHttpRequest, with `grpcToHttp`, `httpToGrpc` or `id` a
/// TranslateRequest. The fields are those of proto/errwire/v1/error_mapping_service.proto. The output
/// is the matching response message, one a line, in order. A line of a log is read for the error in its members. Blank lines are skipped.
/// A line that cannot be translated yields {"line": N, "failure": {...}}; the rest goes on, and the exit code is 1.
#[derive(Debug, Group)]
pub(super) struct Translate {
    /// Read every line as a request for this wire, whatever it holds
    #[arg(long, value_name = "WIRE")]
    pub(super) to: Option<Wire>,
    /// Read the input as the body of a response with this status
    #[arg(long, value_name = "STATUS", conflicts_with = "to")]
    pub(super) status: Option<u16>,
    /// How to write the output; by default `text` (the error, both wires, and why) on a terminal, and `json` elsewhere
    #[arg(long, value_name = "FORMAT")]
    pub(super) format: Option<Format>,
    /// The file to read; `-` is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) catalog: Catalog,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Wire {
    /// Lines are HttpToGrpcRequests
    Grpc,
    /// Lines are GrpcToHttpRequests
    Http,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a person
    Text,
    /// One object; of several translations, one a line
    Json,
}

/// List the kinds
#[derive(Debug, Group)]
pub(super) struct Kinds {
    /// How to write them; `json` is a ListKindsResponse in ProtoJSON
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(super) format: KindsFormat,
    #[command(flatten)]
    pub(super) catalog: Catalog,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum KindsFormat {
    Table,
    Json,
}

/// Explain a kind, a reason, an HTTP status, a gRPC code, or a method
///
/// Of a kind: what it means, what a client should do, how it looks on both wires. Of a status or a code: the kinds that have
/// it. Of a method that the catalog declares, or a service: what it may fail with.
#[derive(Debug, Group)]
pub(super) struct Explain {
    /// Such as task_not_found, TASK_NOT_FOUND, 404, NOT_FOUND or tasks.v1.TaskService/GetTask
    #[arg(value_name = "NAME")]
    pub(super) name: String,
    #[command(flatten)]
    pub(super) catalog: Catalog,
}

/// Find every problem of catalog files
///
/// Prints each problem with the line that it is in and how to fix it. Errors keep the catalog from loading, and the exit
/// code is 1. Warnings are advice; a comment above a line or a kind turns one off, and gives the reason:
///
///   # errwire: allow(message-guidance) The caller can do nothing.
#[derive(Debug, Group)]
pub(super) struct Check {
    /// The files, as they would be given to --catalog; `-` is standard input
    #[arg(value_name = "FILE", required = true, value_parser = file())]
    pub(super) files: Vec<PathBuf>,
    /// How to write the problems
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) imports: Imports,
}

/// Tell what breaks callers between two versions of a catalog
///
/// Exits with 1 if anything breaks: a kind is removed, its status, code or domain is another, a placeholder and with it a
/// metadata key is gone, its retry is stricter, or it is no longer public.
#[derive(Debug, Group)]
pub(super) struct Diff {
    /// The old version: YAML, .proto, a descriptor set (.binpb), or a running server, as http://HOST:PORT or grpc://HOST:PORT
    #[arg(value_name = "OLD", value_parser = file())]
    pub(super) old: PathBuf,
    /// The new version, in any of these forms; `-` is standard input
    #[arg(value_name = "NEW", value_parser = file())]
    pub(super) new: PathBuf,
    /// How to write the changes
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: DiffFormat,
    /// Exit with 1 also if a method gains a kind, which breaks clients that match on all kinds of the method
    #[arg(long)]
    pub(super) exhaustive: bool,
    #[command(flatten)]
    pub(super) imports: Imports,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum DiffFormat {
    /// A line for each change
    Text,
    /// Tables for a pull request
    Markdown,
    /// One object
    Json,
}

/// Write the reference of a catalog: Markdown, one HTML file, or OpenAPI
///
/// Without --catalog the reference is that of the built-in kinds. If the files declare the errors of methods, it has the
/// kinds that can occur, and each method with its kinds; otherwise it has all kinds.
#[derive(Debug, Group)]
pub(super) struct Docs {
    /// What to write
    #[arg(long, value_name = "FORMAT")]
    pub(super) format: DocsFormat,
    /// Write errors.md, errors.html or openapi.yaml into this folder; otherwise the text goes to standard output
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Add the error responses to this OpenAPI document, JSON or YAML, by path or operation id; all else stays as it is. With
    /// --out, the result has the name of the document
    #[arg(long, value_name = "FILE")]
    pub(super) merge: Option<PathBuf>,
    /// Write nothing, and exit with 1 if the file is out of date
    #[arg(long)]
    pub(super) check: bool,
    #[command(flatten)]
    pub(super) catalog: Catalog,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DocsFormat {
    Markdown,
    /// One file, which needs no script and no network
    Html,
    /// OpenAPI 3.1 in YAML
    Openapi,
}

/// Write catalog files in another form
///
/// Turns YAML into annotated enums and back; a file for each domain. What is generated loads as what was given. Comments are
/// not kept, and enum values are numbered in the order of the files. Rust is one file for all domains.
#[derive(Debug, Group)]
pub(super) struct Generate {
    /// What to write
    #[arg(long, value_name = "LANG")]
    pub(super) lang: Lang,
    /// Write files under this folder, and their names to standard output; otherwise the content goes there
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// The files, as they would be given to --catalog; `-` is standard input
    #[arg(value_name = "FILE", required = true, value_parser = file())]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) imports: Imports,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Lang {
    /// An enum with the options of errwire/v1/annotations.proto
    Proto,
    /// A catalog in YAML
    Yaml,
    /// Constants, constructors and an enum, as errwire::build makes them
    Rust,
}

/// Print the completions of a shell
///
/// For bash: errwire completions bash > ~/.local/share/bash-completion/completions/errwire
#[derive(Debug, Group)]
pub(super) struct Completions {
    #[arg(value_name = "SHELL")]
    pub(super) shell: Shell,
}

/// Print a man page
///
/// To read it: errwire man | man -l -
#[derive(Debug, Group)]
pub(super) struct Man {
    /// The command that it is about; the whole of errwire without one
    #[arg(value_name = "COMMAND")]
    pub(super) command: Option<String>,
}

#[derive(Debug, Group)]
pub(super) struct Imports {
    /// A folder to look for what .proto files import, next to their own; may be repeated
    #[arg(short = 'I', long = "proto-path", value_name = "DIR")]
    pub(super) folders: Vec<PathBuf>,
}

#[derive(Debug, Group)]
pub(super) struct Catalog {
    /// Kinds that extend the built-in ones: a file in YAML, .proto, a descriptor set (.binpb), or a running server, as
    /// http://HOST:PORT; may be repeated
    #[arg(long = "catalog", value_name = "FILE", value_parser = file())]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) imports: Imports,
    /// The domain of the built-in kinds, and of kinds that no catalog has [default: errwire.dev]
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(super) domain: Option<String>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn is_consistent() {
        Args::command().debug_assert();
    }
}
