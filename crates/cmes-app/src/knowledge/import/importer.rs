//! One source becomes one article, in the section of its folders.

use std::collections::{HashMap, HashSet};

use cmes_documents::{Limits, ReadError};
use cmes_fetch::Fetcher;
use cmes_store::articles::{self as stored, NamedArticle, Parent, Source, Which};
use cmes_store::identifiers::{Identifiers, Names};
use cmes_store::knowledge_bases::NamedBase;
use cmes_store::{Db, StoreError};
use cmes_types::{AccountId, Block, Clock, Document};
use sha2::{Digest, Sha256};

use super::super::articles::{self, CreateArticle, UpdateArticle};
use super::{LONGEST_SOURCE, Outcome, Status};
use crate::Error;
use crate::enrichment::compute;
use crate::identifiers::ARTICLE;

/// Raised when readers read more or otherwise, so that importing again reads everything anew.
const READERS: u8 = 1;
/// Longest name of an article, in characters, as in `entry/create`.
const LONGEST_NAME: usize = 500;

/// What an import needs of the engine.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    /// The database.
    pub db: &'a Db,
    /// The web.
    pub fetcher: &'a Fetcher,
    /// The time.
    pub clock: &'a dyn Clock,
}

/// An import that goes on: where to, and the sections that it has met.
pub struct Importer<'a> {
    pub(super) parts: Parts<'a>,
    account: AccountId,
    base: NamedBase,
    parent: Parent,
    sections: HashMap<String, Parent>,
}

/// A source with what was read of it.
pub struct Read<'r> {
    /// Path or address.
    pub source: &'r str,
    /// The folders that it stands in, outermost first, each with the source of its section.
    pub sections: Vec<(String, String)>,
    /// Names for its article.
    pub identifiers: Identifiers,
    /// What its article is called; by default what the source says.
    pub name: Option<&'r str>,
    /// Its media type, as far as it is known.
    pub media_type: Option<&'r str>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its text, for a page of a site, of which the main content is taken.
    pub page: Option<String>,
}

/// Why a source is no article: the source's own fault, or that of the whole import.
enum Fault {
    Own(String),
    All(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            error @ (Error::Fields(_) | Error::IdentifierTaken(_)) => Self::Own(error.to_string()),
            other => Self::All(other),
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::All(error.into())
    }
}

impl<'a> Importer<'a> {
    /// An import below an article of a base, or at its top level.
    #[must_use]
    pub fn new(parts: Parts<'a>, account: AccountId, base: NamedBase, parent: Parent) -> Self {
        Self { parts, account, base, parent, sections: HashMap::new() }
    }

    /// Makes or changes the article of a source.
    ///
    /// # Errors
    /// When the import cannot go on; a source that cannot be read is an [`Outcome`].
    pub async fn take(&mut self, read: Read<'_>) -> Result<Outcome, Error> {
        let source = read.source.to_owned();
        match self.article(read).await {
            Ok((status, names, name)) => Ok(Outcome { source, status, names: Some(names), name, reason: None }),
            Err(Fault::Own(reason)) => Ok(failed(&source, reason)),
            Err(Fault::All(error)) => Err(error),
        }
    }

    async fn article(&mut self, read: Read<'_>) -> Result<(Status, Names, Option<String>), Fault> {
        let Parts { db, clock, .. } = self.parts;
        if read.source.chars().count() > LONGEST_SOURCE {
            return Err(Fault::Own(format!("its path or address has more than {LONGEST_SOURCE} characters")));
        }
        let hash = Sha256::new().chain_update([READERS]).chain_update(&read.bytes).finalize();
        let known = stored::by_source(db, self.account, self.base.key, read.source).await?;
        let existing = self.existing(&read, known.as_ref().map(|(article, _)| *article)).await?;
        if let (Some(article), Some((_, known_hash))) = (existing, &known)
            && known_hash.as_slice() == hash.as_slice()
            && read.name.is_none()
        {
            return Ok((Status::Unchanged, article.names, None));
        }
        let (source, given) = (read.source, read.name);
        let path = source.split(['?', '#']).next().unwrap_or_default().to_owned();
        let (bytes, page, media_type) = (read.bytes, read.page, read.media_type.map(str::to_owned));
        let document = compute(move || document(&path, media_type.as_deref(), &bytes, page.as_deref())).await?;
        let mut document = document.map_err(|error| Fault::Own(error.to_string()))?;
        let name = named(given, source, &document);
        document.title = None;
        let body = cmes_documents::to_html(&document);
        let source = Source { name: source, hash: hash.as_slice() };
        let now = clock.now();
        if let Some(article) = existing {
            // Whoever gave the article another name or place meant it.
            let changes =
                UpdateArticle { name: given, body: Some(body), source: Some(source), ..UpdateArticle::default() };
            let article = articles::update(db, self.account, &self.base, Which::Key(article.key), changes, now).await?;
            return Ok((Status::Updated, article.names, given.map(str::to_owned)));
        }
        let parent = self.section(&read.sections).await?;
        let new = CreateArticle { identifiers: read.identifiers, parent, name: &name, body, source: Some(source) };
        let article = articles::create(db, self.account, &self.base, new, None, now).await.map_err(concurrent)?;
        Ok((Status::Created, article.names, Some(name)))
    }

    /// The article that a source is to become: the one that the identifiers name, or the one that it became before.
    async fn existing(&self, read: &Read<'_>, known: Option<NamedArticle>) -> Result<Option<NamedArticle>, Fault> {
        if read.identifiers.first().is_none() {
            return Ok(known);
        }
        let named = stored::find(self.parts.db, self.account, self.base.key, &read.identifiers).await?;
        match (named, known) {
            (Some(named), Some(known)) if named.key != known.key => {
                let code = known.names.code;
                Err(Fault::Own(format!("was imported before, as the article with the Code {code}; give no other")))
            }
            (Some(named), _) => {
                ARTICLE.agree(&read.identifiers, &named.names)?;
                Ok(Some(named))
            }
            (None, Some(known)) => {
                let code = known.names.code;
                Err(Fault::Own(format!("was imported before, as the article with the Code {code}; give no other")))
            }
            (None, None) => Ok(None),
        }
    }

    /// The section of these folders, made where it is missing.
    async fn section(&mut self, folders: &[(String, String)]) -> Result<Parent, Fault> {
        let Parts { db, clock, .. } = self.parts;
        let mut parent = self.parent;
        for (source, name) in folders {
            if let Some(known) = self.sections.get(source) {
                parent = *known;
                continue;
            }
            let article = match stored::by_source(db, self.account, self.base.key, source).await? {
                Some((article, _)) => article,
                None => {
                    let source = Source { name: source, hash: &[] };
                    let identifiers = Identifiers::default();
                    let name = cut(name);
                    let new =
                        CreateArticle { identifiers, parent, name: &name, body: String::new(), source: Some(source) };
                    articles::create(db, self.account, &self.base, new, None, clock.now()).await.map_err(concurrent)?
                }
            };
            parent = Parent::Article(article.key);
            self.sections.insert(source.clone(), parent);
        }
        Ok(parent)
    }

    /// Deletes the articles whose sources begin so and are not among those that are there. Sections stay while
    /// something is in them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_missing(&self, prefix: &str, there: &HashSet<String>) -> Result<Vec<Outcome>, Error> {
        let Parts { db, clock, .. } = self.parts;
        let mut removed = Vec::new();
        for imported in stored::by_source_prefix(db, self.account, self.base.key, prefix).await? {
            let is_section =
                imported.source.ends_with('/') && there.iter().any(|one| one.starts_with(&imported.source));
            if is_section || there.contains(&imported.source) {
                continue;
            }
            let names = imported.article.names;
            let given = Identifiers { id: Some(names.id), ..Identifiers::default() };
            match articles::delete(db, self.account, &self.base, &given, clock.now()).await {
                // With its section, a moment ago.
                Ok(_) | Err(Error::Fields(_)) => {}
                Err(error) => return Err(error),
            }
            let (name, status) = (Some(imported.name), Status::Removed);
            removed.push(Outcome { source: imported.source, status, names: Some(names), name, reason: None });
        }
        Ok(removed)
    }
}

/// Another import has made an article of the same source in this moment.
fn concurrent(error: Error) -> Fault {
    match error {
        Error::Internal(cause) if matches!(cause.downcast_ref(), Some(StoreError::Conflict)) => {
            Fault::Own("is imported by another call at this moment; import it again".to_owned())
        }
        other => other.into(),
    }
}

/// A source that could not be read.
pub(super) fn failed(source: &str, reason: String) -> Outcome {
    Outcome { source: source.to_owned(), status: Status::Failed, names: None, name: None, reason: Some(reason) }
}

fn document(path: &str, media_type: Option<&str>, bytes: &[u8], page: Option<&str>) -> Result<Document, ReadError> {
    match page {
        Some(html) => {
            let document = cmes_documents::from_page(html);
            if document.is_empty() { Err(ReadError::NoText { kind: "page" }) } else { Ok(document) }
        }
        None => cmes_documents::from_bytes(path, media_type, bytes, &Limits::default()),
    }
}

/// What an article is called: what is asked for, else the name of a file without its ending; pages of the web have
/// their title, or its first heading where that is part of it.
fn named(given: Option<&str>, source: &str, document: &Document) -> String {
    if let Some(name) = given {
        return cut(name);
    }
    let path = source.split(['?', '#']).next().unwrap_or_default();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let is_web = source.starts_with("http://") || source.starts_with("https://");
    let heading = document.blocks.iter().find_map(|block| match block {
        Block::Heading { text, .. } => Some(text.as_str()),
        _ => None,
    });
    let title = document.title.as_deref();
    let own = match (title, heading) {
        (Some(title), Some(heading)) if title.contains(heading) => Some(heading),
        (title, heading) => title.or(heading),
    };
    let name = if is_web { own.unwrap_or(if stem.is_empty() { source } else { stem }) } else { stem };
    cut(if name.trim().is_empty() { source } else { name })
}

fn cut(name: &str) -> String {
    name.trim().chars().take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_called_as_their_owners_call_them() {
        let heading = Block::Heading { level: 1, text: "Warranty".to_owned() };
        let document = Document { title: Some("Warranty | Nordwind".to_owned()), blocks: vec![heading] };
        assert_eq!(named(None, "docs/price list.v2.pdf", &document), "price list.v2");
        assert_eq!(named(None, "https://a.example/w", &document), "Warranty");
        assert_eq!(named(None, "https://a.example/f/a.csv?x=1", &Document::default()), "a");
        assert_eq!(named(Some(" Mine "), "a.pdf", &document), "Mine");
    }
}
