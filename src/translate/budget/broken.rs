//! Details of which only what always arrives can be read, since their other bytes mean nothing. Nothing smaller can be
//! taken from them, so when room is short that is all that stays.

use prost::Message;

use crate::{
    model::{Detail, ErrorInfoView, rpc},
    translate::status,
};

/// An `ErrorInfo` with reason and domain alone; `None` if the whole of it can be read.
pub(super) fn error_info(detail: &Detail) -> Option<Detail> {
    let info = ErrorInfoView::of(detail.view()).filter(|_| detail.decode::<rpc::ErrorInfo>().is_none())?;
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let (reason, domain) = (text(info.reason), text(info.domain));
    Some(detail.with_value(rpc::ErrorInfo { reason, domain, ..Default::default() }.encode_to_vec()))
}

/// An `HttpResponse` with the status alone; `None` if the whole of it can be read.
pub(super) fn http_response(detail: &Detail) -> Option<Detail> {
    let status = status::http_response(detail.view()).filter(|_| detail.decode::<rpc::HttpResponse>().is_none())?;
    let response = rpc::HttpResponse {
        status: status.as_u16().into(),
        reason: status.reason_phrase().to_owned(),
        ..Default::default()
    };
    Some(detail.with_value(response.encode_to_vec()))
}
