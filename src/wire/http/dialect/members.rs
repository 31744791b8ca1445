//! Which members of an object have a role.

use std::cmp::Ordering;

use smallvec::SmallVec;

use super::{
    roles::{LISTS, Role},
    words::Word,
};
use crate::wire::http::json::{Json, Name, Object};

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
