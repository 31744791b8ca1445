//! What the tests of the layers share.
#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

pub mod echo;
pub mod frames;
pub mod peer;
pub mod script;
pub mod watch;
