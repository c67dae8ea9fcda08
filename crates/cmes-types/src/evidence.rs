//! Where a value came from: the extension `Evidence` of the API.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One value of a profile with the material that bears it out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Evidence {
    /// Path of the value in the answer, such as `Phones[0]` or `Address.City`;
    /// `Identity` for a remark on whether the material is about one company.
    pub field: String,
    /// The value as returned.
    pub value: String,
    /// Page on which it stands; empty when it stands in the request's Content.
    #[serde(rename = "URL")]
    pub url: String,
    /// The words around it, at most about 200 characters.
    pub snippet: String,
    /// How it was read.
    pub method: Method,
    /// 0 (a guess) to 1 (certain), with two decimals.
    pub confidence: f64,
}

/// How a value was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Structured data: JSON-LD, microdata or RDFa of schema.org, hCard.
    #[serde(rename = "schema.org")]
    SchemaOrg,
    /// Open Graph and other `<meta>` elements, `<title>`, `<link>`, `lang`.
    Meta,
    /// A `tel:`, `mailto:` or ordinary link.
    Link,
    /// Text that a visitor reads.
    #[default]
    Text,
    /// HTTP headers and cookies.
    Header,
    /// Scripts, style sheets and other markup.
    Markup,
    /// The Content of the request: the e-mail or text itself.
    Content,
    /// Follows from the address of the site, or from several other values.
    Inferred,
    /// Written by a language model and checked against the material.
    Model,
}
