//! HTTP responses with fields of gRPC.

use bytes::Bytes;
use http::HeaderMap;

use super::details;
use crate::{
    model::{Error, HttpStatus},
    translate::{Basis, NotAnError, Report, Rule, kind::Lookup, read_grpc},
    wire::{
        grpc::{GRPC_MESSAGE, GRPC_STATUS, GRPC_STATUS_DETAILS_BIN, Received},
        http::{Evidence, Origins, ResponseHead, Survey, recognise},
    },
};

/// A response with `grpc-status` is read as one of gRPC. What its fields lack may be in the body, where Armeria has it.
pub(super) fn grpc_fields(
    lookup: &Lookup<'_>,
    head: ResponseHead<'_>,
    survey: &Survey<'_>,
    body: &Bytes,
    mut received: Received,
) -> Result<(Error, Report), NotAnError> {
    let status = u16::try_from(head.status).ok().and_then(|status| HttpStatus::new(status).ok());
    let (mut report, mut origins) = (Report::default(), fields(&received, head.headers));
    if status.is_some() && !body.is_empty() && (received.message.is_empty() || received.details.is_empty()) {
        let mut reading = recognise(&head, survey, body, true);
        if reading.evidence == Evidence::Strong {
            report.dialect = Some(reading.dialect);
            if received.details.is_empty() {
                received.details = details(lookup, &mut reading, &mut report.notes);
                let Origins { delay, violations, details, .. } = &reading.origins;
                let (delay, violations, details) = (delay.clone(), violations.clone(), details.clone());
                origins = Origins { delay, violations, details, ..origins };
            }
            if let Some(message) = reading.message.filter(|_| received.message.is_empty()) {
                received.message = message;
                origins.message = reading.origins.message;
            }
        }
    }
    let (mut error, read) = of_fields(lookup, received, origins)?;
    report.notes.extend(read.notes);
    let Report { dialect, notes, .. } = report;
    report = Report { dialect, notes, ..read };
    if let Some(status) = status.filter(|_| report.status_rule != Some(Rule::HttpResponse)) {
        error = error.with_status(status);
        report.status_rule = Some(Rule::StatusLine);
    }
    Ok((error, report))
}

/// Which fields of gRPC say what was received.
fn fields(received: &Received, headers: &HeaderMap) -> Origins {
    let details = headers.contains_key(GRPC_STATUS_DETAILS_BIN).then_some(DETAILS_FIELD);
    let message = headers.get(GRPC_MESSAGE).filter(|value| !value.is_empty()).map(|_| "header grpc-message");
    Origins::new(
        headers.get(GRPC_STATUS).map(|_| "header grpc-status").or(details),
        message.or(details).filter(|_| !received.message.is_empty()),
        details.filter(|_| !received.details.is_empty()),
    )
}

const DETAILS_FIELD: &str = "header grpc-status-details-bin";

/// The details that an insider wrote next to the body are the error, if they are of this response.
pub(super) fn carried(lookup: &Lookup<'_>, head: ResponseHead<'_>) -> Option<(Error, Report)> {
    let received = Received::from_details(head.headers)?;
    let origins = fields(&received, head.headers);
    let (error, report) = of_fields(lookup, received, origins).ok()?;
    (report.code_rule == Some(Rule::GrpcStatus) && u32::from(error.status().as_u16()) == head.status)
        .then_some((error, report))
}

/// Reads what was received, and says that the fields of gRPC are the error.
fn of_fields(lookup: &Lookup<'_>, received: Received, mut origins: Origins) -> Result<(Error, Report), NotAnError> {
    let (error, mut report) = read_grpc::read(lookup, received)?;
    origins.kind = origins.details.clone().filter(|_| report.kind_rule != Some(Rule::CodeFallback));
    origins.add_details(error.details());
    (report.origins, report.basis) = (Some(origins.into()), Some(Basis::GrpcFields));
    Ok((error, report))
}
