//! What of an account's knowledge a dialogue or a message may use.

use cmes_store::channels::Channel;
use cmes_store::identifiers::Identifiers;
use cmes_store::indexing::{ArticleKey, BaseKey};
use cmes_store::{Db, knowledge_bases, passages};
use cmes_types::AccountId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Error;
use crate::knowledge::search::Within;

/// A knowledge base, or an article of it with everything below; by the database's own names, stored as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    base: i64,
    article: Option<i64>,
}

/// A knowledge base, as a client names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseName {
    /// By its ID.
    Id(Uuid),
    /// By its Code.
    Code(i64),
}

/// The keys of the knowledge bases of these names.
///
/// # Errors
/// [`Error::Fields`] when one of them names nothing.
pub async fn bases(db: &Db, account: AccountId, names: &[BaseName]) -> Result<Vec<i64>, Error> {
    let mut keys = Vec::with_capacity(names.len());
    for name in names {
        let (identifiers, shown) = match name {
            BaseName::Id(id) => (Identifiers { id: Some(*id), ..Identifiers::default() }, id.to_string()),
            BaseName::Code(code) => (code_alone(*code), code.to_string()),
        };
        let found = knowledge_bases::find(db, account, &identifiers).await?;
        let unknown = || Error::field("Knowledgebases", format!("{shown} names no knowledge base of this account"));
        keys.push(found.ok_or_else(unknown)?.key.0);
    }
    Ok(keys)
}

/// What these codes name: articles, sections or whole bases.
///
/// # Errors
/// [`Error::Fields`] when one of them names nothing, or what the dialogue may not use.
pub async fn parts(db: &Db, account: AccountId, channel: &Channel, codes: &[i64]) -> Result<Vec<Part>, Error> {
    let mut parts = Vec::with_capacity(codes.len());
    for code in codes {
        let refused = |detail: &str| Error::field("KnowledgeBase", format!("{code} names {detail}"));
        let identifiers = code_alone(*code);
        let part = match knowledge_bases::find(db, account, &identifiers).await? {
            Some(base) => Part { base: base.key.0, article: None },
            None => {
                let article = passages::find_article(db, account, &identifiers).await?;
                let article = article.ok_or_else(|| refused("no article or knowledge base of this account"))?;
                Part { base: article.base_key, article: Some(article.key) }
            }
        };
        if channel.bases.as_ref().is_some_and(|allowed| !allowed.contains(&part.base)) {
            return Err(refused("what this dialogue may not use; see its Knowledgebases"));
        }
        parts.push(part);
    }
    Ok(parts)
}

fn code_alone(code: i64) -> Identifiers {
    Identifiers { code: Some(code), ..Identifiers::default() }
}

/// Where to search for an answer; none = everything of the account.
pub(super) fn restriction(ask: &super::turn::Ask, channel: &Channel) -> Option<Vec<Within>> {
    if ask.parts.is_empty() {
        let bases = channel.bases.as_ref()?;
        return Some(bases.iter().map(|base| Within::Base(BaseKey(*base))).collect());
    }
    let within = |part: &Part| match part.article {
        Some(article) => Within::Article(BaseKey(part.base), ArticleKey(article)),
        None => Within::Base(BaseKey(part.base)),
    };
    Some(ask.parts.iter().map(within).collect())
}
