//! Which OpenAPI a document is written in.

use crate::docs::json::{Json, object};

/// The versions that differ in what an error needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// Swagger 2.0, as `protoc-gen-openapiv2` writes it: no `oneOf`, one example, `definitions`.
    V2,
    /// 3.0: no `const`.
    V3_0,
    /// 3.1 and later.
    V3_1,
}

impl Version {
    /// By the members `openapi` and `swagger` of a document.
    pub(super) fn of(openapi: Option<&str>, swagger: Option<&str>) -> Option<Self> {
        match (openapi, swagger) {
            (Some(version), _) if version.starts_with("3.0") => Some(Self::V3_0),
            (Some(version), _) if version.starts_with("3.") => Some(Self::V3_1),
            (None, Some(version)) if version.starts_with('2') => Some(Self::V2),
            _ => None,
        }
    }

    /// Where a document keeps its schemas.
    pub(super) fn schemas(self) -> &'static [&'static str] {
        if self == Self::V2 { &["definitions"] } else { &["components", "schemas"] }
    }

    /// Where it keeps the responses that several operations have.
    pub(super) fn responses(self) -> &'static [&'static str] {
        if self == Self::V2 { &["responses"] } else { &["components", "responses"] }
    }

    pub(super) fn schema_reference(self, name: &str) -> Json {
        reference(self.schemas(), name)
    }

    pub(super) fn response_reference(self, name: &str) -> Json {
        reference(self.responses(), name)
    }

    /// A schema that one text matches.
    pub(super) fn constant(self, text: &str) -> Json {
        let schema = if self == Self::V3_1 {
            object! { "const": text }
        } else {
            object! { "type": "string", "enum": [text] }
        };
        schema.into()
    }
}

fn reference(path: &[&str], name: &str) -> Json {
    object! { "$ref": format!("#/{}/{name}", path.join("/")) }.into()
}
