//! The names that members of error bodies have, by what they are for. Compared without case, `_`, `-` and the prefix of a
//! namespace ([`Name`]); of several the first in the order given counts.

use std::borrow::Cow;

use crate::wire::http::json::{Json, Object};

macro_rules! roles {
    ($($(#[$docs:meta])* $role:ident: $($name:ident)+;)+) => {
        $($(#[$docs])* pub(super) const $role: &[&str] = &[$(stringify!($name)),+];)+
    };
}

roles! {
    /// Members that name the kind.
    IDENTIFIERS: kind subcode code errorcode errcode exceptioncode errorresponsecode resultcode returncode
        responsecode errorname errortag errorslug name errorkey error err type errortype erroridentifier category scimtype
        cause reason errorreason faultcode status statuscode errorid messageid id title;

    /// Identifiers that anything has, so that they count only next to a text.
    COMMON: name id messageid status category error err title;

    /// Identifiers under which programs write the class of an exception.
    CLASSES: type name category errortype;

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
        fehlermeldung nachricht mensaje mensagem messaggio erreur libelle;

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
        details response body status result results value issue messages errormessages tppmessages embedded message
        meta data params;

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
    VIOLATIONS: errors validationfailures validationmessages failures violations detail details errordetail
        errordetails invalidparams invalidfields causes fields field error issues modelstate message messages params data
        parametererrors;

    /// Members that name the field that a violation is about.
    FIELDS: field fieldname fieldpath violationpath jsonpath pointer loc attr attribute path param parameter
        propertyname propertypath property source;

    /// Those that name nothing else, so that they count in an object inside of a violation.
    SURE_FIELDS: field fieldname attribute attr propertyname propertypath parametername;

    /// Those in an error itself, if its status says that the request is wrong. Under others only `field` counts.
    OWN_FIELDS: field fieldname param parameter attribute attr propertyname propertypath parametername;

    /// Members that say what is wrong with a field.
    DESCRIPTIONS: message errmessage failuremessage detail msg defaultmessage description errormessage errordescription
        messages errors details reason error;

    /// Members that class a violation. They are not kinds of the error.
    REASONS: type code reason errorcode;

    /// Words that say no more than that there is an error, and name no kind.
    GENERIC: error errors fail failed failure fault exception ok success status sender receiver client server warn
        warning info fatal critical errorresponse errorlist errorobject;

    /// Error codes of OAuth 2.0 (RFC 6749, 4.1.2.1 and 5.2; RFC 6750, 3.1), which need no description to be recognised.
    REGISTERED: access_denied insufficient_scope invalid_client invalid_grant invalid_request invalid_scope invalid_token
        server_error temporarily_unavailable unauthorized_client unsupported_grant_type unsupported_response_type;
}

/// The name of a member as it is compared: `errorcode` of `o:error_code`, and nothing where it is longer than any role.
pub(super) struct Name {
    bytes: [u8; MAX_NAME],
    len: usize,
}

/// The longest role has 22 letters, and may have words in front.
const MAX_NAME: usize = 32;

impl Name {
    pub(super) fn of(name: &str) -> Self {
        let (mut bytes, mut len) = ([0; MAX_NAME], 0);
        for byte in name.bytes() {
            match byte {
                // What stands before a colon says whose name it is, as in JSON-LD and XML; `$` marks what is not data.
                b':' => len = 0,
                b'_' | b'-' | b'$' => {}
                _ => {
                    if let Some(own) = bytes.get_mut(len) {
                        *own = byte.to_ascii_lowercase();
                    }
                    len += 1;
                }
            }
        }
        Self { bytes, len: if len > MAX_NAME { 0 } else { len } }
    }

    /// Where in a list of roles this name stands.
    pub(super) fn rank(&self, roles: &[&str]) -> Option<usize> {
        let name = &self.bytes[..self.len];
        let first = *name.first()?;
        // Most names of the same length begin with another letter.
        let is = |role: &&str| role.len() == name.len() && role.as_bytes()[0] == first && role.as_bytes() == name;
        roles.iter().position(is)
    }

    /// Where the role stands of which this name is one with qualifying words in front.
    fn qualified_rank(&self, roles: &[&str]) -> Option<usize> {
        let mut name = &self.bytes[..self.len];
        loop {
            let is_start = |word: &&&str| name.starts_with(word.as_bytes());
            name = &name[QUALIFIERS.iter().filter(is_start).map(|word| word.len()).max()?..];
            let role = QUALIFIED.iter().find(|role| role.as_bytes() == name);
            if let Some(rank) = role.and_then(|role| roles.iter().position(|other| other == role)) {
                return Some(rank);
            }
        }
    }

    pub(super) fn ends_with(&self, end: &str) -> bool {
        self.bytes[..self.len].ends_with(end.as_bytes())
    }
}

/// Whether a member has one of these names.
pub(super) fn is(name: &str, roles: &[&str]) -> bool {
    Name::of(name).rank(roles).is_some()
}

/// How many members of one role are looked at. A name can be spelled in many ways (`error_code`, `errorCode`, `ERROR-CODE`), and
/// each is looked up in the object, so that without a limit a body of such names would cost the square of its length.
const MAX_RANKED: usize = 32;

impl<'a> Object<'a> {
    /// As [`ranked`](Self::ranked), for names that have one of the roles by the words in front of it.
    pub(super) fn qualified(
        &self,
        roles: &[&'static str],
        is_meant: impl Fn(&str, &Json<'a>) -> bool,
    ) -> Vec<(&'static str, Cow<'a, str>)> {
        let rank = |(name, json): &'_ (Cow<'a, str>, Json<'a>)| {
            let own = Name::of(name);
            let rank = own.qualified_rank(roles).filter(|_| own.rank(roles).is_none())?;
            is_meant(roles[rank], json).then(|| (rank, name.clone()))
        };
        let mut found: Vec<_> = self.entries().filter_map(rank).collect();
        found.sort();
        found.truncate(MAX_RANKED);
        found.into_iter().map(|(rank, name)| (roles[rank], name)).collect()
    }

    /// The members that have one of these roles and whose value is meant: the role and the name as the body spells it, in the order
    /// of the roles. The order of members means nothing.
    pub(super) fn ranked(
        &self,
        roles: &[&'static str],
        is_meant: impl Fn(&Json<'a>) -> bool,
    ) -> Vec<(&'static str, Cow<'a, str>)> {
        self.ranked_by_role(roles, is_meant, |_, _| true)
    }

    /// As [`ranked`](Self::ranked), where what is meant depends on the role too.
    pub(super) fn ranked_by_role(
        &self,
        roles: &[&'static str],
        may_be: impl Fn(&Json<'a>) -> bool,
        is_meant: impl Fn(&str, &Json<'a>) -> bool,
    ) -> Vec<(&'static str, Cow<'a, str>)> {
        let mut found: Vec<_> = self.with_rank(roles, may_be, is_meant).collect();
        found.sort();
        found.truncate(MAX_RANKED);
        found.into_iter().map(|(rank, name)| (roles[rank], name.clone())).collect()
    }

    /// The first of these.
    pub(super) fn first(
        &self,
        roles: &[&'static str],
        is_meant: impl Fn(&Json<'a>) -> bool,
    ) -> Option<(&'static str, Cow<'a, str>)> {
        self.first_by_role(roles, is_meant, |_, _| true)
    }

    pub(super) fn first_by_role(
        &self,
        roles: &[&'static str],
        may_be: impl Fn(&Json<'a>) -> bool,
        is_meant: impl Fn(&str, &Json<'a>) -> bool,
    ) -> Option<(&'static str, Cow<'a, str>)> {
        self.with_rank(roles, may_be, is_meant).min().map(|(rank, name)| (roles[rank], name.clone()))
    }

    /// Values are looked at before names: most members are of a type that cannot be meant, and to compare a name costs more.
    fn with_rank(
        &self,
        roles: &[&'static str],
        may_be: impl Fn(&Json<'a>) -> bool,
        is_meant: impl Fn(&str, &Json<'a>) -> bool,
    ) -> impl Iterator<Item = (usize, &Cow<'a, str>)> {
        self.entries().filter(move |(_, json)| may_be(json)).filter_map(move |(name, json)| {
            let rank = Name::of(name).rank(roles)?;
            is_meant(roles[rank], json).then_some((rank, name))
        })
    }

    /// The name of the only member that is meant; `None` if there are several.
    pub(super) fn only_member(&self, is_meant: impl Fn(&Json<'a>) -> bool) -> Option<Cow<'a, str>> {
        let mut names = self.entries().filter(|(_, json)| is_meant(json)).map(|(name, _)| name);
        names.next().filter(|_| names.next().is_none()).cloned()
    }
}
