//! An enum as a catalog, there and back.

use std::{fmt, io, str::FromStr};

use errwire::{Code, Error, Kinds, Retry, Visibility, kinds};

#[derive(Clone, Debug, PartialEq)]
struct TaskId(u32);

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tsk_{}", self.0)
    }
}

impl FromStr for TaskId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        text.strip_prefix("tsk_").and_then(|number| number.parse().ok()).map(Self).ok_or(())
    }
}

#[derive(Debug, Kinds)]
#[errwire(domain = "api.example.com")]
enum TaskError {
    /// Task does not exist.
    #[kind(status = 404, code = NOT_FOUND, message = "Task {task_id} does not exist. Verify the task ID.")]
    TaskNotFound { task_id: TaskId },
    /// The quota of today is used up.
    #[kind(
        status = 429,
        code = RESOURCE_EXHAUSTED,
        message = "The project has used its {limit} tasks of today. Try again tomorrow.",
        localized(de = "Das Projekt hat seine {limit} Aufgaben von heute verbraucht. Versuchen Sie es morgen wieder."),
        retry = after_delay,
        retry_delay = "30s",
        help_url = "https://api.example.com/errors/quota_exhausted",
        deprecated(since = "2026-11", replaced_by = "rate_limited"),
        owner = "tasks-team"
    )]
    QuotaExhausted {
        limit: u32,
        plan: Option<String>,
        #[kind(internal)]
        shard: Option<String>,
    },
    #[kind(name = "lost_job", status = 503, code = UNAVAILABLE, message = "Start the job again.", visibility = public)]
    JobGone(#[kind(key = "job_id")] String, #[kind(skip)] usize),
    #[kind(kinds::PAYMENT_REQUIRED)]
    NoMoney,
    #[kind(kinds::INTERNAL_ERROR)]
    Database(#[kind(source)] io::Error),
    #[kind(transparent)]
    Other(Error),
}

#[test]
fn says_what_the_attributes_say() {
    let entry = TaskError::TASK_NOT_FOUND;
    let entry = entry.entry().unwrap();
    assert_eq!((&*entry.kind, &*entry.reason, &*entry.domain), ("task_not_found", "TASK_NOT_FOUND", "api.example.com"));
    assert_eq!((entry.status.as_u16(), entry.code, &*entry.description), (404, Code::NotFound, "Task does not exist"));
    let catalog = TaskError::catalog();
    let own: Vec<_> = catalog.own().map(|kind| kind.as_str().to_owned()).collect();
    assert_eq!(own, ["task_not_found", "quota_exhausted", "lost_job"]);
    assert_eq!(catalog.domains().collect::<Vec<_>>(), ["api.example.com"]);
    let kind = catalog.get("quota_exhausted").unwrap();
    let entry = kind.entry().unwrap();
    assert_eq!(entry.retry, Retry::AfterDelay(std::time::Duration::from_secs(30)));
    assert_eq!(entry.help_url.as_deref(), Some("https://api.example.com/errors/quota_exhausted"));
    assert_eq!(entry.owner.as_deref(), Some("tasks-team"));
    assert_eq!(entry.localized[0].0, "de");
    assert_eq!(*entry.metadata, [("shard".into(), Visibility::Internal)]);
    assert_eq!(entry.deprecated.as_ref().and_then(|it| it.replaced_by.as_deref()), Some("rate_limited"));
    assert_eq!(catalog.get("lost_job").unwrap().entry().unwrap().visibility, Visibility::Public);
}

#[derive(Debug, Kinds)]
#[errwire(domain = "api.example.com", language = "de")]
enum Fehler {
    #[kind(status = 404, code = NOT_FOUND, message = "Nichts da.", localized(en = "Nothing there."))]
    NichtsDa,
}

#[test]
fn has_the_language_of_its_enum() {
    let entry = Fehler::NICHTS_DA;
    assert_eq!(entry.entry().unwrap().language, "de");
    assert_eq!(TaskError::TASK_NOT_FOUND.entry().unwrap().language, "en");
    let translator = errwire::Translator::new(Fehler::catalog());
    for (accepted, expected) in [("de", "Nichts da."), ("en", "Nothing there."), ("fr", "Nichts da.")] {
        let options = errwire::WriteHttpOptions::new(errwire::Audience::Public).with_accept_language(accepted);
        let (response, _) = translator.write_http_with(&Error::from(Fehler::NichtsDa), &options);
        let body = String::from_utf8(response.into_body().to_vec()).unwrap();
        assert_eq!(body, format!(r#"{{"kind":"nichts_da","message":"{expected}"}}"#), "{accepted}");
    }
}

#[test]
fn becomes_an_error() {
    let error = Error::from(TaskError::TaskNotFound { task_id: TaskId(7) });
    assert!(*error.kind() == kinds::TASK_NOT_FOUND);
    assert_eq!(error.message(), "Task tsk_7 does not exist. Verify the task ID.");
    assert_eq!(error.metadata()["task_id"], "tsk_7");

    let error = Error::from(TaskError::QuotaExhausted { limit: 10, plan: None, shard: Some("eu-1".into()) });
    assert_eq!(error.metadata(), [("limit".into(), "10".into()), ("shard".into(), "eu-1".into())].into());
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(30)));

    let error = Error::from(TaskError::Database(io::Error::other("disk on fire")));
    assert!(*error.kind() == kinds::INTERNAL_ERROR);
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "disk on fire");
    assert!(!error.message().contains("disk"));

    let status = tonic::Status::from(TaskError::NoMoney);
    assert_eq!(status.code(), tonic::Code::FailedPrecondition);
    let response = axum_core::response::IntoResponse::into_response(TaskError::NoMoney);
    assert_eq!(response.status(), 402);
}

#[test]
fn comes_back() {
    let back = |error: TaskError| TaskError::try_from(&Error::from(error)).unwrap();
    assert!(matches!(
        back(TaskError::TaskNotFound { task_id: TaskId(7) }),
        TaskError::TaskNotFound { task_id: TaskId(7) }
    ));
    let error = TaskError::QuotaExhausted { limit: 10, plan: Some("free".into()), shard: None };
    assert!(matches!(back(error),
        TaskError::QuotaExhausted { limit: 10, plan: Some(plan), shard: None } if plan == "free"));
    assert!(matches!(back(TaskError::JobGone("j1".into(), 3)), TaskError::JobGone(job, 0) if job == "j1"));
    assert!(matches!(back(TaskError::NoMoney), TaskError::NoMoney));
    // The cause stays where it was.
    let error = TaskError::Database(io::Error::other("disk on fire"));
    assert!(matches!(back(error), TaskError::Other(error) if *error.kind() == kinds::INTERNAL_ERROR));
    // What a field wants is neither in the metadata nor in the message.
    let error = Error::new(kinds::TASK_NOT_FOUND).with_message("No such task.");
    assert!(matches!(TaskError::try_from(&error), Ok(TaskError::Other(_))));
    let error = Error::new(kinds::TASK_NOT_FOUND).with_metadata("task_id", "7");
    assert!(matches!(TaskError::try_from(&error), Ok(TaskError::Other(_))));
    // A public body has the message alone.
    let error = Error::new(kinds::TASK_NOT_FOUND).with_message("Task tsk_9 does not exist. Verify the task ID.");
    assert!(matches!(TaskError::try_from(&error), Ok(TaskError::TaskNotFound { task_id: TaskId(9) })));
}

/// Over both wires, as callers inside and outside read it.
#[test]
fn arrives_typed_on_the_other_side() {
    use errwire::{
        Audience::{Internal, Public},
        testing::{assert_kind, over_grpc, over_http},
    };
    let made = || {
        [
            TaskError::TaskNotFound { task_id: TaskId(7) },
            TaskError::QuotaExhausted { limit: 10, plan: None, shard: None },
            TaskError::NoMoney,
        ]
    };
    for (error, sent) in made().into_iter().zip(made()) {
        let error = Error::from(error);
        for arrived in [over_grpc(&error), over_http(&error, Internal), over_http(&error, Public)] {
            let arrived = assert_kind!(arrived, error.kind().clone());
            let back = TaskError::try_from(&arrived).unwrap();
            assert_eq!(format!("{back:?}"), format!("{sent:?}"));
        }
    }
    // The message of an internal kind does not leave.
    let error = Error::from(TaskError::Database(io::Error::other("disk on fire")));
    let outside = assert_kind!(over_http(&error, Public), kinds::INTERNAL_ERROR);
    assert!(!format!("{outside:?}").contains("disk"));
}

#[test]
fn the_catalog_file_is_fresh() {
    errwire::testing::assert_catalog_file(&TaskError::catalog(), "tests/errors.yaml");
    let loaded = errwire::Catalog::load(["tests/errors.yaml"]).unwrap();
    assert_eq!(loaded.version(), TaskError::catalog().version());
}

#[test]
fn says_that_an_error_is_another_one() {
    #[derive(Debug, Kinds)]
    enum Narrow {
        #[kind(kinds::GONE)]
        Gone,
    }
    assert!(matches!(Narrow::try_from(&Error::new(kinds::GONE)), Ok(Narrow::Gone)));
    assert_eq!(Error::from(Narrow::Gone).status(), 410);
    let why = Narrow::try_from(&Error::new(kinds::CONFLICT)).unwrap_err();
    assert!(*why.kind() == kinds::CONFLICT);
    assert_eq!(why.to_string(), "an error of the kind conflict is not a Narrow, or lacks a value of its fields");
}
