//! `cargo xtask generate`: the checked-in files that are made from the code. A
//! test of cmes-server fails when they are not up to date.

use std::path::Path;

/// Writes them.
///
/// # Errors
///
/// When a file cannot be written.
pub fn run() -> std::io::Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    std::fs::write(docs.join("openapi.json"), cmes_server::openapi::json(None))?;
    std::fs::write(docs.join("problems.md"), cmes_server::problem::markdown())
}
