//! Who defines the kinds.

use super::Field;
use crate::catalog::{Rule, problem::Findings};

/// The most characters of a domain name, [RFC 1035, 2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4).
const LONGEST_DOMAIN: usize = 253;

/// A domain that can be one.
pub(in crate::catalog) fn domain<'n>(field: Field<'n, '_>, findings: &mut Findings) -> Option<&'n str> {
    let domain = field.text_or_empty(findings)?;
    let length = domain.chars().count();
    let message = if length == 0 {
        "The domain is empty".to_owned()
    } else if length > LONGEST_DOMAIN {
        format!("The domain has {length} characters")
    } else if domain.chars().any(char::is_control) {
        "The domain has a control character".to_owned()
    } else {
        return Some(domain);
    };
    let remedy = "Use the name of your API, such as api.example.com, of at most 253 characters";
    findings.report(Rule::InvalidDomain, field.place(), message, remedy);
    None
}
