//! The shapes of HTTP error bodies: a file for each that we write, one for all that we only read, and the general reader, which
//! begins in `envelope.rs`.

mod connect;
mod envelope;
mod field_violations;
mod finder;
mod google;
mod identifier;
mod kind_message;
mod message;
mod order;
mod problem;
mod read_only;
mod roles;
mod take;
mod token;
mod violations;
mod words;
mod write;

pub(crate) use order::write;
pub(super) use token::shape;
pub(super) use words::Word;
pub(crate) use write::{ErrorFields, List};

pub(super) use kind_message::KindMessage;
pub(super) use order::read;
