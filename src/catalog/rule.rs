//! The rules of catalog files, and the problems that break them.

use std::fmt;
#[cfg(feature = "server")]
use std::{io, path::Path};

use crate::{diagnostic, model::named, yaml::YamlProblem};

named! {
    /// A rule of catalog files, with a stable name for tools that filter by it: `unknown-key`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[non_exhaustive]
    pub enum Rule {
        /// The file cannot be read, is not UTF-8, or ends in none of `.yaml`, `.yml`, `.proto`, `.binpb`, `.pb` and
        /// `.desc`.
        UnreadableFile = "unreadable-file",
        /// The file is not [YAML 1.2](https://yaml.org/spec/1.2.2/).
        InvalidYaml = "invalid-yaml",
        /// The file is not what its name says: a
        /// [`.proto` file](https://protobuf.dev/reference/protobuf/proto3-spec/) that a compiler of protobuf takes, or a
        /// [`FileDescriptorSet`](https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/descriptor.proto).
        InvalidProto = "invalid-proto",
        /// A proto file has at least one enum with the option `(errwire.v1.catalog)`.
        NoCatalog = "no-catalog",
        /// The zero value of an enum stands for no kind.
        ZeroKind = "zero-kind",
        /// A file is one YAML document.
        SeveralDocuments = "several-documents",
        /// Aliases are refused: a few lines of them stand for gigabytes.
        Alias = "alias",
        /// Tags are refused: every value has one type, which needs no tag.
        Tag = "tag",
        /// A value has another type than its key wants, by the
        /// [core schema](https://yaml.org/spec/1.2.2/#103-core-schema): text that looks like a number wants quotes.
        WrongType = "wrong-type",
        /// A key that the format does not have. It would be ignored in silence, and is most often misspelled.
        UnknownKey = "unknown-key",
        /// A key that a mapping has twice. For kinds see [`DuplicateKind`](Self::DuplicateKind).
        DuplicateKey = "duplicate-key",
        /// A key that has to be there is not.
        MissingKey = "missing-key",
        /// A text that may not be blank is.
        EmptyText = "empty-text",
        /// No text has a character that acts on a terminal or turns text around: control characters but line ends and tabs, and what
        /// overrides or embeds a direction ([UAX #9](https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters)).
        UnsafeText = "unsafe-text",
        /// The page about a kind is on the web: an address that runs code when it is opened, such as `javascript:`, is refused.
        UnsafeHelpUrl = "unsafe-help-url",
        /// A domain is 1 to 253 characters, the length of a domain name ([RFC 1035, 2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4)
        /// without the root), and has no control characters.
        InvalidDomain = "invalid-domain",
        /// A kind is `[a-z][a-z0-9_]+[a-z0-9]`, at most 63 characters, so that its upper case is a reason of
        /// [AIP-193](https://google.aip.dev/193#errorinfo).
        BadKind = "bad-kind",
        /// Each kind has one entry in all files together.
        DuplicateKind = "duplicate-kind",
        /// An error has an HTTP status from 400 to 599: a client error or a server error of
        /// [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-15.5).
        StatusOutOfRange = "status-out-of-range",
        /// No error has the code `OK`, which is
        /// ["not an error"](https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto).
        CodeOk = "code-ok",
        /// A code is a name of
        /// [`google/rpc/code.proto`](https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto).
        UnknownCode = "unknown-code",
        /// A value that is none of the few words that its key takes.
        UnknownValue = "unknown-value",
        /// A delay is a number and a unit, and fits a
        /// [`google.protobuf.Duration`](https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/duration.proto).
        InvalidDelay = "invalid-delay",
        /// A warning: a delay without `retry: after_delay` is not used.
        UnusedDelay = "unused-delay",
        /// A language is a tag of [BCP 47](https://www.rfc-editor.org/info/bcp47), without extensions.
        InvalidLanguage = "invalid-language",
        /// The message has the same placeholders in every language: one without a value is never shown
        /// ([AIP-193](https://google.aip.dev/193#errorinfo) wants what varies in the metadata, whatever the language).
        PlaceholderMismatch = "placeholder-mismatch",
        /// A key of the metadata is `[a-z][a-zA-Z0-9-_]+`, at most 64 long
        /// ([`google.rpc.ErrorInfo`](https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto)).
        InvalidMetadataKey = "invalid-metadata-key",
        /// A built-in kind is replaced only by an entry that says `override: true`, since callers rely on what it means.
        ShadowsBuiltin = "shadows-built-in",
        /// `override: true` on a kind that is not built in.
        OverridesNothing = "overrides-nothing",
        /// A warning: what replaces a deprecated kind is in none of the files. It may be another service's.
        UnknownReplacement = "unknown-replacement",
        /// A key of `methods` is the name of a method, `tasks.v1.TaskService/GetTask`, or of a service.
        BadMethod = "bad-method",
        /// A method, and a service, declares its errors in one place.
        DuplicateMethod = "duplicate-method",
        /// A method declares a kind that is neither built in nor in one of the files.
        UnknownKind = "unknown-kind",
        /// A comment allows a rule that is not there, or that cannot be allowed.
        UnknownAllow = "unknown-allow",
        /// A comment allows a rule and does not say why.
        AllowWithoutReason = "allow-without-reason",
        /// A warning: a comment allows what nothing breaks.
        UnusedAllow = "unused-allow",
        /// A warning of a check: a domain is
        /// ["the registered service name"](https://google.aip.dev/193#errorinfo), such as `pubsub.googleapis.com`.
        DomainName = "domain-name",
        /// A warning of a check: a message is a sentence, or several.
        MessageSentence = "message-sentence",
        /// A warning of a check: a message says what to do, which
        /// [AIP-193](https://google.aip.dev/193#guidance) calls actionable.
        MessageGuidance = "message-guidance",
        /// A warning of a check: the message of a public kind has a word that says how the service is built.
        InternalWord = "internal-word",
        /// A warning of a check: text in braces that is not a placeholder stays as it is.
        MistakenPlaceholder = "mistaken-placeholder",
        /// A warning of a check: one key of the metadata has two spellings, `task_id` and `taskId`.
        KeySpelling = "key-spelling",
        /// A warning of a check: the message of a public kind needs a value that is internal, so that the public never sees it.
        InternalPlaceholder = "internal-placeholder",
        /// A warning of a check: a key of a public kind looks like a host, a path or a query, and has no visibility.
        KeyVisibility = "key-visibility",
        /// A warning of a check: a public kind is not in a language that others are in.
        MissingLanguage = "missing-language",
        /// A warning of a check: client errors have a 4xx status and server errors a 5xx one, as
        /// [`google/rpc/code.proto`](https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto) maps them.
        CodeStatus = "code-status",
        /// A warning of a check: the kind's retry contradicts its code.
        RetryCode = "retry-code",
        /// A warning of a check: a kind says what happened, for documentation.
        MissingDescription = "missing-description",
        /// A warning of a check: the page about a kind has an address of the web.
        HelpUrl = "help-url",
        /// A warning of a check: a method declares no errors, and others of the file do. One that has none says so.
        UndeclaredMethod = "undeclared-method",
        /// A warning of a check: no method declares the kind, and others are declared.
        UnusedKind = "unused-kind",
    }
}

impl Rule {
    /// Whether a catalog that breaks the rule still loads.
    pub const fn is_warning(self) -> bool {
        matches!(self, Self::UnusedDelay | Self::UnknownReplacement | Self::UnusedAllow) || self.is_lint()
    }

    /// Whether only a check warns of it, and a comment may allow it.
    pub const fn is_lint(self) -> bool {
        // They are last in the list.
        self as u8 >= Self::DomainName as u8
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

// docs/rules.md: R-CATALOG-7

/// All that is wrong in the files of a catalog, in the order of the files and of their lines. At least one.
pub type Problems = diagnostic::Problems<Rule>;

/// One thing that is wrong in a catalog file.
pub type Problem = diagnostic::Problem<Rule>;

/// Collects the problems of one file.
pub(super) type Findings = diagnostic::Findings<Rule>;

impl From<YamlProblem> for Rule {
    fn from(problem: YamlProblem) -> Self {
        match problem {
            YamlProblem::Syntax => Self::InvalidYaml,
            YamlProblem::SeveralDocuments => Self::SeveralDocuments,
            YamlProblem::Alias => Self::Alias,
            YamlProblem::Tag => Self::Tag,
            YamlProblem::NotText => Self::WrongType,
            YamlProblem::UnknownKey => Self::UnknownKey,
            YamlProblem::RepeatedKey => Self::DuplicateKey,
        }
    }
}

impl diagnostic::DiagnosticRule for Rule {
    fn is_warning(&self) -> bool {
        Self::is_warning(*self)
    }
}

/// These, and a file that cannot be read.
#[cfg(feature = "server")]
pub(crate) fn and_unreadable(problems: Problems, file: &Path, why: &io::Error) -> Problems {
    let mut findings = Findings::new(&file.to_string_lossy(), diagnostic::Notation::Yaml);
    findings.report(
        Rule::UnreadableFile,
        diagnostic::Place::NOWHERE,
        why.to_string(),
        "Remove it; the server writes it anew",
    );
    problems.and(findings.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_variants_in_kebab_case() {
        for rule in Rule::ALL {
            let mut kebab = String::new();
            for c in format!("{rule:?}").chars() {
                if c.is_ascii_uppercase() && !kebab.is_empty() {
                    kebab.push('-');
                }
                kebab.push(c.to_ascii_lowercase());
            }
            // "Built-in" has a hyphen in English.
            assert_eq!(rule.name().replace("built-in", "builtin"), kebab);
        }
    }
}
