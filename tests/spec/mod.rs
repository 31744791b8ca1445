//! The tables of the specification, typed in by hand: what all tests here compare with.
#![allow(dead_code, unused_imports, reason = "each test uses a part")]

mod guidance;
mod kinds;
mod tables;

pub(crate) use guidance::GUIDANCE;
pub(crate) use kinds::{GENERIC, REFERENCE};
pub(crate) use tables::{INTERMEDIARY, KIND_OF_CODE, KIND_OF_STATUS, STATUS_OF_CODE, code_kind, intermediary, origin};
