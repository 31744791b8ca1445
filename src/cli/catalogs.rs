//! The catalogs that the arguments name: of files, and of running servers, which are read through `errwire.v1.CatalogService`.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{runtime, time};
use tonic::{
    Status,
    transport::{Channel, Endpoint},
};

use super::{args, outcome::Failure};
use crate::{
    adapter::StatusExt,
    catalog::{Catalog, Loader, Method},
    model::{Error, KindEntry, kinds},
    remote::{self, BadCatalog, Gather, Limits, watch_catalog},
    translate::{Policy, Translator},
};

impl args::Imports {
    pub(super) fn loader(&self) -> Loader {
        self.folders.iter().fold(Loader::new(), Loader::with_include)
    }
}

impl args::Catalog {
    // docs/rules.md: R-CLI-4
    pub(super) fn translator(&self) -> Result<Translator, Failure> {
        let (servers, files): (Vec<_>, Vec<_>) = self.files.iter().partition(|typed| address(typed).is_some());
        let mut catalogs = Vec::new();
        if !files.is_empty() {
            catalogs.push(self.imports.loader().load(files).map_err(Failure::Catalog)?);
        }
        for server in servers.into_iter().filter_map(|typed| address(typed)) {
            catalogs.push(of_server(server, true)?);
        }
        let mut policy = Policy::default();
        if let Some(domain) = &self.domain {
            policy.domain = domain.clone().into();
        }
        Ok(Translator::with_policy(Catalog::joined(catalogs), policy))
    }
}

/// Two versions of a catalog, each of a file or of a running server.
pub(super) fn versions(imports: &args::Imports, typed: [&PathBuf; 2]) -> Result<[Catalog; 2], Failure> {
    let next_to_file = typed.iter().any(|typed| address(typed).is_none());
    let load = |typed: &PathBuf| match address(typed) {
        Some(address) => of_server(address, next_to_file),
        None => imports.loader().load([typed]).map_err(Failure::Catalog),
    };
    Ok([load(typed[0])?, load(typed[1])?])
}

/// How long a server may take to begin, and from one part of its catalog to the next.
const PART_TIMEOUT: Duration = Duration::from_secs(10);

/// The most bytes of a part.
const MAX_PART: usize = 16 * 1024 * 1024;

/// Of all parts together.
const LIMITS: Limits = Limits::OWN;

/// The address of a server that was typed in place of a file. TLS is refused later.
fn address(typed: &Path) -> Option<&str> {
    let schemes = ["http://", "grpc://", "https://"];
    typed.to_str().filter(|typed| schemes.iter().any(|scheme| typed.starts_with(scheme)))
}

/// The URL of an address. The default port is 50051, as that of `serve`.
fn url(address: &str) -> String {
    let host = address.split_once("://").map_or(address, |(_, host)| host).trim_end_matches('/');
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|c| c.is_ascii_digit()));
    if has_port { format!("http://{host}") } else { format!("http://{host}:50051") }
}

/// The catalog of the server. Built-in kinds have the domain and the pages of the server's policy; next to a file, which has
/// none, that is not a change.
fn of_server(address: &str, next_to_file: bool) -> Result<Catalog, Failure> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|why| Failure::Io("cannot start the threads".to_owned(), why))?;
    let read = runtime.block_on(version(address));
    let (entries, methods) = read.map_err(|why| Failure::Server(address.to_owned(), why))?;
    let is_kept = |entry: &KindEntry| !next_to_file || remote::same_as_builtin(entry).is_none();
    let entries = entries.into_iter().filter(is_kept);
    Ok(Catalog::with_entries(entries).with_methods(methods))
}

/// The kinds and methods of the version that the server has now.
async fn version(address: &str) -> Result<(Vec<KindEntry>, Vec<Method>), Error> {
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

async fn connect(address: &str) -> Result<Channel, Error> {
    if address.starts_with("https://") {
        return Err(unreadable("TLS is not supported here: use an http:// address, or compare files".to_owned()));
    }
    let endpoint = Endpoint::from_shared(url(address));
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
            assert_eq!(address(Path::new(text)).map(super::url).as_deref(), url, "{text}");
        }
    }
}
