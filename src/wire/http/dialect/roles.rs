//! The names that members of error bodies have, by what they are for. Compared without case, `_`, `-` and the prefix of a
//! namespace (`words.rs`); of several the first in the order given counts.

macro_rules! roles {
    ($($(#[$docs:meta])* $role:ident: $($name:ident)+;)+) => {
        pub(super) const LISTS: &[&[&str]] = &[$(&[$(stringify!($name)),+]),+];

        #[allow(clippy::upper_case_acronyms, non_camel_case_types, reason = "they count the lists")]
        enum Index { $($role),+ }

        $($(#[$docs])* pub(super) const $role: Role = Role(Index::$role as usize);)+
    };
}

roles! {
    /// Members that name the kind.
    IDENTIFIERS: kind subcode code errorcode errcode ecode categorycode exceptioncode errorresponsecode resultcode returncode
        responsecode errorname errortag errorslug label name errorkey error err type errortype class errorclass erroridentifier category scimtype
        cause reason errorreason exception faultcode status statuscode errorid messageid messagekey msgkey key id title codigo codigoerro errorcd fehlercode;

    /// Identifiers that anything has, so that they count only next to a text.
    COMMON: label name id messageid messagekey msgkey key status category class error err exception title;

    /// Identifiers under which programs write the class of an exception.
    CLASSES: type name category class errortype errorclass exception faultcode;

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
        errordetail messagetranslations details errormessages messages reason error err title errors exception meldung
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
    DELAY_HOLDERS: parameters details meta data extensions metadata;

    /// Where a list of violations may stand, besides next to the text.
    VIOLATION_HOLDERS: details meta data embedded;

    /// Members that hold violations, besides those whose names end in `errors` or `violations`.
    VIOLATIONS: errors errores erros violacoes validationfailures validationmessages failures violations detail details errordetail
        errordetails invalidparams invalidfields causes fields field error issues modelstate message messages params parameters
        data parametererrors;

    /// Members that list the fields that a violation is about, of which the first counts.
    FIELD_LISTS: fields members membernames;

    /// Members that name the field that a violation is about.
    FIELDS: field fieldname parametername fieldpath violationpath jsonpath pointer loc attr attribute path param parameter
        propertyname propertypath property source campo propriedade instancepath datapath location;

    /// Those that name nothing else, so that they count in an object inside of a violation.
    SURE_FIELDS: field fieldname attribute attr propertyname propertypath parametername campo instancepath datapath
        missingproperty;

    /// Those in an error itself, if its status says that the request is wrong. Under others only `field` counts.
    OWN_FIELDS: field fieldname param parameter attribute attr propertyname propertypath parametername;

    /// Members that say what is wrong with a field.
    DESCRIPTIONS: message errmessage failuremessage detail msg defaultmessage description errormessage errordescription
        messages errors details reason error issue problem info text razao regla mensagem mensaje problema;

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
pub(super) struct Role(pub(super) usize);

impl Role {
    pub(super) const fn texts(self) -> &'static [&'static str] {
        LISTS[self.0]
    }
}
