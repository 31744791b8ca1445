//! Which dialect reads a body, and which writes one.

// docs/rules.md: R-DIALECT-1

use std::borrow::Cow;

use bytes::Bytes;

use super::{
    connect, envelope, field_violations,
    finder::{Finder, Path},
    google, kind_message, problem, read_only,
    violations::first_text,
    write::{ErrorFields, List},
};
use crate::{
    model::{Details, rpc},
    wire::http::{
        Dialect, Evidence, Reading,
        body::Media,
        json::{Json, Object},
        reading::Page,
        tree::Format,
    },
};

/// Reads an object if it is of one dialect, and takes what it carries over. `None` leaves the object as it was.
type Read = for<'a, 'p> fn(&mut Object<'a>, &Page<'p>) -> Option<Reading>;

/// The most telling shape first: what a later one would read too, an earlier one reads better.
const BY_STRUCTURE: [Read; 11] = [
    kind_message::read,
    read_only::jsonrpc,
    google::read,
    read_only::twirp,
    read_only::grpc_gateway,
    read_only::kratos,
    connect::read,
    read_only::oauth2,
    problem::read,
    read_only::graphql,
    read_only::json_api,
];

/// Reads what a content type declares, or what the structure shows, else by the general reader. `None` if it is nothing that
/// only an API writes.
pub(in crate::wire::http) fn read(media: Media, format: Format, json: Json<'_>, page: &Page<'_>) -> Option<Reading> {
    let mut object = match json {
        Json::Object(object) => object,
        Json::List(list) => return read_list(media, format, list, page),
        Json::Text(text) if !text.trim().is_empty() => {
            // Some write JSON into a text of JSON.
            let inner = Json::parse(&text).filter(|inner| !inner.is_cut && inner.json.as_object().is_some());
            if let Some(inner) = inner {
                return read(media, format, inner.json, page);
            }
            return Some(of_text(text, "body", page));
        }
        _ => return None,
    };
    if format == Format::Xml {
        return read_document(object, page);
    }
    let declared: Option<Read> = match media {
        Media::Problem => Some(problem::read_declared),
        Media::JsonApi => Some(read_only::json_api),
        Media::AmazonJson | Media::Missing | Media::Json | Media::Form | Media::Protobuf | Media::Other => None,
    };
    let named = declared.iter().chain(&BY_STRUCTURE).find_map(|read| read(&mut object, page));
    let mut reading = match named {
        Some(mut reading) => {
            // Others write these forms too, and list the fields that are wrong.
            let may_list = matches!(reading.dialect, Dialect::KindMessage | Dialect::Connect | Dialect::Oauth2);
            let mut finder = Finder::new(page, &mut reading);
            finder.delay(&mut object, &Path::default());
            if may_list {
                finder.listed_violations(&mut object, &Path::default());
            }
            object.within_object("error", |error| finder.delay(error, &Path::of("error")));
            reading
        }
        None => envelope::read(&mut object, page),
    };
    reading.complete = object.is_spent();
    Some(reading)
}

fn of_text(text: Cow<'_, str>, origin: &'static str, page: &Page<'_>) -> Reading {
    let mut reading = Reading { complete: true, ..Reading::weak(Bytes::new()) };
    (reading.message, reading.origins.message) = (Some(page.share(text)), Some(Cow::Borrowed(origin)));
    reading
}

/// Of XML only a problem is a dialect of its own (<https://www.rfc-editor.org/rfc/rfc9457#appendix-B>).
fn read_document(mut object: Object<'_>, page: &Page<'_>) -> Option<Reading> {
    // Gateways write documents that are one text, such as Tyk's `<error>`.
    let is_structured = object.members().any(|(_, root)| root.as_object().is_some());
    let problem = object.within_object("problem", |problem| problem::read_declared(problem, page)).flatten();
    let mut reading = problem.unwrap_or_else(|| envelope::read(&mut object, page));
    reading.complete = object.is_spent();
    let says_something = reading.message.is_some() && is_structured;
    (reading.evidence == Evidence::Strong || says_something).then_some(reading)
}

/// The first object in a list that reads as an error: Google's streams over REST and Salesforce put errors in one.
fn read_list(media: Media, format: Format, list: Vec<Json<'_>>, page: &Page<'_>) -> Option<Reading> {
    let is_one = list.len() == 1;
    // `["This record could not be found"]`, `["error", 10020, "symbol: invalid"]`: as a text, if it is one for people.
    if media == Media::Json && list.iter().all(|item| !item.holds_object()) {
        let mut texts = list.iter().filter_map(Json::as_text).filter(|text| text.trim().contains(' '));
        let text = texts.next().filter(|_| texts.next().is_none())?;
        return Some(Reading { complete: is_one, ..of_text(Cow::Borrowed(text), "body", page) });
    }
    // Yii: each is about a field.
    let is_request_wrong = matches!(page.head.status, 400 | 422);
    let violations = field_violations::of_errors(&list).filter(|_| !is_one || is_request_wrong);
    let objects = list.into_iter().enumerate().filter(|(_, json)| json.as_object().is_some()).take(16);
    let mut readings =
        objects.filter_map(|(at, json)| Some(read(media, format, json, page)?.under(format_args!("[{at}]"), page)));
    let first = readings.next()?;
    let says_something = |reading: &Reading| reading.message.is_some() || reading.evidence == Evidence::Strong;
    let reading = if says_something(&first) { first } else { readings.find(says_something).unwrap_or(first) };
    let mut reading = Reading { complete: reading.complete && is_one, ..reading };
    if let Some(violations) = violations {
        reading.details.retain(|detail| !detail.is::<rpc::BadRequest>());
        reading.details.push(violations);
        reading.origins.violations = page.is_traced.then_some(Cow::Borrowed("body"));
        if reading.message.is_none() {
            reading.message = first_text(&reading.details);
            reading.origins.message = reading.origins.violations.clone();
        }
    }
    Some(reading)
}

/// The body. Connect has details of a form of its own, made of those that are `chosen`.
pub(crate) fn write(
    dialect: Dialect,
    fields: &ErrorFields<'_>,
    details: Option<List<'_>>,
    chosen: impl FnOnce() -> Details,
) -> Bytes {
    match dialect {
        Dialect::Problem => problem::write(fields, details),
        Dialect::Google => google::write(fields, details),
        Dialect::Connect => connect::write(fields, &chosen()),
        _ => kind_message::write(fields.kind, fields.message, details),
    }
}
