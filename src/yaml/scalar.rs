//! What a value without keys is.

/// The type of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    #[cfg_attr(not(feature = "yaml"), expect(dead_code, reason = "only YAML has it"))]
    Null,
    Bool(bool),
    Int,
    #[cfg_attr(not(feature = "yaml"), expect(dead_code, reason = "only YAML has it"))]
    Float,
    Text,
}

impl Scalar {
    /// The type in words for a message.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Null => "empty",
            Self::Bool(_) => "true or false",
            Self::Int | Self::Float => "a number",
            Self::Text => "text",
        }
    }
}
