//! Values as text: how they are read from it, and written.

use std::{
    borrow::Cow,
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    time::Duration,
};

use crate::{catalog::parse_delay, diagnostic::Quoted, model::named};

/// A type of settings.
pub(super) trait Value: Sized {
    /// The name in help.
    const NAME: &'static str;
    /// Whether it is a list.
    const LIST: bool = false;
    /// Whether the bare flag means true.
    const SWITCH: bool = false;

    fn parse(text: &str) -> Result<Self, Invalid>;

    /// From the texts of a source: one, or any number for a list.
    fn read(texts: &[String]) -> Result<Self, Invalid> {
        match texts {
            [text] => Self::parse(text),
            _ => Err(Invalid::new(format!("{} values are given here", texts.len()), "Write one")),
        }
    }

    /// As in a file; empty if it is not set.
    fn texts(&self) -> Vec<String>;
}

impl<T: Value> Value for Vec<T> {
    const NAME: &'static str = T::NAME;
    const LIST: bool = true;

    fn parse(text: &str) -> Result<Self, Invalid> {
        T::parse(text).map(|value| vec![value])
    }

    fn read(texts: &[String]) -> Result<Self, Invalid> {
        texts.iter().map(|text| T::parse(text)).collect()
    }

    fn texts(&self) -> Vec<String> {
        self.iter().flat_map(T::texts).collect()
    }
}

/// A value that its setting does not take.
#[derive(Debug)]
pub(super) struct Invalid {
    /// A sentence without its full stop.
    pub(super) message: String,
    /// The same.
    pub(super) remedy: Cow<'static, str>,
}

impl Invalid {
    pub(super) fn new(message: String, remedy: impl Into<Cow<'static, str>>) -> Self {
        Self { message, remedy: remedy.into() }
    }
}

impl Value for bool {
    const NAME: &'static str = "BOOL";
    const SWITCH: bool = true;

    fn parse(text: &str) -> Result<Self, Invalid> {
        let why = |_| Invalid::new(format!("{} is neither true nor false", Quoted(text)), "Write true or false");
        text.parse().map_err(why)
    }

    fn texts(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Value for NonZeroU32 {
    const NAME: &'static str = "NUMBER";

    fn parse(text: &str) -> Result<Self, Invalid> {
        text.parse().map_err(|_| {
            Invalid::new(
                format!("{} is not a number", Quoted(text)),
                format!("Write a whole number from 1 to {}", u32::MAX),
            )
        })
    }

    fn texts(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Value for NonZeroUsize {
    const NAME: &'static str = "NUMBER";

    fn parse(text: &str) -> Result<Self, Invalid> {
        // Within the range of platforms with 32 bits.
        NonZeroU32::parse(text).map(|number| Self::try_from(number).unwrap_or(Self::MAX))
    }

    fn texts(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Value for String {
    const NAME: &'static str = "TEXT";

    fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "" => Err(Invalid::new("The value is empty".to_owned(), "Write a text")),
            text => Ok(text.to_owned()),
        }
    }

    fn texts(&self) -> Vec<String> {
        vec![self.clone()]
    }
}

impl Value for PathBuf {
    const NAME: &'static str = "PATH";

    fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "" => Err(Invalid::new("A path is empty".to_owned(), "Write a path, or remove it")),
            text => Ok(text.into()),
        }
    }

    fn texts(&self) -> Vec<String> {
        vec![self.to_string_lossy().into_owned()]
    }
}

impl Value for Option<PathBuf> {
    const NAME: &'static str = "FILE";

    fn parse(text: &str) -> Result<Self, Invalid> {
        PathBuf::parse(text).map(Some)
    }

    fn texts(&self) -> Vec<String> {
        self.iter().flat_map(PathBuf::texts).collect()
    }
}

impl Value for Duration {
    const NAME: &'static str = "DURATION";

    fn parse(text: &str) -> Result<Self, Invalid> {
        // The limit of timers.
        parse_delay(text).filter(|delay| *delay <= YEAR).ok_or_else(|| {
            Invalid::new(
                format!("{} is not a duration", Quoted(text)),
                "Write a number and a unit, such as 500ms, 30s, 15m or 1h, of a year at most",
            )
        })
    }

    fn texts(&self) -> Vec<String> {
        vec![duration(*self)]
    }
}

impl Value for Option<Duration> {
    const NAME: &'static str = "DURATION|off";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if text == "off" {
            return Ok(None);
        }
        match Duration::parse(text) {
            Ok(Duration::ZERO) => {
                Err(Invalid::new("A timeout of zero is not allowed".to_owned(), "Write off for no limit"))
            }
            Ok(duration) => Ok(Some(duration)),
            Err(Invalid { message, .. }) => {
                Err(Invalid::new(message, "Write a number and a unit, such as 500ms, 30s, 15m or 1h, or off"))
            }
        }
    }

    fn texts(&self) -> Vec<String> {
        vec![self.map_or_else(|| "off".to_owned(), duration)]
    }
}

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// In the largest unit that needs no fraction.
fn duration(duration: Duration) -> String {
    match (duration.as_secs(), duration.subsec_nanos()) {
        (0, nanos) if nanos > 0 && nanos % 1_000_000 == 0 => format!("{}ms", nanos / 1_000_000),
        (seconds, 0) if seconds > 0 && seconds % 3600 == 0 => format!("{}h", seconds / 3600),
        (seconds, 0) if seconds > 0 && seconds % 60 == 0 => format!("{}m", seconds / 60),
        (seconds, 0) => format!("{seconds}s"),
        (seconds, nanos) => format!("{seconds}.{nanos:09}s"),
    }
}

named! {
    /// How the lines of the log are written. Each event is one line in both.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum LogFormat {
        /// A JSON object, for what collects logs.
        #[default]
        Json = "json",
        /// Time, level, target, then what happened, for people.
        Text = "text",
    }
}

impl Value for LogFormat {
    const NAME: &'static str = "json|text";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let format = Self::ALL.iter().copied().find(|format| format.name() == text);
        format.ok_or_else(|| Invalid::new(format!("{} is not a log format", Quoted(text)), "Write json or text"))
    }

    fn texts(&self) -> Vec<String> {
        vec![self.name().to_owned()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_they_are_written() {
        let rows = [
            ("0s", Duration::ZERO),
            ("500ms", Duration::from_millis(500)),
            ("90s", Duration::from_secs(90)),
            ("15m", Duration::from_secs(900)),
            ("2h", Duration::from_secs(7200)),
            ("1.500000000s", Duration::from_millis(1500)),
        ];
        for (text, value) in rows {
            assert_eq!(value.texts(), [text]);
            assert_eq!(Duration::parse(text).unwrap(), value, "{text}");
        }
        for text in ["", "5", "-1s", "soon", "8761h"] {
            assert!(Duration::parse(text).is_err(), "{text}");
        }
    }
}
