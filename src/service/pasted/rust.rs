//! The errors of tonic, in the forms of `Display` and `Debug`.

use prost::Message;

use super::{
    literal::{self, Digits},
    status::{Printed, code},
};

/// `code: '...', message: "..."`, the same within `Status { ... }`, and what tonic up to 0.14.2 writes: `status: NotFound, message:
/// "..."` and `status: '...', self: "..."`.
///
/// # Errors
///
/// What is wrong with it, in words.
pub(super) fn read(text: &str) -> Option<Result<Printed, String>> {
    let starts = ["status: ", "code: "].into_iter().filter_map(|key| text.find(key).map(|at| at + key.len()));
    let (name, rest) = starts.min().and_then(|at| {
        let rest = &text[at..];
        match rest.strip_prefix('\'') {
            Some(described) => described.split_once('\''),
            None => Some(rest.split_at(rest.find([',', ' ', '\n']).unwrap_or(rest.len()))),
        }
    })?;
    // A line such as `grpc-status: 5` is a field, and not what tonic prints.
    if name.starts_with(|c: char| c.is_ascii_digit()) || code(name).is_none() {
        return None;
    }
    let after = |key: &str| rest.split_once(key).map(|(_, value)| value);
    let message = rest.trim_start_matches(',').trim_start();
    let message = match ["message: ", "self: "].iter().find_map(|key| message.strip_prefix(key)) {
        Some(message) => literal::text(message, Digits::Nul)?,
        None => String::new(),
    };
    let mut printed = Printed::named(name, &message)?;
    // The bytes are a whole status, as in `grpc-status-details-bin`.
    if let Some(bytes) = after(", details: ").and_then(literal::bytes)
        && printed.status.merge(&*bytes).is_err()
    {
        return Some(Err("The `details` of tonic's error are not a google.rpc.Status.".to_owned()));
    }
    Some(Ok(printed))
}
