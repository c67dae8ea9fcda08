//! How a company stands to the query that it was found by: the extension `Conditions` of generated leads.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One condition of a query and what the company's own site says to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Condition {
    /// The condition in the words of the query, such as "Pipe manufacturers" or "USA".
    pub condition: String,
    /// Whether it holds.
    pub standing: Standing,
    /// The sentence or line of the site that shows it; empty when nothing does.
    pub sentence: String,
    /// The page on which that stands.
    #[serde(rename = "URL")]
    pub url: String,
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub enum Standing {
    /// The site shows that it holds.
    Meets,
    /// The site shows that it does not.
    Misses,
    /// The site says nothing to it.
    #[default]
    Open,
}
