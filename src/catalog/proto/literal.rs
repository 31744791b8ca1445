//! Texts and bytes in quotes, with the escapes of protobuf's text format, of C and of Rust.

/// What a backslash means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escapes {
    /// As in protobuf's [text format](https://protobuf.dev/reference/protobuf/textformat-spec/#string), and nothing else.
    #[cfg_attr(not(feature = "proto"), allow(dead_code, reason = "only `.proto` files are held to it"))]
    Protobuf,
    /// As in C and the languages that write its escapes. Any other escape stands for its character.
    #[cfg_attr(not(feature = "server"), allow(dead_code, reason = "only pasted text has it"))]
    C,
    /// As in Rust, where `\0` is the byte. Any other escape stands for its character.
    #[cfg_attr(not(feature = "server"), allow(dead_code, reason = "only pasted text has it"))]
    Rust,
}

/// Reads the text between the quotes that `text` begins with, and what follows it. An escape `\x80` is the byte.
///
/// # Errors
///
/// What is left of the text from where the literal is broken.
pub(crate) fn quoted(text: &str, escapes: Escapes) -> Result<(Vec<u8>, &str), &str> {
    let mut chars = text.chars();
    let quote = chars.next().filter(|quote| matches!(quote, '"' | '\'')).ok_or(text)?;
    let mut bytes = Vec::new();
    loop {
        let rest = chars.as_str();
        match chars.next().ok_or(rest)? {
            c if c == quote => return Ok((bytes, chars.as_str())),
            '\\' => chars = escape(chars.as_str(), escapes, &mut bytes)?.chars(),
            c => push(c, &mut bytes),
        }
    }
}

/// Reads what stands behind a backslash, and gives what follows it.
fn escape<'t>(text: &'t str, escapes: Escapes, bytes: &mut Vec<u8>) -> Result<&'t str, &'t str> {
    let c = text.chars().next().ok_or(text)?;
    let rest = &text[c.len_utf8()..];
    let is_lenient = escapes != Escapes::Protobuf;
    bytes.push(match c {
        '0' if escapes == Escapes::Rust => 0,
        '0'..='7' if escapes != Escapes::Rust => return digits(text, 1..=3, 8, bytes),
        '8' | '9' => return Err(text),
        'a' => 0x07,
        'b' => 0x08,
        'f' => 0x0C,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 0x0B,
        'x' | 'X' => return digits(rest, 1..=2, 16, bytes),
        'u' if is_lenient && rest.starts_with('{') => {
            let rest = digits(&rest[1..], 1..=6, 16, bytes)?;
            return rest.strip_prefix('}').ok_or(rest);
        }
        'u' => return digits(rest, 4..=4, 16, bytes),
        'U' => return digits(rest, 8..=8, 16, bytes),
        '\\' | '\'' | '"' | '?' => c as u8,
        _ if !is_lenient => return Err(text),
        other => {
            push(other, bytes);
            return Ok(rest);
        }
    });
    Ok(rest)
}

/// The number of an escape: a byte if it has at most three digits, else a character.
fn digits<'t>(
    text: &'t str,
    count: std::ops::RangeInclusive<usize>,
    radix: u32,
    bytes: &mut Vec<u8>,
) -> Result<&'t str, &'t str> {
    let len = text.bytes().take(*count.end()).take_while(|byte| char::from(*byte).is_digit(radix)).count();
    let (digits, rest) = text.split_at(len);
    let number = u32::from_str_radix(digits, radix).ok().filter(|_| count.contains(&len)).ok_or(text)?;
    if *count.end() <= 3 {
        bytes.push(u8::try_from(number).map_err(|_| text)?);
    } else {
        push(char::from_u32(number).ok_or(text)?, bytes);
    }
    Ok(rest)
}

fn push(c: char, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}
