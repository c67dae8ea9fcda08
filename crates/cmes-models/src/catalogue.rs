//! The models that can be fetched, and which of them are there.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

/// The list in the repository.
const BUILT_IN: &str = include_str!("../models.toml");

/// A list of models.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// In the order in which they are shown.
    #[serde(rename = "model")]
    pub models: Vec<CatalogueModel>,
}

/// What a model is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// Writing and answering.
    Chat,
    /// Finding by meaning.
    Embeddings,
}

/// A model as one file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueModel {
    /// By which it is asked for.
    pub name: String,
    /// What it is for.
    pub kind: Purpose,
    /// What it can do, in one line.
    pub about: String,
    /// Its licence (SPDX).
    pub licence: String,
    /// Name of its file.
    pub file: String,
    /// Bytes of its file.
    pub size: u64,
    /// SHA-256 of its file, in hexadecimal.
    pub sha256: String,
    /// Where it comes from, in the order in which they are tried.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
}

/// Where a file comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Source {
    /// The file itself.
    Url {
        /// Its address.
        url: Url,
    },
    /// Members of Python packages that make up the file one after the other.
    Packages {
        /// In their order.
        parts: Vec<Part>,
    },
}

/// A part of a file inside a Python package.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Name of the package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its wheel, which says which of its wheels is meant.
    pub sha256: String,
    /// Path of the member in the wheel.
    pub member: String,
    /// Bytes of the member.
    pub size: u64,
}

/// Whether a model is on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is. What was fetched was checked then; a file put there by hand is checked by the next pull.
    There,
    /// A file of its name is there with another size.
    Damaged,
    /// It is not.
    Missing,
}

impl Catalogue {
    /// The models in the repository's list.
    ///
    /// # Errors
    /// Never as long as the tests pass: they read the same list.
    pub fn built_in() -> Result<Catalogue, toml::de::Error> {
        Catalogue::parse(BUILT_IN)
    }

    /// Reads a list.
    ///
    /// # Errors
    /// When the text is no list of models.
    pub fn parse(text: &str) -> Result<Catalogue, toml::de::Error> {
        toml::from_str(text)
    }

    /// The model of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&CatalogueModel> {
        self.models.iter().find(|model| model.name == name)
    }

    /// The first model for this purpose: the default.
    #[must_use]
    pub fn default_for(&self, purpose: Purpose) -> Option<&CatalogueModel> {
        self.models.iter().find(|model| model.kind == purpose)
    }

    /// Whether this is the default for its purpose.
    #[must_use]
    pub fn is_default(&self, model: &CatalogueModel) -> bool {
        self.default_for(model.kind).is_some_and(|default| default.name == model.name)
    }
}

impl CatalogueModel {
    /// Its file in the folder of models.
    #[must_use]
    pub fn path(&self, folder: &Path) -> PathBuf {
        folder.join(&self.file)
    }

    /// Whether it is in this folder, told by its size: computing its sum takes seconds.
    #[must_use]
    pub fn presence(&self, folder: &Path) -> Presence {
        match std::fs::metadata(self.path(folder)) {
            Ok(found) if found.len() == self.size => Presence::There,
            Ok(_) => Presence::Damaged,
            Err(_) => Presence::Missing,
        }
    }
}

impl std::fmt::Display for Purpose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Purpose::Chat => "chat",
            Purpose::Embeddings => "embeddings",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_in_the_repository_is_sound() {
        let catalogue = Catalogue::built_in().expect("a list");
        assert!(catalogue.default_for(Purpose::Chat).is_some());
        assert!(catalogue.default_for(Purpose::Embeddings).is_some());
        let is_sum =
            |text: &str| text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        for model in &catalogue.models {
            assert!(is_sum(&model.sha256), "{}", model.name);
            assert!(!model.file.contains(['/', '\\']) && !model.file.starts_with('.'), "{}", model.file);
            assert!(!model.sources.is_empty() && !model.licence.is_empty(), "{}", model.name);
            for source in &model.sources {
                let Source::Packages { parts } = source else { continue };
                assert_eq!(parts.iter().map(|part| part.size).sum::<u64>(), model.size, "{}", model.name);
                assert!(parts.iter().all(|part| is_sum(&part.sha256)), "{}", model.name);
            }
        }
    }
}
