//! `errwire explain`: a kind, a reason, a status, a code or a method, for a person.

mod group;
mod kind;
mod method;

use std::io::Write;

use super::failure::{Failure, Outcome};
use crate::{
    catalog::{Catalog, Method},
    diagnostic::nearest,
    model::{Code, Error, HttpStatus, Kind, kinds, shown},
    service::{CatalogReader, pb},
    translate::Translator,
};

/// What somebody asks about.
enum Subject {
    Kind(Kind),
    Status(HttpStatus),
    Code(Code),
    /// One method, or those of a service.
    Methods(Vec<Method>),
}

pub(super) fn run(translator: &Translator, name: &str, out: &mut impl Write) -> Result<Outcome, Failure> {
    match subject(translator, name).map_err(Failure::Errwire)? {
        Subject::Kind(kind) => kind::write(translator, &kind, out),
        Subject::Status(status) => group::status(translator, status, out),
        Subject::Code(code) => group::code(translator, code, out),
        Subject::Methods(methods) => method::write(translator, &methods, out),
    }
    .map_err(Failure::Output)?;
    Ok(Outcome::Fine)
}

/// A kind has lower case, a code and a reason have upper case, a status has digits, and a method has a slash or a dot. Of a
/// name that is a code and a reason, the code: its kind is on its page.
// docs/rules.md: R-CLI-5
fn subject(translator: &Translator, name: &str) -> Result<Subject, Error> {
    let catalog = translator.catalog();
    if let Some(status) = status(name)? {
        return Ok(Subject::Status(status));
    }
    if let Some(code) = Code::ALL.into_iter().find(|code| code.name() == name) {
        return Ok(Subject::Code(code));
    }
    if let Some(kind) = catalog.get_by_reason(name) {
        return Ok(Subject::Kind(kind));
    }
    if name.contains(['/', '.']) {
        return methods(&catalog, name).map(Subject::Methods);
    }
    let request = pb::GetKindRequest { kind: name.to_owned() };
    CatalogReader::new(translator.clone()).get_kind(&request).map(Subject::Kind)
}

fn status(name: &str) -> Result<Option<HttpStatus>, Error> {
    if name.is_empty() || !name.bytes().all(|c| c.is_ascii_digit()) {
        return Ok(None);
    }
    let status = name.parse().ok().and_then(|number| HttpStatus::new(number).ok());
    let refused = || {
        let message = format!("{} is not the HTTP status of an error. Use a number from 400 to 599.", shown(name));
        Error::new(kinds::REQUEST_INVALID).with_message(message)
    };
    status.map(Some).ok_or_else(refused)
}

fn methods(catalog: &Catalog, name: &str) -> Result<Vec<Method>, Error> {
    let name = name.strip_prefix('/').unwrap_or(name);
    let of_service = |method: &&Method| method.name() == name || method.service() == name && method.name() != name;
    let found: Vec<Method> = catalog.methods().filter(of_service).cloned().collect();
    if !found.is_empty() {
        return Ok(found);
    }
    if let Some(service) = catalog.method(name) {
        return Ok(vec![service.clone()]);
    }
    let remedy = match nearest(name, catalog.methods().map(Method::name)) {
        Some(near) => format!("Did you mean `{near}`?"),
        None if catalog.methods().len() == 0 => "Give a file that declares methods with --catalog.".to_owned(),
        None => "Look at the `methods` of the catalog.".to_owned(),
    };
    let message = format!("The catalog has no method `{}`. {remedy}", shown(name));
    Err(Error::new(kinds::NOT_FOUND).with_message(message))
}
