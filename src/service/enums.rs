//! The enums of the proto and those of the library, in both directions.

use super::{errors::rejected, pb};
use crate::{
    model::{Audience, Error},
    translate::{Basis, Rule, StatusTable},
    wire::http::Dialect,
};

/// The audience of a request.
pub(super) fn audience(number: i32) -> Result<Audience, Error> {
    match pb::Audience::try_from(number) {
        Ok(pb::Audience::Unspecified | pb::Audience::Internal) => Ok(Audience::Internal),
        Ok(pb::Audience::Public) => Ok(Audience::Public),
        Err(_) => Err(unknown("options.audience", number, "AUDIENCE_INTERNAL or AUDIENCE_PUBLIC")),
    }
}

/// The dialect of a request, among those that can be written.
pub(super) fn dialect_to_write(number: i32) -> Result<Option<Dialect>, Error> {
    const WRITTEN: &str = "DIALECT_KIND_MESSAGE, DIALECT_PROBLEM, DIALECT_GOOGLE or DIALECT_CONNECT";
    match pb::Dialect::try_from(number) {
        Ok(pb::Dialect::Unspecified) => Ok(None),
        Ok(pb::Dialect::KindMessage) => Ok(Some(Dialect::KindMessage)),
        Ok(pb::Dialect::Problem) => Ok(Some(Dialect::Problem)),
        Ok(pb::Dialect::Google) => Ok(Some(Dialect::Google)),
        Ok(pb::Dialect::Connect) => Ok(Some(Dialect::Connect)),
        Ok(other) => Err(rejected(
            "options.dialect",
            format!("{} is read, but not written: send {WRITTEN}", other.as_str_name()),
        )),
        Err(_) => Err(unknown("options.dialect", number, WRITTEN)),
    }
}

/// The table of a request.
pub(super) fn table(number: i32) -> Result<StatusTable, Error> {
    match pb::Table::try_from(number) {
        Ok(pb::Table::Unspecified | pb::Table::Auto) => Ok(StatusTable::Auto),
        Ok(pb::Table::Origin) => Ok(StatusTable::Origin),
        Ok(pb::Table::Intermediary) => Ok(StatusTable::Intermediary),
        Err(_) => Err(unknown("options.table", number, "TABLE_AUTO, TABLE_ORIGIN or TABLE_INTERMEDIARY")),
    }
}

fn unknown(field: &str, number: i32, expected: &str) -> Error {
    rejected(field, format!("the enum has no value {number}: send {expected}"))
}

impl From<Dialect> for pb::Dialect {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::KindMessage => Self::KindMessage,
            Dialect::Problem => Self::Problem,
            Dialect::Google => Self::Google,
            Dialect::Connect => Self::Connect,
            Dialect::GrpcGateway => Self::GrpcGateway,
            Dialect::Twirp => Self::Twirp,
            Dialect::Kratos => Self::Kratos,
            Dialect::Oauth2 => Self::Oauth2,
            Dialect::Graphql => Self::Graphql,
            Dialect::JsonApi => Self::JsonApi,
            Dialect::Jsonrpc => Self::Jsonrpc,
            Dialect::Envelope => Self::Envelope,
            Dialect::Text => Self::Text,
            Dialect::StatusProto => Self::StatusProto,
        }
    }
}

impl From<Rule> for pb::Rule {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::Given => Self::Given,
            Rule::GrpcStatus => Self::GrpcStatus,
            Rule::ErrorInfo => Self::ErrorInfo,
            Rule::ForeignErrorInfo => Self::ForeignErrorInfo,
            Rule::Body => Self::Body,
            Rule::StatusLine => Self::StatusLine,
            Rule::HttpResponse => Self::HttpResponse,
            Rule::Catalog => Self::Catalog,
            Rule::CodeFallback => Self::CodeFallback,
            Rule::StatusFallback => Self::StatusFallback,
            Rule::OriginTable => Self::OriginTable,
            Rule::IntermediaryTable => Self::IntermediaryTable,
            Rule::Invalid => Self::Invalid,
        }
    }
}

impl From<Basis> for pb::Evidence {
    fn from(basis: Basis) -> Self {
        match basis {
            Basis::Forced => Self::Forced,
            Basis::GrpcFields => Self::GrpcFields,
            Basis::Strong => Self::Strong,
            Basis::Weak => Self::Weak,
            Basis::None => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dialect_has_a_value_of_its_own() {
        for dialect in Dialect::ALL {
            let name = format!("DIALECT_{}", dialect.name().to_ascii_uppercase());
            assert_eq!(pb::Dialect::from(*dialect).as_str_name(), name);
        }
        let values = (1..).map_while(|number| pb::Dialect::try_from(number).ok());
        assert_eq!(values.count(), Dialect::ALL.len());
    }
}
