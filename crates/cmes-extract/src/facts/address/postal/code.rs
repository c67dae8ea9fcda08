//! A postal code and the countries whose codes look so.

use crate::places::{Country, State};

/// A postal code in a piece of text with what stands around it there.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::facts::address) struct Code {
    /// The code in local form.
    pub zip: String,
    /// Countries whose codes look so, two letters each.
    pub countries: &'static str,
    /// Country that a prefix (`D-`, `CH-`) names.
    pub prefix: Option<Country>,
    /// State that belongs to the code (`NC 28899`).
    pub state: Option<&'static str>,
    /// The form alone shows that it is a postal code.
    pub distinct: bool,
    /// A word before it says so (`CEP`, `PLZ`).
    pub marked: bool,
    /// Text of the piece before the code, and after it.
    pub before: String,
    pub after: String,
}

/// Codes so short or so like other numbers that they count in their country only.
pub(super) const THREE: &str = "IS FO";
pub(super) const MALTA: &str = "MT";
pub(super) const FOUR: &str = "AT CH BE LU NL NO DK HU BG SI LI AU NZ ZA PH BD GE CY TN MK AL AM AR";
pub(super) const FIVE: &str = "DE FR ES IT FI EE UA TR MX KR TH MY ID MA EG SA HR RS BA ME PE KE PK VN LK DZ US LT GR SE CZ SK IL TW CR DO \
                    UY CU GT KW JO IQ IR MN NP ZM MC SM VA";
pub(super) const SIX: &str = "RU BY KZ IN CN RO SG EC CO VN KG UZ TJ";
pub(super) const SEVEN: &str = "IL CL";
/// Countries that write the code after the city.
const CODE_LAST: &str =
    "MT US CA AU NZ ZA IN GB IE SG KR PK TH ID PH BD KE LK VN IL JP BR CN RU UA KZ BY TR TW EG SA PE MX NP LV";

impl Code {
    /// The one country whose codes look so.
    pub fn country(&self) -> Option<Country> {
        Some(self.countries).filter(|list| list.len() == 2).and_then(Country::from_code)
    }

    /// Whether the code may belong to a country.
    pub fn may_be(&self, country: Country) -> bool {
        self.prefix == Some(country) || self.countries.split(' ').any(|code| code == country.code())
    }

    /// The one country of such codes that has a state called so. Two letters
    /// are too many countries' to tell, and an American state stands before
    /// the code.
    pub fn country_of_state(&self, text: &str) -> Option<Country> {
        if text.len() > 40
            || text.bytes().any(|b| b.is_ascii_digit())
            || text.chars().filter(|c| *c != '.').count() < 3 && !text.contains('.')
        {
            return None;
        }
        let all = self.countries.split(' ').filter(|code| *code != "US").filter_map(Country::from_code);
        let mut found = all.filter(|country| State::find(*country, text).is_some());
        found.next().filter(|_| found.next().is_none())
    }

    /// Whether its form says so little that it counts in its country only.
    pub fn is_local(&self) -> bool {
        matches!(self.countries, THREE | MALTA)
    }

    /// Whether the letters of a country may stand before it.
    pub fn may_have_prefix(&self) -> bool {
        !self.distinct && self.before.is_empty() && self.zip.len() >= 4
    }

    /// Whether a country writes the code after the city.
    pub fn is_last_in(country: Country) -> bool {
        CODE_LAST.split(' ').any(|code| code == country.code())
    }

    /// A number that may as well be a year.
    pub fn is_like_a_year(&self) -> bool {
        self.prefix.is_none()
            && !self.distinct
            && self.zip.len() == 4
            && (self.zip.starts_with("19") || self.zip.starts_with("20"))
    }
}
