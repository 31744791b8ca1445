//! Writing a body: what the written dialects share.

use crate::model::{Code, HttpStatus, put_json};

/// What a body says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ErrorFields<'a> {
    /// The kind: `task_not_found`.
    pub(crate) kind: &'a str,
    /// The code.
    pub(crate) code: Code,
    /// The HTTP status.
    pub(crate) status: HttpStatus,
    /// The text for people.
    pub(crate) message: &'a str,
    /// A page about the kind.
    pub(crate) help_url: Option<&'a str>,
}

/// The list `details` of a body, which somebody else writes.
#[derive(Clone, Copy)]
pub(crate) struct List<'a> {
    /// About how long it will be.
    pub(crate) len: usize,
    /// Appends it, brackets included.
    pub(crate) write: &'a dyn Fn(&mut Vec<u8>),
}

/// `name` is what stands before the text: punctuation, the name of the member and a colon.
pub(super) fn put_text(out: &mut Vec<u8>, name: &str, text: &str) {
    out.extend_from_slice(name.as_bytes());
    put_json(out, text);
}

pub(super) fn put_number(out: &mut Vec<u8>, name: &str, number: u16) {
    out.extend_from_slice(name.as_bytes());
    // A number has a JSON form, and a vector takes any bytes.
    let _ = serde_json::to_writer(out, &number);
}

pub(super) fn put_list(out: &mut Vec<u8>, details: Option<List<'_>>) {
    if let Some(list) = details {
        out.extend_from_slice(br#","details":"#);
        (list.write)(out);
    }
}
