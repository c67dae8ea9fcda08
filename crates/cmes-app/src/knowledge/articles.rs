//! Making, changing, deleting and listing the articles of a knowledge base.

use cmes_store::Db;
use cmes_store::articles::{
    self, Article, ArticleChanges, Body, Entry, MOST_LEVELS, NamedArticle, NewArticle, Parent, Source, Under, Which,
};
use cmes_store::identifiers::{ChangeError, Identifier, Identifiers, Names};
use cmes_store::knowledge_bases::NamedBase;
use cmes_types::{AccountId, Block, Timestamp};
use uuid::Uuid;

use crate::Error;
use crate::enrichment::compute;
use crate::identifiers::{ARTICLE, BASE, PARENT};

/// What an article is made with.
#[derive(Clone, Debug)]
pub struct CreateArticle<'a> {
    /// Names that it shall have.
    pub identifiers: Identifiers,
    /// Where it stands.
    pub parent: Parent,
    /// What it is called.
    pub name: &'a str,
    /// What it says: text or HTML.
    pub body: String,
    /// Where it was imported from.
    pub source: Option<Source<'a>>,
}

/// What is to be changed of an article; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct UpdateArticle<'a> {
    /// Where it stands.
    pub parent: Option<Parent>,
    /// What it is called.
    pub name: Option<&'a str>,
    /// What it says: text or HTML.
    pub body: Option<String>,
    /// Where it was imported from.
    pub source: Option<Source<'a>>,
}

/// Makes an article in a base; it is indexed soon. When `request` names the first of several tries of one request, the
/// article gets its identity, so that a later try finds what an earlier one made.
///
/// # Errors
/// [`Error::Fields`] when it cannot stand there; [`Error::IdentifierTaken`].
pub async fn create(
    db: &Db,
    account: AccountId,
    base: &NamedBase,
    new: CreateArticle<'_>,
    request: Option<Uuid>,
    now: Timestamp,
) -> Result<NamedArticle, Error> {
    let given = new.identifiers;
    let id = given.id.or(request);
    let (text, tokens) = counted(new.body).await?;
    let article = NewArticle {
        identifiers: Identifiers { id, ..given },
        parent: new.parent,
        name: new.name,
        body: Body { text: &text, tokens },
        source: new.source,
    };
    match articles::create(db, account, base.key, &article, now).await {
        Err(ChangeError::Taken(Identifier::Id)) if given.id.is_none() => {
            named(db, account, base, &Identifiers { id, ..Identifiers::default() }).await
        }
        // It was deleted a moment ago.
        Err(ChangeError::NotThere) => Err(BASE.refused(&Identifiers::default(), ChangeError::NotThere)),
        outcome => outcome.map_err(|error| refused(&given, Some(new.parent), error)),
    }
}

/// Changes an article of a base; what search finds of it is replaced soon.
///
/// # Errors
/// [`Error::Fields`] when there is none or it cannot stand there; [`Error::IdentifierTaken`].
pub async fn update(
    db: &Db,
    account: AccountId,
    base: &NamedBase,
    which: Which,
    new: UpdateArticle<'_>,
    now: Timestamp,
) -> Result<NamedArticle, Error> {
    let body = match new.body {
        Some(body) => Some(counted(body).await?),
        None => None,
    };
    let changes = ArticleChanges {
        parent: new.parent,
        name: new.name,
        body: body.as_ref().map(|(text, tokens)| Body { text, tokens: *tokens }),
        source: new.source,
    };
    let given = if let Which::Named(given) = which { given } else { Identifiers::default() };
    let updated = articles::update(db, account, base.key, which, &changes, now).await;
    updated.map_err(|error| refused(&given, new.parent, error))
}

/// The article of a base that these identifiers name.
///
/// # Errors
/// [`Error::Fields`] when there is none, or they name different ones.
pub async fn named(db: &Db, account: AccountId, base: &NamedBase, given: &Identifiers) -> Result<NamedArticle, Error> {
    let found = articles::find(db, account, base.key, given).await?;
    let article = found.ok_or_else(|| not_there(given))?;
    ARTICLE.agree(given, &article.names)?;
    Ok(article)
}

/// The same with what it says.
///
/// # Errors
/// Like [`named`].
pub async fn info(db: &Db, account: AccountId, base: &NamedBase, given: &Identifiers) -> Result<Article, Error> {
    let article = named(db, account, base, given).await?;
    articles::get(db, account, base.key, article.key).await?.ok_or_else(|| not_there(given))
}

/// The article that these identifiers name as a parent; none when they name the base itself.
///
/// # Errors
/// [`Error::Fields`] when there is none.
pub async fn parent(db: &Db, account: AccountId, base: &NamedBase, given: Identifiers) -> Result<Option<Uuid>, Error> {
    let refused = |error| refused(&Identifiers::default(), Some(Parent::Named(given)), error);
    match articles::find_parent(db, account, base, &given).await.map_err(refused)? {
        Some(_) => Ok(articles::find(db, account, base.key, &given).await?.map(|article| article.names.id)),
        None => Ok(None),
    }
}

/// Deletes the article of a base that these identifiers name, with everything below it.
///
/// # Errors
/// Like [`named`].
pub async fn delete(
    db: &Db,
    account: AccountId,
    base: &NamedBase,
    given: &Identifiers,
    now: Timestamp,
) -> Result<Names, Error> {
    let article = named(db, account, base, given).await?;
    let deleted = articles::delete(db, account, base.key, article.key, now).await;
    deleted.map_err(|error| refused(given, None, error))?;
    Ok(article.names)
}

/// A part of a list of articles.
#[derive(Clone, Debug)]
pub struct Page {
    /// The articles in the order of their codes.
    pub entries: Vec<Entry>,
    /// The code behind which the next part begins; none at the end.
    pub next: Option<i64>,
}

/// Articles of a base, from the one behind the code `after` on: all, or those directly below `parent`.
///
/// # Errors
/// [`Error::Fields`] when there is no such parent.
pub async fn list(
    db: &Db,
    account: AccountId,
    base: &NamedBase,
    parent: Option<Identifiers>,
    after: i64,
    limit: usize,
) -> Result<Page, Error> {
    let under = match parent {
        None => Under::All,
        Some(given) => match articles::find_parent(db, account, base, &given).await {
            Ok(Some(key)) => Under::Article(key),
            Ok(None) => Under::Top,
            Err(error) => return Err(refused(&Identifiers::default(), Some(Parent::Named(given)), error)),
        },
    };
    let mut entries = articles::list(db, account, base.key, under, after, limit + 1).await?;
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    let next = entries.last().map(|entry| entry.names.code).filter(|_| has_more);
    Ok(Page { entries, next })
}

/// A body with the number of its tokens: of its text, without markup, as it is indexed.
async fn counted(body: String) -> Result<(String, u32), Error> {
    compute(move || {
        let document = cmes_documents::from_body(&body);
        let tokens = document.blocks.iter().map(tokens).fold(0, u32::saturating_add);
        (body, tokens)
    })
    .await
}

fn tokens(block: &Block) -> u32 {
    use cmes_retrieve::tokens::count;
    match block {
        Block::Heading { text, .. } | Block::Paragraph(text) | Block::Item { text, .. } | Block::Preformatted(text) => {
            count(text)
        }
        Block::Table { header, rows } => {
            header.iter().chain(rows.iter().flatten()).map(|cell| count(cell)).fold(0, u32::saturating_add)
        }
    }
}

fn not_there(given: &Identifiers) -> Error {
    ARTICLE.names_nothing(given, "names no article of this knowledge base")
}

fn refused(given: &Identifiers, parent: Option<Parent>, error: ChangeError) -> Error {
    let parent = if let Some(Parent::Named(given)) = parent { given } else { Identifiers::default() };
    match error {
        ChangeError::NotThere => not_there(given),
        ChangeError::NoParent => PARENT
            .names_nothing(&parent, "names neither an article of this knowledge base nor the knowledge base itself"),
        ChangeError::ParentContradicted(identifier) => PARENT.contradicts(&parent, identifier),
        ChangeError::Cycle => {
            PARENT.names_nothing(&parent, "names the article itself or one below it, where it cannot stand")
        }
        ChangeError::TooDeep => {
            PARENT.names_nothing(&parent, &format!("stands too deep: a tree has at most {MOST_LEVELS} levels"))
        }
        error => ARTICLE.refused(given, error),
    }
}
