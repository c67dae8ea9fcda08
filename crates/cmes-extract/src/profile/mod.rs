//! Findings of all pages and of the Content made into one profile.

use cmes_types::{Address, CompanyData, Contact, Email, Evidence, LanguageCode, Method, Phone, WebLink};
use url::Url;

use crate::content::Content;
use crate::facts::address::{self, Place};
use crate::facts::links::Lacking;
use crate::facts::{
    Finding, Site, business, country, emails, language, links, logo, names, offered, people, phones, size, social,
    technologies,
};
use crate::fold::key;
use crate::identity::{self, Verdict};
use crate::page::{Page, prefix};
use crate::places::Country;

mod advice;
pub mod description;
mod extended;
mod from_content;
mod phrases;
mod positions;
mod remarks;
mod webs;

/// What a profile is made from.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// The pages read, home first.
    pub pages: &'a [Page],
    /// The request's Content.
    pub content: &'a Content,
    /// Language of the answer.
    pub language: LanguageCode,
    /// Whether what goes beyond the reference's fields is wanted.
    pub extended: bool,
}

/// The outcome of reading a company out of its material.
#[derive(Clone, Debug)]
pub enum Reading {
    /// A profile with the evidence for every value.
    Profile(Box<CompanyData>, Vec<Evidence>),
    /// The pages are nobody's profile (parked, for sale); holds the words that show it.
    NotACompany(String),
}

/// Most elements of a list in the answer.
const MOST: usize = 100;

/// Reads the company out of its material.
#[must_use]
pub fn assemble(material: &Material<'_>) -> Reading {
    let domain = material.pages.first().map(|page| domain_of(&page.url)).unwrap_or_default();
    let spoken = language::find(material.pages);
    let mut site = Site {
        pages: material.pages,
        domain: &domain,
        language: spoken.as_ref().map(|found| found.value),
        country: None,
    };
    if let Verdict::NotACompany(words) = identity::judge(&site) {
        return Reading::NotACompany(words);
    }
    let mut addresses = address::Reader::new(&site);
    let mut home = country::find_beside(&site, addresses.find(None));
    site.country = home.as_ref().map(|found| found.value);
    let places = addresses.find(site.country);
    // The address says it best, and decides how national numbers are read.
    if let Some(found) = places.first()
        && let Some(own) = found.value.country
    {
        site.country = Some(own);
        home = Some(Finding {
            value: own,
            page: found.page,
            method: found.method,
            snippet: found.snippet.clone(),
            confidence: found.confidence,
        });
    }
    let people = people::cards(&site);
    let names = names::find(&site);
    let mut builder = Builder { site, material, people, names, data: CompanyData::default(), evidence: Vec::new() };
    builder.names();
    builder.logo();
    builder.address(&places, home.as_ref());
    builder.people();
    builder.positions();
    builder.phones();
    builder.emails();
    builder.webs();
    builder.language(spoken.as_ref());
    builder.lists();
    builder.texts(places.len());
    if material.extended {
        builder.extended(&places);
    }
    builder.identity();
    Reading::Profile(Box::new(builder.data), builder.evidence)
}

/// What the profile made of this material still lacks: what the next page to
/// read should tell.
#[must_use]
pub fn lacking(material: &Material<'_>) -> Lacking {
    let Reading::Profile(data, _) = assemble(material) else { return Lacking::EVERYTHING };
    let Address { street1, street2, .. } = &data.address;
    Lacking {
        legal_name: !names::has_legal_form(&data.company_name),
        address: street1.is_empty() && street2.is_empty(),
        phone: data.phones.is_empty(),
        email: data.emails.is_empty(),
        people: data.contacts.is_empty(),
        business: data.business.chars().count() < TELLING,
        more: true,
    }
}

/// A language by its own name.
#[must_use]
pub fn language_name(language: &LanguageCode) -> &str {
    offered::own_name(language.as_str())
}

/// Characters from which a description says more than a slogan.
const TELLING: usize = 120;

/// Registrable domain of a page, lower case; an address of numbers, or a name
/// without public suffix, as it is.
#[must_use]
pub fn domain_of(url: &Url) -> String {
    match url.host() {
        Some(url::Host::Domain(host)) => {
            let host = host.trim_end_matches('.').to_ascii_lowercase();
            psl::domain_str(&host).map_or_else(|| without_www(&host).to_owned(), str::to_owned)
        }
        Some(host) => host.to_string(),
        None => String::new(),
    }
}

fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// The profile while it is put together.
struct Builder<'a> {
    site: Site<'a>,
    material: &'a Material<'a>,
    /// The site's people, told apart from the company by phones and e-mails.
    people: Vec<people::Card>,
    /// What the site calls the company, most likely name first.
    names: Vec<Finding<String>>,
    data: CompanyData,
    evidence: Vec<Evidence>,
}

impl Builder<'_> {
    /// Notes what a value rests on.
    fn note(&mut self, field: impl Into<String>, value: &str, page: Option<u16>, said: (Method, &str, f32)) {
        if value.is_empty() {
            return;
        }
        let (method, snippet, confidence) = said;
        let url = page.and_then(|page| self.site.pages.get(usize::from(page))).map(|page| page.url.to_string());
        self.evidence.push(Evidence {
            field: field.into(),
            value: value.to_owned(),
            url: url.unwrap_or_default(),
            snippet: prefix(snippet, 200).to_owned(),
            method,
            confidence: rounded(confidence),
        });
    }

    fn note_finding<T>(&mut self, field: impl Into<String>, value: &str, found: &Finding<T>) {
        self.note(field, value, found.page, (found.method, &found.snippet, found.confidence));
    }

    fn note_content(&mut self, field: impl Into<String>, value: &str, words: &str) {
        self.note(field, value, None, (Method::Content, words, 0.8));
    }

    fn names(&mut self) {
        let found = std::mem::take(&mut self.names);
        let from_content = self.material.content.facts.company.as_ref();
        match (found.first(), from_content) {
            (Some(best), Some((name, words))) if best.method == Method::Inferred => {
                // The domain as a name is no more than a guess.
                self.data.company_name.clone_from(name);
                self.note_content("CompanyName", name, words);
            }
            (Some(best), _) => {
                self.data.company_name.clone_from(&best.value);
                self.note_finding("CompanyName", &best.value, best);
            }
            (None, Some((name, words))) => {
                self.data.company_name.clone_from(name);
                self.note_content("CompanyName", name, words);
            }
            (None, None) => {}
        }
        self.names = found;
    }

    fn logo(&mut self) {
        if let Some(found) = logo::find(&self.site).into_iter().next() {
            self.data.logo_link = found.value.to_string();
            self.note_finding("LogoLink", found.value.as_str(), &found);
        }
    }

    fn address(&mut self, places: &[Finding<Place>], home: Option<&Finding<Country>>) {
        let language = self.material.language;
        if let Some(found) = places.first() {
            self.data.address = found.value.address.clone();
            let address = found.value.address.clone();
            for (field, value) in [
                ("Address.State", &address.state),
                ("Address.ZIP", &address.zip),
                ("Address.City", &address.city),
                ("Address.Street1", &address.street1),
                ("Address.Street2", &address.street2),
            ] {
                self.note_finding(field, value, found);
            }
        } else if let Some((address, words)) = &self.material.content.facts.address {
            let own = Country::from_name(&address.country).or(Country::from_code(&address.country));
            let country = own.map_or(address.country.as_str(), |own| own.name(language));
            self.data.address = Address { country: country.to_owned(), ..address.clone() };
            let address = self.data.address.clone();
            for (field, value) in [
                ("Address.Country", &address.country),
                ("Address.State", &address.state),
                ("Address.ZIP", &address.zip),
                ("Address.City", &address.city),
                ("Address.Street1", &address.street1),
                ("Address.Street2", &address.street2),
            ] {
                self.note_content(field, value, words);
            }
        }
        // A domain's ending alone does not say where a company is at home.
        if let Some(found) = home.filter(|found| found.confidence >= 0.5)
            && self.data.address.country.is_empty()
        {
            let name = found.value.name(language);
            name.clone_into(&mut self.data.address.country);
            self.note_finding("Address.Country", name, found);
        }
    }

    fn people(&mut self) {
        for (contact, words) in self.material.content.facts.person.iter() {
            let contact = Contact { phone: self.international(&contact.phone), ..contact.clone() };
            if !contact.name.is_empty() {
                self.data.contacts.push(contact.clone());
                self.note_contact(0, &contact, None, (Method::Content, words, 0.85));
            }
        }
        for found in people::merge(&self.people).into_iter().take(MOST) {
            let said = (found.method, found.snippet.as_str(), found.confidence);
            let same = |known: &Contact| key(&known.name) == key(&found.value.name);
            match self.data.contacts.iter().position(same) {
                Some(index) => self.complete(index, &found.value, found.page, said),
                None => {
                    let index = self.data.contacts.len();
                    self.data.contacts.push(found.value.clone());
                    self.note_contact(index, &found.value, found.page, said);
                }
            }
        }
    }

    fn note_contact(&mut self, index: usize, contact: &Contact, page: Option<u16>, said: (Method, &str, f32)) {
        for (field, value) in [
            ("Name", &contact.name),
            ("JobPosition", &contact.job_position),
            ("Email", &contact.email),
            ("Phone", &contact.phone),
        ] {
            self.note(format!("Contacts[{index}].{field}"), value, page, said);
        }
    }

    /// Fills what is not yet known of a person.
    fn complete(&mut self, index: usize, more: &Contact, page: Option<u16>, said: (Method, &str, f32)) {
        let Some(known) = self.data.contacts.get_mut(index) else { return };
        let mut added = Contact::default();
        for (own, other, note) in [
            (&mut known.job_position, &more.job_position, &mut added.job_position),
            (&mut known.email, &more.email, &mut added.email),
            (&mut known.phone, &more.phone, &mut added.phone),
        ] {
            if own.is_empty() {
                own.clone_from(other);
                note.clone_from(other);
            }
        }
        self.note_contact(index, &added, page, said);
    }

    fn phones(&mut self) {
        let found = phones::find_beside(&self.site, &self.people);
        let (personal, general): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|found| found.confidence <= phones::PERSONAL);
        let kept = if general.is_empty() { personal } else { general };
        for found in kept.into_iter().take(MOST) {
            let index = self.data.phones.len();
            self.data.phones.push(Phone { phone_number: found.value.clone(), primary: index == 0 });
            self.note_finding(format!("Phones[{index}]"), &found.value, &found);
        }
        self.content_phones();
    }

    fn emails(&mut self) {
        let found = emails::find_beside(&self.site, &self.people);
        let (personal, general): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|found| found.confidence <= emails::PERSONAL);
        let kept = if general.is_empty() { personal } else { general };
        for found in kept.into_iter().take(MOST) {
            let index = self.data.emails.len();
            self.data.emails.push(Email { email: found.value.clone(), primary: index == 0 });
            self.note_finding(format!("Emails[{index}]"), &found.value, &found);
        }
        self.content_emails();
    }

    fn webs(&mut self) {
        for (index, found) in webs::find(&self.site, self.material.content).into_iter().enumerate() {
            let value = format!("{}{}", found.value.host, found.value.link);
            self.note_finding(format!("Webs[{index}]"), &value, &found);
            self.data.webs.push(found.value);
        }
    }

    fn language(&mut self, spoken: Option<&Finding<LanguageCode>>) {
        if let Some(found) = spoken {
            self.data.language = found.value.to_string();
            self.note_finding("Language", found.value.as_str(), found);
        } else if let Some((language, words)) = &self.material.content.facts.language {
            self.data.language = language.to_string();
            self.note_content("Language", language.as_str(), words);
        }
    }

    fn lists(&mut self) {
        for found in technologies::find(self.site.pages).into_iter().take(MOST * 2) {
            let index = self.data.technologies.len();
            self.note_finding(format!("Technologies[{index}]"), &found.value, &found);
            self.data.technologies.push(found.value);
        }
        for found in links::find(&self.site).into_iter().take(MOST) {
            let index = self.data.additional_links.len();
            let value = format!("{}{}", found.value.host, found.value.link);
            self.note_finding(format!("AdditionalLinks[{index}]"), &value, &found);
            self.data.additional_links.push(found.value);
        }
        for found in social::find(&self.site).into_iter().take(MOST) {
            let index = self.data.social_nets_links.len();
            let value = format!("{}{}", found.value.host, found.value.link);
            self.note_finding(format!("SocialNetsLinks[{index}]"), &value, &found);
            self.data.social_nets_links.push(found.value);
        }
        self.content_links();
    }

    fn texts(&mut self, locations: usize) {
        if let Some(found) = business::find(&self.site) {
            self.data.business.clone_from(&found.value);
            self.note_finding("Business", &found.value, &found);
        }
        let language = self.material.language;
        let stated = size::find(&self.site);
        let size = phrases::company_size(
            language,
            stated.as_ref().map(|found| found.value),
            self.data.contacts.len(),
            locations,
        );
        match &stated {
            Some(found) => self.note_finding("CompanySize", &size, found),
            None => {
                self.note(
                    "CompanySize",
                    &size,
                    self.first_page(),
                    (Method::Inferred, &remark(language, "no number of employees stated"), 0.2),
                );
            }
        }
        self.data.company_size = size;
        let text = advice::general(language, &self.data);
        self.note(
            "Recommendations",
            &text,
            self.first_page(),
            (Method::Inferred, &remark(language, "follows from the values found"), 0.3),
        );
        self.data.recommendations = text;
    }

    fn first_page(&self) -> Option<u16> {
        (!self.site.pages.is_empty()).then_some(0)
    }
}

/// Why a text is there, with a note where the language of the answer has no
/// phrases yet.
fn remark(language: LanguageCode, reason: &str) -> String {
    if phrases::knows(language) {
        reason.to_owned()
    } else {
        format!("{reason}; in English, as there are no phrases in {language}")
    }
}

fn rounded(confidence: f32) -> f64 {
    (f64::from(confidence.clamp(0.0, 1.0)) * 100.0).round() / 100.0
}

/// A link split as the reference splits it.
pub(crate) fn web_link(url: &Url) -> Option<WebLink> {
    let host = url.host_str()?.trim_end_matches('.');
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(WebLink { host: format!("{}{port}", without_www(host)), link: format!("{}{query}", url.path()) })
}

#[cfg(test)]
mod tests;
