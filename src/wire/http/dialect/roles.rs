//! The names that members of error bodies have, by what they are for. Compared without case, `_`, `-` and the prefix of a
//! namespace ([`Name`]); of several the first in the order given counts.

use crate::wire::http::{json::Json, object::Object};

/// Members that name the kind.
pub(super) const IDENTIFIERS: [&str; 31] = [
    "kind",
    "subcode",
    "code",
    "errorcode",
    "errcode",
    "exceptioncode",
    "errorresponsecode",
    "resultcode",
    "returncode",
    "responsecode",
    "errorname",
    "errortag",
    "errorslug",
    "name",
    "errorkey",
    "error",
    "type",
    "errortype",
    "erroridentifier",
    "category",
    "scimtype",
    "cause",
    "reason",
    "errorreason",
    "faultcode",
    "status",
    "statuscode",
    "errorid",
    "messageid",
    "id",
    "title",
];

/// Identifiers that anything has, so that they count only next to a text.
pub(super) const COMMON: [&str; 7] = ["name", "id", "messageid", "status", "category", "error", "title"];

/// Identifiers under which programs write the class of an exception.
pub(super) const CLASSES: [&str; 4] = ["type", "name", "category", "errortype"];

/// Identifiers under which some write the number of one event.
pub(super) const NUMBERS: [&str; 4] = ["id", "errorid", "messageid", "erroridentifier"];

/// Identifiers that no detail of an error has, so that they count in what only adds to one.
pub(super) const EXPLICIT: [&str; 5] = ["errorcode", "errcode", "errorname", "errorkey", "exceptioncode"];

/// Identifiers that an error in a list of violations has, where nothing else names it.
pub(super) const OF_VIOLATION: [&str; 2] = ["code", "errorcode"];

/// Where an identifier, or a text with its language, is an object.
pub(super) const VALUES: [&str; 3] = ["subcode", "value", "text"];

/// Members that hold the text for people.
pub(super) const TEXTS: [&str; 43] = [
    "message",
    "errormessage",
    "msg",
    "errormsg",
    "errmsg",
    "errmessage",
    "errordescription",
    "description",
    "detail",
    "errorsummary",
    "displaymessage",
    "usermessage",
    "defaultmessage",
    "explanation",
    "longmessage",
    "shortmessage",
    "statusmessage",
    "resultmessage",
    "returnmessage",
    "responsemessage",
    "faultmessage",
    "failuremessage",
    "statusdescription",
    "statusdesc",
    "resultdescription",
    "responsedescription",
    "developermessage",
    "technicalmessage",
    "diagnostics",
    "errortext",
    "exceptiontext",
    "text",
    "info",
    "faultstring",
    "errordetail",
    "messagetranslations",
    "details",
    "reason",
    "error",
    "title",
    "errors",
    "errormessages",
    "messages",
];

/// Texts that are identifiers where they are tokens.
pub(super) const TOKENS: [&str; 3] = ["reason", "error", "title"];

/// Members that hold the error, or a list of errors.
pub(super) const WRAPPERS: [&str; 27] = [
    "error",
    "detailederror",
    "errors",
    "fault",
    "exception",
    "errordetail",
    "errordetails",
    "errorinfo",
    "errorresponse",
    "err",
    "detail",
    "details",
    "response",
    "body",
    "status",
    "result",
    "results",
    "value",
    "issue",
    "messages",
    "errormessages",
    "tppmessages",
    "embedded",
    "message",
    "meta",
    "data",
    "params",
];

/// Wrappers that hold an error and nothing else: they name its kind also where a text stands next to them.
pub(super) const ERRORS: [&str; 6] = ["error", "fault", "exception", "errordetail", "errorinfo", "detailederror"];

/// Wrappers that add to an error.
pub(super) const ADDITIONS: [&str; 4] = ["detail", "details", "data", "meta"];

/// Members that hold the seconds, or as the last two the milliseconds, before a retry.
pub(super) const DELAYS: [&str; 6] =
    ["retryafter", "retryafterseconds", "retryaftersecs", "retrydelay", "retryafterms", "retryaftermilliseconds"];

/// Where a delay may stand, besides next to the text.
pub(super) const DELAY_HOLDERS: [&str; 3] = ["parameters", "details", "meta"];

/// Where a list of violations may stand, besides next to the text.
pub(super) const VIOLATION_HOLDERS: [&str; 3] = ["details", "meta", "data"];

/// Members that hold violations, besides those whose names end in `errors` or `violations`.
pub(super) const VIOLATIONS: [&str; 19] = [
    "errors",
    "validationfailures",
    "validationmessages",
    "failures",
    "violations",
    "detail",
    "details",
    "errordetail",
    "errordetails",
    "invalidparams",
    "causes",
    "fields",
    "error",
    "issues",
    "modelstate",
    "message",
    "params",
    "data",
    "parametererrors",
];

/// Members that name the field that a violation is about.
pub(super) const FIELDS: [&str; 15] = [
    "field",
    "fieldname",
    "fieldpath",
    "violationpath",
    "jsonpath",
    "pointer",
    "loc",
    "attr",
    "attribute",
    "path",
    "param",
    "parameter",
    "propertyname",
    "propertypath",
    "property",
];

/// Members that say what is wrong with a field.
pub(super) const DESCRIPTIONS: [&str; 13] = [
    "message",
    "errmessage",
    "failuremessage",
    "detail",
    "msg",
    "defaultmessage",
    "description",
    "errormessage",
    "messages",
    "errors",
    "details",
    "reason",
    "error",
];

/// Members that class a violation. They are not kinds of the error.
pub(super) const REASONS: [&str; 4] = ["type", "code", "reason", "errorcode"];

/// The name of a member as it is compared: `errorcode` of `o:error_code`, and nothing where it is longer than any role.
pub(super) struct Name {
    bytes: [u8; MAX_NAME],
    len: usize,
}

/// The longest role has 22 letters.
const MAX_NAME: usize = 24;

impl Name {
    pub(super) fn of(name: &str) -> Self {
        // What stands before a colon says whose name it is, as in JSON-LD and XML; `$` marks what is not data.
        let local = name.bytes().rposition(|byte| byte == b':').map_or(0, |at| at + 1);
        let mut own = Self { bytes: [0; MAX_NAME], len: 0 };
        for byte in name.bytes().skip(local).filter(|byte| !matches!(byte, b'_' | b'-' | b'$')) {
            if own.len == MAX_NAME {
                return Self { len: 0, ..own };
            }
            own.bytes[own.len] = byte.to_ascii_lowercase();
            own.len += 1;
        }
        own
    }

    /// Where in a list of roles this name stands.
    pub(super) fn rank(&self, roles: &[&str]) -> Option<usize> {
        let name = &self.bytes[..self.len];
        roles.iter().position(|role| role.as_bytes() == name)
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
    /// The members that have one of these roles and are meant: the role and the name as the body spells it, in the order of the
    /// roles. The order of members means nothing.
    pub(super) fn ranked(
        &self,
        roles: &[&'static str],
        is_meant: impl Fn(&str, &Json<'a>) -> bool,
    ) -> Vec<(&'static str, String)> {
        let rank = |(name, json): (&str, &Json<'a>)| {
            let rank = Name::of(name).rank(roles)?;
            is_meant(roles[rank], json).then(|| (rank, name.to_owned()))
        };
        let mut found: Vec<_> = self.members().filter_map(rank).collect();
        found.sort();
        found.truncate(MAX_RANKED);
        found.into_iter().map(|(rank, name)| (roles[rank], name)).collect()
    }
}
