//! The HTTP routes of methods, by [`google.api.http`](https://github.com/googleapis/googleapis/blob/master/google/api/http.proto).

/// One HTTP method and path of an API.
///
/// ```
/// use errwire::catalog::HttpRoute;
///
/// let route = HttpRoute::new("GET", "/v1/tasks/{task_id}");
/// assert!(route.matches("GET", "/v1/tasks/tsk_1"));
/// assert!(!route.matches("GET", "/v1/tasks"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRoute {
    verb: Box<str>,
    template: Box<str>,
    has_body: bool,
}

/// One piece of a template between slashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Segment<'a> {
    Literal(&'a str),
    /// `*`, or a variable of one segment.
    One,
    /// `**`.
    Rest,
}

impl HttpRoute {
    /// A route by its HTTP method and the template of its path, such as `/v1/tasks/{task_id}`.
    pub fn new(verb: impl Into<String>, template: impl Into<String>) -> Self {
        Self { verb: verb.into().into(), template: template.into().into(), has_body: false }
    }

    /// The same, for requests with a body.
    #[must_use]
    pub fn with_body(self) -> Self {
        Self { has_body: true, ..self }
    }

    /// The HTTP method: `GET`.
    pub fn verb(&self) -> &str {
        &self.verb
    }

    /// The path, as the annotation writes it: `/v1/{name=tasks/*}:run`.
    pub fn template(&self) -> &str {
        &self.template
    }

    /// Whether requests have a body.
    pub fn has_body(&self) -> bool {
        self.has_body
    }

    /// The variables of the path, each with its pattern: `task_id` and `*`.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        pieces(&self.template).filter_map(|(_, variable)| variable)
    }

    /// The path as OpenAPI writes it, where a variable has a name alone: `/v1/{name}:run`.
    #[cfg(any(feature = "server", test))]
    pub(crate) fn openapi_path(&self) -> String {
        with_variables(&self.template, |name| name)
    }

    /// Whether a request with this method and this path, without its query, takes the route.
    pub fn matches(&self, verb: &str, path: &str) -> bool {
        if *self.verb != *verb {
            return false;
        }
        let (segments, suffix) = self.segments();
        let path = match suffix {
            Some(suffix) => path.strip_suffix(suffix).and_then(|path| path.strip_suffix(':')),
            None => Some(path),
        };
        let Some(path) = path.and_then(|path| path.strip_prefix('/')) else { return false };
        let mut parts = path.split('/');
        for segment in segments {
            match (segment, parts.next()) {
                // Whatever follows, nothing included.
                (Segment::Rest, _) => return true,
                (Segment::One, Some(part)) if !part.is_empty() => {}
                (Segment::Literal(literal), Some(part)) if literal == part => {}
                _ => return false,
            }
        }
        parts.next().is_none()
    }

    /// The segments, with those inside of variables, and what follows a colon.
    fn segments(&self) -> (Vec<Segment<'_>>, Option<&str>) {
        let template = self.template.strip_prefix('/').unwrap_or(&self.template);
        let end = template.rfind(['/', '}']).unwrap_or(0);
        let colon = template.get(end..).and_then(|last| last.find(':')).map(|at| end + at);
        let (path, suffix) = match colon {
            Some(at) => (&template[..at], template.get(at + 1..)),
            None => (template, None),
        };
        let mut segments = Vec::new();
        let mut rest = path;
        while !rest.is_empty() {
            if let Some(variable) = rest.strip_prefix('{') {
                let (variable, after) = variable.split_once('}').unwrap_or((variable, ""));
                let pattern = variable.split_once('=').map_or("*", |(_, pattern)| pattern);
                segments.extend(pattern.split('/').map(Segment::of));
                rest = after.strip_prefix('/').unwrap_or(after);
            } else {
                let (segment, after) = rest.split_once('/').unwrap_or((rest, ""));
                segments.push(Segment::of(segment));
                rest = after;
            }
        }
        (segments, suffix)
    }
}

/// The texts of a template, each with the name and the pattern of the variable behind it.
fn pieces(template: &str) -> impl Iterator<Item = (&str, Option<(&str, &str)>)> {
    let mut rest = Some(template);
    std::iter::from_fn(move || {
        let Some((before, variable)) = rest?.split_once('{') else { return rest.take().map(|last| (last, None)) };
        let (variable, after) = variable.split_once('}').unwrap_or((variable, ""));
        rest = Some(after);
        Some((before, Some(variable.split_once('=').unwrap_or((variable, "*")))))
    })
}

/// The path of a template, with this in place of the name of each variable.
#[cfg(any(feature = "server", test))]
pub(crate) fn with_variables(template: &str, write: impl Fn(&str) -> &str) -> String {
    let mut path = String::with_capacity(template.len());
    for (text, variable) in pieces(template) {
        path.push_str(text);
        if let Some((name, _)) = variable {
            path.extend(["{", write(name), "}"]);
        }
    }
    path
}

impl<'a> Segment<'a> {
    fn of(text: &'a str) -> Self {
        match text {
            "*" => Self::One,
            "**" => Self::Rest,
            literal => Self::Literal(literal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The grammar and the examples of
    /// <https://github.com/googleapis/googleapis/blob/master/google/api/http.proto>.
    #[test]
    fn matches_as_the_annotation_says() {
        let rows = [
            ("/v1/tasks/{task_id}", "/v1/tasks/tsk_1", true),
            ("/v1/tasks/{task_id}", "/v1/tasks/", false),
            ("/v1/tasks/{task_id}", "/v1/tasks/a/b", false),
            ("/v1/tasks/{task_id}", "/v1/tasks", false),
            ("/v1/tasks", "/v1/tasks", true),
            ("/v1/tasks", "/v1/tasks/", false),
            ("/v1/{name=messages/*}", "/v1/messages/123456", true),
            ("/v1/{name=messages/*}", "/v1/others/123456", false),
            ("/v1/{name=shelves/*/books/*}", "/v1/shelves/1/books/2", true),
            ("/v1/users/{user_id}/messages/{message_id}", "/v1/users/me/messages/123456", true),
            ("/v1/{name=files/**}", "/v1/files/a/b/c", true),
            ("/v1/{name=tasks/*}:run", "/v1/tasks/1:run", true),
            ("/v1/{name=tasks/*}:run", "/v1/tasks/1", false),
            ("/v1/tasks:batchGet", "/v1/tasks:batchGet", true),
            ("/v1/tasks:batchGet", "/v1/tasks", false),
            ("/v1/*/b", "/v1/a/b", true),
            ("/", "/", false),
            ("{", "/x", true),
            ("", "", false),
        ];
        for (template, path, expected) in rows {
            assert_eq!(HttpRoute::new("GET", template).matches("GET", path), expected, "{template} {path}");
            assert!(!HttpRoute::new("GET", template).matches("POST", path), "{template}");
        }
    }

    #[test]
    fn names_its_variables() {
        let route = HttpRoute::new("POST", "/v1/{parent=projects/*}/tasks/{task_id}:run");
        assert_eq!(route.variables().collect::<Vec<_>>(), [("parent", "projects/*"), ("task_id", "*")]);
        assert_eq!(route.openapi_path(), "/v1/{parent}/tasks/{task_id}:run");
        assert_eq!(HttpRoute::new("GET", "/a/{b").openapi_path(), "/a/{b}");
    }
}
