//! What public pages say of a company beyond the reference's fields: the
//! extension `Extended` of the API.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::company::Address;

/// Everything else that the pages say. As in the profile, every field is always
/// present: empty text, an empty list or 0 where nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Extended {
    /// Name with its legal form, as registers have it.
    pub legal_name: String,
    /// Brands and other names under which the company appears.
    pub other_names: Vec<String>,
    /// Further domains of the company.
    pub domains: Vec<String>,
    /// Year of foundation; 0 when it is not stated.
    pub founded: u16,
    /// Number of employees that the pages state.
    pub employees: EmployeeRange,
    /// Line of business that the pages state in structured data or by a code of
    /// a classification.
    pub industry: String,
    /// VAT and register numbers; those with check digits are checked.
    pub identifiers: Vec<Identifier>,
    /// Certified standards, such as `ISO 9001`.
    pub certifications: Vec<String>,
    /// Languages in which the site is offered (ISO 639-1).
    pub languages: Vec<String>,
    /// Addresses beside the main one.
    pub locations: Vec<Location>,
    /// When the company is open, one entry for each range of days.
    pub opening_hours: Vec<OpeningHours>,
    /// Vacancies that the pages name.
    pub open_positions: Vec<OpenPosition>,
    /// Words for what the company does, most telling first, in the site's language.
    pub keywords: Vec<String>,
    /// How `EstimatedBudget` and `ProbabilityOfSuccess` came about, signal by
    /// signal; empty without an offer.
    pub assessment: Vec<Signal>,
}

/// What one signal adds to budget and probability.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Signal {
    /// Its name, such as `Fit` or `Size`.
    #[serde(rename = "Signal")]
    pub name: String,
    /// Its value, in figures or in the words of the pages.
    pub value: String,
    /// Points of `ProbabilityOfSuccess`.
    pub points: i32,
    /// Factor of `EstimatedBudget`; 1 for none.
    pub factor: f64,
}

/// A number of employees; both ends are the same where one number is stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct EmployeeRange {
    /// At least so many; 0 when it is not stated.
    pub from: u32,
    /// At most so many; 0 when it is not stated.
    pub to: u32,
}

/// A number by which a register or a tax office knows the company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Identifier {
    /// What it is: `VAT`, `HRB`, `SIREN`, `CNPJ`, `KvK`, `INN` …
    #[serde(rename = "Type")]
    pub kind: String,
    /// The number without blanks, with its country's sign where it has one.
    pub number: String,
    /// ISO 3166-1 alpha-2; empty for international numbers.
    pub country: String,
    /// Who keeps the register, where the number alone does not say it
    /// (`Amtsgericht Hamburg`).
    pub authority: String,
}

/// A place of the company beside its main address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Location {
    /// What the site calls it.
    pub name: String,
    /// Where it is.
    pub address: Address,
}

/// Hours on a range of days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct OpeningHours {
    /// Days as schema.org abbreviates them: `Mo-Fr`, `Sa`.
    pub days: String,
    /// `HH:MM`.
    pub opens: String,
    /// `HH:MM`.
    pub closes: String,
}

/// A vacancy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct OpenPosition {
    /// Job title.
    pub title: String,
    /// Where the work is, as the site says it.
    pub place: String,
    /// Absolute URL of its page; empty when it has none of its own.
    pub link: String,
}
