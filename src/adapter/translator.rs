//! The default translator of conversions that are not given one.

use std::sync::LazyLock;

use crate::translate::Translator;

/// By the built-in catalog and the default policy.
pub(super) fn translator() -> &'static Translator {
    static TRANSLATOR: LazyLock<Translator> = LazyLock::new(Translator::default);
    &TRANSLATOR
}
