//! The company profile as the API returns it (reference, "CompanyData object").
//!
//! Every field is always present: empty text, an empty list or 0 where nothing
//! is known. Names on the wire are the reference's, letter for letter.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::evidence::Evidence;
use crate::extended::Extended;
use crate::lead::Condition;
use crate::money::Money;

/// What is known of one company.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct CompanyData {
    /// Full legal name where the site gives it, else the name that it uses.
    pub company_name: String,
    /// Absolute URL of the logo.
    pub logo_link: String,
    /// The main address.
    pub address: Address,
    /// Telephone numbers, each once, fax numbers left out; at most one is primary.
    pub phones: Vec<Phone>,
    /// E-mail addresses of the company, each once; at most one is primary.
    pub emails: Vec<Email>,
    /// The company's sites: main domain and path.
    pub webs: Vec<WebLink>,
    /// Language in which the company communicates (ISO 639-1).
    pub language: String,
    /// People whom the site or the e-mail names.
    pub contacts: Vec<Contact>,
    /// What the company does, in a few sentences; empty where nothing can be said in the language of the answer.
    pub business: String,
    /// Assessment of the size, in words with a range.
    pub company_size: String,
    /// Products on which the site is based.
    pub technologies: Vec<String>,
    /// Advice for a commercial proposal to this company.
    pub recommendations: String,
    /// Possible sales to this company in the next twelve months, in the
    /// account's currency; 0 when not assessed.
    #[schema(value_type = f64)]
    pub estimated_budget: Money,
    /// Probability of a contract in percent, 0 to 100; 0 when not assessed.
    pub probability_of_success: u8,
    /// Noteworthy pages of the site.
    pub additional_links: Vec<AdditionalLink>,
    /// The company's own profiles on social networks, one per network.
    pub social_nets_links: Vec<WebLink>,
    /// What the pages say beyond these fields; only with `"Extended": true` (an extension).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended: Option<Extended>,
    /// Where each value came from; only with `"Explain": true` (an extension).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Vec<Evidence>>,
    /// What of the query holds for this lead; only of generated leads with `"Explain": true` (an extension).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Vec<Condition>>,
}

impl CompanyData {
    /// Whether it is a successfully enriched lead, which is what is paid for: a
    /// name, and a site, telephone number or e-mail address.
    #[must_use]
    pub fn is_lead(&self) -> bool {
        let can_be_reached = !self.webs.is_empty() || !self.phones.is_empty() || !self.emails.is_empty();
        !self.company_name.is_empty() && can_be_reached
    }
}

/// A postal address, split into the reference's six fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Address {
    /// Country name in the language of the answer.
    pub country: String,
    /// State, region or prefecture, in local form.
    pub state: String,
    /// Postal code, in local form.
    #[serde(rename = "ZIP")]
    pub zip: String,
    /// City.
    pub city: String,
    /// Street and house number, office and so on.
    pub street1: String,
    /// Continuation of the address.
    pub street2: String,
}

impl Address {
    /// Whether nothing at all is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A telephone number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Phone {
    /// International format with blanks, such as `+44 20 8068 4673`; an
    /// extension follows as ` ext. 12`.
    pub phone_number: String,
    /// Whether this is the company's main number.
    pub primary: bool,
}

/// An e-mail address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Email {
    /// The address, lower case.
    pub email: String,
    /// Whether this is the company's main address.
    pub primary: bool,
}

/// A link split as the reference splits it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct WebLink {
    /// Host, never with `http://`, `https://` or `www.`.
    pub host: String,
    /// Path with query, beginning with `/`.
    pub link: String,
}

/// A person at the company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Contact {
    /// First and last name.
    pub name: String,
    /// Job title.
    pub job_position: String,
    /// The person's e-mail address.
    pub email: String,
    /// The person's telephone number, in the form of [`Phone::phone_number`].
    pub phone: String,
}

/// A noteworthy page of the company's site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct AdditionalLink {
    /// Host, never with `http://`, `https://` or `www.`.
    pub host: String,
    /// Path with query, beginning with `/`.
    pub link: String,
    /// What the page is about.
    pub description: LinkKind,
}

/// What a page of a company's site is about (`spec`, §3, AdditionalLinks).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "the names are the definition")]
pub enum LinkKind {
    About,
    Contacts,
    ProductsAndServices,
    Industries,
    Team,
    Careers,
    News,
    Blog,
    Support,
    Partners,
    Pricing,
    Legal,
    Etc,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_profile_has_every_field_of_the_reference_and_no_other() {
        let value = serde_json::to_value(CompanyData::default()).expect("plain data serialises");
        let keys: Vec<_> = value.as_object().expect("an object").keys().cloned().collect();
        let mut expected = vec![
            "CompanyName",
            "LogoLink",
            "Address",
            "Phones",
            "Emails",
            "Webs",
            "Language",
            "Contacts",
            "Business",
            "CompanySize",
            "Technologies",
            "Recommendations",
            "EstimatedBudget",
            "ProbabilityOfSuccess",
            "AdditionalLinks",
            "SocialNetsLinks",
        ];
        expected.sort_unstable();
        assert_eq!(keys, expected);
        let address: Vec<_> = value["Address"].as_object().expect("an object").keys().cloned().collect();
        assert_eq!(address, ["City", "Country", "State", "Street1", "Street2", "ZIP"]);
    }
}
