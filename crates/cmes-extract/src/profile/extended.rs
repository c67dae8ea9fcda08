//! What the pages say beyond the reference's fields: the extension `Extended`.

use std::collections::HashSet;

use cmes_types::{Address, EmployeeRange, Extended, Location, Method};

use super::{Builder, MOST};
use crate::facts::address::Place;
use crate::facts::{
    Finding, certifications, founded, hours, identifiers, industry, keywords, names, offered, size, vacancies,
};
use crate::fold::{fold, key};

/// Names that are less sure than this are guesses.
const SURE: f32 = 0.5;

impl Builder<'_> {
    /// Puts together all of it; the profile itself is there already.
    pub(super) fn extended(&mut self, places: &[Finding<Place>]) {
        let mut extended = Extended::default();
        self.other_names(&mut extended);
        self.further_places(&mut extended, places);
        extended.domains = self.data.webs.iter().skip(1).map(|web| web.host.clone()).collect();
        for (index, domain) in extended.domains.iter().enumerate() {
            self.same_as(&format!("Webs[{}]", index + 1), format!("Extended.Domains[{index}]"), domain);
        }
        if let Some(found) = founded::find(&self.site) {
            extended.founded = found.value;
            self.note_finding("Extended.Founded", &found.value.to_string(), &found);
        }
        if let Some(found) = size::find(&self.site) {
            extended.employees = EmployeeRange { from: found.value.from, to: found.value.to };
            self.note_finding("Extended.Employees", &format!("{}-{}", found.value.from, found.value.to), &found);
        }
        if let Some(found) = industry::find(&self.site) {
            self.note_finding("Extended.Industry", &found.value, &found);
            extended.industry = found.value;
        }
        extended.identifiers =
            self.list("Extended.Identifiers", identifiers::find(&self.site), |one| one.number.clone());
        extended.certifications = self.list("Extended.Certifications", certifications::find(&self.site), String::clone);
        let languages = self.list("Extended.Languages", offered::find(&self.site), ToString::to_string);
        extended.languages = languages.iter().map(ToString::to_string).collect();
        let hours = |one: &cmes_types::OpeningHours| format!("{} {}-{}", one.days, one.opens, one.closes);
        extended.opening_hours = self.list("Extended.OpeningHours", hours::find(&self.site), hours);
        extended.open_positions =
            self.list("Extended.OpenPositions", vacancies::find(&self.site), |one| one.title.clone());
        extended.keywords =
            self.list("Extended.Keywords", keywords::find(&self.site, &self.proper_names()), String::clone);
        self.data.extended = Some(extended);
    }

    /// Words of the people's names and of the address, which tell nothing of the business.
    fn proper_names(&self) -> HashSet<String> {
        let address = &self.data.address;
        let parts = [&address.country, &address.state, &address.city, &address.street1, &address.street2];
        let texts = parts.into_iter().chain(self.data.contacts.iter().map(|contact| &contact.name));
        texts.flat_map(|text| text.split(|c: char| !c.is_alphanumeric())).map(fold).collect()
    }

    /// The values of findings, each noted with its place in the list.
    fn list<T>(&mut self, field: &str, found: Vec<Finding<T>>, shown: impl Fn(&T) -> String) -> Vec<T> {
        let mut values = Vec::with_capacity(found.len());
        for (index, finding) in found.into_iter().take(MOST).enumerate() {
            self.note_finding(format!("{field}[{index}]"), &shown(&finding.value), &finding);
            values.push(finding.value);
        }
        values
    }

    /// The legal name, and what else the company calls itself.
    fn other_names(&mut self, extended: &mut Extended) {
        let found = self.names.clone();
        let is_sure = |found: &&Finding<String>| found.confidence >= SURE;
        if let Some(legal) = found.iter().filter(is_sure).find(|found| names::has_legal_form(&found.value)) {
            extended.legal_name.clone_from(&legal.value);
            self.note_finding("Extended.LegalName", &legal.value, legal);
        }
        let mut known: HashSet<String> = HashSet::from([key(&self.data.company_name), key(&extended.legal_name)]);
        let own = key(names::without_form(&self.data.company_name));
        let stated = self.stated_names();
        // Longer ones are those of branches, or sentences about the company.
        let is_short_form = |name: &str| {
            let short = key(names::without_form(name));
            short.chars().count() >= 3 && own.contains(&short)
        };
        let short = found.into_iter().filter(|found| found.confidence >= SURE && is_short_form(&found.value));
        let mut names = Vec::new();
        for finding in stated.into_iter().chain(short) {
            if known.insert(key(&finding.value)) {
                names.push(finding);
            }
        }
        extended.other_names = self.list("Extended.OtherNames", names, String::clone);
    }

    /// Names of the organisation in structured data.
    fn stated_names(&self) -> Vec<Finding<String>> {
        let pages = (0_u16..).zip(self.site.pages);
        let named = pages.flat_map(|(index, page)| {
            let own = page.items.iter().filter(|item| item.is_organization());
            let texts = own.flat_map(|item| item.texts("alternateName").chain(item.texts("brand")));
            texts.map(move |name| (index, name))
        });
        let short = named.filter(|(_, name)| (2..=80).contains(&name.chars().count()));
        short
            .map(|(page, name)| Finding {
                value: name.to_owned(),
                page: Some(page),
                method: Method::SchemaOrg,
                snippet: name.to_owned(),
                confidence: 0.9,
            })
            .collect()
    }

    fn further_places(&mut self, extended: &mut Extended, places: &[Finding<Place>]) {
        let language = self.material.language;
        for (index, found) in places.iter().skip(1).take(MOST).enumerate() {
            let country = found.value.country.map_or("", |country| country.name(language)).to_owned();
            let address = Address { country, ..found.value.address.clone() };
            let shown = [&address.street1, &address.zip, &address.city, &address.country];
            let shown: Vec<&str> = shown.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            self.note_finding(format!("Extended.Locations[{index}]"), &shown.join(", "), found);
            extended.locations.push(Location { name: found.value.label.clone(), address });
        }
    }

    /// A value of the profile that stands here as well, with what bears it out.
    fn same_as(&mut self, field: &str, other: String, value: &str) {
        let known = self.evidence.iter().find(|one| one.field == field).cloned();
        self.evidence.extend(known.map(|one| cmes_types::Evidence { field: other, value: value.to_owned(), ..one }));
    }
}
