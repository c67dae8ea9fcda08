//! docs/quality.md, which three commands write: each its own part.

use std::io;
use std::path::{Path, PathBuf};

/// The headings with which the parts after the first begin.
const RETRIEVAL: &str = "## Finding passages";
const LEADS: &str = "## Lists of leads";

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/quality.md")
}

/// The three parts, each with its heading.
struct Parts {
    profiles: String,
    retrieval: String,
    leads: String,
}

impl Parts {
    fn read() -> io::Result<Self> {
        Ok(Self::of(&std::fs::read_to_string(file())?))
    }

    fn of(text: &str) -> Self {
        let (text, leads) = text.split_at(text.find(LEADS).unwrap_or(text.len()));
        let (profiles, retrieval) = text.split_at(text.find(RETRIEVAL).unwrap_or(text.len()));
        Self { profiles: profiles.to_owned(), retrieval: retrieval.to_owned(), leads: leads.to_owned() }
    }

    fn text(&self) -> String {
        let parts = [&self.profiles, &self.retrieval, &self.leads].map(|part| part.trim_end());
        let written: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("{}\n", written.join("\n\n"))
    }

    fn write(&self) -> io::Result<()> {
        std::fs::write(file(), self.text())
    }
}

/// Writes the part about profiles, texts and offers.
pub fn write_profiles(text: &str) -> io::Result<()> {
    Parts { profiles: text.to_owned(), ..Parts::read()? }.write()
}

/// Writes the part about retrieval, without its heading.
pub fn write_retrieval(text: &str) -> io::Result<()> {
    Parts { retrieval: format!("{RETRIEVAL}\n\n{text}"), ..Parts::read()? }.write()
}

/// Writes the part about lists of leads, without its heading.
pub fn write_leads(text: &str) -> io::Result<()> {
    Parts { leads: format!("{LEADS}\n\n{text}"), ..Parts::read()? }.write()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_kept_apart() {
        let text = "# Quality\n\n## Finding passages\n\nold\n\n## Lists of leads\n\nP@10\n";
        assert_eq!(Parts::of(text).text(), text);
        let changed = Parts { retrieval: format!("{RETRIEVAL}\n\nnew"), ..Parts::of(text) };
        assert_eq!(changed.text(), text.replace("old", "new"));
        let without = "# Quality\n\nprofiles\n";
        assert_eq!(Parts::of(without).text(), without);
    }
}
