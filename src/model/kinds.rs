//! The built-in kinds, generated from `proto/errwire/v1/kinds.proto`.
//!
//! The first eleven are those of the public API reference and are a fixed contract; the others give every gRPC code
//! and every common HTTP status a kind of its own.
//!
//! ```
//! use errwire::{Code, Error, kinds};
//!
//! let error = Error::new(kinds::TASK_NOT_FOUND);
//! assert_eq!(error.code(), Code::NotFound);
//! assert_eq!(error.status().as_u16(), 404);
//! assert!(error.kind() == kinds::TASK_NOT_FOUND);
//! ```

// docs/rules.md: R-KIND-1, R-KIND-2, R-KIND-6

use super::{Code, Kind, KindEntry, Retry, StaticKindEntry};

/// A constant for each row: its name, kind, status, code, retry, what happened, and the message.
macro_rules! kinds {
    ($domain:literal; $(
        $(#[$docs:meta])*
        $name:ident $kind:literal $status:literal $code:ident $retry:ident $description:literal $message:literal;
    )+) => {
        $($(#[$docs])* pub const $name: Kind = Kind::builtin(&ENTRIES[Row::$name as usize]);)+

        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "a row has the name of its constant")]
        enum Row {
            $($name,)+
        }

        static ENTRIES: [KindEntry; [$($kind),+].len()] = [$(KindEntry::from_static(StaticKindEntry {
            kind: $kind,
            reason: stringify!($name),
            status: $status,
            code: Code::$code,
            message: $message,
            description: $description,
            retry: Retry::$retry,
            ..StaticKindEntry::of($domain)
        }),)+];

        /// Every built-in kind, in the order of `kinds.proto`.
        pub(crate) const ALL: &[&KindEntry] = &[$(&ENTRIES[Row::$name as usize],)+];
    };
}

include!("generated/kinds.rs");
