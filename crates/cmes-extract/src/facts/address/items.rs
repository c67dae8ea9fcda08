//! Addresses in structured data: schema.org's `PostalAddress` of organisations.

use cmes_types::Address;

use crate::places::{Country, State};
use crate::structured::{Item, Value};

use super::street;

/// A `PostalAddress` with the place of its owner in the organisation.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub address: Address,
    pub country: Option<Country>,
    pub label: String,
    /// Of a department or branch, not of the whole.
    pub branch: bool,
}

/// Deepest nesting that is followed; hand-written data is not deeper.
const DEEPEST: usize = 6;

/// Types whose address is not the company's own.
const FOREIGN: &[&str] = &[
    "Person",
    "Event",
    "JobPosting",
    "Product",
    "Offer",
    "Review",
    "Article",
    "NewsArticle",
    "BlogPosting",
    "Recipe",
    "VideoObject",
    "Course",
    "BusinessEvent",
    "MusicEvent",
    "ExhibitionEvent",
    "EducationEvent",
    "RealEstateListing",
    "Accommodation",
    "TouristAttraction",
    "Service",
    "CreativeWork",
    "Book",
    "BreadcrumbList",
    "FAQPage",
    "ItemList",
    "AggregateRating",
];

/// All addresses of the page's structured data, in order.
pub(super) fn find(items: &[Item]) -> Vec<Found> {
    let mut found = Vec::new();
    for item in items {
        of_item(item, false, 0, &mut found);
    }
    found
}

fn is_a(item: &Item, name: &str) -> bool {
    item.types.iter().any(|t| t == name)
}

fn of_item(item: &Item, branch: bool, depth: usize, found: &mut Vec<Found>) {
    if depth > DEEPEST || item.types.iter().any(|t| FOREIGN.contains(&t.as_str())) {
        return;
    }
    if is_a(item, "PostalAddress") {
        found.extend(read(item, "", branch));
        return;
    }
    let branch =
        branch || item.properties.iter().any(|(name, _)| matches!(name.as_str(), "parentOrganization" | "branchOf"));
    let name = if branch { text(item, "name").unwrap_or_default() } else { String::new() };
    for (property, value) in &item.properties {
        match (property.as_str(), value) {
            ("address", Value::Item(address)) if is_a(address, "PostalAddress") || is_untyped_address(address) => {
                found.extend(read(address, &name, branch));
            }
            ("address" | "location" | "areaServed", Value::Text(_)) => {}
            ("department" | "subOrganization" | "branch" | "hasPOS", Value::Item(inner)) => {
                of_item(inner, true, depth + 1, found);
            }
            (
                "address" | "location" | "publisher" | "provider" | "mainEntity" | "mainEntityOfPage" | "about"
                | "author" | "copyrightHolder" | "isPartOf" | "itemListElement" | "item" | "@graph" | "contactPoint"
                | "adr" | "creator" | "brand",
                Value::Item(inner),
            ) => of_item(inner, branch, depth + 1, found),
            _ => {}
        }
    }
}

fn is_untyped_address(item: &Item) -> bool {
    item.properties
        .iter()
        .any(|(name, _)| matches!(name.as_str(), "streetAddress" | "postalCode" | "addressLocality" | "street-address"))
}

fn value<'a>(item: &'a Item, names: &[&str]) -> Option<&'a Value> {
    item.properties.iter().find(|(name, _)| names.contains(&name.as_str())).map(|(_, value)| value)
}

fn text(item: &Item, name: &str) -> Option<String> {
    texts(item, &[name]).into_iter().next()
}

/// All values of a property as text; of a thing, its name.
fn texts(item: &Item, names: &[&str]) -> Vec<String> {
    let values = item.properties.iter().filter(|(name, _)| names.contains(&name.as_str()));
    let as_text = |value: &Value| match value {
        Value::Text(text) => Some(text.clone()),
        Value::Item(inner) => match value_text(inner) {
            Some(text) => Some(text),
            None => (!inner.id.is_empty()).then(|| inner.id.clone()),
        },
    };
    values.filter_map(|(_, value)| as_text(value)).map(|text| clean(&text)).filter(|text| !text.is_empty()).collect()
}

fn value_text(item: &Item) -> Option<String> {
    match value(item, &["name", "@value", "identifier", "addressCountry"]) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

/// What the street lines are made of, with the line of each.
fn street_parts(item: &Item) -> Vec<street::Part> {
    let values = item.properties.iter().filter(|(name, _)| matches!(name.as_str(), "streetAddress" | "street-address"));
    let mut parts = Vec::new();
    let mut line = 0;
    for (_, value) in values {
        let Value::Text(text) = value else { continue };
        let text = text.replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n").replace("\\n", "\n");
        for written in text.split('\n') {
            parts.extend(clean(written).split(',').map(|part| street::Part::new(&crate::page::collapse(part), line)));
            line += 1;
        }
    }
    parts
}

/// Without leftover markup and placeholders.
fn clean(text: &str) -> String {
    let text = text.replace("<br>", ", ").replace("<br/>", ", ").replace("<br />", ", ").replace("\\n", ", ");
    let text = crate::page::collapse(&text);
    let text = text.trim_matches([',', ' ', ';']);
    if matches!(
        text.to_lowercase().as_str(),
        "n/a" | "na" | "-" | "null" | "undefined" | "none" | "." | "street" | "city"
    ) {
        return String::new();
    }
    text.to_owned()
}

fn read(item: &Item, label: &str, branch: bool) -> Option<Found> {
    let first = |names: &[&str]| texts(item, names).into_iter().next().unwrap_or_default();
    let named = first(&["addressCountry", "country-name", "country"]);
    let country = country_of(&named);
    let mut address = Address {
        state: first(&["addressRegion", "region"]),
        zip: first(&["postalCode", "postal-code"]),
        city: first(&["addressLocality", "locality"]),
        ..Address::default()
    };
    let extended = texts(item, &["extendedAddress", "extended-address"]);
    let (street1, street2) = street::compose(&street_parts(item), country);
    address.street1 = street1;
    address.street2 = join(&[street2, extended.join(", "), boxed(&first(&["postOfficeBoxNumber", "post-office-box"]))]);
    if address.street1.is_empty() {
        address.street1 = std::mem::take(&mut address.street2);
    }
    tidy(&mut address, country);
    // A city or code alone is no address, nor is a street nowhere.
    let enough = !address.city.is_empty() || !address.zip.is_empty() && !address.street1.is_empty();
    enough.then(|| Found { address, country, label: label.to_owned(), branch })
}

fn boxed(number: &str) -> String {
    if number.is_empty() || !number.starts_with(|c: char| c.is_ascii_digit()) {
        number.to_owned()
    } else {
        format!("PO Box {number}")
    }
}

fn join(parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
}

/// A country by code, name, or the address of its entry in a knowledge base.
pub(super) fn country_of(text: &str) -> Option<Country> {
    let last = text.rsplit('/').next().unwrap_or(text).replace('_', " ");
    Country::from_code(text).or_else(|| Country::from_name(text)).or_else(|| Country::from_name(&last))
}

/// Repairs what plug-ins put into the wrong field.
fn tidy(address: &mut Address, country: Option<Country>) {
    // "69007 Lyon" as the city, the code given or not.
    if let Some((code, city)) = address.city.split_once(' ')
        && code.len() >= 4
        && code.bytes().all(|b| b.is_ascii_digit())
        && (address.zip.is_empty() || address.zip == code)
    {
        let (code, city) = (code.to_owned(), city.to_owned());
        address.zip = code;
        address.city = city;
    }
    // "Asheville, NC".
    if let Some((city, state)) = address.city.split_once(',')
        && let Some(country) = country.or_else(|| Country::from_code("US"))
        && State::find(country, state.trim()).is_some()
    {
        let (city, state) = (city.trim().to_owned(), state.trim().to_owned());
        address.city = city;
        if address.state.is_empty() {
            address.state = state;
        }
    }
    let code = country.map(|country| country.code().to_owned()).unwrap_or_default();
    for prefix in [format!("{code}-"), format!("{}-", code.get(..1).unwrap_or_default())] {
        if prefix.len() > 1
            && !matches!(code.as_str(), "LV" | "LT" | "MD" | "AZ" | "AD")
            && let Some(rest) = address.zip.strip_prefix(prefix.as_str())
        {
            address.zip = rest.to_owned();
        }
    }
    // The country's own name is no region.
    if let Some(country) = country
        && Country::from_name(&address.state) == Some(country)
        && State::find(country, &address.state).is_none()
    {
        address.state.clear();
    }
    let repeated =
        [&address.city, &address.zip].into_iter().any(|part| !part.is_empty() && part.as_str() == address.street1);
    if repeated {
        address.street1 = std::mem::take(&mut address.street2);
    }
}
