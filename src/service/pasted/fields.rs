//! Lines of the form `name: value`, and status lines.

use crate::service::pb;

/// The status of a line such as `HTTP/1.1 404 Not Found` or `:status: 404`; nothing if it is not such a line.
pub(super) fn status_line(line: &str) -> Option<u32> {
    let rest = match line.strip_prefix(":status:") {
        Some(rest) => rest,
        None => line.strip_prefix("HTTP/")?.split_once(' ')?.1,
    };
    let digits = rest.split_whitespace().next()?;
    if digits.len() != 3 { None } else { digits.parse().ok() }
}

/// The fields of a head. A line that begins with a space continues the one before it.
///
/// # Errors
///
/// What is wrong with the first line that is not a field.
pub(super) fn fields<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Vec<pb::Header>, String> {
    let mut fields: Vec<pb::Header> = Vec::new();
    for line in lines {
        if let (true, Some(last)) = (line.starts_with([' ', '\t']) && !line.contains(':'), fields.last_mut()) {
            last.value.push(' ');
            last.value.push_str(line.trim());
            continue;
        }
        fields.push(field(line)?);
    }
    Ok(fields)
}

fn field(line: &str) -> Result<pb::Header, String> {
    match line.split_once(':') {
        Some((name, value)) => Ok(pb::Header { name: name.trim().to_lowercase(), value: value.trim().to_owned() }),
        None => Err(format!(
            "The line `{line}` is not a field. Begin with `HTTP/1.1 404 Not Found`, with `grpc-status: 5`, or with `{{`; write \
             each field as `name: value`; and leave an empty line before the body."
        )),
    }
}

/// The three fields of a gRPC error, if there is a `grpc-status`.
pub(super) fn trailers(fields: &[pb::Header]) -> Option<pb::GrpcTrailers> {
    let value = |name| fields.iter().find(|field| field.name == name).map(|field| field.value.clone());
    Some(pb::GrpcTrailers {
        grpc_status: value("grpc-status")?,
        grpc_message: value("grpc-message").unwrap_or_default(),
        grpc_status_details_bin: value("grpc-status-details-bin").unwrap_or_default(),
    })
}
