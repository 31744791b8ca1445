//! `{"code": "not_found", "message": "...", "details": [{"type": "...", "value": "..."}]}`, also without a code
//! ([Connect](https://connectrpc.com/docs/protocol#error-end-stream)).

use std::borrow::Cow;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::Dialect;
use crate::{
    model::{Code, Detail},
    wire::http::{Reading, context::Page, json::Json, object::Object},
};

/// The protocol leaves the padding out, and some write it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let code = object.text("code").and_then(|name| Code::from_name(name).filter(|code| code.connect_name() == name));
    // Details of this form are of no other protocol, and a newer one may have another code, or none.
    let has_details = || object.list("details").is_some_and(|list| list.iter().any(|json| detail(json).is_some()));
    if code.is_none() && !has_details() {
        return None;
    }
    let mut reading = Reading::strong(Dialect::Connect);
    reading.code = code;
    match code {
        Some(_) => {
            object.take("code");
            reading.origins.code = Some(Cow::Borrowed("code"));
        }
        None => reading.identify(object, page, &["code"]),
    }
    reading.take_message(object, page, &["message"]);
    take_details(&mut reading, object);
    Some(reading)
}

fn take_details(reading: &mut Reading, object: &mut Object<'_>) {
    let Some(list) = object.take_list("details") else { return };
    reading.origins.details = Some(Cow::Borrowed("details"));
    let mut rest = Vec::new();
    for json in list {
        match detail(&json) {
            Some(detail) => reading.details.push(detail),
            None => rest.push(json),
        }
    }
    if !rest.is_empty() {
        reading.notes.push(format!("{} of the details could not be read", rest.len()));
        object.put_back("details", Json::List(rest));
    }
}

/// `debug` is left out: it shows the value once more, as JSON.
fn detail(json: &Json<'_>) -> Option<Detail> {
    let object = json.as_object()?;
    let name = object.text("type").filter(|name| !name.is_empty())?;
    let value = BASE64.decode(object.text("value")?).ok()?;
    let prefix = if name.contains('/') { "" } else { "type.googleapis.com/" };
    Some(Detail::new(format!("{prefix}{name}"), value))
}
