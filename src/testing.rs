//! For the tests of errwire's users: assertions that print the whole error, the other side of a wire, and a catalog file that
//! stays as the code has it.
//!
//! ```
//! use errwire::{Error, kinds, testing::assert_kind};
//!
//! fn task(id: &str) -> errwire::Result<()> {
//!     Err(Error::new(kinds::TASK_NOT_FOUND).with_metadata("task_id", id))
//! }
//!
//! let error = assert_kind!(task("7"), kinds::TASK_NOT_FOUND);
//! assert_eq!(error.metadata()["task_id"], "7");
//! ```

#[cfg(feature = "catalog-files")]
use std::{env, fs, path::Path};

pub use crate::__assert_kind as assert_kind;
#[cfg(feature = "catalog-files")]
use crate::catalog::{Catalog, Form, generate};
use crate::{
    model::{Audience, Error, Kind},
    translate::{Translator, WriteHttpOptions},
};

/// That a result failed with an error of this kind, or that an error has it. It returns the error, and prints all of another one.
#[doc(hidden)]
#[macro_export]
macro_rules! __assert_kind {
    ($value:expr, $kind:expr $(,)?) => {
        $crate::testing::error_of_kind($crate::testing::Outcome::error($value), &$kind)
    };
}

/// What may be an error: a [`Result`], an [`Error`], a `tonic::Status`.
pub trait Outcome {
    /// The error; `None` for a success.
    fn error(self) -> Option<Error>;
}

impl<T, E: Into<Error>> Outcome for Result<T, E> {
    fn error(self) -> Option<Error> {
        self.err().map(Into::into)
    }
}

impl Outcome for Error {
    fn error(self) -> Option<Error> {
        Some(self)
    }
}

impl Outcome for &Error {
    fn error(self) -> Option<Error> {
        Some(self.clone())
    }
}

#[cfg(feature = "tonic")]
impl Outcome for tonic::Status {
    fn error(self) -> Option<Error> {
        Some(self.into())
    }
}

/// # Panics
///
/// If there is no error, or one of another kind.
#[doc(hidden)]
#[must_use = "the error may be looked at; `let _ =` otherwise"]
#[track_caller]
pub fn error_of_kind(error: Option<Error>, kind: &Kind) -> Error {
    match error {
        Some(error) if error.kind() == kind => error,
        Some(error) => panic!("expected an error of the kind {kind}, got {error:#?}"),
        None => panic!("expected an error of the kind {kind}, got a success"),
    }
}

/// The error as a gRPC caller reads it that knows the built-in kinds alone.
pub fn over_grpc(error: &Error) -> Error {
    let translator = Translator::default();
    translator.read_grpc(translator.write_grpc(error))
}

/// The error as an HTTP caller reads it that knows the built-in kinds alone: as [`Audience::Public`] without what is internal.
pub fn over_http(error: &Error, audience: Audience) -> Error {
    let translator = Translator::default();
    let (response, _) = translator.write_http_with(error, &WriteHttpOptions::new(audience));
    // What is written for an error is one.
    translator.read_http(&response).unwrap_or_else(|_| error.clone())
}

/// That the file says what the catalog does, so that `errwire check`, `diff`, `docs` and `generate` have a file to read: YAML, or
/// an annotated enum if its name ends in `.proto`. With `ERRWIRE_BLESS=1` in the environment the file is written.
/// (The example is compiled and not run: the file is in the package of the user.)
///
/// ```no_run
/// # use errwire::Catalog;
/// # fn catalog() -> Catalog { Catalog::builtin() }
/// #[test]
/// fn the_catalog_file_is_fresh() {
///     errwire::testing::assert_catalog_file(&catalog(), "errors.yaml");
/// }
/// ```
///
/// # Panics
///
/// If it says anything else, or the catalog has not exactly one domain.
#[cfg(feature = "catalog-files")]
#[track_caller]
pub fn assert_catalog_file(catalog: &Catalog, path: impl AsRef<Path>) {
    let path = path.as_ref();
    let form = if path.extension().is_some_and(|extension| extension == "proto") { Form::Proto } else { Form::Yaml };
    let files = generate(catalog, form);
    let [file] = &*files else {
        panic!("a catalog file has one domain, and this catalog has {}: join fewer catalogs", files.len())
    };
    if env::var_os("ERRWIRE_BLESS").is_some() {
        if let Err(why) = fs::write(path, &file.text) {
            panic!("{} cannot be written: {why}", path.display());
        }
        return;
    }
    let found = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        found == file.text,
        "{} does not say what the catalog does: run the test with ERRWIRE_BLESS=1, and commit the file. It should be:\n{}",
        path.display(),
        file.text
    );
}
