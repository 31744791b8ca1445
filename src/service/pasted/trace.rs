//! What curl prints of the bytes of a response: `--trace` and `--trace-ascii`, and the chunks that `--raw` leaves in a body.

/// A text without what makes a terminal show it in colors, such as `\x1b[31;1m`.
pub(super) fn uncolored(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';'));
    let rest = rest.map(|part| part.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(part));
    [first].into_iter().chain(rest).collect()
}

/// The response as `curl -i` prints it; nothing if this is not a trace. A line of `--trace-ascii` ends where the bytes have a line end,
/// which only shows in the offset of the next one.
pub(super) fn untraced(text: &str) -> Option<String> {
    if !text.contains("<= Recv header") {
        return None;
    }
    let (mut bytes, mut part) = (Vec::new(), Part::Other);
    let mut next = 0;
    for line in text.lines() {
        match Part::of(line) {
            Some(begun) => {
                // Each header is a line, and those of a redirect follow a body.
                if part == Part::Header || begun == Part::Header && !bytes.is_empty() && !bytes.ends_with(b"\n") {
                    bytes.push(b'\n');
                }
                (part, next) = (begun, 0);
            }
            None if part != Part::Other => {
                let Some((offset, shown)) = line.split_once(':') else { continue };
                let Ok(offset) = usize::from_str_radix(offset.trim(), 16) else { continue };
                let shown = shown.strip_prefix(' ').unwrap_or(shown);
                if let Some(raw) = dumped(shown) {
                    bytes.extend(raw.into_iter().filter(|byte| part == Part::Data || !b"\r\n".contains(byte)));
                    continue;
                }
                if offset > next {
                    bytes.push(b'\n');
                }
                bytes.extend_from_slice(shown.as_bytes());
                next = offset + shown.len();
            }
            None => {}
        }
    }
    Some(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"))
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Header,
    Data,
    Other,
}

impl Part {
    /// The part that a line begins, behind the time if `--trace-time` is on.
    fn of(line: &str) -> Option<Self> {
        let line = line.split_once(' ').filter(|(time, _)| time.contains(':')).map_or(line, |(_, rest)| rest);
        if line.starts_with("<= Recv header") {
            Some(Self::Header)
        } else if line.starts_with("<= Recv data") {
            Some(Self::Data)
        } else {
            ["=> ", "<= ", "== "].iter().any(|start| line.starts_with(start)).then_some(Self::Other)
        }
    }
}

/// The bytes of `48 54 54 50 2f ...`, 16 places of three characters with the text behind.
fn dumped(shown: &str) -> Option<Vec<u8>> {
    let places = shown.as_bytes().get(..48)?.chunks(3).map(|place| str::from_utf8(place).ok());
    let places: Vec<&str> = places.map(|place| place?.strip_suffix(' ')).collect::<Option<_>>()?;
    let bytes = places.iter().take_while(|place| **place != "  ").map(|place| u8::from_str_radix(place, 16).ok());
    bytes.collect()
}

/// The response in bytes as Wireshark, `tcpdump -X`, `hexdump -C` and `xxd` print them: an offset, up to 16 bytes, and what they are as
/// text, which the next offset shows to be none of them.
pub(super) fn undumped(text: &str) -> Option<String> {
    let mut bytes: Vec<u8> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        // The last line of `hexdump` is the length alone.
        let line = line.trim();
        let (offset, shown) = line.split_once([' ', ':']).unwrap_or((line, ""));
        let offset = usize::from_str_radix(offset.trim_start_matches("0x"), 16).ok()?;
        if offset > bytes.len() {
            return None;
        }
        bytes.truncate(offset);
        let is_group = |group: &&str| matches!(group.len(), 2 | 4) && group.bytes().all(|c| c.is_ascii_hexdigit());
        let digits: String = shown.trim_start_matches(':').split_whitespace().take_while(is_group).take(16).collect();
        let pairs = digits.as_bytes().chunks(2).take(16).map(|pair| str::from_utf8(pair).ok());
        bytes.extend(pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect::<Option<Vec<_>>>()?);
    }
    // A packet has its own headers in front.
    let start = bytes.windows(5).position(|five| five == b"HTTP/")?;
    Some(String::from_utf8_lossy(&bytes[start..]).replace("\r\n", "\n"))
}

/// The body that chunks hold (<https://www.rfc-editor.org/rfc/rfc9112#section-7.1>), whose line ends were CRLF; nothing if there are none.
pub(super) fn unchunked(text: &str) -> Option<String> {
    let (mut body, mut rest) = (String::new(), text);
    while !rest.is_empty() {
        let (size, chunk) = rest.split_once('\n').unwrap_or((rest, ""));
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            break;
        }
        body.push_str(chunk.get(..size)?);
        rest = chunk[size..].strip_prefix('\n')?;
    }
    (!body.is_empty()).then_some(body)
}
