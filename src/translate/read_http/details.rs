//! The rich details of a body.

use crate::{model::Details, translate::kind::Lookup, wire::http::Reading};

/// How many notes there may be before those about details end.
const MAX_LOST: usize = 16;

/// The rich details of the body, in its order; with a note for what cannot be read.
pub(super) fn details(lookup: &Lookup<'_>, reading: &mut Reading, notes: &mut Vec<String>) -> Details {
    let mut details = Details::new();
    for json in &reading.json_details {
        let lost = match lookup.policy.registry.detail_from_lenient_json(json) {
            Ok((detail, lost)) => {
                details.push(detail);
                lost
            }
            Err(why) => vec![why],
        };
        reading.complete &= lost.is_empty();
        // A body may have more of them than anybody reads.
        let room = MAX_LOST.saturating_sub(notes.len());
        let lost = lost.into_iter().take(room);
        notes.extend(lost.map(|why| format!("a member of details cannot be read: {why}")));
    }
    details.extend(reading.details.drain(..));
    details
}
