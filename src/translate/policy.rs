//! The audience, and the limits.

use std::borrow::Cow;

use crate::{model::Audience, wire::grpc::Registry};

/// What a translator is set to, once.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Policy {
    /// The audience of the results of [`write_grpc`](super::Translator::write_grpc) and [`write_http`](super::Translator::write_http).
    pub audience: Audience,
    /// The domain of the built-in kinds and of kinds that no catalog has.
    pub domain: Cow<'static, str>,
    /// Domains whose `ErrorInfo`s are as good as ours, besides those of the catalog.
    pub accepted_domains: Vec<String>,
    /// How many bytes the three `grpc-*` fields may take, as HTTP/2 counts them: name, value and 32 each.
    pub budget: usize,
    /// The challenge of a 401 that has none of its own.
    pub www_authenticate: Cow<'static, str>,
    /// The descriptors of details, for JSON: the standard types, and those that a user adds.
    pub registry: Registry,
    /// Full names of message types, besides the standard ones, that anybody may see as details. Each needs a
    /// descriptor in `registry`.
    pub public_types: Vec<String>,
    /// The only fields, besides its own, that an error for the public keeps on either wire: metadata of gRPC, headers of
    /// HTTP. Without, all stay but cookies, credentials and what names a server.
    pub public_fields: Option<Vec<String>>,
    /// Where the pages about kinds are, without a slash at the end: a kind of the catalog that has no
    /// [`help_url`](crate::KindEntry::help_url) has `/errors/` and its name behind this. `None` leaves such kinds without one.
    pub pages_url: Option<Cow<'static, str>>,
}

impl Default for Policy {
    // docs/rules.md: R-BUDGET-1
    fn default() -> Self {
        Self {
            audience: Audience::Internal,
            domain: Cow::Borrowed("errwire.dev"),
            accepted_domains: Vec::new(),
            budget: 7_168,
            www_authenticate: Cow::Borrowed("Bearer"),
            registry: Registry::default(),
            public_types: Vec::new(),
            public_fields: None,
            pages_url: None,
        }
    }
}
