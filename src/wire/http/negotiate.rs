//! stub
pub(crate) fn language<'a>(_a: &str, _v: impl IntoIterator<Item = &'a str>) -> Option<&'a str> { None }
