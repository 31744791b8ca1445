//! Prints the configuration in use, and the documentation of all settings.

use std::fmt::{self, Write as _};

use super::{Config, Group, Resolved, Setting};

impl Group {
    const ALL: [Self; 7] =
        [Self::Listen, Self::Web, Self::Tls, Self::Catalog, Self::Limits, Self::Lifecycle, Self::Log];

    /// As a heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Listen => "Listening",
            Self::Web => "Browsers",
            Self::Tls => "TLS",
            Self::Catalog => "Catalog",
            Self::Limits => "Limits",
            Self::Lifecycle => "Lifecycle",
            Self::Log => "Log",
        }
    }

    /// The settings, in order.
    fn settings(self) -> impl Iterator<Item = &'static Setting> {
        Config::SETTINGS.iter().filter(move |setting| setting.group == self)
    }
}

impl Setting {
    /// The help on one line.
    pub fn summary(&self) -> &'static str {
        self.help.trim()
    }
}

impl Config {
    /// The table of all settings in Markdown, under a heading for each group.
    pub fn documentation() -> String {
        let mut page = String::new();
        for group in Group::ALL {
            // A `String` takes everything.
            let _ = write_group(&mut page, group);
        }
        page
    }
}

fn write_group(page: &mut String, group: Group) -> fmt::Result {
    writeln!(page, "### {}\n\n| key | value | default | meaning |\n|---|---|---|---|", group.title())?;
    for setting in group.settings() {
        let Setting { name, value, .. } = setting;
        let value = value.replace('|', "\\|");
        let default = match setting.default_text() {
            text if text.is_empty() => String::new(),
            text => format!("`{text}`"),
        };
        let list = if setting.list { ", a list" } else { "" };
        writeln!(page, "| `{name}` | {value}{list} | {default} | {} |", setting.summary())?;
    }
    writeln!(page)
}

/// As a file that gives the same configuration, with the source of each value behind it.
impl fmt::Display for Resolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((setting, texts), source) in self.config.texts().into_iter().zip(&self.sources) {
            let value = match (&*texts, setting.list) {
                (_, true) => format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")),
                ([], false) => "null".to_owned(),
                ([text, ..], false) => scalar(text),
            };
            writeln!(f, "{}: {value}  # {source}", setting.name)?;
        }
        for warning in &self.warnings {
            writeln!(f, "# {warning}")?;
        }
        let memory = self.config.max_memory_bytes() / (1024 * 1024);
        writeln!(f, "# With these limits callers can make the server hold {memory} MiB at most, besides the catalog.")
    }
}

/// A text that YAML takes for itself as it stands, else in quotes.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "./_-".contains(c);
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphanumeric() || "./".contains(c)) && text.chars().all(plain);
    if is_plain && text != "null" { text.to_owned() } else { quoted(text) }
}

/// In double quotes, whose escapes are those of JSON
/// ([YAML 1.2, 5.7](https://yaml.org/spec/1.2.2/#57-escaped-characters)).
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
