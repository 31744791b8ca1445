//! Looking the names of members up in the table of roles.

use std::cmp::Ordering;

use smallvec::SmallVec;

use super::roles::{LISTS, QUALIFIED, QUALIFIERS, Role};
use crate::wire::http::json::{Json, Name, Object};

/// A word of the table; 0 is any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word(u16);

impl Word {
    /// What a name is without its spelling.
    pub(super) fn of(name: &str) -> Self {
        TABLE.find(name.as_bytes())
    }

    pub(super) fn text(self) -> &'static str {
        TABLE.texts[usize::from(self.0)]
    }

    pub(super) fn is(self, role: Role) -> bool {
        TABLE.roles[usize::from(self.0)] & 1 << role.0 != 0
    }

    /// Where in the list of a role this word stands.
    fn rank(self, role: Role) -> Option<u8> {
        TABLE.ranks[usize::from(self.0)][role.0].checked_sub(1)
    }
}

/// All words, so that a name is looked up once and not in each list.
struct Table {
    texts: [&'static str; MAX_WORDS],
    /// For each word a bit for each list that it is in.
    roles: [u32; MAX_WORDS],
    /// For each word its place in each list, counted from 1.
    ranks: [[u8; LISTS.len()]; MAX_WORDS],
    /// The words by the hash of their letters, each in the first free slot from there.
    slots: [u16; SLOTS],
}

const MAX_WORDS: usize = 384;
const SLOTS: usize = 1_024;
/// The bit of no list, by which an object shows that its names were looked up.
const ASKED: u32 = 1 << LISTS.len();

static TABLE: Table = Table::new();

impl Table {
    const fn new() -> Self {
        let ranks = [[0; LISTS.len()]; MAX_WORDS];
        let mut table = Self { texts: [""; MAX_WORDS], roles: [0; MAX_WORDS], ranks, slots: [0; SLOTS] };
        let (mut len, mut list) = (1, 0);
        while list < LISTS.len() {
            let mut rank = 0;
            while rank < LISTS[list].len() {
                let text = LISTS[list][rank];
                let slot = table.slot(text.as_bytes());
                if table.slots[slot] == 0 {
                    table.slots[slot] = len;
                    table.texts[len as usize] = text;
                    len += 1;
                }
                rank += 1;
                table.ranks[table.slots[slot] as usize][list] = rank as u8;
                table.roles[table.slots[slot] as usize] |= 1 << list;
            }
            list += 1;
        }
        table
    }

    /// The slot of a word, or the one that is free for it.
    const fn slot(&self, name: &[u8]) -> usize {
        let (mut slot, start) = Self::first_slot(name);
        while self.slots[slot] != 0 && !is_spelled(self.texts[self.slots[slot] as usize].as_bytes(), name, start) {
            slot = (slot + 1) % SLOTS;
        }
        slot
    }

    /// Most names are spelled as the word is, which a constant could not compare whole.
    fn find(&self, name: &[u8]) -> Word {
        let (slot, start) = Self::first_slot(name);
        let word = Word(self.slots[slot]);
        let is_it = word == Word(0) || word.text().as_bytes() == &name[start..];
        if is_it { word } else { Word(self.slots[self.slot(name)]) }
    }

    /// By the hash of the letters of a name, which begin behind its prefix.
    const fn first_slot(name: &[u8]) -> (usize, usize) {
        let (mut hash, mut start, mut at) = (0u32, 0, 0);
        while at < name.len() {
            match LETTERS[name[at] as usize] {
                PREFIX => (hash, start) = (0, at + 1),
                NOTHING => {}
                letter => hash = (hash ^ letter as u32).wrapping_mul(0x0100_0193),
            }
            at += 1;
        }
        ((hash ^ hash >> 16) as usize % SLOTS, start)
    }
}

/// Whether a name is a spelling of this word, from where its prefix ends.
const fn is_spelled(word: &[u8], name: &[u8], mut at: usize) -> bool {
    let mut len = 0;
    while at < name.len() {
        let letter = LETTERS[name[at] as usize];
        if letter != NOTHING {
            if len == word.len() || word[len] != letter {
                return false;
            }
            len += 1;
        }
        at += 1;
    }
    len == word.len()
}

/// Left out where names are compared. No UTF-8 has such a byte.
const NOTHING: u8 = 0xff;

/// What stands before a colon says whose name it is, as in JSON-LD and XML.
const PREFIX: u8 = b':';

/// What each byte of a name is as it is compared. `$` marks what is not data.
const LETTERS: [u8; 256] = {
    let (mut letters, mut byte) = ([NOTHING; 256], 0);
    while byte < 256 {
        if !matches!(byte as u8, b'_' | b'-' | b'$') {
            letters[byte] = (byte as u8).to_ascii_lowercase();
        }
        byte += 1;
    }
    letters
};

/// The name of a member as it is compared: `errorcode` of `o:error_code`, and nothing where it is longer than any role.
pub(super) struct Folded {
    bytes: [u8; MAX_NAME],
    len: usize,
}

/// The longest role has 22 letters, and may have words in front.
const MAX_NAME: usize = 32;

impl Folded {
    pub(super) fn of(name: &str) -> Self {
        let (mut bytes, mut len) = ([0; MAX_NAME], 0);
        for byte in name.bytes() {
            match LETTERS[usize::from(byte)] {
                PREFIX => len = 0,
                NOTHING => {}
                letter => {
                    if let Some(own) = bytes.get_mut(len) {
                        *own = letter;
                    }
                    len += 1;
                }
            }
        }
        Self { bytes, len: if len > MAX_NAME { 0 } else { len } }
    }

    fn letters(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// The word of which this name is one with qualifying words in front.
    fn qualified(&self) -> Word {
        let mut name = self.letters();
        loop {
            let is_start = |word: &&&str| name.starts_with(word.as_bytes());
            let Some(len) = QUALIFIERS.texts().iter().filter(is_start).map(|word| word.len()).max() else {
                return Word(0);
            };
            name = &name[len..];
            if let Some(text) = QUALIFIED.texts().iter().find(|word| word.as_bytes() == name) {
                return Word::of(text);
            }
        }
    }
}

/// The last letters of what may have words in front, of which most names have none.
const QUALIFIED_ENDS: u32 = {
    let (words, mut ends, mut at) = (QUALIFIED.texts(), 0, 0);
    while at < words.len() {
        ends |= 1 << (words[at].as_bytes()[words[at].len() - 1] % 32);
        at += 1;
    }
    ends
};

/// Whether a name ends in this as it is compared.
pub(super) fn ends_with(name: &str, end: &str) -> bool {
    let letters = || name.bytes().rev().map(|byte| LETTERS[usize::from(byte)]).filter(|letter| *letter != NOTHING);
    letters().take(end.len()).eq(end.bytes().rev()) && Folded::of(name).len > 0
}

impl Name<'_> {
    /// What the name says, looked up once.
    pub(super) fn word(&self) -> Word {
        self.word.get().map(Word).unwrap_or_else(|| {
            let word = Word::of(self);
            self.word.set(Some(word.0));
            word
        })
    }

    pub(super) fn is(&self, role: Role) -> bool {
        self.word().is(role)
    }

    /// The word of a role that this name is with qualifying words in front, if it is not one without.
    fn qualified(&self, role: Role) -> Word {
        let last = || self.bytes().rev().find(|byte| LETTERS[usize::from(*byte)] != NOTHING).unwrap_or_default();
        let may_be = !self.is(role) && QUALIFIED_ENDS & 1 << (last() % 32) != 0;
        if may_be { Folded::of(self).qualified() } else { Word(0) }
    }
}

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
            roles = self.members().fold(ASKED, |all, (name, _)| all | TABLE.roles[usize::from(name.word().0)]);
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
