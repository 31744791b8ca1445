//! Numbers of bytes.

use std::fmt;

use super::value::{Invalid, Value};
use crate::diagnostic::Quoted;

/// A number of bytes, from 1 to 2^31 - 1: `4MiB`, `16KiB`, `500`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(u32);

/// What the window of an HTTP/2 stream may be at most ([RFC 9113, 6.9.1](https://www.rfc-editor.org/rfc/rfc9113#section-6.9.1)),
/// and less than any buffer.
const MOST: u32 = 0x7fff_ffff;

impl Size {
    /// This many bytes; between 1 and 2^31 - 1.
    pub const fn bytes(bytes: u32) -> Self {
        Self(if bytes == 0 {
            1
        } else if bytes > MOST {
            MOST
        } else {
            bytes
        })
    }

    /// This many times 1,024 bytes.
    pub const fn kib(kib: u32) -> Self {
        Self::bytes(kib.saturating_mul(1024))
    }

    /// This many times 1,048,576 bytes.
    pub const fn mib(mib: u32) -> Self {
        Self::kib(mib.saturating_mul(1024))
    }

    /// As a number.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// As a length of memory.
    pub fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl Value for Size {
    const NAME: &'static str = "BYTES";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
        let unit = match &text[digits.len()..] {
            "" | "B" => Some(1),
            "KiB" => Some(1024),
            "MiB" => Some(1024 * 1024),
            _ => None,
        };
        let bytes = unit.zip(digits.parse::<u32>().ok()).and_then(|(unit, number)| number.checked_mul(unit));
        bytes.filter(|bytes| (1..=MOST).contains(bytes)).map(Self).ok_or_else(|| {
            Invalid::new(
                format!("{} is not a number of bytes", Quoted(text)),
                "Write a whole number, alone or with KiB or MiB, such as 4MiB, up to 2047MiB",
            )
        })
    }

    fn texts(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

/// In the largest unit that needs no fraction.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes % (1024 * 1024) == 0 => write!(f, "{}MiB", bytes / (1024 * 1024)),
            bytes if bytes % 1024 == 0 => write!(f, "{}KiB", bytes / 1024),
            bytes => write!(f, "{bytes}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_bytes() {
        let rows = [
            ("1", Some(1)),
            ("500B", Some(500)),
            ("16KiB", Some(16_384)),
            ("4MiB", Some(4_194_304)),
            ("2047MiB", Some(2_146_435_072)),
            ("2147483647", Some(2_147_483_647)),
            ("2147483648", None),
            ("2048MiB", None),
            ("4294967296MiB", None),
            ("0", None),
            ("", None),
            ("4MB", None),
            ("4 MiB", None),
            ("-1", None),
            ("KiB", None),
            ("4µ", None),
        ];
        for (text, expected) in rows {
            assert_eq!(Size::parse(text).ok().map(Size::get), expected, "{text:?}");
        }
        assert_eq!(Size::mib(4).to_string(), "4MiB");
        assert_eq!(Size::kib(16).to_string(), "16KiB");
        assert_eq!(Size::bytes(1500).to_string(), "1500");
    }
}
