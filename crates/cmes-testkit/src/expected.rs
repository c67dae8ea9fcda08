//! The labels of a site: what a careful human would read from its pages.

use cmes_types::{Address, Contact, LinkKind};
use serde::Deserialize;

use crate::site::{self, read_text};

/// How reading a site is supposed to end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Outcome {
    /// A company's site.
    #[default]
    #[serde(rename = "ok")]
    Ok,
    /// A parked domain or a hosting default page: no company is shown.
    #[serde(rename = "parked")]
    Parked,
    /// The content only appears by script.
    #[serde(rename = "script-only")]
    ScriptOnly,
}

/// One noteworthy page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ExpectedLink {
    /// Path with query, as the site links it.
    pub link: String,
    /// What the page is about.
    pub description: LinkKind,
}

/// What should be read from a site.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Expected {
    /// Full legal name, or the name used where the site gives no legal one.
    pub company_name: String,
    /// Path of the logo on the site; empty when it has none.
    pub logo_link: String,
    /// The main address.
    pub address: Address,
    /// The company's own numbers in international format, the primary one first.
    pub phones: Vec<String>,
    /// The company's own addresses, the primary one first.
    pub emails: Vec<String>,
    /// ISO 639-1.
    pub language: String,
    /// People of the company.
    pub contacts: Vec<Contact>,
    /// Product names.
    pub technologies: Vec<String>,
    /// Profiles as `host/path`, without scheme and `www.`.
    pub social_nets_links: Vec<String>,
    /// Noteworthy pages.
    pub additional_links: Vec<ExpectedLink>,
    /// How the reading ends.
    pub outcome: Outcome,
}

/// The labels of the site with this name.
///
/// # Panics
///
/// When there is no such site or its labels are broken.
#[must_use]
pub fn expected(site: &str) -> Expected {
    let folder = site::site(site).unwrap_or_else(|| panic!("there is no site {site}")).folder;
    let path = folder.join("expected.json");
    serde_json::from_str(&read_text(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
