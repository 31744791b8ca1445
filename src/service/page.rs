//! Pages of kinds (<https://google.aip.dev/158>).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::invalid_argument::rejected;
use crate::{
    catalog::Catalog,
    model::{Error, Kind, is_kind},
};

const DEFAULT_SIZE: usize = 100;
const MOST: usize = 1_000;

/// What a token begins with, so that one of another form is told apart.
const PREFIX: &str = "after:";

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
        Some(last) if kinds.len() < rest.len() => BASE64_URL_SAFE_NO_PAD.encode(format!("{PREFIX}{last}")),
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
    let kind = text.as_deref().and_then(|text| text.strip_prefix(PREFIX)).filter(|kind| is_kind(kind));
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
