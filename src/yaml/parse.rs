//! From the events of a YAML parser to a tree, and what a plain scalar is.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};

use super::{Node, Scalar, Value, YamlProblem, YamlRule};
use crate::diagnostic::{Findings, Place, Quoted};

/// Nothing in a file of ours is nested deeper than four mappings. What is deeper is inside of something that has no place there,
/// and is reported, so its content is not kept.
const DEPTH: usize = 8;

/// Reads the only document of a text. `None` if there is none, or if it is not YAML, which is then reported.
#[cfg(feature = "server")]
pub(crate) fn parse<'a, R: YamlRule>(text: &'a str, findings: &mut Findings<R>) -> Option<Node<'a>> {
    parse_with(text, findings, None, |_, _, _| {})
}

/// Reads the only document of a text. `None` if there is none, or if it is not YAML, which is then reported. The entries of the
/// first mapping under this key of the root are handed out as soon as they are whole, and are not kept.
pub(crate) fn parse_with<'a, R: YamlRule>(
    text: &'a str,
    findings: &mut Findings<R>,
    under: Option<&str>,
    each: impl FnMut(Node<'a>, Node<'a>, &mut Findings<R>),
) -> Option<Node<'a>> {
    let mut builder = Builder { findings, open: Vec::new(), skipped: 0, root: None, under, each };
    let mut documents = 0;
    // The parser neither expands aliases nor recurses, so its memory is bounded by the text.
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((Event::StreamEnd, _)) => break,
            Ok((Event::DocumentStart(_), span)) => {
                documents += 1;
                if documents == 2 {
                    let message = "A second YAML document begins here".to_owned();
                    builder.findings.report(
                        YamlProblem::SeveralDocuments.into(),
                        place(span),
                        message,
                        "Keep one of the two, or put the second into a file of its own",
                    );
                    break;
                }
            }
            Ok((event, span)) => builder.take(event, span),
            Err(error) => {
                syntax(&error, builder.findings);
                return None;
            }
        }
    }
    builder.root
}

fn syntax<R: YamlRule>(error: &ScanError, findings: &mut Findings<R>) {
    let place = Place { line: number(error.marker().line()), column: number(error.marker().col()).saturating_add(1) };
    let message = format!("This is not YAML: {}", error.info().trim_end_matches('.'));
    findings.report(
        YamlProblem::Syntax.into(),
        place,
        message,
        "Fix it here or just above; nothing else in the file was checked",
    );
}

struct Builder<'a, 'f, R, F> {
    findings: &'f mut Findings<R>,
    /// The collections that are not closed yet, outermost first. A mapping waits for a value while it has a key.
    open: Vec<(Node<'a>, Option<Node<'a>>)>,
    /// How many open collections are deeper than `DEPTH`.
    skipped: usize,
    root: Option<Node<'a>>,
    /// The key of the root whose entries go to `each`.
    under: Option<&'f str>,
    each: F,
}

impl<'a, R: YamlRule, F: FnMut(Node<'a>, Node<'a>, &mut Findings<R>)> Builder<'a, '_, R, F> {
    fn take(&mut self, event: Event<'a>, span: Span) {
        let place = place(span);
        match event {
            Event::Scalar(text, style, _, tag) => {
                let value = if self.refuses_tag(tag.as_deref(), place) {
                    Value::Refused
                } else {
                    let plain = style == ScalarStyle::Plain;
                    Value::Scalar(if plain { resolve(&text) } else { Scalar::Text }, text)
                };
                self.put(Node { place, value });
            }
            Event::Alias(_) => {
                let message = "YAML aliases are not supported".to_owned();
                self.findings.report(YamlProblem::Alias.into(), place, message, "Write out what it stands for");
                self.put(Node { place, value: Value::Refused });
            }
            Event::MappingStart(_, tag) => self.open(place, Value::Mapping(Vec::new()), tag.as_deref()),
            Event::SequenceStart(_, tag) => self.open(place, Value::List(Vec::new()), tag.as_deref()),
            Event::MappingEnd | Event::SequenceEnd => self.close(),
            _ => {}
        }
    }

    fn refuses_tag(&mut self, tag: Option<&Tag>, place: Place) -> bool {
        if let Some(tag) = tag {
            let message = format!("The value has the tag {}", Quoted(&tag.to_string()));
            self.findings.report(YamlProblem::Tag.into(), place, message, "Remove the tag; put text into quotes");
        }
        tag.is_some()
    }

    fn open(&mut self, place: Place, value: Value<'a>, tag: Option<&Tag>) {
        self.refuses_tag(tag, place);
        if self.open.len() < DEPTH {
            self.open.push((Node { place, value }, None));
        } else {
            self.skipped += 1;
        }
    }

    fn close(&mut self) {
        if self.skipped > 0 {
            self.skipped -= 1;
            if self.skipped > 0 {
                return;
            }
            // Keys and values alternate, so what was skipped leaves its mark.
            if let Some((node, _)) = self.open.last() {
                let place = node.place;
                self.put(Node { place, value: Value::Refused });
            }
        } else if let Some((node, _)) = self.open.pop() {
            self.put(node);
        }
    }

    fn put(&mut self, node: Node<'a>) {
        if self.skipped > 0 {
            return;
        }
        let is_handed_out = self.is_handed_out();
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some((Node { value: Value::Mapping(pairs), .. }, key)) => match key.take() {
                None => *key = Some(node),
                Some(key) if is_handed_out => (self.each)(key, node, &mut *self.findings),
                Some(key) => pairs.push((key, node)),
            },
            Some((Node { value: Value::List(items), .. }, _)) => items.push(node),
            Some(_) => {}
        }
    }
}

impl<R, F> Builder<'_, '_, R, F> {
    /// Whether an entry that is whole now stands below the key `under`, the first time that it is there.
    fn is_handed_out(&self) -> bool {
        let is_it = |key: &Node<'_>| matches!(&key.value, Value::Scalar(_, name) if Some(&**name) == self.under);
        match &*self.open {
            [(Node { value: Value::Mapping(pairs), .. }, Some(key)), _] => {
                is_it(key) && !pairs.iter().any(|(before, _)| is_it(before))
            }
            _ => false,
        }
    }
}

/// Where a span begins; the parser counts columns from 0.
fn place(span: Span) -> Place {
    Place { line: number(span.start.line()), column: number(span.start.col()).saturating_add(1) }
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The type of a scalar without quotes, by the [core schema](https://yaml.org/spec/1.2.2/#1032-tag-resolution).
pub(super) fn resolve(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Scalar::Float,
        _ if is_int(text) => Scalar::Int,
        _ if is_float(text) => Scalar::Float,
        _ => Scalar::Text,
    }
}

fn is_int(text: &str) -> bool {
    if let Some(digits) = text.strip_prefix("0o") {
        return all(digits, |c| matches!(c, b'0'..=b'7'));
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return all(digits, |c| c.is_ascii_hexdigit());
    }
    all(unsigned(text), |c| c.is_ascii_digit())
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, and infinity.
fn is_float(text: &str) -> bool {
    let text = unsigned(text);
    if matches!(text, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| all(text, |c| c.is_ascii_digit());
    (digits(whole) || whole.is_empty() && !fraction.is_empty())
        && (fraction.is_empty() || digits(fraction))
        && exponent.is_none_or(|exponent| digits(unsigned(exponent)))
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

fn all(digits: &str, is_digit: fn(u8) -> bool) -> bool {
    !digits.is_empty() && digits.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The examples of https://yaml.org/spec/1.2.2/#1032-tag-resolution, and what looks like them.
    #[test]
    fn resolves_as_the_core_schema() {
        let rows = [
            ("", Scalar::Null),
            ("null", Scalar::Null),
            ("~", Scalar::Null),
            ("nULL", Scalar::Text),
            ("true", Scalar::Bool(true)),
            ("False", Scalar::Bool(false)),
            ("yes", Scalar::Text),
            ("off", Scalar::Text),
            ("0", Scalar::Int),
            ("0o7", Scalar::Int),
            ("0x3A", Scalar::Int),
            ("-19", Scalar::Int),
            ("+12", Scalar::Int),
            ("0o8", Scalar::Text),
            ("1_000", Scalar::Text),
            ("0.", Scalar::Float),
            ("-0.0", Scalar::Float),
            (".5", Scalar::Float),
            ("+12e03", Scalar::Float),
            ("-2E+05", Scalar::Float),
            (".inf", Scalar::Float),
            ("-.Inf", Scalar::Float),
            (".NAN", Scalar::Float),
            (".", Scalar::Text),
            ("-", Scalar::Text),
            ("e3", Scalar::Text),
            ("1e", Scalar::Text),
            ("1.2.3", Scalar::Text),
            ("2026-11", Scalar::Text),
            ("30s", Scalar::Text),
            ("404 ", Scalar::Text),
        ];
        for (text, expected) in rows {
            assert_eq!(resolve(text), expected, "{text:?}");
        }
    }
}
