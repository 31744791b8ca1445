//! How the general reader looks through a tree: what it keeps on the way, which members of an object have a role, and the delay
//! before a retry that it finds.

// docs/rules.md: R-GENERAL-4

use std::{borrow::Cow, cmp::Ordering, time::Duration};

use bytestring::ByteString;
use smallvec::SmallVec;

use super::{
    roles::{self, LISTS, Role},
    words::Word,
};
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

    pub(super) fn has_violations(&self) -> bool {
        self.reading.details.iter().any(Detail::is::<rpc::BadRequest>)
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

impl Name<'_> {
    /// What the name says, looked up once.
    pub(super) fn word(&self) -> Word {
        self.word.get().unwrap_or_else(|| {
            let word = Word::of(self);
            self.word.set(Some(word));
            word
        })
    }

    pub(super) fn is(&self, role: Role) -> bool {
        self.word().is(role)
    }

    /// The word of a role that this name is with qualifying words in front, if it is not one without.
    fn qualified(&self, role: Role) -> Word {
        if self.is(role) { Word::NONE } else { Word::qualified(self) }
    }
}

/// The bit of no role, by which an object shows that its names were looked up.
const ASKED: u32 = 1 << LISTS.len();

/// How many members of one role are looked at. A name can be spelled in many ways (`error_code`, `errorCode`, `ERROR-CODE`), and
/// each is looked up in the object, so that without a limit a body of such names would cost the square of its length.
const MAX_RANKED: usize = 32;

/// The words and names of some members. An object has few of one role.
pub(super) type Ranked<'a> = SmallVec<[(Word, Name<'a>); 4]>;

/// A member that has a role.
type Found<'o, 'a> = (Word, &'o Name<'a>, &'o Json<'a>);

impl<'a> Object<'a> {
    /// The members that have this role and whose value is meant, in the order of the role. The order of members means nothing.
    pub(super) fn ranked(&self, role: Role, is_meant: impl Fn(Word, &Json<'a>) -> bool) -> Ranked<'a> {
        if self.has_role(role) { sorted(role, self.named(Name::word, role, is_meant)) } else { Ranked::new() }
    }

    /// The same, for names that have the role by the words in front of it.
    pub(super) fn qualified(&self, role: Role, is_meant: impl Fn(Word, &Json<'a>) -> bool) -> Ranked<'a> {
        sorted(role, self.named(|name| name.qualified(role), role, is_meant))
    }

    /// The first of these.
    pub(super) fn first(&self, role: Role, is_meant: impl Fn(Word, &Json<'a>) -> bool) -> Option<Found<'_, 'a>> {
        if !self.has_role(role) {
            return None;
        }
        self.named(Name::word, role, is_meant).min_by(|a, b| order(role, (a.0, a.1), (b.0, b.1)))
    }

    /// Whether there is any.
    pub(super) fn any(&self, role: Role, is_meant: impl Fn(Word, &Json<'a>) -> bool) -> bool {
        self.has_role(role) && self.named(Name::word, role, is_meant).next().is_some()
    }

    /// Whether any member has, or had, this role. Most roles are of no member, which one look shows.
    fn has_role(&self, role: Role) -> bool {
        let mut roles = self.roles.get();
        if roles == 0 {
            roles = self.members().fold(ASKED, |all, (name, _)| all | name.word().roles());
            self.roles.set(roles);
        }
        roles & 1 << role.0 != 0
    }

    fn named<'o>(
        &'o self,
        word: impl Fn(&Name<'a>) -> Word,
        role: Role,
        is_meant: impl Fn(Word, &Json<'a>) -> bool,
    ) -> impl Iterator<Item = Found<'o, 'a>> {
        let named = self.members().map(move |(name, json)| (word(name), name, json));
        named.filter(move |(word, _, json)| word.is(role) && is_meant(*word, json))
    }

    /// The name of the only member that is meant; `None` if there are several.
    pub(super) fn only_member(&self, is_meant: impl Fn(&Json<'a>) -> bool) -> Option<Name<'a>> {
        let mut names = self.members().filter(|(_, json)| is_meant(json)).map(|(name, _)| name);
        names.next().filter(|_| names.next().is_none()).cloned()
    }
}

fn order(role: Role, a: (Word, &Name<'_>), b: (Word, &Name<'_>)) -> Ordering {
    // `message` before `_message`.
    a.0.rank(role).cmp(&b.0.rank(role)).then_with(|| a.1.len().cmp(&b.1.len())).then_with(|| a.1.cmp(b.1))
}

fn sorted<'o, 'a: 'o>(role: Role, found: impl Iterator<Item = Found<'o, 'a>>) -> Ranked<'a> {
    let mut ranked = Ranked::new();
    found.for_each(|(word, name, _)| ranked.push((word, name.clone())));
    if ranked.len() > 1 {
        ranked.sort_unstable_by(|a, b| order(role, (a.0, &a.1), (b.0, &b.1)));
        ranked.truncate(MAX_RANKED);
    }
    ranked
}
