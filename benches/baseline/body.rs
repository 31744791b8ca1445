//! The body, as `serde` structs.

use std::{borrow::Cow, collections::HashMap};

use serde::{Deserialize, Serialize};
use tonic_types::{ErrorDetails, FieldViolation, HelpLink};

#[derive(Serialize, Deserialize)]
pub(super) struct Body<'a> {
    #[serde(borrow)]
    pub(super) kind: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) message: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) details: Option<Vec<Detail<'a>>>,
}

/// The details that the service sends.
#[derive(Serialize, Deserialize)]
#[serde(tag = "@type")]
pub(super) enum Detail<'a> {
    #[serde(rename = "type.googleapis.com/google.rpc.ErrorInfo")]
    ErrorInfo {
        reason: Cow<'a, str>,
        domain: Cow<'a, str>,
        #[serde(default, skip_serializing_if = "HashMap::is_empty")]
        metadata: HashMap<String, String>,
    },
    #[serde(rename = "type.googleapis.com/google.rpc.BadRequest", rename_all = "camelCase")]
    BadRequest {
        #[serde(borrow)]
        field_violations: Vec<Violation<'a>>,
    },
    #[serde(rename = "type.googleapis.com/google.rpc.RequestInfo", rename_all = "camelCase")]
    RequestInfo { request_id: Cow<'a, str> },
    #[serde(rename = "type.googleapis.com/google.rpc.ResourceInfo", rename_all = "camelCase")]
    ResourceInfo { resource_type: Cow<'a, str>, resource_name: Cow<'a, str> },
    #[serde(rename = "type.googleapis.com/google.rpc.Help")]
    Help {
        #[serde(borrow)]
        links: Vec<Link<'a>>,
    },
}

#[derive(Serialize, Deserialize)]
pub(super) struct Violation<'a> {
    #[serde(borrow)]
    field: Cow<'a, str>,
    #[serde(borrow)]
    description: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Link<'a> {
    #[serde(borrow)]
    description: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
}

/// From `tonic-types`.
pub(super) fn from_details(details: &ErrorDetails) -> Vec<Detail<'_>> {
    let mut list = Vec::with_capacity(5);
    if let Some(info) = details.error_info() {
        list.push(Detail::ErrorInfo {
            reason: (&info.reason).into(),
            domain: (&info.domain).into(),
            metadata: info.metadata.clone(),
        });
    }
    if let Some(request) = details.bad_request() {
        list.push(Detail::BadRequest {
            field_violations: request.field_violations.iter().map(Violation::of).collect(),
        });
    }
    if let Some(info) = details.request_info() {
        list.push(Detail::RequestInfo { request_id: (&info.request_id).into() });
    }
    if let Some(info) = details.resource_info() {
        list.push(Detail::ResourceInfo {
            resource_type: (&info.resource_type).into(),
            resource_name: (&info.resource_name).into(),
        });
    }
    if let Some(help) = details.help() {
        list.push(Detail::Help { links: help.links.iter().map(Link::of).collect() });
    }
    list
}

/// To `tonic-types`.
pub(super) fn into_details(list: Vec<Detail<'_>>) -> ErrorDetails {
    let mut details = ErrorDetails::new();
    for detail in list {
        match detail {
            Detail::ErrorInfo { reason, domain, metadata } => details.set_error_info(reason, domain, metadata),
            Detail::BadRequest { field_violations } => {
                let violations =
                    field_violations.into_iter().map(|one| FieldViolation::new(one.field, one.description));
                details.set_bad_request(violations.collect::<Vec<_>>())
            }
            Detail::RequestInfo { request_id } => details.set_request_info(request_id, ""),
            Detail::ResourceInfo { resource_type, resource_name } => {
                details.set_resource_info(resource_type, resource_name, "", "")
            }
            Detail::Help { links } => {
                let links = links.into_iter().map(|one| HelpLink::new(one.description, one.url));
                details.set_help(links.collect::<Vec<_>>())
            }
        };
    }
    details
}

impl<'a> Violation<'a> {
    fn of(one: &'a FieldViolation) -> Self {
        Self { field: (&one.field).into(), description: (&one.description).into() }
    }
}

impl<'a> Link<'a> {
    fn of(one: &'a HelpLink) -> Self {
        Self { description: (&one.description).into(), url: (&one.url).into() }
    }
}
