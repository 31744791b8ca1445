//! Bytes that no good peer sends.

use errwire::wire::grpc::Trailers;
use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::{collection, prelude::*, sample};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    collection::vec(any::<u8>(), 0..200)
}

/// Raw fields, some of which are close to valid.
pub(crate) fn trailers() -> impl Strategy<Value = Trailers> {
    let status = prop_oneof!["[0-9]{1,2}", "[ -~]{0,6}", any::<String>()];
    let details = prop_oneof![
        bytes().prop_map(|bytes| STANDARD_NO_PAD.encode(bytes)),
        super::wire_status().prop_map(|status| STANDARD_NO_PAD.encode(status.encode())),
        (super::wire_status(), bytes()).prop_map(|(status, noise)| {
            let mut packed = status.encode().to_vec();
            packed.extend(noise);
            STANDARD_NO_PAD.encode(packed)
        }),
        "[A-Za-z0-9+/=,]{0,60}",
        any::<String>(),
    ];
    (status, any::<String>(), details).prop_map(|(status, grpc_message, grpc_status_details_bin)| Trailers {
        grpc_status: status.into(),
        grpc_message,
        grpc_status_details_bin,
    })
}

/// Header fields with any bytes that HTTP lets through.
pub(crate) fn header_map() -> impl Strategy<Value = HeaderMap> {
    let name = sample::select(vec![
        "grpc-status",
        "grpc-message",
        "grpc-status-details-bin",
        "content-type",
        "content-encoding",
        "content-language",
        "retry-after",
        "www-authenticate",
        "link",
        "allow",
        "x-request-id",
        "x-amzn-errortype",
    ]);
    let value = prop_oneof![
        bytes(),
        "[ -~]{0,40}".prop_map(String::into_bytes),
        sample::select(vec!["application/json", "application/problem+json", "gzip", "text/html; charset=utf-16", "5"])
            .prop_map(|value| value.as_bytes().to_vec()),
    ];
    collection::vec((name, value), 0..6).prop_map(|fields| {
        let mut map = HeaderMap::new();
        for (name, value) in fields {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                map.append(HeaderName::from_static(name), value);
            }
        }
        map
    })
}

/// Bodies: noise, JSON of any shape with the member names that dialects look for, and JSON that breaks off.
pub(crate) fn body_bytes() -> impl Strategy<Value = Vec<u8>> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
        "[A-Za-z_.#:]{0,12}".prop_map(Into::into),
    ];
    let name = sample::select(vec![
        "kind",
        "message",
        "error",
        "errors",
        "code",
        "status",
        "details",
        "detail",
        "type",
        "title",
        "msg",
        "meta",
        "reason",
        "metadata",
        "error_description",
        "extensions",
        "@type",
        "value",
        "__type",
        "loc",
        "field",
        "instance",
        "source",
        "pointer",
        "exception",
        "apiVersion",
        "retryDelay",
        "domain",
        "debug",
    ]);
    let json = leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            collection::hash_map(name.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    });
    let json = json.prop_map(|json| json.to_string().into_bytes());
    prop_oneof![
        bytes(),
        json.clone(),
        (json, any::<sample::Index>()).prop_map(|(mut json, at)| {
            json.truncate(at.index(json.len() + 1));
            json
        })
    ]
}
