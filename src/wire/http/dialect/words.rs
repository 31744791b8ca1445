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
        Self(TABLE.slots[TABLE.slot(name.as_bytes())])
    }

    pub(super) fn text(self) -> &'static str {
        TABLE.texts[usize::from(self.0)]
    }

    pub(super) fn is(self, role: Role) -> bool {
        self.rank(role).is_some()
    }

    /// Where in the list of a role this word stands.
    fn rank(self, role: Role) -> Option<u8> {
        TABLE.ranks[usize::from(self.0)][role.0].checked_sub(1)
    }
}

/// All words, so that a name is looked up once and not in each list.
struct Table {
    texts: [&'static str; MAX_WORDS],
    /// For each word its place in each list, counted from 1.
    ranks: [[u8; LISTS.len()]; MAX_WORDS],
    /// The words by the hash of their letters, each in the first free slot from there.
    slots: [u16; SLOTS],
}

const MAX_WORDS: usize = 384;
const SLOTS: usize = 1_024;

static TABLE: Table = Table::new();

impl Table {
    const fn new() -> Self {
        let mut table = Self { texts: [""; MAX_WORDS], ranks: [[0; LISTS.len()]; MAX_WORDS], slots: [0; SLOTS] };
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
            }
            list += 1;
        }
        table
    }

    /// The slot of a word, or the one that is free for it.
    const fn slot(&self, name: &[u8]) -> usize {
        let (mut hash, mut start, mut at) = (0u32, 0, 0);
        while at < name.len() {
            match LETTERS[name[at] as usize] {
                PREFIX => (hash, start) = (0, at + 1),
                NOTHING => {}
                letter => hash = (hash ^ letter as u32).wrapping_mul(0x0100_0193),
            }
            at += 1;
        }
        let mut slot = (hash ^ hash >> 16) as usize % SLOTS;
        while self.slots[slot] != 0 && !is_spelled(self.texts[self.slots[slot] as usize].as_bytes(), name, start) {
            slot = (slot + 1) % SLOTS;
        }
        slot
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

    pub(super) fn ends_with(&self, end: &str) -> bool {
        self.letters().ends_with(end.as_bytes())
    }
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
        if self.is(role) { Word(0) } else { Folded::of(self).qualified() }
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
        sorted(role, self.named(Name::word, role, is_meant))
    }

    /// The same, for names that have the role by the words in front of it.
    pub(super) fn qualified(&self, role: Role, is_meant: impl Fn(Word, &Json<'a>) -> bool) -> Ranked<'a> {
        sorted(role, self.named(|name| name.qualified(role), role, is_meant))
    }

    /// The first of these.
    pub(super) fn first(&self, role: Role, is_meant: impl Fn(Word, &Json<'a>) -> bool) -> Option<Found<'_, 'a>> {
        self.named(Name::word, role, is_meant).min_by(|a, b| order(role, (a.0, a.1), (b.0, b.1)))
    }

    /// Whether there is any.
    pub(super) fn any(&self, role: Role, is_meant: impl Fn(Word, &Json<'a>) -> bool) -> bool {
        self.named(Name::word, role, is_meant).next().is_some()
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
    a.0.rank(role).cmp(&b.0.rank(role)).then_with(|| a.1.cmp(b.1))
}

fn sorted<'o, 'a: 'o>(role: Role, found: impl Iterator<Item = Found<'o, 'a>>) -> Ranked<'a> {
    let mut found: Ranked<'a> = found.map(|(word, name, _)| (word, name.clone())).collect();
    found.sort_unstable_by(|a, b| order(role, (a.0, &a.1), (b.0, &b.1)));
    found.truncate(MAX_RANKED);
    found
}
