//! What a translator is set to, and the options of one translation.

use std::borrow::Cow;

use crate::{
    model::Audience,
    wire::{grpc::Registry, http::Dialect},
};

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

/// How to write an HTTP response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WriteHttpOptions {
    /// The audience.
    pub audience: Audience,
    /// The shape of the body; [`Dialect::KindMessage`] if `None`.
    pub dialect: Option<Dialect>,
    /// Whether the body has `details`.
    pub include_details: bool,
    /// The `Accept-Language` of the caller.
    pub accept_language: Option<String>,
    /// The `Accept` of the caller.
    pub accept: Option<String>,
}

impl WriteHttpOptions {
    /// For this audience, with everything else as by default.
    pub fn new(audience: Audience) -> Self {
        Self { audience, ..Self::default() }
    }

    /// Puts `details` in the body.
    #[must_use]
    pub fn with_details(mut self) -> Self {
        self.include_details = true;
        self
    }

    /// Chooses the shape of the body.
    #[must_use]
    pub fn with_dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = Some(dialect);
        self
    }

    /// Gives the `Accept-Language` of the caller, for the message.
    #[must_use]
    pub fn with_accept_language(mut self, value: impl Into<String>) -> Self {
        self.accept_language = Some(value.into());
        self
    }

    /// Gives the `Accept` of the caller, for the shape of the body. A dialect that was chosen wins.
    #[must_use]
    pub fn with_accept(mut self, value: impl Into<String>) -> Self {
        self.accept = Some(value.into());
        self
    }
}

/// How to write a gRPC error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WriteGrpcOptions {
    /// The audience.
    pub audience: Audience,
    /// How many bytes of the size budget other fields of the same block take, as HTTP/2 counts them.
    pub reserved: usize,
    /// The domain of the built-in kinds and of kinds that no catalog has; the policy's if `None`.
    pub domain: Option<String>,
    /// The `Accept-Language` of the caller. The catalog's message in that language becomes a
    /// [`LocalizedMessage`](crate::rpc::LocalizedMessage), unless the error has one.
    pub accept_language: Option<String>,
}

impl WriteGrpcOptions {
    /// For this audience, with everything else as by default.
    pub fn new(audience: Audience) -> Self {
        Self { audience, ..Self::default() }
    }

    /// Says how many bytes of the size budget are taken.
    #[must_use]
    pub fn with_reserved(mut self, bytes: usize) -> Self {
        self.reserved = bytes;
        self
    }

    /// Sets the domain.
    #[must_use]
    pub fn with_domain(mut self, domain: impl Into<String>) -> Self {
        self.domain = Some(domain.into());
        self
    }

    /// Gives the `Accept-Language` of the caller, for a [`LocalizedMessage`](crate::rpc::LocalizedMessage) next to the message.
    #[must_use]
    pub fn with_accept_language(mut self, value: impl Into<String>) -> Self {
        self.accept_language = Some(value.into());
        self
    }
}

/// How to read an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Which table turns an HTTP status into a code.
    pub table: StatusTable,
    /// The domain to prefer among several `ErrorInfo`s, and that of kinds that no catalog has; the policy's if `None`.
    pub domain: Option<String>,
    /// Whether the response answers a HEAD request, so that its body is missing by design.
    pub to_head: bool,
}

impl ReadOptions {
    /// Everything as by default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forces the table.
    #[must_use]
    pub fn with_table(mut self, table: StatusTable) -> Self {
        self.table = table;
        self
    }

    /// Sets the domain.
    #[must_use]
    pub fn with_domain(mut self, domain: impl Into<String>) -> Self {
        self.domain = Some(domain.into());
        self
    }
}

/// Which table turns an HTTP status into a code, where the body does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatusTable {
    /// By evidence: a recognised body means origin, anything else means intermediary.
    #[default]
    Auto,
    /// The response was written by an API: 404 is NOT_FOUND.
    Origin,
    /// The response came from a proxy, or from something that does not speak gRPC: 404 is UNIMPLEMENTED
    /// (<https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md>).
    Intermediary,
}
