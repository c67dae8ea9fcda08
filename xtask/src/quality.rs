//! docs/quality.md, which two commands write: each its own part.

use std::io;
use std::path::{Path, PathBuf};

/// The heading with which the second part begins.
const RETRIEVAL: &str = "## Finding passages";

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/quality.md")
}

/// Writes the part about profiles, texts and offers.
pub fn write_profiles(text: &str) -> io::Result<()> {
    let old = std::fs::read_to_string(file())?;
    let retrieval = old.find(RETRIEVAL).and_then(|at| old.get(at..)).unwrap_or_default();
    write(text, retrieval)
}

/// Writes the part about retrieval, without its heading.
pub fn write_retrieval(text: &str) -> io::Result<()> {
    let old = std::fs::read_to_string(file())?;
    let profiles = old.split(RETRIEVAL).next().unwrap_or_default();
    write(profiles, &format!("{RETRIEVAL}\n\n{text}"))
}

fn write(profiles: &str, retrieval: &str) -> io::Result<()> {
    let text = format!("{}\n\n{}", profiles.trim_end(), retrieval.trim_end());
    std::fs::write(file(), format!("{}\n", text.trim_end()))
}
