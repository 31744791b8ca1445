//! A row for each kind of an annotated enum.

use std::error::Error;

use protox::prost_reflect::{DescriptorPool, DynamicMessage, ExtensionDescriptor, ReflectMessage, Value};

const ENUM: &str = "errwire.v1.Kinds";

pub(crate) fn generate(pool: &DescriptorPool) -> Result<String, Box<dyn Error>> {
    let kinds = pool.get_enum_by_name(ENUM).ok_or("proto/errwire/v1/kinds.proto has no enum Kinds")?;
    let catalog = extension(pool, "errwire.v1.catalog")?;
    let kind = extension(pool, "errwire.v1.kind")?;
    let domain = options(&kinds.options(), &catalog)?.get_field_by_name("domain").map(|v| v.into_owned());
    let domain = domain.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();

    let mut rows = Vec::new();
    for value in kinds.values().filter(|value| value.number() != 0) {
        let meaning = Meaning::read(pool, &options(&value.options(), &kind)?)
            .map_err(|why| format!("{}: {why}", value.name()))?;
        rows.push(meaning.row(value.name()));
    }
    Ok(format!("kinds! {{\n    {domain:?};\n\n{}}}\n", rows.join("\n")))
}

struct Meaning {
    status: u32,
    code: String,
    message: String,
    description: String,
    retry: &'static str,
}

impl Meaning {
    fn read(pool: &DescriptorPool, options: &DynamicMessage) -> Result<Self, String> {
        let text = |name: &str| match options.get_field_by_name(name).as_deref() {
            Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
            _ => Err(format!("`{name}` is missing")),
        };
        let number = |name: &str| options.get_field_by_name(name).map(|v| v.into_owned());
        let Some(Value::U32(status)) = number("status") else { return Err("`status` is missing".into()) };
        let Some(Value::EnumNumber(code)) = number("code") else { return Err("`code` is missing".into()) };
        let codes = pool.get_enum_by_name("google.rpc.Code").ok_or("google.rpc.Code is missing")?;
        let code = codes.get_value(code).ok_or("`code` is unknown")?.name().to_owned();
        let retry = match number("retry") {
            Some(Value::EnumNumber(1)) => "Never",
            Some(Value::EnumNumber(2)) => "AfterBackoff",
            _ => return Err("`retry` is to be RETRY_NEVER or RETRY_AFTER_BACKOFF".into()),
        };
        Ok(Self { status, code, message: text("message")?, description: text("description")?, retry })
    }

    fn row(&self, name: &str) -> String {
        let Self { status, code, message, description, retry } = self;
        let variant: String = code.split('_').map(capitalized).collect();
        let kind = name.to_ascii_lowercase();
        format!(
            "    /// {description}: HTTP {status}, gRPC `{code}`.\n    \
             {name} {kind:?} {status} {variant} {retry} {description:?}\n        \
             {message:?};\n"
        )
    }
}

/// `NOT` becomes `Not`.
fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    format!("{first}{}", rest.to_ascii_lowercase())
}

fn extension(pool: &DescriptorPool, name: &str) -> Result<ExtensionDescriptor, String> {
    pool.all_extensions().find(|e| e.full_name() == name).ok_or(format!("extension {name} is missing"))
}

fn options(options: &DynamicMessage, extension: &ExtensionDescriptor) -> Result<DynamicMessage, String> {
    match options.get_extension(extension).as_ref() {
        Value::Message(message) if options.has_extension(extension) => Ok(message.clone()),
        _ => Err(format!("{} lacks ({})", options.descriptor().full_name(), extension.full_name())),
    }
}
