//! Settings that are never shown.

use serde::{Deserialize, Serialize, Serializer};

use super::ConfigError;

/// Text that prints as stars.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("***")
    }
}

/// Keys that may be given as `<key>_file`: the path of a file that holds the value.
const KEYS: &[(&str, &str)] = &[
    ("database", "url"),
    ("embeddings", "api_key"),
    ("fetch", "proxy"),
    ("llm", "api_key"),
    ("models", "index"),
    ("search.brave", "api_key"),
    ("search.serper", "api_key"),
    ("search.tavily", "api_key"),
];

/// Whether `<key>_file` is accepted in this section; gives the key.
pub(super) fn key_of_file<'a>(section: &str, key_file: &'a str) -> Option<&'a str> {
    let key = key_file.strip_suffix("_file")?;
    KEYS.contains(&(section, key)).then_some(key)
}

/// The value in a secret's file, without the line break at its end.
pub(super) fn read_file(path: &str, named_by: &str) -> Result<String, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::new(format!("{named_by} names {path}, which cannot be read: {error}")))?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

/// Puts the contents of named files in the place of `<key>_file`.
pub(super) fn read_files(table: &mut toml::Table) -> Result<(), ConfigError> {
    for (section, key) in KEYS {
        let Some(section_table) = part_of(table, section) else { continue };
        let name = format!("{key}_file");
        if let Some(path) = section_table.remove(&name) {
            let path = path.as_str().ok_or_else(|| ConfigError::new(format!("{section}.{name} takes a path")))?;
            let value = read_file(path, &format!("{section}.{name}"))?;
            section_table.insert((*key).to_owned(), value.into());
        }
    }
    Ok(())
}

fn part_of<'a>(table: &'a mut toml::Table, section: &str) -> Option<&'a mut toml::Table> {
    section.split('.').try_fold(table, |table, name| table.get_mut(name)?.as_table_mut())
}
