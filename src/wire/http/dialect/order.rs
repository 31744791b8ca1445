//! Which dialect is tried first.

// docs/rules.md: R-DIALECT-1

use super::{
    aws, connect, envelope, google, graphql, grpc_gateway, json_api, kind_message, kratos, kubernetes, oauth2, problem,
    spring, twirp,
};
use crate::wire::http::{Reading, context::Page, json::Json, media::Media, object::Object};

/// Reads an object if it is of one dialect, and takes what it carries over. `None` leaves the object as it was.
type Read = for<'a, 'p> fn(&mut Object<'a>, &Page<'p>) -> Option<Reading>;

/// The most telling shape first: what a later one would read too, an earlier one reads better.
const BY_STRUCTURE: [Read; 15] = [
    kubernetes::read,
    kind_message::read,
    aws::read,
    google::read,
    twirp::read,
    grpc_gateway::read,
    kratos::read,
    connect::read,
    oauth2::read,
    problem::read,
    spring::read,
    graphql::read,
    json_api::read,
    envelope::read,
    envelope::read_fields,
];

/// Reads what a content type declares, or what the structure shows. `None` if no dialect has it.
pub(in crate::wire::http) fn read(media: Media, json: Json<'_>, page: &Page<'_>) -> Option<Reading> {
    let declared: Option<Read> = match media {
        Media::Problem => Some(problem::read_declared),
        Media::JsonApi => Some(json_api::read),
        Media::AmazonJson => Some(aws::read_declared),
        Media::Missing | Media::Json | Media::Other => None,
    };
    let mut object = only_object(json)?;
    let mut reading = declared.iter().chain(&BY_STRUCTURE).find_map(|read| read(&mut object, page))?;
    reading.complete = object.is_spent();
    Some(reading)
}

/// The object, or the only one in a list: Google's streams over REST and Salesforce put errors in one.
fn only_object(json: Json<'_>) -> Option<Object<'_>> {
    match json {
        Json::Object(object) => Some(object),
        Json::List(list) if list.len() == 1 => match list.into_iter().next() {
            Some(Json::Object(object)) => Some(object),
            _ => None,
        },
        _ => None,
    }
}
