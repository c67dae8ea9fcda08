//! What is kept of a company: from a list's columns, or from its profile, within limits and without what is personal.

use std::collections::HashMap;
use std::sync::LazyLock;

use cmes_extract::content::own_site;
use cmes_extract::places::{Country, fold};
use cmes_store::companies::Company;
use cmes_types::{CompanyData, LanguageCode, Method};
use serde_json::{Map, Value};

/// Longest texts, in bytes.
const LONGEST_NAME: usize = 200;
const LONGEST_PLACE: usize = 100;
const LONGEST_ABOUT: usize = 1_000;
const LONGEST_EMPLOYEES: usize = 40;

/// A column of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Column {
    Website,
    Name,
    Country,
    Region,
    City,
    Description,
    Industry,
    Keywords,
    Employees,
    Language,
}

/// As they are named in `data/directory_columns.tsv`.
const ALL: [(&str, Column); 10] = [
    ("website", Column::Website),
    ("name", Column::Name),
    ("country", Column::Country),
    ("region", Column::Region),
    ("city", Column::City),
    ("description", Column::Description),
    ("industry", Column::Industry),
    ("keywords", Column::Keywords),
    ("employees", Column::Employees),
    ("language", Column::Language),
];

const COLUMNS: &str = include_str!("../../data/directory_columns.tsv");

/// Names of columns, as they are compared. A name in two lists is of the first.
static NAMES: LazyLock<HashMap<String, Column>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for (name, column) in ALL {
        for name in names_of(name) {
            names.entry(compared(name)).or_insert(column);
        }
    }
    names
});

fn names_of(column: &str) -> impl Iterator<Item = &'static str> {
    let list = COLUMNS.lines().filter_map(|line| line.split_once('\t')).find(|(name, _)| *name == column);
    list.map_or("", |(_, names)| names).split(',').map(str::trim)
}

fn compared(name: &str) -> String {
    fold(name).replace(' ', "")
}

impl Column {
    /// The column that a heading or key names.
    pub(super) fn named(heading: &str) -> Option<Self> {
        /// No heading is longer.
        const LONGEST: usize = 100;
        if heading.len() > LONGEST {
            return None;
        }
        NAMES.get(&compared(heading)).copied()
    }

    /// The names of columns that are understood, for people.
    pub(super) fn accepted() -> String {
        let names = ALL.map(|(name, column)| {
            let others: Vec<&str> = names_of(name).filter(|other| *other != name).take(3).collect();
            let others = if others.is_empty() { String::new() } else { format!(" (or {})", others.join(", ")) };
            format!("{name}{others}{}", if column == Column::Website { ", which is needed" } else { "" })
        });
        names.join("; ")
    }
}

/// Why a row is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing says where the company's site is.
    #[error("there is no website; a company is known by it")]
    NoWebsite,
    /// What is said is none.
    #[error("“{0}” is no company's own website; give its address, such as https://example.com")]
    NotAWebsite(String),
}

/// A company by what stands in the columns of its row.
pub(super) fn of_columns<'a>(cells: impl Iterator<Item = (Column, &'a str)>) -> Result<Company, Refusal> {
    let mut texts: HashMap<Column, Vec<&str>> = HashMap::new();
    for (column, text) in cells {
        let text = text.trim();
        if !text.is_empty() {
            texts.entry(column).or_default().push(text);
        }
    }
    let all = |column| texts.get(&column).map(Vec::as_slice).unwrap_or_default();
    let first = |column| all(column).first().copied().unwrap_or_default();
    let written = all(Column::Website);
    // Of several addresses in a cell, the first one that is a site.
    let parts = written.iter().flat_map(|text| text.split([',', ';', '|', ' ', '\n', '\t']));
    let Some(site) = parts.filter(|part| !part.is_empty()).find_map(own_site) else {
        return Err(match written.first() {
            Some(written) => Refusal::NotAWebsite(limited(written, 80)),
            None => Refusal::NoWebsite,
        });
    };
    let about = [Column::Description, Column::Industry, Column::Keywords].into_iter().flat_map(all);
    Ok(Company {
        name: limited(first(Column::Name), LONGEST_NAME),
        domain: site.domain,
        host: site.host,
        country: country(first(Column::Country)),
        region: limited(first(Column::Region), LONGEST_PLACE),
        city: limited(first(Column::City), LONGEST_PLACE),
        about: about_of(about.copied()),
        employees: limited(first(Column::Employees), LONGEST_EMPLOYEES),
        language: language(first(Column::Language)),
    })
}

/// Keys of JSON objects in which more keys of a company stand.
const WITHIN: [&str; 6] = ["address", "webs", "extended", "location", "headquarters", "company"];
/// Deepest object that is looked into.
const DEEPEST: usize = 3;

/// A company by a JSON object: with the names of columns as keys, or a profile as the API returns it.
pub(super) fn of_object(object: &Map<String, Value>) -> Result<Company, Refusal> {
    let mut cells: Vec<(Column, String)> = Vec::new();
    collect(object, DEEPEST, &mut cells);
    of_columns(cells.iter().map(|(column, text)| (*column, text.as_str())))
}

fn collect(object: &Map<String, Value>, depth: usize, cells: &mut Vec<(Column, String)>) {
    for (key, value) in object {
        if let Some(column) = Column::named(key)
            && let Some(text) = text_of(value)
        {
            cells.push((column, text));
        } else if depth > 1 && WITHIN.contains(&key.to_lowercase().as_str()) {
            match value {
                Value::Object(inner) => collect(inner, depth - 1, cells),
                Value::Array(list) => {
                    list.iter().filter_map(Value::as_object).for_each(|inner| collect(inner, depth - 1, cells));
                }
                _ => {}
            }
        }
    }
}

/// A text, a number, a list of them, or a range of numbers.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(list) => {
            let texts: Vec<String> = list.iter().filter(|one| !one.is_array()).filter_map(text_of).collect();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        Value::Object(range) => {
            let end = |name: &str| range.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?.1.as_u64();
            match (end("from")?, end("to")?) {
                (0, 0) => None,
                (from, 0) => Some(format!("from {from}")),
                (from, to) if from == to => Some(from.to_string()),
                (from, to) => Some(format!("{from}-{to}")),
            }
        }
        Value::Null | Value::Bool(_) => None,
    }
}

/// A company by its profile: what its evidence, where there is some, does not find in the request's Content alone.
pub(super) fn of_profile(data: &CompanyData) -> Option<Company> {
    let evidence = data.evidence.as_deref().unwrap_or_default();
    let is_public = |field: &str| !evidence.iter().any(|one| one.field == field && one.method == Method::Content);
    let address_is_public = ["Address.Country", "Address.State", "Address.City"].into_iter().all(is_public);
    let address = if address_is_public { data.address.clone() } else { cmes_types::Address::default() };
    let site = own_site(&data.webs.first().filter(|_| is_public("Webs[0]"))?.host)?;
    if !is_public("CompanyName") {
        return None;
    }
    let extended = data.extended.as_ref();
    let keywords = extended.map(|extended| extended.keywords.join(", ")).unwrap_or_default();
    let about = [data.business.as_str(), extended.map_or("", |extended| &extended.industry), &keywords];
    let employees = extended.and_then(|extended| text_of(&serde_json::to_value(extended.employees).ok()?));
    Some(Company {
        domain: site.domain,
        host: site.host,
        name: limited(&data.company_name, LONGEST_NAME),
        country: country(&address.country),
        region: limited(&address.state, LONGEST_PLACE),
        city: limited(&address.city, LONGEST_PLACE),
        about: about_of(about.into_iter()),
        employees: employees.map(|text| limited(&text, LONGEST_EMPLOYEES)).unwrap_or_default(),
        language: if is_public("Language") { language(&data.language) } else { String::new() },
    })
}

fn country(text: &str) -> String {
    let text = text.trim();
    let country = Country::from_code(text).or_else(|| Country::from_name(text));
    country.map(|country| country.code().to_owned()).unwrap_or_default()
}

/// `de`, `de-AT` and `DE_de` are all German.
fn language(text: &str) -> String {
    let code = text.split(['-', '_']).next().unwrap_or_default().trim().to_lowercase();
    code.parse::<LanguageCode>().map(|code| code.as_str().to_owned()).unwrap_or_default()
}

/// What a company does, of several texts: each once, and without addresses and numbers of people.
fn about_of<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut about = String::new();
    for text in texts {
        // More than this is cut off anyway.
        let text = without_contacts(cut(text, LONGEST_ABOUT * 4));
        if text.is_empty() || about.contains(&text) {
            continue;
        }
        if !about.is_empty() {
            about.push_str(if about.ends_with(['.', '!', '?', '。']) { " " } else { ". " });
        }
        about.push_str(&text);
    }
    limited(&about, LONGEST_ABOUT)
}

/// A text without e-mail addresses and telephone numbers; blanks are single.
fn without_contacts(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().filter(|word| !word.contains('@')).collect();
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count();
    let is_figure =
        |word: &&str| word.chars().all(|c| c.is_ascii_digit() || "+()-./,;:".contains(c)) && digits(word) > 0;
    let mut kept: Vec<&str> = Vec::with_capacity(words.len());
    let mut rest = words.as_slice();
    while let Some((first, behind)) = rest.split_first() {
        // Numbers of telephones begin with a plus, a zero or a bracket; years and quantities do not.
        let length =
            if first.starts_with(['+', '0', '(']) { rest.iter().take_while(|word| is_figure(word)).count() } else { 0 };
        let figures: usize = rest.iter().take(length).map(|word| digits(word)).sum();
        if figures >= 7 {
            rest = rest.get(length..).unwrap_or_default();
        } else {
            kept.push(first);
            rest = behind;
        }
    }
    kept.join(" ")
}

/// A text on one line, without control characters, of at most so many bytes, if it can be of whole words.
fn limited(text: &str, most: usize) -> String {
    let text: String =
        cut(text, most.saturating_mul(4)).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short = cut(&text, most);
    let end = if short.len() < text.len() { short.rfind(' ').filter(|end| *end * 2 > most) } else { None };
    short.get(..end.unwrap_or(short.len())).unwrap_or_default().to_owned()
}

fn cut(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use cmes_types::{Address, Evidence, WebLink};

    use super::*;

    #[test]
    fn columns_are_known_by_many_names() {
        let check = |heading: &str, column: Option<Column>| assert_eq!(Column::named(heading), column, "{heading}");
        check("Company Name", Some(Column::Name));
        check("company_name", Some(Column::Name));
        check("CompanyName", Some(Column::Name));
        check("Firma", Some(Column::Name));
        check(" Web-Site ", Some(Column::Website));
        check("Primary Domain", Some(Column::Website));
        check("Société", Some(Column::Name));
        check("Land", Some(Column::Country));
        check("# Employees", Some(Column::Employees));
        check("E-Mail", None);
        check("Phone", None);
        check("", None);
        let accepted = Column::accepted();
        assert!(accepted.contains("website (or url, domain, web), which is needed"), "{accepted}");
        let lists = COLUMNS.lines().filter(|line| !line.starts_with('#'));
        assert!(lists.clone().all(|line| ALL.iter().any(|(name, _)| line.starts_with(&format!("{name}\t")))));
        assert_eq!(lists.count(), ALL.len());
    }

    fn object(json: &str) -> Result<Company, Refusal> {
        of_object(serde_json::from_str::<Value>(json).expect("JSON").as_object().expect("an object"))
    }

    #[test]
    fn objects_with_columns_and_profiles_are_read() {
        let flat = object(
            r#"{"company": "Acme  Pipes", "url": "https://www.acme.example/en", "country": "Germany", "city": "Ulm",
                "keywords": ["pipes", "tubes"], "employees": 50, "language": "de-DE", "phone": "+49 731 1234567"}"#,
        );
        let expected = Company {
            domain: "acme.example".into(),
            host: "acme.example".into(),
            name: "Acme Pipes".into(),
            country: "DE".into(),
            city: "Ulm".into(),
            about: "pipes, tubes".into(),
            employees: "50".into(),
            language: "de".into(),
            ..Company::default()
        };
        assert_eq!(flat, Ok(expected));
        let profile = object(
            r#"{"CompanyName": "Acme", "Webs": [{"Host": "acme.example", "Link": "/"}], "Business": "It makes pipes.",
                "Address": {"Country": "France", "State": "", "City": "Lyon", "Street1": "Rue 1"},
                "Contacts": [{"Name": "Ann", "Email": "ann@acme.example"}],
                "Extended": {"Industry": "Metal", "Keywords": ["tubes"], "Employees": {"From": 11, "To": 50}}}"#,
        )
        .expect("a company");
        assert_eq!(
            [&*profile.name, &*profile.country, &*profile.city, &*profile.employees],
            ["Acme", "FR", "Lyon", "11-50"]
        );
        assert_eq!(profile.about, "It makes pipes. Metal. tubes");
    }

    #[test]
    fn rows_without_a_site_of_their_own_are_refused() {
        let check = |json: &str, expected: Refusal| assert_eq!(object(json), Err(expected), "{json}");
        check(r#"{"name": "Acme"}"#, Refusal::NoWebsite);
        check(r#"{"name": "Acme", "website": "n/a"}"#, Refusal::NotAWebsite("n/a".into()));
        let social = "https://www.linkedin.com/company/acme";
        check(&format!(r#"{{"website": "{social}"}}"#), Refusal::NotAWebsite(social.into()));
        // Another address in the same cell is one.
        let both = object(&format!(r#"{{"website": "{social}; acme.example"}}"#)).expect("a company");
        assert_eq!((both.domain.as_str(), both.name.as_str()), ("acme.example", ""));
    }

    #[test]
    fn texts_are_limited_and_without_contacts() {
        let check = |text: &str, expected: &str| assert_eq!(about_of([text].into_iter()), expected);
        check("Pipes.\n Write to ann@acme.example or call +49 (0) 731 123-45 today", "Pipes. Write to or call today");
        check("Since 1998-2004, 10 000 pipes, DIN 1626, 0.5 mm", "Since 1998-2004, 10 000 pipes, DIN 1626, 0.5 mm");
        assert_eq!(about_of(["Pipes", "Pipes", "Tubes"].into_iter()), "Pipes. Tubes");
        let long = "ä ".repeat(100_000);
        assert!(about_of([long.as_str()].into_iter()).len() <= LONGEST_ABOUT);
        assert!(limited(&"x".repeat(500), LONGEST_NAME).len() == LONGEST_NAME);
    }

    #[test]
    fn of_a_profile_only_what_is_public_is_kept() {
        let evidence = |field: &str, method| Evidence { field: field.into(), method, ..Evidence::default() };
        let mut data = CompanyData {
            company_name: "Acme".into(),
            address: Address { country: "Germany".into(), city: "Ulm".into(), ..Address::default() },
            webs: vec![WebLink { host: "acme.example".into(), link: "/".into() }],
            business: "It makes pipes.".into(),
            ..CompanyData::default()
        };
        assert_eq!(of_profile(&data).map(|company| company.city), Some("Ulm".into()));
        data.evidence = Some(vec![evidence("Address.City", Method::Content), evidence("CompanyName", Method::Text)]);
        let company = of_profile(&data).expect("a company");
        assert_eq!([&*company.city, &*company.country, &*company.about], ["", "", "It makes pipes."]);
        data.evidence = Some(vec![evidence("CompanyName", Method::Content)]);
        assert_eq!(of_profile(&data), None);
    }
}
