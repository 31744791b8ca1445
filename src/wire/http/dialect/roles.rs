//! The names that members of error bodies have, by what they are for. Compared without case, `_`, `-` and the prefix of a
//! namespace ([`Folded`]); of several the first in the order given counts.

use std::cmp::Ordering;

use smallvec::SmallVec;

use crate::wire::http::json::{Json, Name, Object};

macro_rules! roles {
    ($($(#[$docs:meta])* $role:ident: $($name:ident)+;)+) => {
        const LISTS: &[&[&str]] = &[$(&[$(stringify!($name)),+]),+];

        #[allow(clippy::upper_case_acronyms, non_camel_case_types, reason = "they count the lists")]
        enum Index { $($role),+ }

        $($(#[$docs])* pub(super) const $role: Role = Role(Index::$role as usize);)+
    };
}

roles! {
    /// Members that name the kind.
    IDENTIFIERS: kind subcode code errorcode errcode exceptioncode errorresponsecode resultcode returncode
        responsecode errorname errortag errorslug name errorkey error err type errortype class errorclass erroridentifier category scimtype
        cause reason errorreason faultcode status statuscode errorid messageid messagekey msgkey id title codigo codigoerro errorcd fehlercode;

    /// Identifiers that anything has, so that they count only next to a text.
    COMMON: name id messageid messagekey msgkey status category class error err title;

    /// Identifiers under which programs write the class of an exception.
    CLASSES: type name category class errortype errorclass;

    /// Identifiers under which some write the number of one event.
    NUMBERS: id errorid messageid erroridentifier;

    /// Identifiers that no detail of an error has, so that they count in what only adds to one.
    EXPLICIT: errorcode errcode errorname errorkey exceptioncode;

    /// Identifiers that an error in a list of violations has, where nothing else names it.
    OF_VIOLATION: code errorcode;

    /// Where an identifier, or a text with its language, is an object.
    VALUES: subcode value text;

    /// Members that hold the text for people.
    TEXTS: message errormessage msg errormsg errmsg errmessage errordescription description desc faultstring detail errorsummary
        displaymessage usermessage defaultmessage explanation longmessage shortmessage statusmessage resultmessage
        returnmessage responsemessage faultmessage failuremessage statusdescription statusdesc resultdescription
        responsedescription developermessage technicalmessage diagnostics errortext exceptiontext text info
        errordetail messagetranslations details reason error err title errors errormessages messages exception meldung
        fehlermeldung nachricht mensaje mensagem messaggio erreur  libelle erro descricao descripcion detalhe detalle motivo fehlertext;

    /// Those that hold several errors if they are a list of texts.
    TEXT_LISTS: errors errormessages messages;

    /// Words that say whose code or text it is: `sub_request_error_reason` is a reason, `apiErrorCode` a code. Such a code counts if
    /// it has several words, such a text if it is a sentence.
    QUALIFIERS: error err fault exception failure problem response result return status api service sub request
        validation internal operation system application platform server client business user message msg;

    /// What may have such words in front.
    QUALIFIED: message msg description desc text detail details reason info explanation code type key name status;

    /// Texts that are identifiers where they are tokens.
    TOKENS: reason error err title;

    /// Members that hold the error, or a list of errors.
    WRAPPERS: error detailederror errors fault exception errordetail errordetails errorinfo errorresponse err detail
        details response head body status result results value issue messages errormessages tppmessages embedded message
        meta data attributes params errores erros erro;

    /// Wrappers that hold an error and nothing else: they name its kind also where a text stands next to them.
    ERRORS: error fault exception errordetail errordetails errorinfo detailederror;

    /// Wrappers that add to an error.
    ADDITIONS: detail details data meta;

    /// Members that hold the seconds, or as the last three the milliseconds, before a retry.
    DELAYS: retryafter retryafterseconds retryaftersecs retryaftersec retrydelay retryin retryinseconds waitseconds
        retryinms retryafterms retryaftermilliseconds;

    /// Where a delay may stand, besides next to the text.
    DELAY_HOLDERS: parameters details meta;

    /// Where a list of violations may stand, besides next to the text.
    VIOLATION_HOLDERS: details meta data embedded;

    /// Members that hold violations, besides those whose names end in `errors` or `violations`.
    VIOLATIONS: errors errores erros violacoes validationfailures validationmessages failures violations detail details errordetail
        errordetails invalidparams invalidfields causes fields field error issues modelstate message messages params data
        parametererrors;

    /// Members that list the fields that a violation is about, of which the first counts.
    FIELD_LISTS: fields members membernames;

    /// Members that name the field that a violation is about.
    FIELDS: field fieldname parametername fieldpath violationpath jsonpath pointer loc attr attribute path param parameter
        propertyname propertypath property source campo propriedade;

    /// Those that name nothing else, so that they count in an object inside of a violation.
    SURE_FIELDS: field fieldname attribute attr propertyname propertypath parametername;

    /// Those in an error itself, if its status says that the request is wrong. Under others only `field` counts.
    OWN_FIELDS: field fieldname param parameter attribute attr propertyname propertypath parametername;

    /// Members that say what is wrong with a field.
    DESCRIPTIONS: message errmessage failuremessage detail msg defaultmessage description errormessage errordescription
        messages errors details reason error issue info razao regla mensagem mensaje;

    /// Members that class a violation. They are not kinds of the error.
    REASONS: type code reason errorcode;

    /// Members next to which the others are not fields, where nothing says that the object holds violations.
    NOT_FIELDS: errors errormessages messages message detail error msg warningmessages;

    /// Members whose sentence is about an object itself, in a map of fields.
    OWN_SENTENCES: message detail msg code type error reason errormessage kind;

    /// Words that say no more than that there is an error, and name no kind.
    GENERIC: error errors fail failed failure fault exception ok success status sender receiver client server warn
        warning info information fatal critical errorresponse errorlist errorobject;

    /// Error codes of OAuth 2.0 (RFC 6749, 4.1.2.1 and 5.2; RFC 6750, 3.1), which need no description to be recognised.
    REGISTERED: access_denied insufficient_scope invalid_client invalid_grant invalid_request invalid_scope invalid_token
        server_error temporarily_unavailable unauthorized_client unsupported_grant_type unsupported_response_type;
}

/// One list of the table.
#[derive(Clone, Copy)]
pub(super) struct Role(usize);

impl Role {
    pub(super) fn texts(self) -> &'static [&'static str] {
        LISTS[self.0]
    }
}

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
