//! The request's Content: a link, an e-mail address, a whole e-mail, any text.

use cmes_types::{Address, Contact};

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

/// Reads a Content. Never fails; nothing to enrich means no candidates.
#[must_use]
pub fn read(text: &str) -> Content {
    let _ = text;
    Content::default()
}
