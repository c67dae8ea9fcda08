//! The request's Content: a link, an e-mail address, a whole e-mail, any text.

use cmes_types::{Address, Contact, LanguageCode};
use url::Url;

use crate::facts::emails::owners;

mod attribution;
mod chain;
mod company;
mod fields;
mod form;
mod links;
mod mail;
mod own;
mod parts;
mod signature;
mod sites;
pub use sites::known_for;
#[cfg(test)]
mod tests;

pub use sites::{OwnSite, own_site};

use links::{Form, Found};

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
    /// Language in which the message is written.
    pub language: Option<(LanguageCode, String)>,
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
    chain::read(&parts)
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
