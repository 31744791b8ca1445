//! gRPC status codes, without the one that is not an error.

use std::{error, fmt};

use super::HttpStatus;

// docs/rules.md: R-CODE-1
macro_rules! codes {
    ($($(#[$docs:meta])* ($number:literal, $variant:ident, $name:literal, $connect:literal, $status:literal);)+) => {
        /// A gRPC status code that is an error: every code but `OK`.
        ///
        /// Numbers and names are those of
        /// [`google/rpc/code.proto`](https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto).
        /// The set is complete: gRPC adds no codes.
        ///
        /// ```
        /// use errwire::Code;
        ///
        /// assert_eq!(Code::try_from(5), Ok(Code::NotFound));
        /// assert_eq!(Code::NotFound.name(), "NOT_FOUND");
        /// assert!(Code::try_from(0).is_err(), "OK is not an error");
        /// ```
        #[allow(clippy::exhaustive_enums)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(i32)]
        pub enum Code {
            $($(#[$docs])* $variant = $number,)+
        }

        impl Code {
            /// All sixteen, in the order of their numbers.
            pub const ALL: [Self; 16] = [$(Self::$variant),+];

            /// The name in `google/rpc/code.proto`: `NOT_FOUND`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The name in the [Connect protocol](https://connectrpc.com/docs/protocol#error-codes): `not_found`.
            pub const fn connect_name(self) -> &'static str {
                match self { $(Self::$variant => $connect,)+ }
            }

            /// The HTTP status that `google/rpc/code.proto` gives the code.
            pub const fn http_status(self) -> HttpStatus {
                match self { $(Self::$variant => HttpStatus::from_static($status),)+ }
            }

            /// Reads a name in either spelling, `NOT_FOUND` or `not_found`; `cancelled` and `canceled` are the same.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name | $connect => Some(Self::$variant),)+
                    "cancelled" | "CANCELED" => Some(Self::Cancelled),
                    _ => None,
                }
            }
        }

        impl TryFrom<i32> for Code {
            type Error = InvalidCode;

            fn try_from(number: i32) -> Result<Self, InvalidCode> {
                match number {
                    $($number => Ok(Self::$variant),)+
                    _ => Err(InvalidCode(number)),
                }
            }
        }
    };
}

// https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
// https://connectrpc.com/docs/protocol#error-codes
codes! {
    /// The caller cancelled the operation.
    (1, Cancelled, "CANCELLED", "canceled", 499);
    /// Nothing more specific is known.
    (2, Unknown, "UNKNOWN", "unknown", 500);
    /// An argument is wrong whatever the state of the system.
    (3, InvalidArgument, "INVALID_ARGUMENT", "invalid_argument", 400);
    /// Time ran out before the operation completed.
    (4, DeadlineExceeded, "DEADLINE_EXCEEDED", "deadline_exceeded", 504);
    /// A requested entity does not exist.
    (5, NotFound, "NOT_FOUND", "not_found", 404);
    /// An entity to be created exists.
    (6, AlreadyExists, "ALREADY_EXISTS", "already_exists", 409);
    /// The caller is known and may not do this.
    (7, PermissionDenied, "PERMISSION_DENIED", "permission_denied", 403);
    /// A quota, a rate or a store is used up.
    (8, ResourceExhausted, "RESOURCE_EXHAUSTED", "resource_exhausted", 429);
    /// The system is not in the state that the operation needs.
    (9, FailedPrecondition, "FAILED_PRECONDITION", "failed_precondition", 400);
    /// A concurrent operation got in the way.
    (10, Aborted, "ABORTED", "aborted", 409);
    /// A position is past the valid range.
    (11, OutOfRange, "OUT_OF_RANGE", "out_of_range", 400);
    /// The operation is not offered here.
    (12, Unimplemented, "UNIMPLEMENTED", "unimplemented", 501);
    /// An invariant of the server is broken.
    (13, Internal, "INTERNAL", "internal", 500);
    /// The service cannot be reached now; a retry may help.
    (14, Unavailable, "UNAVAILABLE", "unavailable", 503);
    /// Data was lost or corrupted for good.
    (15, DataLoss, "DATA_LOSS", "data_loss", 500);
    /// The caller is not known.
    (16, Unauthenticated, "UNAUTHENTICATED", "unauthenticated", 401);
}

impl Code {
    /// The number on the wire: 1 to 16.
    pub const fn number(self) -> i32 {
        self as i32
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Code> for i32 {
    fn from(code: Code) -> Self {
        code.number()
    }
}

impl From<Code> for super::rpc::Code {
    fn from(code: Code) -> Self {
        Self::try_from(code.number()).unwrap_or(Self::Unknown)
    }
}

/// A number that is not a code of an error: 0, which is `OK`, or one past 16.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidCode(i32);

impl fmt::Display for InvalidCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not a gRPC error code: use 1 to 16", self.0)
    }
}

impl error::Error for InvalidCode {}
