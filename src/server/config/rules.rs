//! What settings must hold together, and how much memory they let callers take.

use std::net::SocketAddr;

use super::{
    AdminListen, Config, Listen,
    problem::{At, Report},
};
use crate::server::tls::{Files, Identity};

/// Says where a setting was given.
type Given<'g> = &'g dyn Fn(&'static str) -> At;

const NOT_AN_ADDRESS: &str = "Write HOST:PORT, such as 127.0.0.1:50051, with a host that has an address";

/// Reports broken rules, except those about the files that settings name.
pub(super) fn check(config: &Config, at: Given<'_>, report: &mut Report) {
    if config.tls_certificate.is_some() != config.tls_key.is_some() {
        let (there, missing) = match config.tls_certificate {
            Some(_) => ("tls_certificate", "tls_key"),
            None => ("tls_key", "tls_certificate"),
        };
        let message = format!("`{there}` is set, and `{missing}` is not");
        report.conflict(&at(there), message, "Set both for TLS, or none");
    }
    if config.tls_client_ca.is_some() && config.tls_certificate.is_none() {
        let message = "Clients show certificates only to a server that has one".to_owned();
        report.conflict(&at("tls_client_ca"), message, "Set `tls_certificate` and `tls_key` too");
    }
    if let (Listen::Unix(_), true) = (&config.listen, config.tls_certificate.is_some()) {
        let message = "A Unix socket has no TLS: the permissions of the file control access".to_owned();
        report.conflict(&at("tls_certificate"), message, "Remove it, or listen on HOST:PORT");
    }
    listens(config, at, report);
}

/// The certificates, if there are any and they are valid.
pub(super) fn identity(config: &Config, at: Given<'_>, report: &mut Report) -> Option<Identity> {
    let (certificate, key) = (config.tls_certificate.clone()?, config.tls_key.clone()?);
    let files = Files::new(certificate, key, config.tls_client_ca.clone());
    match Identity::load(files) {
        Ok(identity) => Some(identity),
        Err(why) => {
            report.conflict(&at(why.setting()), why.message().to_owned(), why.remedy());
            None
        }
    }
}

fn listens(config: &Config, at: Given<'_>, report: &mut Report) {
    match config.listen.resolve() {
        Err(_) => {
            report.conflict(&at("listen"), format!("Cannot listen on {}", config.listen), NOT_AN_ADDRESS);
        }
        Ok(addresses) if config.tls_certificate.is_none() => {
            plaintext(config, "listen", &addresses, "Set `tls_certificate` and `tls_key`, or", at, report);
        }
        Ok(_) => {}
    }
    if let AdminListen::At(address) = &config.admin_listen {
        match Listen::Tcp(address.clone()).resolve() {
            Err(_) => report.conflict(&at("admin_listen"), format!("Cannot listen on {address}"), NOT_AN_ADDRESS),
            Ok(addresses) => plaintext(config, "admin_listen", &addresses, "To have that,", at, report),
        }
    }
}

fn plaintext(
    config: &Config,
    name: &'static str,
    addresses: &[SocketAddr],
    remedy: &str,
    at: Given<'_>,
    report: &mut Report,
) {
    let open = addresses.iter().find(|address| !address.ip().to_canonical().is_loopback());
    if let (Some(open), false) = (open, config.allow_plaintext) {
        let message = format!("{open} is not loopback, so that others could read the traffic without TLS");
        report.conflict(&at(name), message, format!("{remedy} set `allow_plaintext`"));
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
