//! Looking names up in the table of roles.

use super::roles::{LISTS, QUALIFIED, QUALIFIERS, Role};

/// A word of the table; 0 is any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::wire::http) struct Word(u16);

impl Word {
    pub(super) const NONE: Self = Self(0);

    /// What a name is without its spelling.
    pub(super) fn of(name: &str) -> Self {
        TABLE.find(name.as_bytes())
    }

    /// The word of which a name is one with qualifying words in front.
    pub(super) fn qualified(name: &str) -> Self {
        let last = || name.bytes().rev().find(|byte| LETTERS[usize::from(*byte)] != NOTHING).unwrap_or_default();
        if QUALIFIED_ENDS & 1 << (last() % 32) != 0 { Folded::of(name).qualified() } else { Self::NONE }
    }

    pub(super) fn text(self) -> &'static str {
        TABLE.texts[usize::from(self.0)]
    }

    pub(super) fn is(self, role: Role) -> bool {
        self.roles() & 1 << role.0 != 0
    }

    /// A bit for each role that this word has.
    pub(super) fn roles(self) -> u32 {
        TABLE.roles[usize::from(self.0)]
    }

    /// Where in the list of a role this word stands.
    pub(super) fn rank(self, role: Role) -> Option<u8> {
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
    /// What the letters of each word add up to.
    sums: [u64; MAX_WORDS],
    /// The words by that, each in the first free slot from there.
    slots: [u16; SLOTS],
}

const MAX_WORDS: usize = 384;
const SLOTS: usize = 1_024;

static TABLE: Table = Table::new();

impl Table {
    const fn new() -> Self {
        let (ranks, sums) = ([[0; LISTS.len()]; MAX_WORDS], [0; MAX_WORDS]);
        let mut table = Self { texts: [""; MAX_WORDS], roles: [0; MAX_WORDS], ranks, sums, slots: [0; SLOTS] };
        let (mut len, mut list) = (1, 0);
        while list < LISTS.len() {
            let mut rank = 0;
            while rank < LISTS[list].len() {
                let text = LISTS[list][rank];
                let sum = sum_of(text.as_bytes(), 0);
                let slot = table.slot(text.as_bytes(), sum, 0);
                if table.slots[slot] == 0 {
                    table.slots[slot] = len;
                    (table.texts[len as usize], table.sums[len as usize]) = (text, sum);
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
    const fn slot(&self, name: &[u8], sum: u64, start: usize) -> usize {
        let mut slot = sum as usize % SLOTS;
        loop {
            let word = self.slots[slot] as usize;
            if word == 0 || self.sums[word] == sum && is_spelled(self.texts[word].as_bytes(), name, start) {
                return slot;
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    fn find(&self, name: &[u8]) -> Word {
        let (mut sum, mut start) = (sum_of(name, 0), 0);
        if sum >= PREFIXED {
            start = name.iter().rposition(|byte| *byte == PREFIX).map_or(0, |at| at + 1);
            sum = sum_of(name, start);
        }
        let word = Word(self.slots[sum as usize % SLOTS]);
        // Most names are spelled as the word is, which a constant could not compare whole.
        let is_it = word == Word(0) || word.text().as_bytes() == &name[start..];
        if is_it { word } else { Word(self.slots[self.slot(name, sum, start)]) }
    }
}

/// What the letters of a name from there on add up to. The order of its letters is not in it, for which few names are alike; to
/// mix it in takes twice as long.
const fn sum_of(name: &[u8], mut at: usize) -> u64 {
    let mut sum = 0u64;
    while at < name.len() {
        sum = sum.wrapping_add(VALUES[name[at] as usize]);
        at += 1;
    }
    sum
}

/// What a prefix makes of a sum, which is less for any name without one.
const PREFIXED: u64 = 1 << 48;

/// What each byte of a name adds: 32 bits of its letter that no sum of other letters is likely to be.
const VALUES: [u64; 256] = {
    let (mut values, mut byte) = ([0; 256], 0);
    while byte < 256 {
        values[byte] = match LETTERS[byte] {
            NOTHING => 0,
            PREFIX => PREFIXED,
            letter => {
                let mixed = (letter as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                (mixed ^ mixed >> 31).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32
            }
        };
        byte += 1;
    }
    values
};

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
