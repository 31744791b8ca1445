use std::time::Duration;

use super::*;
use crate::model::{kinds, rpc};

#[test]
fn is_one_word_wide() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Option<Error>>(), size_of::<usize>());
}

#[test]
fn is_an_error_that_can_cross_threads() {
    fn check<T: error::Error + Clone + Send + Sync + 'static>() {}
    check::<Error>();
}

#[test]
fn starts_with_what_the_catalog_says() {
    let error = Error::new(kinds::PAYMENT_REQUIRED);
    assert_eq!((error.code(), error.status().as_u16()), (Code::FailedPrecondition, 402));
    assert!(error.message().starts_with("A payment is required"));
    assert!(error.details().is_empty());
}

#[test]
fn keeps_metadata_where_the_error_info_is() {
    let info = rpc::ErrorInfo { reason: "TASK_NOT_FOUND".into(), domain: "a.example".into(), ..Default::default() };
    let error = Error::new(kinds::TASK_NOT_FOUND).with_detail(info).with_metadata("task", "7");
    assert_eq!(error.metadata(), [("task".to_owned(), "7".to_owned())].into());
    assert_eq!(error.detail::<rpc::ErrorInfo>().map(|info| info.metadata.len()), Some(1));
    assert_eq!(error.domain(), Some("a.example"));
}

#[test]
fn replaces_rather_than_repeats() {
    let error = Error::new(kinds::RATE_LIMITED)
        .with_retry_after(Duration::from_secs(1))
        .with_retry_after(Duration::from_millis(1_500))
        .with_metadata("limit", "1")
        .with_metadata("limit", "2")
        .with_field_violation("a", "is missing")
        .with_field_violation("b", "is missing");
    assert_eq!(error.retry_after(), Some(Duration::from_millis(1_500)));
    assert_eq!(error.metadata().len(), 1);
    assert_eq!(error.field_violations().len(), 2);
    assert_eq!(error.details().len(), 2);
}

#[test]
fn speaks_for_its_own_level() {
    let error = Error::new(kinds::INTERNAL_ERROR).with_message("no").with_source("disk on fire");
    assert_eq!(error.to_string(), "internal_error: no");
    assert_eq!(error::Error::source(&error).map(ToString::to_string).as_deref(), Some("disk on fire"));
}
