//! From texts to values.

use super::{
    problem::{At, Report},
    rule::SettingRule,
    source::RawValue,
    value::{Invalid, Value},
};

/// Gives the settings their values.
pub(super) struct Reader<'g> {
    pub(super) given: &'g [RawValue],
    pub(super) report: &'g mut Report,
}

impl Reader<'_> {
    /// The strongest value. The weaker ones are read too, so that all problems are found.
    pub(super) fn value<T: Value>(&mut self, name: &str) -> Option<T> {
        let mut strongest = None;
        for given in self.given.iter().filter(|given| given.setting.name == name) {
            match T::read(&given.texts) {
                Ok(value) => strongest = Some(value),
                Err(Invalid { message, remedy }) => {
                    let at = At { source: given.source.clone(), setting: given.setting };
                    self.report.add(SettingRule::InvalidValue, &at, message, remedy);
                }
            }
        }
        strongest
    }
}
