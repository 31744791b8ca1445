//! The errors of tasks, for every service that makes or meets them.

errwire::include_errors!("errors");

#[cfg(test)]
mod tests;
