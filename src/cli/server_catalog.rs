//! The catalog of a running server, read through `errwire.v1.CatalogService`.

use std::{fmt, time::Duration};

use tokio::runtime;
use tonic::{
    Status,
    transport::{Channel, Endpoint},
};
use tower::ServiceBuilder;

use super::failure::Failure;
use crate::{
    adapter::StatusExt,
    catalog::Catalog,
    layer::{GrpcClient, GrpcClientLayer},
    model::{Error, KindEntry, kinds, shown},
    pb::{self, ListKindsRequest, catalog_service_client::CatalogServiceClient},
    remote::{self, Unknown},
};

/// How long a server may take to answer one page.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many kinds a page has, and how long it may be: room for 32 KiB of texts for each.
const PAGE: i32 = 500;
const LONGEST: usize = 16 * 1024 * 1024;

/// More kinds than this are not a catalog.
const MOST: usize = 1_000_000;

/// An address that was typed in place of a file.
#[derive(Debug)]
pub(super) struct Address {
    typed: String,
    url: String,
}

impl Address {
    /// `http://HOST:PORT` and `grpc://HOST:PORT`, and `https://`, which is refused later; `None` for anything else, which is a file. gRPC's usual port is 50051, as
    /// `serve` has it.
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

/// All kinds that the server lists.
pub(super) fn read(address: &Address) -> Result<Vec<KindEntry>, Failure> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|why| Failure::Io("cannot start the threads".to_owned(), why))?;
    runtime.block_on(pages(address)).map_err(|why| Failure::Server(address.to_string(), why))
}

/// A catalog of these entries. Built-in kinds have the domain and the pages of the server's policy; next to a file, which has
/// none, that is not a change.
pub(super) fn catalog(entries: Vec<KindEntry>, beside_file: bool) -> Catalog {
    let builtin = Catalog::builtin();
    let is_builtin = |entry: &KindEntry| {
        let known = builtin.get(&entry.kind);
        let known = known.as_ref().and_then(|kind| kind.entry());
        known.is_some_and(|known| {
            KindEntry { domain: entry.domain.clone(), help_url: entry.help_url.clone(), ..known.clone() } == *entry
        })
    };
    Catalog::with_entries(entries.into_iter().filter(|entry| !beside_file || !is_builtin(entry)))
}

async fn pages(address: &Address) -> Result<Vec<KindEntry>, Error> {
    let mut client = connect(address).await?;
    let (mut entries, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListKindsRequest { page_size: PAGE, page_token: page_token.clone() };
        let page = client.list_kinds(request).await.map_err(refused)?.into_inner();
        for kind in page.kinds {
            entries.push(entry(kind)?);
        }
        if page.next_page_token.is_empty() {
            return Ok(entries);
        }
        if page.next_page_token == page_token || entries.len() > MOST {
            return Err(unreadable("its pages do not end".to_owned()));
        }
        page_token = page.next_page_token;
    }
}

fn entry(kind: pb::Kind) -> Result<KindEntry, Error> {
    let name = shown(&kind.kind);
    remote::entry(kind, Unknown::Refused).map_err(|why| unreadable(format!("the kind `{name}`: {why}")))
}

async fn connect(address: &Address) -> Result<CatalogServiceClient<GrpcClient<Channel>>, Error> {
    if address.typed.starts_with("https://") {
        return Err(unreadable("TLS is not supported here: use an http:// address, or compare files".to_owned()));
    }
    let endpoint = Endpoint::from_shared(address.url.clone());
    let endpoint = endpoint.map_err(|_| unreadable("it is not an address: write http://HOST:PORT".to_owned()))?;
    let channel = endpoint.connect_timeout(PATIENCE).timeout(PATIENCE).connect().await;
    let channel = channel.map_err(|why| {
        let message = "no server can be reached: start it, or fix the address";
        Error::new(kinds::SERVICE_UNAVAILABLE).with_message(message).with_source(why)
    })?;
    let channel = ServiceBuilder::new().layer(GrpcClientLayer::default()).service(channel);
    Ok(CatalogServiceClient::new(channel).max_decoding_message_size(LONGEST))
}

/// What the server said; or, if it said nothing, that.
fn refused(status: Status) -> Error {
    match status.code() {
        tonic::Code::Unavailable => unreadable("what listens there does not answer as `errwire serve` does".to_owned()),
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
