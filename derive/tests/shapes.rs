//! Enums of every shape: generic, made by `macro_rules`, of a renamed crate, next to `thiserror`; and nothing to complain of.

#![deny(clippy::pedantic, missing_docs, unreachable_pub, unused_qualifications)]

use std::borrow::Cow;

use errwire::{Error, kinds};

/// The crate under another name.
mod house {
    pub(super) mod errors {
        pub(in super::super) use ::errwire as wire;
    }
}

/// A generic error.
#[derive(Debug, errwire::Kinds)]
#[errwire(domain = "api.example.com")]
pub enum Generic<T, E>
where
    T: PartialEq,
{
    /// Any value.
    #[kind(status = 400, code = INVALID_ARGUMENT, message = "The value {value} does not fit. Use another one.")]
    ValueUnfit {
        /// The value.
        value: T,
        /// An optional value.
        other: Option<T>,
    },
    /// What failed.
    #[kind(kinds::BAD_GATEWAY)]
    Upstream(#[kind(source)] E),
}

/// Written without a lifetime of the static sort.
#[derive(Debug, errwire::Kinds)]
#[errwire(domain = "api.example.com", one_way)]
pub enum Borrowed<'a> {
    /// A name.
    #[kind(status = 409, code = ALREADY_EXISTS, message = "The name {name} is taken. Choose another one.")]
    NameTaken {
        /// The name.
        name: &'a str,
        /// An alternative.
        r#type: Cow<'a, str>,
    },
}

/// Through another path.
#[derive(Debug, errwire::Kinds)]
#[errwire(domain = "api.example.com", crate = crate::house::errors::wire)]
pub enum Renamed {
    /// Gone.
    #[kind(status = 410, code = NOT_FOUND, message = "The page is gone. Read another one.")]
    PageGone,
    /// Any other.
    #[kind(transparent)]
    Other(Error),
}

/// As most errors are: with the texts for the log and the sources of `thiserror`.
#[derive(Debug, thiserror::Error, errwire::Kinds)]
#[errwire(domain = "api.example.com")]
pub enum Mixed {
    /// No task.
    #[error("no row with id {task_id}")]
    #[kind(status = 404, code = NOT_FOUND, message = "Task {task_id} does not exist. Verify the task ID.")]
    TaskLost {
        /// The task.
        task_id: u32,
    },
    /// A disk.
    #[error("the disk failed")]
    #[kind(kinds::INTERNAL_ERROR)]
    Disk(#[from] std::io::Error),
    /// A number.
    #[error("not a number")]
    #[kind(kinds::REQUEST_INVALID)]
    Number {
        /// Why.
        #[source]
        why: std::num::ParseIntError,
    },
    /// Any other.
    #[error(transparent)]
    #[kind(transparent)]
    Other(#[from] Error),
}

/// No values at all.
#[derive(Debug, errwire::Kinds)]
pub enum Never {}

macro_rules! errors {
    ($(#[$docs:meta])* $name:ident { $($variant:ident($status:literal, $code:ident, $message:expr) $(: $field:ident $ty:ty)?;)+ }) => {
        $(#[$docs])*
        #[derive(Debug, errwire::Kinds)]
        #[errwire(domain = "api.example.com")]
        pub enum $name {
            $(
                #[doc = $message]
                #[kind(status = $status, code = $code, message = $message)]
                $variant $({
                    /// A field.
                    $field: $ty
                })?,
            )+
        }
    };
}

errors! {
    /// Made by a macro.
    Made {
        DiskFull(507, RESOURCE_EXHAUSTED, "The disk is full. Remove files.");
        DiskLost(404, NOT_FOUND, "The disk {disk} is lost. Use another one."): disk Option<String>;
    }
}

#[test]
fn next_to_thiserror() {
    let text = |error: Mixed| (error.to_string(), Error::from(error));
    let (log, error) = text(Mixed::TaskLost { task_id: 7 });
    assert_eq!(log, "no row with id 7");
    assert_eq!(error.message(), "Task 7 does not exist. Verify the task ID.");
    assert!(matches!(Mixed::try_from(&error), Ok(Mixed::TaskLost { task_id: 7 })));

    let disk = || -> Result<(), Mixed> { Err(std::io::Error::other("/dev/sda is on fire"))? };
    let (log, error) = text(disk().unwrap_err());
    assert_eq!(log, "the disk failed");
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.is::<std::io::Error>() && source.to_string() == "/dev/sda is on fire");
    assert!(*error.kind() == kinds::INTERNAL_ERROR && !error.message().contains("sda"));

    let (_, error) = text(Mixed::Number { why: "x".parse::<u8>().unwrap_err() });
    assert!(std::error::Error::source(&error).unwrap().is::<std::num::ParseIntError>());
    let (log, error) = text(Mixed::from(Error::new(kinds::GONE).with_message("It is gone.")));
    assert_eq!((log, error.status().as_u16()), (error.to_string(), 410));
    // Exhaustive, and built-in kinds are among its arms.
    let arm = match Mixed::try_from(&Error::new(kinds::RATE_LIMITED)).unwrap() {
        Mixed::TaskLost { .. } | Mixed::Disk(_) | Mixed::Number { .. } => "own",
        Mixed::Other(error) if *error.kind() == kinds::RATE_LIMITED => "limited",
        Mixed::Other(_) => "other",
    };
    assert_eq!(arm, "limited");
}

#[test]
fn generic() {
    let error = Error::from(Generic::<u8, std::io::Error>::ValueUnfit { value: 7, other: None });
    assert_eq!(error.message(), "The value 7 does not fit. Use another one.");
    let back = Generic::<u8, std::io::Error>::try_from(&error);
    assert!(matches!(back, Ok(Generic::ValueUnfit { value: 7, other: None })), "{back:?}");
    let error = Error::from(Generic::<u8, _>::Upstream(std::io::Error::other("no route")));
    assert_eq!(std::error::Error::source(&error).map(ToString::to_string).as_deref(), Some("no route"));
    assert_eq!(Generic::<u8, std::io::Error>::catalog().own().len(), 1);
}

#[test]
fn borrowed_made_and_renamed() {
    let error = Error::from(Borrowed::NameTaken { name: "a", r#type: "b".into() });
    assert_eq!(error.metadata(), [("name".into(), "a".into()), ("type".into(), "b".into())].into());
    let error = Error::from(Made::DiskLost { disk: Some("sda".into()) });
    assert!(matches!(Made::try_from(&error), Ok(Made::DiskLost { disk: Some(disk) }) if disk == "sda"));
    assert_eq!(Error::from(Made::DiskFull).status(), 507);
    assert!(matches!(Renamed::try_from(&Error::from(Renamed::PageGone)), Ok(Renamed::PageGone)));
    assert!(Never::try_from(&Error::new(kinds::GONE)).is_err());
}
