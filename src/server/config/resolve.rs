//! The meaning of the given values: settings that are valid together, and the content of the files that they name.

use std::{fmt, mem, net::SocketAddr};

use super::{
    AdminListen, Config, Listen, Sources,
    setting::{Problem, Problems, Source},
};
use crate::{
    catalog::{Catalog, Loader},
    server::{CatalogFiles, CatalogFollower, tls::Identity},
    translate::{Policy, Translator},
};

/// A configuration that is valid as a whole, with what was read of the files that it names.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Resolved {
    /// The settings.
    pub config: Config,
    /// By the catalogs and the domain of the settings.
    pub translator: Translator,
    /// Follows the catalogs of the settings; `None` if there are only the built-in kinds.
    pub catalogs: Option<CatalogFollower>,
    /// The certificates of the settings; `None` without TLS.
    pub identity: Option<Identity>,
    /// Where each setting comes from, in the order of the table.
    sources: Vec<Source>,
    warnings: Vec<Problem>,
}

impl Resolved {
    /// Probable mistakes that do not keep a server from starting: variables of no setting.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// Where a setting comes from.
    pub fn source(&self, name: &str) -> Option<&Source> {
        let row = Config::SETTINGS.iter().position(|setting| setting.name == name)?;
        self.sources.get(row)
    }
}

impl Sources {
    /// The configuration of all sources together. Files that settings name are read: certificates, and catalogs.
    ///
    /// # Errors
    ///
    /// All problems at once.
    pub fn resolve(mut self) -> Result<Resolved, Problems> {
        self.given.sort_by_key(|given| given.source.strength());
        let config = Config::read(&self.given, &mut self.found);
        self.check(&config);
        let (translator, catalogs) = self.open(&config);
        let identity = self.identity(&config);
        let sources = Config::SETTINGS.iter().map(|setting| self.source(setting.name)).collect();
        let warnings = mem::take(&mut self.warnings);
        match self.problems() {
            None => Ok(Resolved { config, translator, catalogs, identity, sources, warnings }),
            Some(problems) => Err(problems),
        }
    }

    /// Reports broken rules, except those about the files that settings name.
    fn check(&mut self, config: &Config) {
        if config.tls_certificate.is_some() != config.tls_key.is_some() {
            let (there, missing) = match config.tls_certificate {
                Some(_) => ("tls_certificate", "tls_key"),
                None => ("tls_key", "tls_certificate"),
            };
            let message = format!("`{there}` is set, and `{missing}` is not");
            self.conflict(there, message, "Set both for TLS, or none");
        }
        if config.tls_client_ca.is_some() && config.tls_certificate.is_none() {
            let message = "Clients show certificates only to a server that has one".to_owned();
            self.conflict("tls_client_ca", message, "Set `tls_certificate` and `tls_key` too");
        }
        if let (Listen::Unix(_), true) = (&config.listen, config.tls_certificate.is_some()) {
            let message = "A Unix socket has no TLS: the permissions of the file control access".to_owned();
            self.conflict("tls_certificate", message, "Remove it, or listen on HOST:PORT");
        }
        match config.listen.resolve() {
            Err(_) => self.conflict("listen", format!("Cannot listen on {}", config.listen), NOT_AN_ADDRESS),
            Ok(addresses) if config.tls_certificate.is_none() => {
                self.plaintext(config, "listen", &addresses, "Set `tls_certificate` and `tls_key`, or");
            }
            Ok(_) => {}
        }
        if let AdminListen::At(address) = &config.admin_listen {
            match Listen::Tcp(address.clone()).resolve() {
                Err(_) => self.conflict("admin_listen", format!("Cannot listen on {address}"), NOT_AN_ADDRESS),
                Ok(addresses) => self.plaintext(config, "admin_listen", &addresses, "To have that,"),
            }
        }
    }

    fn plaintext(&mut self, config: &Config, name: &'static str, addresses: &[SocketAddr], remedy: &str) {
        let open = addresses.iter().find(|address| !address.ip().to_canonical().is_loopback());
        if let (Some(open), false) = (open, config.allow_plaintext) {
            let message = format!("{open} is not loopback, so that others could read the traffic without TLS");
            self.conflict(name, message, format!("{remedy} set `allow_plaintext`"));
        }
    }

    /// The translator, and the follower of its files if there are any. Has the built-in kinds if there are problems.
    fn open(&mut self, config: &Config) -> (Translator, Option<CatalogFollower>) {
        let policy = config.policy();
        match config.catalog_files().map(|files| files.open(policy.clone())) {
            Some(Ok(follower)) => (follower.translator().clone(), Some(follower)),
            Some(Err(found)) => {
                self.add_catalogs(found);
                (Translator::default(), None)
            }
            None => (Translator::with_policy(Catalog::builtin(), policy), None),
        }
    }

    /// The certificates, if there are any and they are valid.
    fn identity(&mut self, config: &Config) -> Option<Identity> {
        let (certificate, key) = (config.tls_certificate.clone()?, config.tls_key.clone()?);
        let loaded = Identity::load(certificate, key, config.tls_client_ca.clone());
        loaded.map_err(|why| self.conflict(why.setting, why.message, why.remedy)).ok()
    }
}

const NOT_AN_ADDRESS: &str = "Write HOST:PORT, such as 127.0.0.1:50051, with a host that has an address";

impl Config {
    /// The policy of the service.
    pub fn policy(&self) -> Policy {
        let pages_url = self.pages_url.as_ref().map(|url| url.as_str().to_owned().into());
        Policy { domain: self.domain.clone().into(), pages_url, ..Policy::default() }
    }

    /// The files of the catalog; `None` if there are only the built-in kinds.
    pub fn catalog_files(&self) -> Option<CatalogFiles> {
        if self.catalog.is_empty() {
            return None;
        }
        let loader = self.proto_path.iter().fold(Loader::new(), Loader::with_include);
        let most = self.max_catalog_bytes.get().into();
        let files = CatalogFiles::new(loader.with_max_bytes(most), &self.catalog);
        let files = files.with_interval(self.catalog_reload_interval);
        Some(match &self.state_dir {
            Some(folder) => files.with_state_dir(folder),
            None => files,
        })
    }
}

/// A process without callers, with the built-in kinds.
const PROCESS: u64 = 64 * 1024 * 1024;

/// How much larger a buffer may be than what is in it, since buffers grow by doubling.
const BUFFER: u64 = 2;

/// The most that HTTP/2 buffers for one connection: its full window.
const CONNECTION: u64 = 1024 * 1024;

/// The bytes of a call that `max_buffered_bytes` does not count.
const CALL: u64 = 64 * 1024;

/// How much larger the fields of a header are in memory than HTTP/2 counts them, at most.
const HEADER: u64 = 4;

impl Config {
    /// About the most memory that a server needs if every limit is reached at once, not counting the catalog (about 1 KiB for each
    /// kind, twice while it is replaced).
    ///
    /// ```text
    /// 64 MiB + 2 × max_buffered_bytes
    ///        + (max_concurrent_requests + max_open_streams) × (64 KiB + 4 × max_header_list_bytes)
    ///        + max_connections × 1 MiB
    /// ```
    pub fn max_memory_bytes(&self) -> u64 {
        let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let calls = number(self.max_concurrent_requests.get()).saturating_add(number(self.max_open_streams.get()));
        let each_call = CALL + HEADER * u64::from(self.max_header_list_bytes.get());
        let connections = number(self.max_connections.get());
        PROCESS
            .saturating_add(BUFFER * u64::from(self.max_buffered_bytes.get()))
            .saturating_add(calls.saturating_mul(each_call))
            .saturating_add(connections.saturating_mul(CONNECTION))
    }
}

/// As a file that gives the same configuration, with the source of each value behind it.
impl fmt::Display for Resolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((setting, texts), source) in self.config.texts().into_iter().zip(&self.sources) {
            let value = match (&*texts, setting.list) {
                (_, true) => format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")),
                ([], false) => "null".to_owned(),
                ([text, ..], false) => scalar(text),
            };
            writeln!(f, "{}: {value}  # {source}", setting.name)?;
        }
        for warning in &self.warnings {
            writeln!(f, "# {warning}")?;
        }
        let memory = self.config.max_memory_bytes() / (1024 * 1024);
        writeln!(f, "# With these limits callers can make the server hold {memory} MiB at most, besides the catalog.")
    }
}

/// A text that YAML takes for itself as it stands, else in quotes.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "./_-".contains(c);
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphanumeric() || "./".contains(c)) && text.chars().all(plain);
    if is_plain && text != "null" { text.to_owned() } else { quoted(text) }
}

/// In double quotes, whose escapes are those of JSON
/// ([YAML 1.2, 5.7](https://yaml.org/spec/1.2.2/#57-escaped-characters)).
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
