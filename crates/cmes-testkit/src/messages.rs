//! Sample e-mails as a user would paste them into `Content`.

use std::path::Path;

use cmes_types::{Address, Contact};
use serde::Deserialize;

use crate::site::{list_dir, read_text};

/// What should be found in a message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct MessageExpected {
    /// Host of the company's site.
    pub site: String,
    /// The person who wrote it, as the signature says.
    pub person: Contact,
    /// Name of the company; `None` here and below where it is not labelled.
    #[serde(default)]
    pub company_name: Option<String>,
    /// Every number of the company or the person, in international format.
    #[serde(default)]
    pub phones: Option<Vec<String>>,
    /// Addresses of the company or the person.
    #[serde(default)]
    pub emails: Option<Vec<String>>,
    /// Postal address.
    #[serde(default)]
    pub address: Option<Address>,
    /// ISO 639-1.
    #[serde(default)]
    pub language: Option<String>,
}

/// One sample e-mail.
#[derive(Clone, Debug)]
pub struct Message {
    /// File name without ending.
    pub name: String,
    /// The whole text, headers included.
    pub content: String,
    /// What should be found in it.
    pub expected: MessageExpected,
}

/// All sample e-mails by name.
///
/// # Panics
///
/// When a file cannot be read or its labels are missing or broken.
#[must_use]
pub fn messages() -> Vec<Message> {
    read("messages")
}

/// The messages to measure on, by name; nothing is developed on them.
///
/// # Panics
///
/// As [`messages`].
#[must_use]
pub fn measured_messages() -> Vec<Message> {
    read("measured-messages")
}

fn read(folder: &str) -> Vec<Message> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    if !dir.exists() {
        return Vec::new();
    }
    let mut messages = Vec::new();
    for path in list_dir(&dir) {
        let is_message = path.extension().is_some_and(|ending| ending == "eml" || ending == "txt");
        if !is_message {
            continue;
        }
        let labels = path.with_extension("json");
        let expected =
            serde_json::from_str(&read_text(&labels)).unwrap_or_else(|error| panic!("{}: {error}", labels.display()));
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        messages.push(Message { name, content: read_text(&path), expected });
    }
    messages
}
