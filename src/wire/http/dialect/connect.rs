//! `{"code": "not_found", "message": "...", "details": [{"type": "...", "value": "..."}]}`, also without a code
//! ([Connect](https://connectrpc.com/docs/protocol#error-end-stream)).

use std::borrow::Cow;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD_NO_PAD},
};
use bytes::Bytes;

use super::{
    finder::Finder,
    write::{ErrorFields, put_text},
};
use crate::{
    model::{Code, Detail},
    wire::http::{
        Dialect, Reading,
        json::{Json, Object},
        reading::Page,
    },
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
    match code {
        Some(code) => {
            object.take("code");
            reading.state(code, "code");
        }
        None => reading.identify(object, page, "code"),
    }
    reading.take_message(object, page, &["message"]);
    // Others write a code of this form too, and their text is elsewhere.
    Finder::new(page, &mut reading).settle(object);
    take_details(&mut reading, object);
    Some(reading)
}

fn take_details(reading: &mut Reading, object: &mut Object<'_>) {
    object.within("details", |json| {
        let Json::List(list) = json else { return None };
        reading.origins.details = Some(Cow::Borrowed("details"));
        list.retain(|item| {
            let detail = detail(item);
            let is_left = detail.is_none();
            reading.details.extend(detail);
            is_left
        });
        if !list.is_empty() {
            reading.notes.push(format!("{} of the details could not be read", list.len()));
        }
        Some(())
    });
}

/// `debug` is left out: it shows the value once more, as JSON.
fn detail(json: &Json<'_>) -> Option<Detail> {
    let object = json.as_object()?;
    let name = object.text("type").filter(|name| !name.is_empty())?;
    let value = BASE64.decode(object.text("value")?).ok()?;
    let prefix = if name.contains('/') { "" } else { "type.googleapis.com/" };
    Some(Detail::new(format!("{prefix}{name}"), value))
}

/// An `ErrorInfo` among the details names the kind.
pub(super) fn write(fields: &ErrorFields<'_>, details: &[Detail]) -> Bytes {
    let mut out = Vec::new();
    put_text(&mut out, r#"{"code":"#, fields.code.connect_name());
    put_text(&mut out, r#","message":"#, fields.message);
    let mut separator = r#","details":[{"type":"#;
    for detail in details {
        put_text(&mut out, separator, detail.type_name());
        put_text(&mut out, r#","value":"#, &STANDARD_NO_PAD.encode(detail.value()));
        separator = r#"},{"type":"#;
    }
    out.extend_from_slice(if details.is_empty() { br#","details":[]}"# } else { b"}]}" });
    out.into()
}
