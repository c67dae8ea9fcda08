//! The files of a folder that can be imported.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use cmes_app::knowledge::import::source_of;

use crate::commands::Failure;

/// Endings of what is read; other files of a folder are passed over.
const ENDINGS: [&str; 14] =
    ["pdf", "docx", "xlsx", "xlsm", "odt", "ods", "html", "htm", "xhtml", "md", "markdown", "csv", "tsv", "txt"];
/// Most files of one import.
const MOST_FILES: usize = 20_000;
/// Deepest folder.
const DEEPEST: usize = 30;
/// Largest file, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A file to be imported.
pub(super) struct File {
    pub(super) path: PathBuf,
    /// How the knowledge base knows it: its path from the folder's own name on.
    pub(super) source: String,
}

/// What is to be imported.
pub(super) struct Found {
    pub(super) files: Vec<File>,
    /// How many of the outer folders of a source are no sections.
    pub(super) skipped_folders: usize,
    /// How the sources of a folder begin; none for a single file.
    pub(super) prefix: Option<String>,
}

/// A file, or all files in a folder and below that can be read, in the order of their paths.
pub(super) fn below(path: &Path) -> Result<Found, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::new(format!("{} cannot be read: {error}; give a folder, a file or an address", path.display()))
    };
    let whole = path.canonicalize().map_err(unreadable)?;
    let own = whole.file_name().map(|name| source_of(&name.to_string_lossy())).unwrap_or_default();
    if !whole.is_dir() {
        return Ok(Found { files: vec![File { path: whole, source: own }], skipped_folders: 0, prefix: None });
    }
    let prefix = if own.is_empty() { String::new() } else { format!("{own}/") };
    let mut files = Vec::new();
    let mut open = vec![(whole, prefix.clone(), 0)];
    while let Some((folder, before, depth)) = open.pop() {
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // Links may lead out of the folder, or around in it.
            let kind = entry.file_type().map_err(unreadable)?;
            if name.starts_with(['.', '~']) {
                continue;
            }
            let source = format!("{before}{}", source_of(&name));
            if kind.is_dir() && depth < DEEPEST {
                open.push((entry.path(), format!("{source}/"), depth + 1));
            } else if kind.is_file() && is_readable(&name) {
                files.push(File { path: entry.path(), source });
            }
            if files.len() > MOST_FILES {
                return Err(Failure::new(format!(
                    "there are more than {MOST_FILES} files; import its folders one by one"
                )));
            }
        }
    }
    files.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(Found { files, skipped_folders: usize::from(!prefix.is_empty()), prefix: Some(prefix) })
}

fn is_readable(name: &str) -> bool {
    let ending = Path::new(name).extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// The bytes of a file, or why they cannot be had.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let file = std::fs::File::open(path).map_err(|error| format!("it cannot be opened: {error}"))?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| format!("it cannot be read: {error}"))?;
    if bytes.len() as u64 > LARGEST { Err(format!("it has more than {LARGEST} bytes: split it")) } else { Ok(bytes) }
}
