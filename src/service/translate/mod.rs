//! `Translate`, the bulk translation, as it comes over the wire.
//!
//! The method that the build generates ends a stream at the first message that is too large or cannot be decoded. Here such a
//! message fails alone: the frames are taken apart by [`Frames`], which knows where the next one begins.

mod frames;
mod server;
mod stream;

pub use server::ErrorMappingServer;
pub use stream::TranslateStream;

pub(super) use frames::{Frames, Unreadable};
