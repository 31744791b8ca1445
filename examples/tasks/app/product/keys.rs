//! API keys, and what each may do.

use errwire::{Error, kinds};

/// One API key.
#[derive(Debug)]
pub(crate) struct Key {
    pub(super) secret: &'static str,
    pub(super) per_minute: u32,
    project: Option<&'static str>,
    revoked: bool,
    read_only: bool,
    bill_due: bool,
}

/// A key with which everything works.
const LIVE: Key = Key {
    secret: "key_live",
    per_minute: 10_000,
    project: Some("prj_1"),
    revoked: false,
    read_only: false,
    bill_due: false,
};

static KEYS: [Key; 6] = [
    LIVE,
    Key { secret: "key_account", project: None, ..LIVE },
    Key { secret: "key_readonly", read_only: true, ..LIVE },
    Key { secret: "key_unpaid", bill_due: true, ..LIVE },
    Key { secret: "key_trial", per_minute: 2, ..LIVE },
    Key { secret: "key_revoked", revoked: true, ..LIVE },
];

impl Key {
    /// The key of an `Authorization` header.
    pub(super) fn of(authorization: Option<&str>) -> Result<&'static Self, Error> {
        let secret = authorization.and_then(|value| value.strip_prefix("Bearer ")).map(str::trim);
        let secret = secret.filter(|secret| !secret.is_empty()).ok_or_else(|| Error::new(kinds::TOKEN_MISSING))?;
        let known = KEYS.iter().find(|key| key.secret == secret && !key.revoked);
        known.ok_or_else(|| Error::new(kinds::TOKEN_INVALID))
    }

    /// Fails for a key of a whole account.
    pub(crate) fn require_project(&self) -> Result<&'static str, Error> {
        self.project.ok_or_else(|| Error::new(kinds::PROJECT_REQUIRED))
    }

    /// Fails for a key that may only read.
    pub(crate) fn require_write(&self) -> Result<(), Error> {
        match self.read_only {
            false => Ok(()),
            true => Err(Error::new(kinds::PERMISSION_DENIED)
                .with_message("This API key may only read. Use a key that may create tasks and runs.")),
        }
    }

    /// Fails if the account has a bill to pay.
    pub(crate) fn require_paid(&self) -> Result<(), Error> {
        match self.bill_due {
            false => Ok(()),
            true => Err(Error::new(kinds::PAYMENT_REQUIRED)),
        }
    }
}
