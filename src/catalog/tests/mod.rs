//! Catalog files, good and bad.

mod bad;
mod good;
mod hostile;
