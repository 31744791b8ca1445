//! `{"kind": "Status", "apiVersion": "v1", "status": "Failure", "message", "reason": "NotFound", "code": 404}`
//! ([Kubernetes](https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/)).

use super::{Dialect, message, violations};
use crate::{
    model::{Detail, rpc},
    wire::http::{Reading, context::Page, object::Object},
};

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    if object.text("kind") != Some("Status") || object.text("apiVersion").is_none() {
        return None;
    }
    let mut reading = Reading::strong(Dialect::Envelope);
    reading.take_kind(object, page, "reason");
    reading.message = message::take(object, page, &["message"]);
    object.within("details", |details| {
        reading.details.extend(violations::take(details, "causes"));
        if let Some(seconds) =
            details.integer("retryAfterSeconds").filter(|seconds| (1..=i64::from(i32::MAX)).contains(seconds))
        {
            details.take("retryAfterSeconds");
            let retry_delay = Some(prost_types::Duration { seconds, nanos: 0 });
            reading.details.push(Detail::from(rpc::RetryInfo { retry_delay }));
        }
    });
    Some(reading)
}
