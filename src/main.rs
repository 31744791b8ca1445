//! The `errwire` command.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A server allocates and frees on several threads, which the allocator of the system is slower at (docs/reliability.md).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    errwire::__run()
}
