//! The query of a link, or of a submitted form.

use std::borrow::Cow;

/// The members of a query or of a submitted form
/// ([`application/x-www-form-urlencoded`](https://url.spec.whatwg.org/#application/x-www-form-urlencoded)).
pub(super) struct Query<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Query<'a> {
    pub(super) fn parse(encoded: &'a [u8]) -> Self {
        Self(form_urlencoded::parse(encoded).collect())
    }

    /// The first member of this name, without the space around it; empty if there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// The same query with one member replaced, encoded.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let others = self.0.iter().filter(|(key, value)| key != name && !value.is_empty());
        form_urlencoded::Serializer::new(String::new()).extend_pairs(others).append_pair(name, value).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        let query = Query::parse(b"q=task+not%20found&status=&code=NOT_FOUND&q=second&%FF=x");
        assert_eq!(query.get("q"), "task not found");
        assert_eq!(query.get("status"), "");
        assert_eq!(query.get("nothing"), "");
        assert_eq!(Query::parse(b"q=a%26b&status=&page=2").with("page", "3"), "q=a%26b&page=3");
    }
}
