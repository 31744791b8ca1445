//! The catalog of a running server, read through `errwire.v1.CatalogService`.

use std::{fmt, time::Duration};

use tokio::{runtime, time};
use tonic::{
    Status,
    transport::{Channel, Endpoint},
};

use super::outcome::Failure;
use crate::{
    adapter::StatusExt,
    catalog::{Catalog, Method},
    model::{Error, KindEntry, kinds},
    remote::{self, BadCatalog, Gather, Limits, watch_catalog},
};

/// How long a server may take to begin, and from one part of its catalog to the next.
const PART_TIMEOUT: Duration = Duration::from_secs(10);

/// The most bytes of a part.
const MAX_PART: usize = 16 * 1024 * 1024;

/// Of all parts together.
const LIMITS: Limits = Limits::OWN;

/// An address that was typed in place of a file.
#[derive(Debug)]
pub(super) struct Address {
    typed: String,
    url: String,
}

impl Address {
    /// `http://HOST:PORT` and `grpc://HOST:PORT`, and `https://`, which is refused later; `None` for anything else, which is a
    /// file. The default port is 50051, as that of `serve`.
    pub(super) fn parse(text: &str) -> Option<Self> {
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
pub(super) fn read(address: &Address, next_to_file: bool) -> Result<Catalog, Failure> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|why| Failure::Io("cannot start the threads".to_owned(), why))?;
    let read = runtime.block_on(version(address));
    let (entries, methods) = read.map_err(|why| Failure::Server(address.to_string(), why))?;
    let builtin = Catalog::builtin();
    let is_builtin = |entry: &KindEntry| {
        let known = builtin.get(&entry.kind);
        let known = known.as_ref().and_then(|kind| kind.entry());
        known.is_some_and(|known| {
            KindEntry { domain: entry.domain.clone(), help_url: entry.help_url.clone(), ..known.clone() } == *entry
        })
    };
    let entries = entries.into_iter().filter(|entry| !next_to_file || !is_builtin(entry));
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
