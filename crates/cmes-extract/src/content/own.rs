//! What one message says by itself: its sender, signature and text.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use cmes_types::{Address, Contact, LanguageCode};

use super::form::{Form, Kind};
use super::links::{self, Form as Written, Found};
use super::parts::Part;
use super::{Content, MOST, Origin, company, signature, sites};
use crate::facts::emails::{owners, ranks, scan};
use crate::facts::language;
use crate::facts::people::{matching, name};
use crate::facts::phones::{number, regions};
use crate::facts::snippet;
use crate::places::Country;
use crate::words;

static CHAFF: LazyLock<AhoCorasick> = LazyLock::new(|| words::finder(&words::list(include_str!("chaff.txt"))));

/// Whether a program added a line, or a lawyer: its links are not the sender's.
pub(super) fn is_chaff(line: &str) -> bool {
    CHAFF.is_match(crate::page::prefix(line, 1_000).to_lowercase().as_str())
}

/// Reads one message; `receivers` are the hosts of those who are asked,
/// `answered` the addresses to which the message went that it answers.
pub(super) fn read(part: &Part, receivers: &[String], answered: &[String]) -> Content {
    let reading = Reading { part, receivers, answered, content: Content::default() };
    match Form::read(&part.lines) {
        Some(form) => reading.form(&form),
        None => reading.letter(),
    }
}

/// Name, title and the line in which the name stands.
type Signed = (String, String, String);

struct Reading<'a> {
    part: &'a Part,
    receivers: &'a [String],
    answered: &'a [String],
    content: Content,
}

impl Reading<'_> {
    fn letter(mut self) -> Content {
        let part = self.part;
        let sender = part.from.address.as_str();
        let header = if sender.is_empty() { String::new() } else { format!("{} <{sender}>", part.from.name) };
        for address in std::iter::once(sender).chain(part.reply_to.iter().map(String::as_str)) {
            self.add_address(address, header.trim());
        }
        let sender_name = name::read(&part.from.name).unwrap_or_default();
        self.take_language(&part.lines);
        let signature = signature::find(&part.lines, &sender_name);
        let (start, end) = signature.as_ref().map_or((usize::MAX, 0), |signature| (signature.start, signature.end));
        let below = part.lines.get(start..end).unwrap_or_default();
        self.take_links(below, Origin::Signature);
        let start = start.min(part.lines.len());
        let body = part.lines.iter().take(start).chain(part.lines.iter().skip(end.max(start)));
        let body: Vec<String> = body.take(20_000).cloned().collect();
        self.take_links(&body, Origin::Text);
        self.take_facts(signature.and_then(|signature| signature.person), &sender_name, below, &body);
        self.content
    }

    /// What was typed into a form; its sender is a machine of the one who is asked.
    fn form(mut self, form: &Form) -> Content {
        let sender = self.part.from.address.clone();
        let email = scan::addresses(form.get(Kind::Email)).into_iter().next().unwrap_or_default();
        let asked = host(&sender).filter(|_| sender != email).map(str::to_owned);
        let receivers: Vec<String> = self.receivers.iter().cloned().chain(asked).collect();
        let is_asked = |found: &Found| receivers.iter().any(|known| links::same_site(known, &found.host));
        let website = form.get(Kind::Website);
        if let Some(found) = links::whole(website).filter(|found| !is_asked(found)) {
            self.content.add(&found, Origin::Signature, website);
        }
        self.add_address(&email, &email);
        self.take_language(&form.get(Kind::Message).lines().collect::<Vec<_>>());
        for line in form.get(Kind::Message).lines().filter(|line| !is_chaff(line)) {
            for found in links::find(line).into_iter().filter(|found| !is_asked(found)) {
                self.content.add(&found, Origin::Text, &snippet(line, &found.host));
            }
        }
        let facts = &mut self.content.facts;
        facts.emails.extend((!email.is_empty()).then(|| (email.clone(), email.clone())));
        let company = form.get(Kind::Company);
        facts.company = (!company.is_empty()).then(|| (company.to_owned(), company.to_owned()));
        let site = self.content.candidates.first().map(|first| links::host(&first.address)).unwrap_or_default();
        let named = Country::from_name(form.get(Kind::Country));
        let address = form.address(named.map(|country| country.name(LanguageCode::ENGLISH)));
        let words = [&address.street1, &address.zip, &address.city, &address.country].map(String::as_str).join(" ");
        self.content.facts.address = (address != Address::default()).then_some((address, words));
        let regions = spoken_in(named, &site, form.get(Kind::Message));
        let regions: Vec<&str> = regions.iter().map(String::as_str).collect();
        let written = form.get(Kind::Phone);
        let phone = crate::facts::phones::whole(written, &regions).map(|number| number.text).unwrap_or_default();
        self.content.facts.phones.extend((!phone.is_empty()).then(|| (phone.clone(), written.to_owned())));
        self.complete_country();
        let name = form.name();
        let contact = Contact { job_position: form.get(Kind::Position).to_owned(), email, phone, name: name.clone() };
        self.content.facts.person = Some((contact, name));
        self.content
    }

    /// The language of the first lines, which the writer's own text is.
    fn take_language<S: AsRef<str>>(&mut self, lines: &[S]) {
        let lines = lines.iter().map(AsRef::as_ref).filter(|line| !line.contains(['@', '/']) && !is_chaff(line));
        let text = lines.take(60).collect::<Vec<_>>().join("\n");
        let language = language::detect(crate::page::prefix(&text, 6_000));
        self.content.facts.language = language.map(|language| (language, snippet(text.trim(), "")));
    }

    fn add_address(&mut self, address: &str, words: &str) {
        if let Some(host) = host(address) {
            let found = Found { host: host.to_owned(), form: Written::Email(address.to_owned()), at: 0 };
            self.content.add(&found, Origin::Sender, words);
        }
    }

    /// Candidates out of lines: links and addresses before mere mentions.
    fn take_links(&mut self, lines: &[String], origin: Origin) {
        let receivers = self.receivers;
        let received = |found: &Found| receivers.iter().any(|host| links::same_site(host, &found.host));
        let mut mentions = Vec::new();
        for line in lines.iter().filter(|line| !is_chaff(line)) {
            for found in links::find(line) {
                if let Written::Url(url) = &found.form
                    && sites::is_social(&found.host)
                {
                    self.add_profile(url, &snippet(line, &found.host));
                } else if received(&found) {
                    continue;
                } else if matches!(found.form, Written::Bare(_)) && !found.host.starts_with("www.") {
                    mentions.push((found, line));
                } else {
                    self.content.add(&found, origin, &snippet(line, &found.host));
                }
            }
            if mentions.len() > 1_000 {
                break;
            }
        }
        for (found, line) in mentions {
            self.content.add(&found, origin, &snippet(line, &found.host));
        }
    }

    fn add_profile(&mut self, url: &str, words: &str) {
        let links = &mut self.content.facts.links;
        if links.len() < MOST && !links::is_share(url) && links.iter().all(|(known, _)| known != url) {
            links.push((url.to_owned(), words.to_owned()));
        }
    }

    fn take_facts(&mut self, signed: Option<Signed>, sender_name: &str, below: &[String], body: &[String]) {
        let sender = self.part.from.address.as_str();
        let local = sender.split('@').next().unwrap_or_default();
        let content = &mut self.content;
        if !sender.is_empty() && !ranks::is_last(local) {
            content.facts.emails.push((sender.to_owned(), format!("{} <{sender}>", self.part.from.name)));
        }
        let own = host(sender).filter(|host| sites::can_be_company(host)).map(str::to_owned);
        let first = || content.candidates.first().map(|candidate| links::host(&candidate.address));
        let site = own.or_else(first).unwrap_or_default();
        let own_address = |address: &str| {
            let host = host(address).unwrap_or_default();
            !self.part.to.iter().any(|to| to == address) && (links::same_site(host, &site) || owners::is_provider(host))
        };
        for line in below {
            for address in scan::addresses(line) {
                if content.facts.emails.iter().all(|(known, _)| *known != address)
                    && own_address(&address)
                    && content.facts.emails.len() < MOST
                {
                    content.facts.emails.push((address, snippet(line, line)));
                }
            }
        }
        if sender.is_empty() {
            // Copied from a program that shows no header: what it answers went to the writer.
            let name = signed.as_ref().map_or("", |(name, ..)| name.as_str());
            let is_own = |address: &&String| {
                let (local, host) = address.rsplit_once('@').unwrap_or_default();
                let named = owners::is_provider(host) && matching::matches(local, name);
                (links::same_site(host, &site) || named) && !ranks::is_last(local)
            };
            let own = self.answered.iter().filter(is_own);
            let new = own.filter(|address| content.facts.emails.iter().all(|(known, _)| known != *address));
            let new: Vec<_> = new.map(|address| (address.clone(), address.clone())).collect();
            content.facts.emails.extend(new);
        }
        let domain = links::site_of(&site);
        let company = below.iter().find_map(|line| Some((company::name(line, &domain)?, snippet(line, line))));
        content.facts.company = company;
        let found = company::address(below, &domain);
        let text: Vec<&str> = below.iter().chain(body.iter().take(60)).map(String::as_str).collect();
        let country = found.as_ref().and_then(|(_, country, _)| *country);
        content.facts.address = found.map(|(address, _, words)| (address, words));
        // A mail provider's own country is often that of who writes.
        let place = if site.is_empty() { host(sender).unwrap_or_default() } else { &site };
        let regions = spoken_in(country, place, &text.join(" "));
        let regions: Vec<&str> = regions.iter().map(String::as_str).collect();
        // Who is away names others and their numbers.
        let body = if self.part.automatic { &[] } else { body };
        let texts = below.iter().map(|line| (line, true)).chain(body.iter().take(2_000).map(|line| (line, false)));
        for (line, trusted) in texts {
            for number in signature::phones(line, &regions, trusted) {
                if content.facts.phones.iter().all(|(known, _)| *known != number) && content.facts.phones.len() < MOST {
                    content.facts.phones.push((number, snippet(line, line)));
                }
            }
        }
        self.complete_country();
        self.take_person(signed, sender_name, below, &regions);
    }

    /// An address without its country is where its telephones are.
    fn complete_country(&mut self) {
        let phones = self.content.facts.phones.iter();
        let mut countries = phones.filter_map(|(phone, _)| Country::from_code(number::region_of(phone)?.as_ref()));
        let Some(first) = countries.next().filter(|first| countries.all(|other| other == *first)) else { return };
        if let Some((address, _)) = &mut self.content.facts.address
            && address.country.is_empty()
        {
            first.name(LanguageCode::ENGLISH).clone_into(&mut address.country);
        }
    }

    fn take_person(&mut self, signed: Option<Signed>, sender_name: &str, below: &[String], regions: &[&str]) {
        let sender = self.part.from.address.as_str();
        // `Acme <hello@acme.com>` is the company.
        let local = sender.split('@').next().unwrap_or_default();
        let is_company = company::is_spelt_by(sender_name, &links::site_of(host(sender).unwrap_or_default()))
            && !matching::matches(local, sender_name);
        let header = (!sender_name.is_empty() && !is_company)
            .then(|| (sender_name.to_owned(), String::new(), format!("{sender_name} <{sender}>")));
        let matching_name = |signed: &Signed| sender_name.is_empty() || signature::shares_word(&signed.0, sender_name);
        let Some((name, title, words)) = signed.clone().filter(matching_name).or(header).or(signed) else { return };
        let emails = &self.content.facts.emails;
        let fits = |address: &String| matching::matches(address.split('@').next().unwrap_or_default(), &name);
        let email = emails
            .iter()
            .map(|(address, _)| address)
            .find(|address| *address == sender || fits(address))
            .or_else(|| emails.first().map(|(address, _)| address));
        let phone = signature::own_phone(below, regions);
        let contact = Contact { name, job_position: title, email: email.cloned().unwrap_or_default(), phone };
        self.content.facts.person = Some((contact, words));
    }
}

fn host(address: &str) -> Option<&str> {
    address.rsplit_once('@').map(|(_, host)| host)
}

/// Countries in whose national form the numbers of a message may be written:
/// by its address, by the domain, then by the language of the text.
fn spoken_in(country: Option<Country>, site: &str, text: &str) -> Vec<String> {
    let mut out: Vec<String> = country.map(|country| country.code().to_owned()).into_iter().collect();
    out.extend(regions::by_domain(site));
    let language = whatlang::detect(crate::page::prefix(text, 4_000))
        .filter(|found| found.confidence() > 0.4)
        .map(|found| found.lang().code());
    out.extend(regions::by_iso639_3(language.unwrap_or_default()).iter().map(|code| (*code).to_owned()));
    out.dedup();
    out
}
