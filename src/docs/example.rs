//! An error to show what a kind looks like.

use crate::model::{Error, Kind};

/// An error of this kind, with something in each placeholder.
pub(crate) fn example(kind: &Kind) -> Error {
    let error = Error::new(kind.clone());
    let Some(entry) = kind.entry() else { return error };
    let names: Vec<String> = entry.message.placeholders().map(str::to_owned).collect();
    names.into_iter().fold(error, |error, name| {
        let value = format!("example-{}", name.replace('_', "-"));
        error.with_metadata(name, value)
    })
}
