//! What settings must hold together.

use std::net::SocketAddr;

use super::{AdminListen, Config, Listen, Problem};
use crate::server::tls::{Files, Identity};

/// Says where a setting was given.
type Placed<'p> = &'p dyn Fn(&str) -> String;

const NOT_AN_ADDRESS: &str = "write HOST:PORT, such as 127.0.0.1:50051, with a host that has an address";

/// The rules that are broken, the files that settings name aside.
pub(super) fn broken(config: &Config, place: Placed<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    if config.tls_certificate.is_some() != config.tls_key.is_some() {
        let (there, missing) = match config.tls_certificate {
            Some(_) => ("tls_certificate", "tls_key"),
            None => ("tls_key", "tls_certificate"),
        };
        let message = format!("`{there}` is set, and `{missing}` is not");
        problems.push(Problem::new(place(there), message, "Set both for TLS, or none"));
    }
    if config.tls_client_ca.is_some() && config.tls_certificate.is_none() {
        let message = "Clients show certificates only to a server that has one";
        problems.push(Problem::new(place("tls_client_ca"), message, "Set `tls_certificate` and `tls_key` too"));
    }
    if let (Listen::Unix(_), true) = (&config.listen, config.tls_certificate.is_some()) {
        let message = "A Unix socket has no TLS: the permissions of the file say who may connect";
        problems.push(Problem::new(place("tls_certificate"), message, "Remove it, or listen on HOST:PORT"));
    }
    listens(config, place, &mut problems);
    problems
}

/// The certificates, if there are any and all is well with them.
pub(super) fn identity(config: &Config, place: Placed<'_>, problems: &mut Vec<Problem>) -> Option<Identity> {
    let files = Files::of(config)?;
    match Identity::load(files) {
        Ok(identity) => Some(identity),
        Err(why) => {
            problems.push(Problem::new(place(why.setting()), why.message(), why.remedy()));
            None
        }
    }
}

fn listens(config: &Config, place: Placed<'_>, problems: &mut Vec<Problem>) {
    match config.listen.resolve() {
        Err(_) => problems.push(Problem::whole(format_args!(
            "{}: cannot listen on {}: {NOT_AN_ADDRESS}.",
            place("listen"),
            config.listen
        ))),
        Ok(addresses) if config.tls_certificate.is_none() => {
            plaintext(config, "listen", &addresses, "Set `tls_certificate` and `tls_key`, or", place, problems);
        }
        Ok(_) => {}
    }
    if let AdminListen::At(address) = &config.admin_listen {
        match Listen::Tcp(address.clone()).resolve() {
            Err(_) => problems.push(Problem::whole(format_args!(
                "{}: cannot listen on {address}: {NOT_AN_ADDRESS}.",
                place("admin_listen")
            ))),
            Ok(addresses) => plaintext(config, "admin_listen", &addresses, "To have that,", place, problems),
        }
    }
}

fn plaintext(
    config: &Config,
    name: &str,
    addresses: &[SocketAddr],
    remedy: &str,
    place: Placed<'_>,
    problems: &mut Vec<Problem>,
) {
    let open = addresses.iter().find(|address| !address.ip().to_canonical().is_loopback());
    if let (Some(open), false) = (open, config.allow_plaintext) {
        let message = format!("{open} is not loopback, so that others could read the traffic without TLS");
        problems.push(Problem::new(place(name), message, format_args!("{remedy} set `allow_plaintext`")));
    }
}
