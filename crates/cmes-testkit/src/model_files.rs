//! Where the real models of tests lie.

use std::path::PathBuf;

/// The model file of this name: in the folder that `TEST_MODELS_DIR` names, else in `~/.cache/cmes-models/models`, where
/// `make test` has it fetched (`scripts/test-models.sh`). None where it is missing, which the log of the run says.
#[expect(clippy::print_stderr, reason = "a skipped test must be seen in the log of the run")]
#[must_use]
pub fn model_file(name: &str) -> Option<PathBuf> {
    let cache = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache/cmes-models/models");
    let file = std::env::var_os("TEST_MODELS_DIR").map_or_else(cache, PathBuf::from).join(name);
    if file.is_file() {
        return Some(file);
    }
    eprintln!("SKIPPED: there is no {}; fetch it with cmes models pull", file.display());
    None
}
