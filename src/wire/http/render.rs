//! stub
use bytes::Bytes;
pub(crate) fn kind_message(kind: &str, message: &str, details: Option<&[serde_json::Value]>) -> Bytes {
    let mut v = serde_json::json!({"kind": kind, "message": message});
    if let Some(d) = details { v["details"] = d.to_vec().into(); }
    v.to_string().into()
}
