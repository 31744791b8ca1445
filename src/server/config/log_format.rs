//! How the log is written.

use super::value::{Invalid, Value, one, quoted};

/// How the lines of the log are written. Each event is one line in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogFormat {
    /// A JSON object, for what collects logs.
    #[default]
    Json,
    /// Time, level, target, then what happened, for people.
    Text,
}

impl Value for LogFormat {
    const NAME: &'static str = "json|text";

    fn read(texts: &[String]) -> Result<Self, Invalid> {
        match one(texts)? {
            "json" => Ok(Self::Json),
            "text" => Ok(Self::Text),
            other => Err(Invalid::new(format!("{} is not a log format", quoted(other)), "Write json or text")),
        }
    }

    fn show(&self) -> Vec<String> {
        vec![match self {
            Self::Json => "json".to_owned(),
            Self::Text => "text".to_owned(),
        }]
    }
}
