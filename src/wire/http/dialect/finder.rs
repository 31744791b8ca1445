//! What the general reader keeps while it looks through a tree, and the delay before a retry that it finds.

// docs/rules.md: R-GENERAL-4

use std::{borrow::Cow, time::Duration};

use bytestring::ByteString;

use super::roles::{self, Role};
use crate::{
    model::{Detail, rpc},
    wire::http::{
        Reading,
        headers::MAX_RETRY_DELAY,
        json::{Json, Name, Object},
        reading::Page,
    },
};

/// Where something was read; `None` if nobody wants to know.
pub(super) type Origin = Option<Cow<'static, str>>;

/// Finds kind, text and the rest, from the root on.
pub(super) struct Finder<'f, 'p> {
    pub(super) page: &'f Page<'p>,
    pub(super) reading: &'f mut Reading,
    /// A text that says no more than the status line, and where it was: the last resort.
    pub(super) phrase: Option<(ByteString, Origin)>,
    /// Whether there was anything that an error has.
    pub(super) found: bool,
    /// The members that hold violations, which are not errors of their own.
    pub(super) held: Option<String>,
}

impl<'f, 'p> Finder<'f, 'p> {
    pub(super) fn new(page: &'f Page<'p>, reading: &'f mut Reading) -> Self {
        Self { page, reading, phrase: None, found: false, held: None }
    }

    pub(super) fn has<T: prost::Name>(&self) -> bool {
        self.reading.details.iter().any(Detail::is::<T>)
    }

    /// The member of this name in the object at `path`, written out only for a report.
    pub(super) fn origin(&self, path: &Path<'_>, name: &str) -> Origin {
        self.page.is_traced.then(|| path.with(name).into())
    }

    /// What `take` finds in an object, else in its members of these roles; and the name where it was in the object itself.
    pub(super) fn take_near<'a, T>(
        &self,
        object: &mut Object<'a>,
        path: &Path<'_>,
        holders: Role,
        take: impl Fn(&mut Object<'a>) -> Option<(Name<'a>, T)>,
    ) -> Option<(T, Origin, Option<Name<'a>>)> {
        if let Some((name, found)) = take(object) {
            return Some((found, self.origin(path, &name), Some(name)));
        }
        let holders = object.ranked(holders, |_, json| json.as_object().is_some());
        holders.into_iter().find_map(|(_, holder)| {
            let (name, found) = object.within_object(&holder, &take)??;
            Some((found, self.origin(&path.inside(&holder), &name), None))
        })
    }

    pub(super) fn delay(&mut self, object: &mut Object<'_>, path: &Path<'_>) {
        if self.reading.details.iter().any(|detail| detail.view().retry_delay().is_some()) {
            return;
        }
        if let Some((delay, at, _)) = self.take_near(object, path, roles::DELAY_HOLDERS, take_delay) {
            let seconds = i64::try_from(delay.as_secs()).unwrap_or(i64::MAX);
            let retry_delay = Some(prost_types::Duration { seconds, nanos: delay.subsec_nanos() as i32 });
            self.reading.details.push(rpc::RetryInfo { retry_delay }.into());
            self.reading.origins.delay = at;
        }
    }
}

/// Takes the delay, and names its member.
fn take_delay<'a>(object: &mut Object<'a>) -> Option<(Name<'a>, Duration)> {
    let (word, name, json) = object.first(roles::DELAYS, |_, json| number(json).is_some())?;
    let (number, unit, name) = (number(json)?, word.text(), name.clone());
    let seconds = if unit.ends_with("ms") || unit.ends_with("milliseconds") { number / 1_000.0 } else { number };
    // As for the header, a year at most is believed.
    let delay = Duration::try_from_secs_f64(seconds).ok().filter(|delay| *delay <= MAX_RETRY_DELAY)?;
    object.take(&name);
    Some((name, delay))
}

/// A number of seconds, also as text, and with the unit that a `google.protobuf.Duration` has.
fn number(json: &Json<'_>) -> Option<f64> {
    let number = match json {
        Json::Number(number) => number.as_f64()?,
        Json::Text(text) if !text.trim_start().starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+')) => {
            return None;
        }
        Json::Text(text) => match text.trim().strip_suffix("ms") {
            Some(milliseconds) => milliseconds.trim().parse::<f64>().ok()? / 1_000.0,
            None => text.trim().trim_end_matches('s').parse().ok()?,
        },
        _ => return None,
    };
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// Where in the tree, as `error.errors[0]`: the last step, and those before it.
#[derive(Clone, Copy, Default)]
pub(super) struct Path<'p> {
    outer: Option<&'p Self>,
    name: &'p str,
    item: Option<usize>,
}

impl<'p> Path<'p> {
    pub(super) const fn of(name: &'p str) -> Self {
        Self { outer: None, name, item: None }
    }

    pub(super) fn inside(&'p self, name: &'p str) -> Self {
        Self { outer: Some(self), name, item: None }
    }

    /// An item of the list in the member of this name.
    pub(super) fn item(&'p self, name: &'p str, item: usize) -> Self {
        Self { outer: Some(self), name, item: Some(item) }
    }

    /// Whether this is the only wrapper, and says that it holds an error.
    pub(super) fn is_error(&self) -> bool {
        self.name == "error" && self.item.is_none() && self.outer.is_none_or(Self::is_root)
    }

    pub(super) const fn is_item(&self) -> bool {
        self.item.is_some()
    }

    pub(super) fn is_root(&self) -> bool {
        self.name.is_empty() && self.outer.is_none()
    }

    /// The path of a member, such as `error.errors[0].code`.
    pub(super) fn with(&self, name: &str) -> String {
        if self.is_root() { name.to_owned() } else { format!("{}.{name}", self.text()) }
    }

    fn text(&self) -> String {
        let name: String = self.name.chars().take(64).collect();
        let mut text = self.outer.map_or_else(|| name.clone(), |outer| outer.with(&name));
        text.extend(self.item.map(|item| format!("[{item}]")));
        text
    }
}
