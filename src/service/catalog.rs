//! `errwire.v1.CatalogService`, and its pages of kinds (<https://google.aip.dev/158>).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use tonic::{Extensions, Response, Status};

use super::{
    catalog_messages::kind_message,
    errors::{outcome, rejected},
    pb,
    watch::{Parts, Watches},
};
use crate::{
    catalog::Catalog,
    model::{Error, Kind, is_kind, kinds, rpc, shown},
    translate::Translator,
};

/// Serves `errwire.v1.CatalogService` from the catalog of a [`Translator`]. Cheap to clone.
///
/// When the translator's catalog is [swapped](Translator::swap), those that called `WatchCatalog` are sent the new one.
#[derive(Clone, Debug)]
pub struct CatalogReader {
    pub(super) translator: Translator,
    watches: Watches,
}

impl CatalogReader {
    /// The catalog of this translator, which also says how errors are written.
    pub fn new(translator: Translator) -> Self {
        Self { translator, watches: Watches::new() }
    }

    /// Ends what `WatchCatalog` streams, of this reader and of its clones, and refuses new calls of it. A server that
    /// stops calls this: watchers would hold their connections open.
    pub fn end_watches(&self) {
        self.watches.end();
    }

    /// Begins to watch.
    pub(super) fn watch(&self, request: &Extensions) -> Result<Parts, Status> {
        let parts = self.watches.watch(&self.translator).ok_or_else(|| {
            Error::new(kinds::SERVICE_UNAVAILABLE)
                .with_message("The server is shutting down. Try another server, or try again later.")
        });
        outcome(&self.translator, request, parts).map(Response::into_inner)
    }

    /// One page of the kinds, in the order of their names.
    ///
    /// # Errors
    ///
    /// `request_invalid` if the page size is negative or the page token is not one of ours.
    pub fn list_kinds(&self, request: &pb::ListKindsRequest) -> Result<pb::ListKindsResponse, Error> {
        let catalog = self.translator.catalog();
        let (kinds, next_page_token) = page(&catalog, request.page_size, &request.page_token)?;
        Ok(pb::ListKindsResponse {
            kinds: kinds.iter().map(|kind| kind_message(&self.translator, kind)).collect(),
            next_page_token,
            version: catalog.version().to_owned(),
        })
    }

    /// One kind.
    ///
    /// # Errors
    ///
    /// `not_found` if the catalog has none of that name; the message names the nearest. `request_invalid` if there is
    /// no name.
    pub fn get_kind(&self, request: &pb::GetKindRequest) -> Result<Kind, Error> {
        let name = &request.kind;
        if name.is_empty() {
            return Err(rejected("kind", "is missing: send a kind, such as task_not_found"));
        }
        let catalog = self.translator.catalog();
        catalog.get(name).ok_or_else(|| Self::no_such_kind(&catalog, name))
    }

    /// The same as a response.
    pub(super) fn kind_response(&self, request: &pb::GetKindRequest) -> Result<pb::GetKindResponse, Error> {
        let kind = self.get_kind(request)?;
        Ok(pb::GetKindResponse { kind: Some(kind_message(&self.translator, &kind)) })
    }

    fn no_such_kind(catalog: &Catalog, name: &str) -> Error {
        let shown = shown(name);
        let remedy = match catalog.suggest(name) {
            Some(kind) => format!("Did you mean `{kind}`?"),
            None => "List the kinds to see those that there are.".to_owned(),
        };
        Error::new(kinds::NOT_FOUND)
            .with_message(format!("The catalog has no kind `{shown}`. {remedy}"))
            .with_metadata("kind", shown.clone())
            .with_detail(rpc::ResourceInfo {
                resource_type: "errwire.v1.Kind".into(),
                resource_name: shown,
                ..Default::default()
            })
    }
}

const DEFAULT_SIZE: usize = 100;
const MOST: usize = 1_000;

/// The beginning of a token, which tells its form.
const PAGE_PREFIX: &str = "after:";

/// The kinds of one page, in the order of their names, and the token of the next page; empty on the last one.
///
/// A token holds the last kind of its page. So pages fit together when the catalog changes between them.
// docs/rules.md: R-SERVICE-6
pub(super) fn page(catalog: &Catalog, size: i32, token: &str) -> Result<(Vec<Kind>, String), Error> {
    let size = match usize::try_from(size) {
        Ok(0) => DEFAULT_SIZE,
        Ok(size) => size.min(MOST),
        Err(_) => {
            return Err(rejected(
                "page_size",
                format!("{size} is negative: send 1 to {MOST}, or 0 for {DEFAULT_SIZE}"),
            ));
        }
    };
    let after = after(token)?;
    let rest = catalog.after(&after);
    let kinds = rest.get(..size).unwrap_or(rest).to_vec();
    let next = match kinds.last() {
        Some(last) if kinds.len() < rest.len() => BASE64_URL_SAFE_NO_PAD.encode(format!("{PAGE_PREFIX}{last}")),
        _ => String::new(),
    };
    Ok((kinds, next))
}

/// The kind that a page begins after; empty for the first page.
fn after(token: &str) -> Result<String, Error> {
    if token.is_empty() {
        return Ok(String::new());
    }
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let kind = text.as_deref().and_then(|text| text.strip_prefix(PAGE_PREFIX)).filter(|kind| is_kind(kind));
    let why = "is not one that this service gave: send `next_page_token` of the page before, or nothing to start anew";
    kind.map(str::to_owned).ok_or_else(|| rejected("page_token", why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_fit_together() {
        let catalog = Catalog::builtin();
        let all: Vec<Kind> = catalog.iter().cloned().collect();
        for size in [1, 7, 46, 47, 48, 100, i32::MAX] {
            let (mut seen, mut token) = (Vec::new(), String::new());
            loop {
                let (kinds, next) = page(&catalog, size, &token).unwrap();
                assert!(!kinds.is_empty() && kinds.len() <= size as usize);
                seen.extend(kinds);
                if next.is_empty() {
                    break;
                }
                token = next;
            }
            assert_eq!(seen, all, "pages of {size}");
        }
    }

    #[test]
    fn refuses_what_it_did_not_give() {
        let token = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        let rows = [
            (-1, String::new(), "page_size"),
            (i32::MIN, String::new(), "page_size"),
            (0, "???".into(), "page_token"),
            (0, token("task_not_found"), "page_token"),
            (0, token("after:Not A Kind"), "page_token"),
            (0, "A".repeat(1_000_000), "page_token"),
        ];
        for (size, token, field) in rows {
            let error = page(&Catalog::builtin(), size, &token).unwrap_err();
            assert_eq!(error.field_violations()[0].field, field);
        }
        // A kind that is gone by now is as good a place as any.
        assert!(page(&Catalog::builtin(), 0, &token("after:of_nobody")).is_ok());
    }
}
