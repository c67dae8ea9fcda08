//! The request's Content: a link, an e-mail address, a whole e-mail, any text.

use cmes_types::{Address, Contact};
use url::Url;

use crate::facts::emails::{owners, ranks, scan};
use crate::facts::people::{matching, name};
use crate::facts::snippet;

mod address;
mod fields;
mod links;
mod mail;
mod parts;
mod signature;
mod sites;
#[cfg(test)]
mod tests;

use links::{Form, Found};
use parts::Part;

/// What a Content says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Content {
    /// Sites that may be the company's, best first.
    pub candidates: Vec<Candidate>,
    /// What the text itself says of the company, from its signature above all.
    pub facts: ContentFacts,
}

/// A site that the Content points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// An absolute `http`/`https` URL when the Content gives one, else a bare
    /// host such as `example.com`.
    pub address: String,
    /// Why it was taken.
    pub origin: Origin,
    /// The words in which it stands.
    pub snippet: String,
}

/// Where in the Content a candidate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The Content is just this link or domain.
    Whole,
    /// The sender of the e-mail (From, Reply-To) or a lone address.
    Sender,
    /// The signature.
    Signature,
    /// A link or address in the text.
    Text,
    /// Quoted or forwarded text.
    Quoted,
}

/// What the text says, each with the words around it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContentFacts {
    /// The person who writes.
    pub person: Option<(Contact, String)>,
    /// Telephone numbers as written, with the words around them.
    pub phones: Vec<(String, String)>,
    /// E-mail addresses.
    pub emails: Vec<(String, String)>,
    /// Name of the company.
    pub company: Option<(String, String)>,
    /// Postal address.
    pub address: Option<(Address, String)>,
    /// Profiles on social networks and other links of the sender, absolute.
    pub links: Vec<(String, String)>,
}

/// Longest text that is looked through; what follows in a longer one are
/// attachments and old quotations.
const LONGEST: usize = 2 * 1024 * 1024;
/// Most candidates kept.
const MOST: usize = 20;

/// Reads a Content. Never fails; nothing to enrich means no candidates.
#[must_use]
pub fn read(text: &str) -> Content {
    let trimmed = text.trim().trim_matches(['\u{feff}', '\u{200b}']).trim();
    if let Some(content) = lone(trimmed) {
        return content;
    }
    let parts = parts::read(crate::page::prefix(text, LONGEST * 5));
    message(&parts)
}

/// A Content that is one link, domain or address.
fn lone(text: &str) -> Option<Content> {
    let bare =
        text.trim_matches(['<', '>', '"', '\'', '`', '“', '”', '(', ')', '[', ']']).trim_end_matches([',', ';', '!']);
    if bare.is_empty() || bare.len() > 2_048 || bare.contains(char::is_whitespace) {
        return None;
    }
    let mut content = Content::default();
    let found = links::whole(bare)?;
    match &found.form {
        Form::Email(email) => {
            content.facts.emails.push((email.clone(), bare.to_owned()));
            content.add(&found, Origin::Sender, bare);
        }
        Form::Url(url) if sites::is_social(&found.host) => content.facts.links.push((url.clone(), bare.to_owned())),
        _ => content.add(&found, Origin::Whole, bare),
    }
    Some(content)
}

impl Content {
    /// Adds the site of a link or address, unless it can be no company's or is there already.
    fn add(&mut self, found: &Found, origin: Origin, snippet: &str) {
        if !sites::can_be_company(&found.host) || self.candidates.len() >= MOST {
            return;
        }
        let address = match &found.form {
            Form::Url(url) => url.clone(),
            Form::Bare(typed) => typed.clone(),
            Form::Email(_) => links::site_of(&found.host),
        };
        let domain = |address: &str| {
            let host = Url::parse(address)
                .ok()
                .and_then(|url| url.host_str().map(str::to_owned))
                .unwrap_or_else(|| links::host(address));
            owners::registrable(&host).unwrap_or(&host).to_owned()
        };
        let own = domain(&address);
        if self.candidates.iter().all(|known| domain(&known.address) != own) {
            self.candidates.push(Candidate { address, origin, snippet: snippet.to_owned() });
        }
    }
}

/// A chain of messages: the outermost that leads to a site counts, the others are quoted text.
fn message(parts: &[Part]) -> Content {
    let forwarded = |part: &Part| part.forwarded;
    let mut main = 0;
    let mut content = parts.first().map(own).unwrap_or_default();
    if content.candidates.is_empty() {
        for (at, part) in parts.iter().enumerate().skip(1).filter(|(_, part)| forwarded(part)) {
            let inner = own(part);
            if !inner.candidates.is_empty() {
                (main, content) = (at, inner);
                break;
            }
        }
    }
    let receivers: Vec<&str> = parts
        .get(main)
        .map(|part| part.to.iter().filter_map(|to| to.rsplit_once('@')).map(|(_, host)| host).collect())
        .unwrap_or_default();
    for (_, part) in parts.iter().enumerate().filter(|(at, _)| *at != main) {
        if let Some((_, host)) = part.from.address.rsplit_once('@') {
            let found = Found { host: host.to_owned(), form: Form::Email(part.from.address.clone()), at: 0 };
            if !receivers.contains(&host) {
                content.add(&found, Origin::Quoted, &part.from.address);
            }
        }
        for line in part.lines.iter().take(400) {
            for found in links::find(line) {
                if !receivers.contains(&found.host.as_str()) {
                    content.add(&found, Origin::Quoted, &snippet(line, &found.host));
                }
            }
        }
    }
    content
}

/// What one message says by itself.
fn own(part: &Part) -> Content {
    let mut content = Content::default();
    let sender = part.from.address.clone();
    let header = if sender.is_empty() { String::new() } else { format!("{} <{sender}>", part.from.name) };
    for address in std::iter::once(&sender).chain(&part.reply_to) {
        if let Some((_, host)) = address.rsplit_once('@') {
            let found = Found { host: host.to_owned(), form: Form::Email(address.clone()), at: 0 };
            content.add(&found, Origin::Sender, header.trim());
        }
    }
    let sender_name = name::read(&part.from.name).unwrap_or_default();
    let signature = signature::find(&part.lines, &sender_name);
    let (start, end) = signature.as_ref().map_or((usize::MAX, 0), |signature| (signature.start, signature.end));
    let below = part.lines.get(start..end).unwrap_or_default();
    content.take_links(below, Origin::Signature, &part.to);
    let body: Vec<String> = part
        .lines
        .iter()
        .take(start.min(part.lines.len()))
        .chain(part.lines.iter().skip(end.max(start.min(part.lines.len()))))
        .take(20_000)
        .cloned()
        .collect();
    content.take_links(&body, Origin::Text, &part.to);
    content.take_facts(part, signature.and_then(|signature| signature.person), &sender_name, below, &body);
    content
}

impl Content {
    /// Candidates out of lines: links and addresses before mere mentions.
    fn take_links(&mut self, lines: &[String], origin: Origin, receivers: &[String]) {
        let received = |found: &Found| {
            receivers.iter().any(|to| to.rsplit_once('@').is_some_and(|(_, host)| links::same_site(host, &found.host)))
        };
        let mut mentions = Vec::new();
        for line in lines {
            for found in links::find(line) {
                if let Form::Url(url) = &found.form
                    && sites::is_social(&found.host)
                {
                    let known = self.facts.links.iter().any(|(known, _)| known == url);
                    if !known && self.facts.links.len() < MOST && !links::is_share(url) {
                        self.facts.links.push((url.clone(), snippet(line, &found.host)));
                    }
                } else if received(&found) {
                    continue;
                } else if matches!(found.form, Form::Bare(_)) && !found.host.starts_with("www.") {
                    mentions.push((found, line));
                } else {
                    self.add(&found, origin, &snippet(line, &found.host));
                }
            }
            if mentions.len() > 1_000 {
                break;
            }
        }
        for (found, line) in mentions {
            self.add(&found, origin, &snippet(line, &found.host));
        }
    }

    fn take_facts(
        &mut self,
        part: &Part,
        signed: Option<(String, String, String)>,
        sender_name: &str,
        below: &[String],
        body: &[String],
    ) {
        let sender = part.from.address.as_str();
        let local = sender.split('@').next().unwrap_or_default();
        if !sender.is_empty() && !ranks::is_last(local) {
            self.facts.emails.push((sender.to_owned(), format!("{} <{sender}>", part.from.name)));
        }
        let host = sender.rsplit_once('@').map(|(_, host)| host).filter(|host| sites::can_be_company(host));
        let site = host
            .map(str::to_owned)
            .or_else(|| self.candidates.first().map(|candidate| links::host(&candidate.address)))
            .unwrap_or_default();
        let own_address = |address: &str| {
            let host = address.rsplit_once('@').map_or("", |(_, host)| host);
            !part.to.iter().any(|to| to == address) && (links::same_site(host, &site) || owners::is_provider(host))
        };
        for line in below {
            for address in scan::addresses(line) {
                if self.facts.emails.iter().all(|(known, _)| *known != address)
                    && own_address(&address)
                    && self.facts.emails.len() < MOST
                {
                    self.facts.emails.push((address, snippet(line, line)));
                }
            }
        }
        let regions = regions(&site, below, body);
        let regions: Vec<&str> = regions.iter().map(String::as_str).collect();
        let texts = below.iter().map(|line| (line, true)).chain(body.iter().take(2_000).map(|line| (line, false)));
        for (line, trusted) in texts {
            for number in signature::phones(line, &regions, trusted) {
                if self.facts.phones.iter().all(|(known, _)| *known != number) && self.facts.phones.len() < MOST {
                    self.facts.phones.push((number, snippet(line, line)));
                }
            }
        }
        let brand = owners::registrable(&site).unwrap_or(&site).split('.').next().unwrap_or_default().to_owned();
        self.facts.company =
            below.iter().find_map(|line| Some((signature::company(line, &brand)?, snippet(line, line))));
        self.facts.address = address::find(below);
        self.take_person(signed, sender_name, sender, below, &regions);
    }

    fn take_person(
        &mut self,
        signed: Option<(String, String, String)>,
        sender_name: &str,
        sender: &str,
        below: &[String],
        regions: &[&str],
    ) {
        let header = (!sender_name.is_empty())
            .then(|| (sender_name.to_owned(), String::new(), format!("{sender_name} <{sender}>")));
        let matching_name = |signed: &(String, String, String)| {
            sender_name.is_empty() || signature::shares_word(&signed.0, sender_name)
        };
        let Some((name, title, words)) = signed.clone().filter(matching_name).or(header).or(signed) else { return };
        let emails = &self.facts.emails;
        let fits = |address: &String| matching::matches(address.split('@').next().unwrap_or_default(), &name);
        let email = emails
            .iter()
            .map(|(address, _)| address)
            .find(|address| *address == sender || fits(address))
            .or_else(|| emails.first().map(|(address, _)| address));
        let phone =
            below.iter().find_map(|line| signature::phones(line, regions, true).into_iter().next()).unwrap_or_default();
        let contact = Contact { name, job_position: title, email: email.cloned().unwrap_or_default(), phone };
        self.facts.person = Some((contact, words));
    }
}

/// Countries in whose national form the numbers of a message may be written:
/// by the domain, then by the language of the text.
fn regions(site: &str, below: &[String], body: &[String]) -> Vec<String> {
    let mut out: Vec<String> = crate::facts::phones::regions::by_domain(site).into_iter().collect();
    let text: String = below.iter().chain(body.iter().take(60)).map(String::as_str).collect::<Vec<_>>().join(" ");
    let language = whatlang::detect(crate::page::prefix(&text, 4_000))
        .filter(|found| found.confidence() > 0.4)
        .map(|found| found.lang().code());
    let codes = crate::facts::phones::regions::by_iso639_3(language.unwrap_or_default());
    out.extend(codes.iter().map(|code| (*code).to_owned()));
    out
}
