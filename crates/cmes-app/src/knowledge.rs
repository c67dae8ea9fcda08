//! Knowledge bases: articles in a tree of sections, found by words and meaning.

pub mod articles;
pub mod bases;
pub mod import;
pub mod indexing;
pub mod indices;
pub mod nearness;
pub mod search;

use cmes_store::identifiers::{ChangeError, Identifier, Identifiers, Names};

use crate::{Error, FieldError};

/// The fields of a request in which the identifiers of one object stand.
#[derive(Debug, PartialEq, Eq)]
pub struct IdentifierFields {
    /// What they name, in a sentence.
    pub object: &'static str,
    /// Field of the UUID.
    pub id: &'static str,
    /// Field of the client's own number.
    pub external_id: &'static str,
    /// Field of the number of the account's sequence.
    pub code: &'static str,
}

/// Of a knowledge base.
pub const BASE: IdentifierFields = IdentifierFields {
    object: "knowledge base",
    id: "KnowledgebaseID",
    external_id: "KnowledgebaseExternalID",
    code: "KnowledgebaseCode",
};

/// Of what an article stands below.
pub const PARENT: IdentifierFields =
    IdentifierFields { object: "parent", id: "ParentID", external_id: "ParentExternalID", code: "ParentCode" };

/// Of an article.
pub const ARTICLE: IdentifierFields =
    IdentifierFields { object: "article", id: "ID", external_id: "ExternalID", code: "Code" };

impl IdentifierFields {
    /// The field of one identifier.
    #[must_use]
    pub fn of(&self, identifier: Identifier) -> &'static str {
        match identifier {
            Identifier::Id => self.id,
            Identifier::ExternalId => self.external_id,
            Identifier::Code => self.code,
        }
    }

    /// Nothing has the identifier that is looked for; whether another account's object has it is not to be seen.
    fn names_nothing(&self, given: &Identifiers, detail: &str) -> Error {
        Error::field(given.first().map_or(self.id, |identifier| self.of(identifier)), detail)
    }

    /// Checks that all identifiers of a lookup name what the first one found.
    fn agree(&self, given: &Identifiers, names: &Names) -> Result<(), Error> {
        match names.contradicted_by(given) {
            Some(identifier) => Err(self.contradicts(given, identifier)),
            None => Ok(()),
        }
    }

    fn contradicts(&self, given: &Identifiers, identifier: Identifier) -> Error {
        let first = given.first().map_or(self.id, |identifier| self.of(identifier));
        let detail = format!("does not belong to the {} that {first} names; give one of the two", self.object);
        Error::field(self.of(identifier), detail)
    }

    /// Why a change of such an object failed.
    fn refused(&self, given: &Identifiers, error: ChangeError) -> Error {
        match error {
            ChangeError::NotThere => self.names_nothing(given, &format!("names no {} of this account", self.object)),
            ChangeError::Taken(identifier) => {
                let detail = match identifier {
                    Identifier::Code => "is taken, or was; codes are not used again".to_owned(),
                    _ => format!("belongs to another {} of this account", self.object),
                };
                Error::IdentifierTaken(FieldError { field: self.of(identifier).to_owned(), detail })
            }
            ChangeError::Store(error) => error.into(),
            other => Error::Internal(Box::new(other)),
        }
    }
}
