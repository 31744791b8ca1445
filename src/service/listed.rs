//! A kind as a server lists it, back as an entry.

use std::{borrow::Cow, time::Duration};

use super::pb;
use crate::{Code, Deprecation, Entry, HttpStatus, Kind, Retry, Template, Visibility};

/// What a server says of a kind. Fails, with why, on what no catalog could hold: the server is not one of ours, or newer.
pub(crate) fn entry(kind: pb::Kind) -> Result<Entry, String> {
    let name = kind.kind;
    let why = |what: &str| format!("the kind `{}` has {what}", name.escape_debug());
    if Kind::new(&name).is_err() {
        return Err(why("a name that no kind has"));
    }
    let status = u16::try_from(kind.status).ok().and_then(|status| HttpStatus::new(status).ok());
    let status = status.ok_or_else(|| why(&format!("the status {}, which is not 400 to 599", kind.status)))?;
    let code = Code::try_from(kind.code).map_err(|_| why(&format!("the code {}, which is no error", kind.code)))?;
    let retry = match (pb::Retry::try_from(kind.retry), kind.retry_delay) {
        (Ok(pb::Retry::Unspecified | pb::Retry::Never), _) => Retry::Never,
        (Ok(pb::Retry::AfterBackoff), _) => Retry::AfterBackoff,
        (Ok(pb::Retry::AfterDelay), Some(delay)) => {
            Retry::AfterDelay(Duration::try_from(delay).map_err(|_| why("a negative delay"))?)
        }
        (Ok(pb::Retry::AfterDelay), None) => return Err(why("a delay for retries and does not say which")),
        (Err(_), _) => return Err(why("a retry that this version does not know")),
    };
    let visibility = match pb::Visibility::try_from(kind.visibility) {
        Ok(pb::Visibility::Unspecified) => Visibility::of(status),
        Ok(pb::Visibility::Public) => Visibility::Public,
        Ok(pb::Visibility::Internal) => Visibility::Internal,
        Err(_) => return Err(why("a visibility that this version does not know")),
    };
    let deprecated = kind
        .deprecated
        .map(|deprecated| Deprecation { since: deprecated.since.into(), replaced_by: some(deprecated.replaced_by) });
    let localized = kind.localized.into_iter().map(|(tag, text)| (Cow::Owned(tag), Template::from(text)));
    Ok(Entry {
        description: kind.description.into(),
        help_url: some(kind.help_url),
        retry,
        visibility,
        localized: localized.collect(),
        deprecated,
        owner: some(kind.owner),
        ..Entry::new(name, kind.domain, status, code, Template::from(kind.message))
    })
}

fn some(text: String) -> Option<Cow<'static, str>> {
    Some(text).filter(|text| !text.is_empty()).map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Translator, service::kind_message};

    fn fine() -> pb::Kind {
        pb::Kind { kind: "a_kind".into(), domain: "d".into(), status: 404, code: 5, ..Default::default() }
    }

    #[test]
    fn every_built_in_kind_comes_back() {
        let translator = Translator::default();
        for kind in translator.catalog().iter() {
            assert_eq!(entry(kind_message(&translator, kind)).as_ref().ok(), kind.entry(), "{kind}");
        }
    }

    #[test]
    fn refuses_what_no_catalog_holds() {
        assert!(entry(fine()).is_ok());
        let delay = |seconds| Some(prost_types::Duration { seconds, nanos: 0 });
        let rows = [
            (pb::Kind { kind: "A\nKind".into(), ..fine() }, "the kind `A\\nKind` has a name that no kind has"),
            (pb::Kind { status: 200, ..fine() }, "the kind `a_kind` has the status 200, which is not 400 to 599"),
            (pb::Kind { status: 66_000, ..fine() }, "the kind `a_kind` has the status 66000, which is not 400 to 599"),
            (pb::Kind { code: 0, ..fine() }, "the kind `a_kind` has the code 0, which is no error"),
            (pb::Kind { retry: 9, ..fine() }, "the kind `a_kind` has a retry that this version does not know"),
            (pb::Kind { retry: 3, ..fine() }, "the kind `a_kind` has a delay for retries and does not say which"),
            (pb::Kind { retry: 3, retry_delay: delay(-1), ..fine() }, "the kind `a_kind` has a negative delay"),
            (
                pb::Kind { visibility: 9, ..fine() },
                "the kind `a_kind` has a visibility that this version does not know",
            ),
        ];
        for (kind, expected) in rows {
            assert_eq!(entry(kind), Err(expected.to_owned()));
        }
    }
}
