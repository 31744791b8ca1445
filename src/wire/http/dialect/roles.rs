//! The names that members of error bodies have, by what they are for. Compared without case, `_` and `-`; of several the first
//! in the order given counts.

/// Members that name the kind.
pub(super) const IDENTIFIERS: [&str; 19] = [
    "kind",
    "code",
    "errorcode",
    "errcode",
    "errorname",
    "name",
    "errorkey",
    "error",
    "type",
    "errortype",
    "category",
    "scimtype",
    "cause",
    "reason",
    "faultcode",
    "status",
    "errorid",
    "id",
    "title",
];

/// Identifiers that anything has, so that they count beside a text alone.
pub(super) const COMMON: [&str; 6] = ["name", "id", "status", "category", "error", "title"];

/// Identifiers under which programs write the class of an exception.
pub(super) const CLASSES: [&str; 4] = ["type", "name", "category", "errortype"];

/// Members that hold the text for people.
pub(super) const TEXTS: [&str; 24] = [
    "message",
    "errormessage",
    "msg",
    "errormsg",
    "errmsg",
    "errordescription",
    "description",
    "detail",
    "errorsummary",
    "displaymessage",
    "usermessage",
    "defaultmessage",
    "explanation",
    "diagnostics",
    "errortext",
    "text",
    "info",
    "faultstring",
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
pub(super) const WRAPPERS: [&str; 24] = [
    "error",
    "errors",
    "fault",
    "exception",
    "errordetail",
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
    "meta",
    "data",
    "params",
];

/// Wrappers that hold an error and nothing else: they name its kind also where a text stands beside them.
pub(super) const ERRORS: [&str; 5] = ["error", "fault", "exception", "errordetail", "errorinfo"];

/// Members that hold the seconds, or as the last two the milliseconds, before a retry.
pub(super) const DELAYS: [&str; 6] =
    ["retryafter", "retryafterseconds", "retryaftersecs", "retrydelay", "retryafterms", "retryaftermilliseconds"];

/// Where a delay may stand, besides next to the text.
pub(super) const DELAY_HOLDERS: [&str; 3] = ["parameters", "details", "meta"];

/// Where a list of violations may stand, besides next to the text.
pub(super) const VIOLATION_HOLDERS: [&str; 2] = ["details", "meta"];

/// Members that hold violations.
pub(super) const VIOLATIONS: [&str; 10] = [
    "errors",
    "detail",
    "details",
    "violations",
    "invalidparams",
    "fielderrors",
    "validationerrors",
    "causes",
    "fields",
    "error",
];

/// Whether a member has this name.
pub(super) fn is(name: &str, role: &str) -> bool {
    let mut name = name.bytes().filter(|byte| !matches!(byte, b'_' | b'-')).map(|byte| byte.to_ascii_lowercase());
    role.bytes().all(|byte| name.next() == Some(byte)) && name.next().is_none()
}
