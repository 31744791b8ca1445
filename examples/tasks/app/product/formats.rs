//! Which kind of task takes which media.

use errwire::{Error, kinds};

const KINDS: [(&str, &[&str]); 2] = [("transcribe", &["mp3", "mp4", "wav"]), ("thumbnail", &["jpeg", "mp4", "png"])];

/// Whether there are tasks of this kind.
pub(crate) fn check_kind(kind: &str) -> Result<(), Error> {
    formats(kind).map(drop)
}

/// Whether a task of this kind can work on this format.
pub(crate) fn check_format(kind: &str, format: &str) -> Result<(), Error> {
    let formats = formats(kind)?;
    if formats.contains(&format) {
        return Ok(());
    }
    let supported = formats.join(", ");
    Err(Error::new(kinds::FORMAT_UNSUPPORTED)
        .with_message(format!("A {kind} task cannot read {format}. Use one of: {supported}."))
        .with_metadata("kind", kind)
        .with_metadata("format", format)
        .with_field_violation("source_url", format!("is {format}, not one of: {supported}")))
}

fn formats(kind: &str) -> Result<&'static [&'static str], Error> {
    let found = KINDS.iter().find(|(name, _)| *name == kind);
    found.map(|(_, formats)| *formats).ok_or_else(|| {
        Error::new(kinds::REQUEST_INVALID)
            .with_message("The kind of a task is transcribe or thumbnail. Set `kind` to one of them.")
            .with_field_violation("kind", "is not one of: transcribe, thumbnail")
    })
}
